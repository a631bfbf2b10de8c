//! What all REST endpoints share: bearer tokens, scopes, rate limits, error bodies (`zoom.md` 7).

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::{AUTHORIZATION, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, json};

use super::cloud::{Cloud, State};
use super::events::iso;
use super::grants::{Bearer, NotTaken};
use super::limits::{Allowance, Category, Exceeded};
use super::people::Person;
use super::scopes::Scope;
use super::switches;

const TRACKING: HeaderName = HeaderName::from_static("x-zm-trackingid");
const RATE_CATEGORY: HeaderName = HeaderName::from_static("x-ratelimit-category");
const RATE_TYPE: HeaderName = HeaderName::from_static("x-ratelimit-type");
const RATE_LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const RATE_REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");

/// A refusal in Zoom's shape (`zoom.md` 7.5).
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    pub(crate) code: u32,
    pub(crate) message: String,
    /// Name and complaint, for fields of the request.
    pub(crate) field: Option<(&'static str, &'static str)>,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, code: u32, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), field: None }
    }

    /// The meeting is not there, or not for this token: the two look alike.
    pub(crate) fn no_meeting(id: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, 3_001, format!("Meeting does not exist: {id}."))
    }

    /// A parameter or body that cannot be read.
    pub(crate) fn invalid(name: &'static str, complaint: &'static str) -> Self {
        let error = Self::new(StatusCode::BAD_REQUEST, 300, "Validation Failed.");
        Self { field: Some((name, complaint)), ..error }
    }

    fn body(&self) -> Value {
        let mut body = json!({ "code": self.code, "message": self.message });
        if let Some((field, message)) = self.field {
            body["errors"] = json!([{ "field": field, "message": message }]);
        }
        body
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        (self.status, Json(self.body())).into_response()
    }
}

/// An endpoint: what it demands of the token, and how its calls are counted.
#[derive(Clone, Copy)]
pub(crate) struct Endpoint {
    pub(crate) scope: Scope,
    pub(crate) category: Category,
}

/// Whose token came with a call.
pub(crate) struct Caller {
    pub(crate) bearer: Bearer,
    pub(crate) person: Person,
}

impl Caller {
    /// The caller's account.
    pub(crate) fn account(&self) -> &str {
        self.person.identity.account.as_deref().unwrap_or_default()
    }
}

/// Answers a call: checks the token, counts, and lets `work` do the rest under the lock.
pub(crate) fn answer(
    cloud: &Cloud,
    headers: &HeaderMap,
    endpoint: Endpoint,
    work: impl FnOnce(&mut State, &Caller) -> Result<Value, ApiError>,
) -> Response {
    let mut state = cloud.state();
    let caller = match caller(cloud, &state, headers, endpoint.scope) {
        Ok(caller) => caller,
        Err(error) => return tracked(cloud, error.into_response()),
    };
    let rate = match count(cloud, &mut state, &caller, endpoint.category) {
        Ok(rate) => rate,
        Err(met) => return tracked(cloud, too_many(cloud, &met)),
    };
    let result = work(&mut state, &caller);
    drop(state);
    let mut answer = match result {
        Ok(body) => Json(body).into_response(),
        Err(error) => error.into_response(),
    };
    answer.headers_mut().extend(rate);
    tracked(cloud, answer)
}

fn tracked(cloud: &Cloud, mut answer: Response) -> Response {
    let id = format!("sandbox_{}", cloud.fresh().guid());
    answer.headers_mut().extend(HeaderValue::from_str(&id).ok().map(|id| (TRACKING, id)));
    answer
}

/// The token counts in the header only (`zoom.md` 4.2).
fn caller(cloud: &Cloud, state: &State, headers: &HeaderMap, scope: Scope) -> Result<Caller, ApiError> {
    let token = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let token = token.unwrap_or_default();
    let bearer = state.grants.bearer(token, cloud.now()).map_err(|reason| not_taken(cloud, reason))?;
    // Token of a user who is gone (4735): cannot happen here, since people never go; answered as an unknown one.
    let person = state.people.of_user(&bearer.user).cloned().ok_or_else(|| not_taken(cloud, NotTaken::Unknown))?;
    if !bearer.scopes.contains(scope.name) {
        let message = format!("Invalid access token, does not contain scopes:[{}].", scope.name);
        return Err(ApiError::new(StatusCode::BAD_REQUEST, 4_711, message));
    }
    Ok(Caller { bearer, person })
}

fn not_taken(cloud: &Cloud, reason: NotTaken) -> ApiError {
    let status = match cloud.choice(&switches::EXPIRED_STATUS) {
        "400" => StatusCode::BAD_REQUEST,
        _ => StatusCode::UNAUTHORIZED,
    };
    let expired = if cloud.choice(&switches::EXPIRED_CODE) == "201" { 201 } else { 124 };
    match reason {
        NotTaken::Unknown => ApiError::new(status, 124, "Invalid access token."),
        NotTaken::Expired => ApiError::new(status, expired, "Access token is expired."),
        NotTaken::Revoked => ApiError::new(status, 4_741, "The token has been revoked."),
    }
}

type RateHeaders = Vec<(HeaderName, HeaderValue)>;

