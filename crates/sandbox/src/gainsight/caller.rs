//! Who calls the API: credential, call budget, and the answer in the tenant's wording.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::response::Response;
use http::header::{AUTHORIZATION, HOST};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::de::DeserializeOwned;
use serde_json::Value;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::control::Switch;
use crate::world::{Centre, vendor_of_host};

use super::envelope::{Failure, Wording, nothing_found, success};
use super::limits::Budget;
use super::pages::no_such_host;
use super::query::condition::Dialect;
use super::query::dates::{Reading, spelled};
use super::query::render::Style;
use super::query::{HiddenField, Manner};
use super::switches;
use super::tenant::{Cloud, Tenant};
use super::view::Who;

const ACCESS_KEY: HeaderName = HeaderName::from_static("accesskey");
const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");

/// An authenticated call to a tenant.
pub(crate) struct Caller {
    cloud: Arc<Cloud>,
    key: &'static str,
    budget: Budget,
    pub(crate) who: Who,
}

/// What the switches make of one tenant.
pub(crate) struct Ways<'a> {
    cloud: &'a Cloud,
    key: &'a str,
}

impl Ways<'_> {
    /// Whether a switch stands at `choice`.
    pub(crate) fn is(&self, switch: &'static Switch, choice: &str) -> bool {
        self.cloud.shared.control.switches.is(switch, self.key, choice)
    }

    /// Where a switch stands.
    pub(crate) fn choice(&self, switch: &'static Switch) -> &'static str {
        self.cloud.shared.control.switches.choice(switch, self.key)
    }

    /// The number a switch is set to, as far as it can be added to a time.
    pub(crate) fn number(&self, switch: &'static Switch) -> i64 {
        i64::try_from(self.cloud.shared.control.switches.number(switch, self.key)).unwrap_or(i64::MAX)
    }

    /// How queries are read and answered.
    pub(crate) fn manner(&self) -> Manner {
        let dates = Reading {
            documented_only: self.is(&switches::FILTER_DATES, "documented"),
            in_tenant_zone: self.is(&switches::FILTER_ZONE, "tenant"),
        };
        Manner {
            dialect: Dialect {
                dates,
                minds_case: self.is(&switches::TEXT_CASE, "respected"),
                in_on_text: self.is(&switches::IN_ON_TEXT, "accepted"),
            },
            style: Style {
                dates_as_text: self.is(&switches::DATE_REPLY, "text"),
                picklists_as_ids: self.is(&switches::PICKLIST_REPLY, "gsid"),
            },
            parentheses: self.is(&switches::PARENTHESES, "accepted"),
            caps_limit: self.is(&switches::OVER_LIMIT, "capped"),
            hidden_field: match self.choice(&switches::HIDDEN_FIELD) {
                "absent" => HiddenField::Absent,
                "error" => HiddenField::Error,
                _ => HiddenField::Null,
            },
        }
    }

    fn wording(&self) -> Wording {
        let now = self.cloud.shared.clock.now().as_millis();
        Wording {
            failures_are_ok: self.is(&switches::FAILURE_STATUS, "ok"),
            is_localized: self.is(&switches::ENVELOPE, "localized"),
            instance: spelled(now, true).replace('T', " ").replace(".000Z", " UTC"),
        }
    }
}

/// A call whose tenant is known, before anybody is authenticated.
pub(crate) struct Visit {
    pub(crate) cloud: Arc<Cloud>,
    pub(crate) key: &'static str,
}

impl Visit {
    /// The tenant, unless the world changed under the call, which it cannot.
    pub(crate) fn tenant(&self) -> Option<&Tenant> {
        self.cloud.tenant(self.key)
    }

    /// What the switches say about it.
    pub(crate) fn ways(&self) -> Ways<'_> {
        Ways { cloud: &self.cloud, key: self.key }
    }

    /// The present moment.
    pub(crate) fn now(&self) -> i64 {
        self.cloud.shared.clock.now().as_millis()
    }

    /// A refusal in the tenant's wording.
    pub(crate) fn refuse(&self, failure: Failure) -> Response {
        failure.into_response(&self.ways().wording(), self.cloud.shared.ids.uuid())
    }
}

impl FromRequestParts<Arc<Cloud>> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, cloud: &Arc<Cloud>) -> Result<Self, Response> {
        let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        // A data centre knows its own tenants only.
        let here = parts.extensions.get::<Centre>();
        let vendor = vendor_of_host(host).filter(|vendor| here.is_none_or(|centre| *centre == vendor.centre));
        Ok(Self { cloud: Arc::clone(cloud), key: vendor.ok_or_else(no_such_host)?.key })
    }
}

