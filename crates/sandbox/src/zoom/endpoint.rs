//! The check that the app's endpoint knows the webhook secret (`zoom.md` 6.1).

use bytes::Bytes;
use http::StatusCode;
use serde::Serialize;
use sidelight_domain::Timestamp;

use super::sender::SendError;
use super::{events, sender, signature};
use crate::AppRegistration;

/// What came of a check of the endpoint.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Verdict {
    pub(crate) valid: bool,
    /// The HTTP status; 0 where there was no answer.
    pub(crate) status: u16,
    pub(crate) reason: String,
}

/// Sends a signed probe with this token and judges the answer.
pub(crate) async fn check(app: &AppRegistration, plain_token: &str, now: Timestamp) -> Verdict {
    let bytes = Bytes::from(events::probe(plain_token, now).body.to_string());
    let timestamp = now.as_seconds().to_string();
    let value = signature::of_body(&app.webhook_secret, &timestamp, &bytes);
    let sent = sender::post(&app.webhook_url, &Some((timestamp, value)), bytes).await;
    judge(sent, plain_token, &app.webhook_secret)
}

fn judge(sent: Result<(StatusCode, Bytes), SendError>, plain: &str, secret: &str) -> Verdict {
    let refused = |status: u16, reason: &str| Verdict { valid: false, status, reason: reason.to_owned() };
    let (status, body) = match sent {
        Ok(answer) => answer,
        Err(error) => return refused(0, &error.to_string()),
    };
    if status != StatusCode::OK {
        return refused(status.as_u16(), "the answer was not 200");
    }
    let answer: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    if answer["plainToken"] != plain {
        return refused(200, "plainToken is not the one that was sent");
    }
    if answer["encryptedToken"] != signature::of_probe(secret, plain) {
        return refused(200, "encryptedToken was not made with the webhook secret");
    }
    Verdict { valid: true, status: 200, reason: "the endpoint is valid".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_digest_of_the_right_token_is_valid() {
        let answer = |status, plain: &str, encrypted: &str| {
            let body = serde_json::json!({ "plainToken": plain, "encryptedToken": encrypted }).to_string();
            Ok((status, Bytes::from(body)))
        };
        let digest = signature::of_probe("secret", "token");
        let cases = [
            (answer(StatusCode::OK, "token", &digest), true),
            (answer(StatusCode::OK, "other", &digest), false),
            (answer(StatusCode::OK, "token", &signature::of_probe("another", "token")), false),
            (answer(StatusCode::NO_CONTENT, "token", &digest), false),
            (Ok((StatusCode::OK, Bytes::from_static(b"<html>"))), false),
            (Err(SendError::TooSlow), false),
        ];
        for (sent, valid) in cases {
            let shown = format!("{sent:?}");
            assert_eq!(judge(sent, "token", "secret").valid, valid, "{shown}");
        }
    }
}
