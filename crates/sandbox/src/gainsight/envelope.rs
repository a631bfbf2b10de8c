//! The shapes of answers and failures (`gainsight.md` 4.1, 4.2).

use std::sync::atomic::{AtomicU64, Ordering};

use axum::Json;
use axum::response::{Html, IntoResponse, Response};
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// Why a call was refused.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    status: StatusCode,
    code: Option<&'static str>,
    text: String,
    data: Value,
    /// Data Management words its failures in another shape.
    title: Option<&'static str>,
    retry_after: Option<i64>,
}

impl Failure {
    fn new(status: StatusCode, code: Option<&'static str>, text: impl Into<String>) -> Self {
        Self { status, code, text: text.into(), data: Value::Null, title: None, retry_after: None }
    }

    /// A refused request with one of the documented codes.
    pub(crate) fn invalid(code: &'static str, text: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, Some(code), text)
    }

    /// A refused request whose code nobody has seen.
    pub(crate) fn refused(text: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, None, text)
    }

    /// No or wrong credential.
    pub(crate) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, Some("GS_APIG_2401"), "Unauthorized: invalid access key or token.")
    }

    /// Two credentials at once.
    pub(crate) fn two_credentials() -> Self {
        Self::invalid("GSOBJ_1024", "Authorization headers are invalid.")
    }

    /// The licence or a permission does not allow it; no code for this is known.
    pub(crate) fn forbidden(text: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, None, text)
    }

    /// No such route.
    pub(crate) fn unknown_path() -> Self {
        Self::invalid("GSOBJ_1023", "API path is invalid.")
    }

    /// Over a limit; the window ends in `seconds`, if that is to be told.
    pub(crate) fn too_many(seconds: Option<i64>) -> Self {
        let mut failure = Self::new(StatusCode::TOO_MANY_REQUESTS, Some("GU_2400"), "Too many requests.");
        failure.retry_after = seconds;
        failure
    }

    /// No such object.
    pub(crate) fn unknown_object(name: &str) -> Self {
        let text = format!("Object {name} is not found.");
        let mut failure = Self::new(StatusCode::BAD_REQUEST, None, text);
        failure.title = Some("OBJECT_NOT_FOUND");
        failure
    }

    /// A query that found nothing, in the shape of an error.
    pub(crate) fn no_records() -> Self {
        Self::invalid("GSOBJ_1011", "No data found for given criteria.")
    }

    /// Records that were not written, with their errors field by field.
    pub(crate) fn rejected(code: &'static str, text: impl Into<String>, errors: &Value) -> Self {
        let mut failure = Self::invalid(code, text);
        failure.data = json!({ "count": 0, "errors": errors, "records": null });
        failure
    }

    /// With something in `data`.
    pub(crate) fn with_data(mut self, data: Value) -> Self {
        self.data = data;
        self
    }

    /// The answer. `wording` decides what is a matter of the tenant's version.
    pub(crate) fn into_response(self, wording: &Wording, request_id: Uuid) -> Response {
        let refused = self.status == StatusCode::BAD_REQUEST;
        let status = if refused && wording.failures_are_ok { StatusCode::OK } else { self.status };
        let body = match self.title {
            Some(title) => json!({
                "requestId": request_id, "result": false, "title": title, "detail": self.text, "errorDesc": self.text,
                "instance": wording.instance,
            }),
            None => envelope(wording, request_id, false, self.code, Some(&self.text), self.data),
        };
        let mut answer = (status, Json(body)).into_response();
        answer.headers_mut().extend(self.retry_after.map(|seconds| (RETRY_AFTER, HeaderValue::from(seconds))));
        answer
    }
}

/// What differs between tenants in the wording of answers.
#[derive(Clone, Debug)]
pub(crate) struct Wording {
    /// Failures are HTTP 200 with `result: false`.
    pub(crate) failures_are_ok: bool,
    /// The longer set of keys.
    pub(crate) is_localized: bool,
    /// When it happened, as Data Management writes it.
    pub(crate) instance: String,
}

/// A success with something in `data`.
pub(crate) fn success(wording: &Wording, request_id: Uuid, data: Value) -> Response {
    Json(envelope(wording, request_id, true, None, None, data)).into_response()
}

/// `result: false` without an error code: how some tenants say "nothing found" (`gainsight.md` 5.1).
pub(crate) fn nothing_found(wording: &Wording, request_id: Uuid) -> Response {
    Json(envelope(wording, request_id, false, None, Some("No data found for given criteria."), Value::Null))
        .into_response()
}

fn envelope(
    wording: &Wording,
    request_id: Uuid,
    result: bool,
    code: Option<&str>,
    text: Option<&str>,
    data: Value,
) -> Value {
    let mut body = Map::new();
    let mut put = |key: &str, value: Value| body.insert(key.to_owned(), value);
    put("result", result.into());
    put("errorCode", code.into());
    put("errorDesc", text.into());
    put("requestId", request_id.to_string().into());
    put("data", data);
    put("message", Value::Null);
    if wording.is_localized {
        put("localizedErrorDesc", text.into());
        put("localizedMessage", Value::Null);
    }
    Value::Object(body)
}

/// How the gateway in front words a failure that a fault asks for.
pub(crate) fn failure(status: StatusCode) -> Response {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let wording = Wording { failures_are_ok: false, is_localized: false, instance: String::new() };
    let request_id = Uuid::from_u128(u128::from(COUNT.fetch_add(1, Ordering::Relaxed)));
    let failure = match status {
        StatusCode::UNAUTHORIZED => Failure::unauthorized(),
        StatusCode::TOO_MANY_REQUESTS => Failure::too_many(None),
        StatusCode::INTERNAL_SERVER_ERROR => Failure::new(status, Some("GU_1101"), "Unexpected processing error."),
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
            return (status, Html(format!("<html><body><h1>{status}</h1></body></html>"))).into_response();
        }
        other => Failure::new(other, None, other.canonical_reason().unwrap_or("failure")),
    };
    failure.into_response(&wording, request_id)
}