fn count(cloud: &Cloud, state: &mut State, caller: &Caller, category: Category) -> Result<RateHeaders, Met> {
    let plan = cloud.choice(&switches::RATE_LIMITS);
    let Some(allowance) = Allowance::of(plan, category) else { return Ok(Vec::new()) };
    let named = HeaderValue::from_static(category.name());
    match state.limits.take(caller.account(), category, allowance, cloud.now()) {
        Ok(left) => {
            Ok(vec![(RATE_CATEGORY, named), (RATE_LIMIT, allowance.per_second.into()), (RATE_REMAINING, left.into())])
        }
        Err(exceeded) => Err(Met { exceeded, allowance, category }),
    }
}

/// A limit that a call met.
struct Met {
    exceeded: Exceeded,
    allowance: Allowance,
    category: Category,
}

fn too_many(cloud: &Cloud, Met { exceeded, allowance, category }: &Met) -> Response {
    let (message, kind, limit, until) = match *exceeded {
        Exceeded::PerSecond => (
            "You have reached the maximum per-second rate limit for this API. Try again later.",
            "QPS",
            allowance.per_second,
            None,
        ),
        Exceeded::Daily { until } => (
            "You have reached the maximum daily rate limit for this API. Refer to the response header for details on \
             when you can make another request.",
            "Daily-limit",
            allowance.per_day.unwrap_or_default(),
            Some(iso(until)),
        ),
    };
    let mut refused = ApiError::new(StatusCode::TOO_MANY_REQUESTS, 429, message).into_response();
    // Captured refusals lacked the type and the time (`zoom.md` 7.4).
    if cloud.choice(&switches::RATE_HEADERS) == "present" {
        let headers = refused.headers_mut();
        headers.insert(RATE_CATEGORY, HeaderValue::from_static(category.name()));
        headers.insert(RATE_TYPE, HeaderValue::from_static(kind));
        headers.insert(RATE_LIMIT, limit.into());
        headers.insert(RATE_REMAINING, 0.into());
        headers.extend(until.and_then(|until| HeaderValue::from_str(&until).ok()).map(|until| (RETRY_AFTER, until)));
    }
    refused
}

/// The id in a path. Axum decoded it once; an instance id that begins with `/` or holds `//` is found only if it was encoded
/// twice, and one that was encoded twice without need is found as well (`zoom.md` 7.3).
pub(crate) fn meeting_id(segment: &str) -> Option<String> {
    if segment.contains('%') {
        return percent_encoding::percent_decode_str(segment).decode_utf8().ok().map(String::from);
    }
    let ambiguous = segment.starts_with('/') || segment.contains("//");
    (!ambiguous).then(|| segment.to_owned())
}

/// One page of a list (`zoom.md` 7.3): 30 entries unless asked otherwise, 300 at most.
pub(crate) fn page(
    items: Vec<Value>,
    size: Option<usize>,
    token: Option<&str>,
) -> Result<(Vec<Value>, Value), ApiError> {
    let size = size.unwrap_or(30);
    if !(1..=300).contains(&size) {
        return Err(ApiError::invalid("page_size", "The value must be between 1 and 300."));
    }
    let from: usize = match token.filter(|token| !token.is_empty()) {
        Some(token) => token.parse().map_err(|_| ApiError::invalid("next_page_token", "Invalid next_page_token."))?,
        None => 0,
    };
    let total = items.len();
    let shown: Vec<_> = items.into_iter().skip(from).take(size).collect();
    let end = from.saturating_add(shown.len());
    let next = if end < total { end.to_string() } else { String::new() };
    let frame = json!({ "page_size": size, "total_records": total, "next_page_token": next });
    Ok((shown, frame))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_awkward_instance_id_must_be_encoded_twice() {
        let cases = [
            ("81234567890", Some("81234567890")),
            ("aDYlohsHRtCd4ii1uC2+hA==", Some("aDYlohsHRtCd4ii1uC2+hA==")),
            ("aDYlohsHRtCd4ii1uC2%2BhA%3D%3D", Some("aDYlohsHRtCd4ii1uC2+hA==")),
            ("%2FajXp112QmuoKj4854875%3D%3D", Some("/ajXp112QmuoKj4854875==")),
            ("/ajXp112QmuoKj4854875==", None),
            ("ab//cd==", None),
            ("ab/cd==", Some("ab/cd==")),
            ("%FF", None),
        ];
        for (segment, expected) in cases {
            assert_eq!(meeting_id(segment).as_deref(), expected, "{segment}");
        }
    }

    #[test]
    fn pages_follow_each_other_until_the_token_is_empty() {
        let items: Vec<_> = (0..5).map(Value::from).collect();
        let (first, frame) = page(items.clone(), Some(2), None).unwrap();
        assert_eq!((first, frame["next_page_token"].as_str()), (vec![json!(0), json!(1)], Some("2")));
        let (last, frame) = page(items.clone(), Some(2), Some("4")).unwrap();
        assert_eq!((last, frame["next_page_token"].as_str()), (vec![json!(4)], Some("")));
        assert_eq!(frame["total_records"], 5);
        assert!(page(items.clone(), Some(301), None).is_err() && page(items.clone(), Some(0), None).is_err());
        assert!(page(items, None, Some("x")).is_err());
    }
}
