//! What the embedding client can be asked, as a trait.

use std::rc::Rc;

use crate::api::Future;

/// The client refused a call, or did not answer.
#[derive(Clone, Debug, Default, Eq, PartialEq, thiserror::Error)]
#[error("the Zoom client refused: {code}")]
pub struct HostError {
    /// The code, as text, whatever type it came in (`zoom.md` 9.3).
    pub code: String,
    /// The text; permission failures carry their real code in it (`zoom.md` 8.4).
    pub message: String,
}

impl HostError {
    /// Whether the client said that it did nothing: not allowed here, or the person said no (`zoom.md` 8.4).
    #[must_use]
    pub fn is_certain(&self) -> bool {
        ["80004", "80012", "403", "10017", "10116", "10284"].contains(&self.real_code())
    }

    /// The code from the text, where there is one, else the property.
    #[must_use]
    pub fn real_code(&self) -> &str {
        let in_text = self.message.split_once("[code:").and_then(|(_, rest)| rest.split([',', ']']).next());
        in_text.unwrap_or(&self.code).trim()
    }
}

/// Takes what an event hands over, as JSON.
pub type Handler = Rc<dyn Fn(&str)>;

/// The embedding client. Values cross as JSON texts (`frontend/js/zoom.js`).
pub trait Host {
    /// The first handshake, which boot code began: `{client, context}`.
    fn opening(&self) -> Future<Result<String, HostError>>;

    /// Asks for the capabilities of these stages, separated by blanks.
    fn configure(&self, stages: &str) -> Future<Result<String, HostError>>;

    /// Calls a function.
    fn call(&self, name: &'static str, argument: Option<String>) -> Future<Result<String, HostError>>;

    /// Listens to an event for as long as the page lives: the SDK cannot drop one listener alone (`zoom.md` 9.8).
    fn listen(&self, event: &'static str, handler: Handler);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_real_code_stands_in_the_text() {
        let cases = [
            ("10001", "No Permission for this API. [code:80012, reason:require_meeting_role]", "80012"),
            ("10118", "", "10118"),
            ("", "took longer than 10ms", ""),
        ];
        for (code, message, real) in cases {
            let error = HostError { code: code.to_owned(), message: message.to_owned() };
            assert_eq!(error.real_code(), real, "{message}");
        }
    }
}