impl FromRequestParts<Arc<Cloud>> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, cloud: &Arc<Cloud>) -> Result<Self, Response> {
        let visit = Visit::from_request_parts(parts, cloud).await?;
        let budget = budget_of(parts.uri.path());
        let admitted = visit.tenant().ok_or_else(Failure::unauthorized).and_then(|tenant| {
            let who = authenticate(&visit, tenant, &parts.headers)?;
            take_from(&visit, tenant, budget)?;
            Ok(who)
        });
        match admitted {
            Ok(who) => Ok(Self { key: visit.key, cloud: visit.cloud, budget, who }),
            Err(failure) => Err(visit.refuse(failure)),
        }
    }
}

fn budget_of(path: &str) -> Budget {
    if path.starts_with("/v1/ant/") {
        Budget::Timeline
    } else if path.starts_with("/v1/users/services") {
        Budget::Users
    } else {
        Budget::Synchronous
    }
}

/// Access key or bearer token, never both (`gainsight.md` 2.1, 2.2).
fn authenticate(visit: &Visit, tenant: &Tenant, headers: &HeaderMap) -> Result<Who, Failure> {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    match (text(ACCESS_KEY), text(AUTHORIZATION)) {
        (Some(_), Some(_)) => Err(Failure::two_credentials()),
        (Some(key), None) if bool::from(key.as_bytes().ct_eq(tenant.access_key().as_bytes())) => Ok(Who::Tenant),
        (None, Some(authorization)) => {
            let token = authorization.strip_prefix("Bearer ").ok_or_else(Failure::unauthorized)?;
            bearer(visit, tenant, token.trim())
        }
        (Some(_) | None, None) => Err(Failure::unauthorized()),
    }
}

fn bearer(visit: &Visit, tenant: &Tenant, token: &str) -> Result<Who, Failure> {
    let state = tenant.state();
    let who = state.grants.who(token, visit.now()).ok_or_else(Failure::unauthorized)?;
    if let Who::User(user) = &who {
        let is_active = state.store.value("GsUser", user, "IsActiveUser").as_flag() == Some(true);
        if !is_active && visit.ways().is(&switches::INACTIVE_LOGIN, "refused") {
            return Err(Failure::unauthorized());
        }
    }
    Ok(who)
}

fn take_from(visit: &Visit, tenant: &Tenant, budget: Budget) -> Result<(), Failure> {
    let control = &visit.cloud.shared.control;
    let taken = tenant.state().windows.take(budget, control, tenant.vendor.key, visit.now());
    taken.map_err(|seconds| Failure::too_many(visit.ways().is(&switches::RETRY_AFTER, "seconds").then_some(seconds)))
}

/// What a call comes to.
pub(crate) enum Outcome {
    /// Success, with this in `data`.
    Data(Value),
    /// `result: false` without a code: nothing found.
    Nothing,
}

impl From<Value> for Outcome {
    fn from(data: Value) -> Self {
        Self::Data(data)
    }
}

impl Caller {
    /// What the switches say about the tenant.
    pub(crate) fn ways(&self) -> Ways<'_> {
        Ways { cloud: &self.cloud, key: self.key }
    }

    /// The present moment.
    pub(crate) fn now(&self) -> i64 {
        self.cloud.shared.clock.now().as_millis()
    }

    /// A fresh UUID.
    pub(crate) fn uuid(&self) -> Uuid {
        self.cloud.shared.ids.uuid()
    }

    /// Does `work` with the tenant and answers in its wording.
    pub(crate) fn answer(&self, work: impl FnOnce(&Tenant) -> Result<Outcome, Failure>) -> Response {
        let outcome = self.cloud.tenant(self.key).ok_or_else(Failure::unauthorized).and_then(work);
        let (wording, request_id) = (self.ways().wording(), self.uuid());
        let mut answer = match outcome {
            Ok(Outcome::Data(data)) => success(&wording, request_id, data),
            Ok(Outcome::Nothing) => nothing_found(&wording, request_id),
            Err(failure) => failure.into_response(&wording, request_id),
        };
        if self.budget == Budget::Timeline {
            // Seen on Timeline answers (`gainsight.md` 4.3, 10.2).
            let announced = self.budget.announced(&self.cloud.shared.control, self.key);
            answer.headers_mut().extend(HeaderValue::from_str(&announced).ok().map(|value| (LIMIT, value)));
        }
        answer
    }
}

/// Reads a JSON body.
///
/// # Errors
/// The failure to answer to anything else.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(body)
        .map_err(|error| Failure::invalid("GSOBJ_1008", format!("Invalid request body: {error}.")))
}
