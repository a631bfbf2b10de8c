//! How much somebody may send.

use axum::extract::Request;
use axum::http::header::CONTENT_LENGTH;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures_util::StreamExt as _;
use sidelight_api::ErrorCode;

use super::Refusal;

/// Drafts are the largest thing a panel sends; a thousand participants are less.
pub const LARGEST_BODY: usize = 1024 * 1024;
/// How much of a body that is refused anyway we let run out.
const MOST_DISCARDED: usize = 16 * LARGEST_BODY;

/// Refuses a body that is announced as too large, after letting it run out: a connection that is closed upon somebody who is still
/// sending takes the answer with it (RFC 9112, 9.6). One that is not announced ends at the limit of the extractors.
pub async fn limit_bodies(request: Request, next: Next) -> Response {
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_none_or(|length| length <= LARGEST_BODY) {
        return next.run(request).await;
    }
    let mut rest = request.into_body().into_data_stream();
    let mut discarded = 0;
    while let Some(Ok(part)) = rest.next().await {
        discarded += part.len();
        if discarded > MOST_DISCARDED {
            break;
        }
    }
    Refusal::new(ErrorCode::TooLarge).into_response()
}
