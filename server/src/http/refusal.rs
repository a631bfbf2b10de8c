//! The one way to say no: a [`Refusal`] becomes a status, an `ErrorBody` and at most one line in the log.

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sidelight_api::{ErrorBody, ErrorCode, FieldError};
use sidelight_domain::access::{Reason, Remedy};
use sidelight_domain::ids::RequestId;

use super::{Policy, RequestIds};

/// What a handler returns: an answer, or a refusal.
pub type Answered<T> = Result<T, Refusal>;

/// Why a request was not done.
#[derive(Clone, Debug)]
pub struct Refusal {
    code: ErrorCode,
    message: Option<String>,
    fields: Vec<FieldError>,
    remedy: Option<Remedy>,
    retry_after: Option<Duration>,
    cause: Option<Arc<dyn StdError + Send + Sync>>,
    extra: Option<serde_json::Map<String, serde_json::Value>>,
}

impl Refusal {
    /// A refusal with the catalogue's sentence for `code`.
    #[must_use]
    pub const fn new(code: ErrorCode) -> Self {
        Self { code, message: None, fields: Vec::new(), remedy: None, retry_after: None, cause: None, extra: None }
    }

    /// Something of ours broke; `cause` goes to the log, never to the caller.
    #[must_use]
    pub fn internal(cause: impl StdError + Send + Sync + 'static) -> Self {
        Self::new(ErrorCode::Internal).because(cause)
    }

    /// Adds what the operator should know.
    #[must_use]
    pub fn because(mut self, cause: impl StdError + Send + Sync + 'static) -> Self {
        self.cause = Some(Arc::new(cause));
        self
    }

    /// Says it in other words than the catalogue's.
    #[must_use]
    pub fn saying(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// Names the wrong fields.
    #[must_use]
    pub fn with_fields(mut self, fields: Vec<FieldError>) -> Self {
        self.fields = fields;
        self
    }

    /// Tells when to ask again.
    #[must_use]
    pub const fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// Adds a further member to the error's JSON.
    #[must_use]
    pub fn with<T: serde::Serialize>(mut self, member: &str, value: &T) -> Self {
        if let Ok(value) = serde_json::to_value(value) {
            self.extra.get_or_insert_default().insert(member.to_owned(), value);
        }
        self
    }

    /// What happened.
    #[must_use]
    pub const fn code(&self) -> ErrorCode {
        self.code
    }

    /// The sentence for a person.
    #[must_use]
    pub fn message(&self) -> String {
        self.message.clone().unwrap_or_else(|| self.code.word().text().to_owned())
    }

    /// The fields that were wrong.
    #[must_use]
    pub fn fields(&self) -> &[FieldError] {
        &self.fields
    }

    fn body(&self, request_id: RequestId) -> ErrorBody {
        ErrorBody {
            code: self.code,
            message: self.message(),
            request_id,
            fields: self.fields.clone(),
            remedy: self.remedy,
            retry_after_seconds: self.retry_after.map(whole_seconds),
        }
    }

    fn log(&self) {
        let Some(cause) = &self.cause else { return };
        let chain = Chain(&**cause);
        if self.code.status() >= 500 {
            tracing::error!(error = %chain, code = ?self.code, "A request failed.");
        } else {
            tracing::info!(error = %chain, code = ?self.code, "A request was refused.");
        }
    }
}

/// Rounds up: asking a moment early would only be refused again.
fn whole_seconds(wait: Duration) -> u32 {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    u32::try_from(seconds).unwrap_or(u32::MAX)
}

impl From<ErrorCode> for Refusal {
    fn from(code: ErrorCode) -> Self {
        Self::new(code)
    }
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Self { remedy: Some(reason.remedy()), ..Self::new(reason.into()) }
    }
}

impl From<sidelight_store::Error> for Refusal {
    fn from(error: sidelight_store::Error) -> Self {
        if error.is_transient() {
            // A locked or restarting database comes back; the panel asks again by itself.
            return Self::new(ErrorCode::StorageDown).because(error).retry_after(Duration::from_secs(2));
        }
        Self::internal(error)
    }
}

/// An error with its sources in one line.
struct Chain<'a>(&'a (dyn StdError + 'a));

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(error) = source {
            write!(f, ": {error}")?;
            source = error.source();
        }
        Ok(())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes the body of every refusal: here the request's number is known, and here each is logged, once.
pub async fn finish_refusals(State(ids): State<RequestIds>, request: Request, next: Next) -> Response {
    let request_id = ids.of(&request);
    let mut response = next.run(request).await;
    if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
        refusal.log();
        return written(&refusal, request_id);
    }
    // What axum and tower answer by themselves gets our shape too.
    match response.status() {
        status if !(status.is_client_error() || status.is_server_error()) || is_shaped(&response) => response,
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => written(&ErrorCode::NotFound.into(), request_id),
        StatusCode::PAYLOAD_TOO_LARGE => written(&ErrorCode::TooLarge.into(), request_id),
        status if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT => {
            written(&ErrorCode::Internal.into(), request_id)
        }
        _ => written(&ErrorCode::UnreadableInput.into(), request_id),
    }
}

/// Whether an answer is JSON, or a page of ours for a person to read.
fn is_shaped(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("application/json")) || response.extensions().get::<Policy>().is_some()
}

fn written(refusal: &Refusal, request_id: RequestId) -> Response {
    let status = StatusCode::from_u16(refusal.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = refusal.body(request_id);
    let mut response = match (&refusal.extra, serde_json::to_value(&body)) {
        (Some(extra), Ok(serde_json::Value::Object(mut object))) => {
            object.extend(extra.clone());
            (status, Json(object)).into_response()
        }
        _ => (status, Json(body)).into_response(),
    };
    if let Some(wait) = refusal.retry_after {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(whole_seconds(wait)));
    }
    response
}
