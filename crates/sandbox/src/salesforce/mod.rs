//! Salesforce as far as signing in goes: who somebody is, and nothing else (`salesforce.md`).
//!
//! One port plays all hosts: `login.salesforce.localhost` for everybody, `<name>.my.salesforce.localhost` for the users of one
//! organisation. `localhost` is the login host under a shorter name.

mod authorize;
mod control;
mod grants;
mod identity;
mod signing;
mod switches;
mod token;

use std::sync::{Arc, Mutex, MutexGuard};

use axum::extract::FromRequestParts;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::header::{CACHE_CONTROL, HOST};
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use serde_json::json;

use crate::Shared;
use crate::control::{Site, locked};
use crate::gainsight::style;
use crate::world::Organisation;
use crate::world::salesforce::SalesforceUser;
use grants::Grants;

pub(crate) use switches::ALL as SWITCHES;

/// How the control sees this port.
pub(crate) const SITE: Site = Site { realm, failure };

/// Whose switches, faults and counters these are.
const REALM: &str = "salesforce";

fn realm(_: &HeaderMap) -> String {
    REALM.to_owned()
}

/// What it answers where a fault asks for a failure.
fn failure(status: StatusCode) -> Response {
    refusal(status, "server_error", "an unexpected error has occurred")
}

/// An error as Salesforce words it (`salesforce.md`, error body).
fn refusal(status: StatusCode, error: &str, description: &str) -> Response {
    let body = Json(json!({ "error": error, "error_description": description }));
    (status, [(CACHE_CONTROL, "no-store")], body).into_response()
}

/// The stand-in.
pub(crate) struct Salesforce {
    shared: Arc<Shared>,
    state: Mutex<Grants>,
}

/// Its routes, and what the control can do to it on each port.
pub(crate) fn routers(shared: &Arc<Shared>) -> (Router, Router) {
    let salesforce = Arc::new(Salesforce { shared: Arc::clone(shared), state: Mutex::default() });
    let reset = Arc::downgrade(&salesforce);
    shared.control.on_reset(move || {
        if let Some(salesforce) = reset.upgrade() {
            *salesforce.state() = Grants::default();
        }
    });
    let routes = Router::new()
        .route("/services/oauth2/authorize", get(authorize::authorize))
        .route("/services/oauth2/authorize/login", post(authorize::log_in))
        .route("/services/oauth2/token", post(token::token))
        .route("/services/oauth2/revoke", post(token::revoke))
        .route("/services/oauth2/userinfo", get(identity::userinfo).post(identity::userinfo))
        .route("/id/{organisation}/{user}", get(identity::identity))
        .route("/id/keys", get(identity::keys))
        .route("/.well-known/openid-configuration", get(identity::discovery))
        .route("/_assets/tenant.css", get(style))
        .with_state(Arc::clone(&salesforce));
    (routes, control::router(&salesforce))
}

impl Salesforce {
    /// The state; nobody awaits anything while holding it.
    fn state(&self) -> MutexGuard<'_, Grants> {
        locked(&self.state)
    }

    fn now(&self) -> i64 {
        self.shared.clock.now().as_millis()
    }

    fn port(&self) -> u16 {
        self.shared.addresses.salesforce.port()
    }

    fn number(&self, switch: &'static crate::control::Switch) -> i64 {
        i64::try_from(self.shared.control.switches.number(switch, REALM)).unwrap_or(i64::MAX)
    }

    fn is(&self, switch: &'static crate::control::Switch, choice: &str) -> bool {
        self.shared.control.switches.is(switch, REALM, choice)
    }

    /// An unguessable text.
    fn secret(&self) -> String {
        crate::gainsight::secret(&*self.shared.ids)
    }

    fn user(&self, id: &str) -> Option<(&Organisation, &SalesforceUser)> {
        let users = self
            .shared
            .world
            .organisations
            .iter()
            .flat_map(|organisation| organisation.users.iter().map(move |user| (organisation, user)));
        users.into_iter().find(|(_, user)| user.id == id)
    }

    /// The identity URL of a user, always at the login host (`salesforce.md`, token answer).
    fn identity_url(&self, organisation: &Organisation, user: &SalesforceUser) -> String {
        format!("http://login.{SUFFIX}:{}/id/{}/{}", self.port(), organisation.id, user.id)
    }

    /// The organisation's own host.
    fn instance_url(&self, organisation: &Organisation) -> String {
        format!("http://{}.my.{SUFFIX}:{}", organisation.domain, self.port())
    }
}

const SUFFIX: &str = "salesforce.localhost";

/// The host that a call came to.
struct Door {
    /// Scheme and host, which is also the issuer.
    origin: String,
    /// The organisation, at a My Domain host.
    organisation: Option<&'static str>,
}

impl Door {
    /// Whether an organisation's users may come in here.
    fn admits(&self, organisation: &Organisation) -> bool {
        self.organisation.is_none_or(|id| id == organisation.id)
    }
}

impl FromRequestParts<Arc<Salesforce>> for Door {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, salesforce: &Arc<Salesforce>) -> Result<Self, Response> {
        let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let host = host.to_ascii_lowercase();
        let name = host.rsplit_once(':').map_or(host.as_str(), |(name, _)| name);
        let at_domain = |organisation: &&Organisation| {
            name.strip_suffix(SUFFIX).and_then(|rest| rest.strip_suffix(".my.")) == Some(organisation.domain)
        };
        let organisation = match name {
            "login.salesforce.localhost" | "localhost" | "127.0.0.1" => None,
            _ => {
                let found = salesforce.shared.world.organisations.iter().find(at_domain);
                Some(found.map(|organisation| organisation.id).ok_or_else(nobody_here)?)
            }
        };
        Ok(Self { origin: format!("http://{host}"), organisation })
    }
}

/// What answers under a host name that belongs to no organisation.
fn nobody_here() -> Response {
    (StatusCode::NOT_FOUND, Html("<html><head><title>URL No Longer Exists</title></head></html>")).into_response()
}
