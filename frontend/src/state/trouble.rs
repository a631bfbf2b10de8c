//! What went wrong, in the form in which a screen shows it: a sentence, a next step, details.

use std::ops::Deref;

use sidelight_api::{ErrorBody, ErrorCode, FieldError};
use sidelight_domain::access::Remedy;
use sidelight_domain::words::Word;

/// A failure that a screen can show. One pointer wide, since every answer carries the room for it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Trouble(Box<Failure>);

impl Deref for Trouble {
    type Target = Failure;

    fn deref(&self) -> &Failure {
        &self.0
    }
}

/// What there is to say about it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Failure {
    /// What happened, for a person.
    pub message: String,
    /// The code and the number in the log, for whoever helps.
    pub details: Option<String>,
    /// What to do about it.
    pub step: NextStep,
    /// Which fields of a form it concerns.
    pub fields: Vec<FieldError>,
    /// The code, where our server answered.
    pub code: Option<ErrorCode>,
}

/// What a viewer can do about a failure.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NextStep {
    /// Ask again.
    TryAgain,
    /// Ask again later; the server said when, in seconds.
    Wait(u32),
    /// Sign in to Gainsight.
    SignIn,
    /// Open the panel again.
    Reopen,
    /// Nothing here; the sentence says who can help.
    Nothing,
}

impl Trouble {
    /// Our server could not be reached.
    #[must_use]
    pub fn offline() -> Self {
        Self::plain(Word::TroubleOffline, NextStep::TryAgain)
    }

    /// Our server answered something that is no answer.
    #[must_use]
    pub fn unreadable() -> Self {
        Self::plain(Word::TroubleUnreadable, NextStep::TryAgain)
    }

    /// Zoom gave no fresh proof of who opened the panel.
    #[must_use]
    pub fn no_context() -> Self {
        Self::plain(Word::TroubleNoContext, NextStep::Reopen)
    }

    /// The late part of the program did not come.
    #[must_use]
    pub fn no_late_part() -> Self {
        Self::plain(Word::TroubleLate, NextStep::TryAgain)
    }

    fn plain(word: Word, step: NextStep) -> Self {
        Self(Box::new(Failure { message: word.text().to_owned(), details: None, step, fields: Vec::new(), code: None }))
    }

    /// Whether the request never reached an answer, so that nobody knows whether it was carried out.
    #[must_use]
    pub fn is_unanswered(&self) -> bool {
        self.code.is_none()
    }

    /// Whether nobody knows if a write was stored: no answer came, or our server failed while it worked on it. What Gainsight fails at
    /// is told before anything is stored. A repeat that was turned away at the door says nothing about the request before it.
    #[must_use]
    pub fn leaves_in_doubt(&self, is_repeat: bool) -> bool {
        self.code.is_none_or(|code| {
            let status = code.status();
            (status >= 500 && !self.is_of_gainsight()) || (is_repeat && matches!(status, 401 | 403 | 429))
        })
    }

    /// Whether Gainsight is behind it, and not our server, the connection or the viewer's rights.
    #[must_use]
    pub fn is_of_gainsight(&self) -> bool {
        matches!(self.code, Some(ErrorCode::GainsightBusy | ErrorCode::GainsightDown | ErrorCode::GainsightRefused))
    }

    /// Says in its own message what concerns fields that the form does not have.
    pub fn keep_fields(&mut self, is_of_form: &dyn Fn(&FieldError) -> bool) {
        let Failure { fields, message, .. } = &mut *self.0;
        fields.retain(|error| {
            let is_kept = is_of_form(error);
            if !is_kept {
                for part in [" ", &error.field, ": ", &error.message] {
                    message.push_str(part);
                }
            }
            is_kept
        });
    }
}

impl From<ErrorBody> for Trouble {
    fn from(body: ErrorBody) -> Self {
        let step = match (body.retry_after_seconds, body.remedy) {
            (Some(seconds), _) => NextStep::Wait(seconds),
            (None, Some(Remedy::SignIn)) => NextStep::SignIn,
            (None, Some(Remedy::Reopen)) => NextStep::Reopen,
            (None, Some(Remedy::AuthoriseZoom | Remedy::SidelightAdmin | Remedy::GainsightAdmin)) => NextStep::Nothing,
            (None, None) if body.code == ErrorCode::SignedOut => NextStep::SignIn,
            (None, None) if body.code.status() == 401 => NextStep::Reopen,
            (None, None) => NextStep::TryAgain,
        };
        let details = format!("{} · {}", body.code.as_str(), body.request_id);
        let message = if body.message.is_empty() { body.code.word().text().to_owned() } else { body.message };
        Self(Box::new(Failure { message, details: Some(details), step, fields: body.fields, code: Some(body.code) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sidelight_domain::ids::RequestId;

    fn body(code: ErrorCode) -> ErrorBody {
        ErrorBody {
            code,
            message: String::new(),
            request_id: RequestId::new("r-1"),
            fields: Vec::new(),
            remedy: None,
            retry_after_seconds: None,
        }
    }

    #[test]
    fn every_code_leads_to_a_sentence_and_details() {
        for code in ErrorCode::ALL {
            let trouble = Trouble::from(body(*code));
            assert_eq!(trouble.message, code.word().text());
            assert!(trouble.details.clone().unwrap().ends_with("· r-1"), "{code:?}");
        }
    }

    #[test]
    fn the_next_step_follows_from_who_can_help() {
        type Case = (fn(&mut ErrorBody), NextStep);
        let cases: [Case; 5] = [
            (|_| {}, NextStep::TryAgain),
            (|body| body.retry_after_seconds = Some(30), NextStep::Wait(30)),
            (|body| body.remedy = Some(Remedy::SignIn), NextStep::SignIn),
            (|body| body.remedy = Some(Remedy::GainsightAdmin), NextStep::Nothing),
            (|body| body.code = ErrorCode::SessionEnded, NextStep::Reopen),
        ];
        for (change, step) in cases {
            let mut body = body(ErrorCode::GainsightDown);
            change(&mut body);
            assert_eq!(Trouble::from(body).step, step);
        }
    }

    #[test]
    fn what_has_no_field_in_the_form_is_said_in_the_message() {
        let error = |field: &str| FieldError { field: field.to_owned(), message: "Not so.".to_owned() };
        let fields = vec![error("subject"), error("Ant__Sentiment__c")];
        let mut trouble = Trouble::from(ErrorBody { fields, ..body(ErrorCode::GainsightRefused) });
        trouble.keep_fields(&|error| error.field == "subject");
        assert_eq!(trouble.fields, [error("subject")]);
        assert_eq!(trouble.message, "Gainsight refused this. Ant__Sentiment__c: Not so.");
    }

    #[test]
    fn gainsight_is_blamed_for_its_own_failures_only() {
        assert!(Trouble::from(body(ErrorCode::GainsightDown)).is_of_gainsight());
        for other in [Trouble::offline(), Trouble::unreadable(), Trouble::from(body(ErrorCode::StorageDown))] {
            assert!(!other.is_of_gainsight(), "{}", other.message);
        }
    }

    #[test]
    fn a_write_is_in_doubt_unless_the_answer_says_what_became_of_it() {
        let cases = [
            (Trouble::offline(), true, true),
            (Trouble::unreadable(), true, true),
            (body(ErrorCode::StorageDown).into(), true, true),
            (body(ErrorCode::Internal).into(), true, true),
            (body(ErrorCode::SlowDown).into(), false, true),
            (body(ErrorCode::SignedOut).into(), false, true),
            (body(ErrorCode::SessionEnded).into(), false, true),
            (body(ErrorCode::GainsightDown).into(), false, false),
            (body(ErrorCode::GainsightRefused).into(), false, false),
            (body(ErrorCode::InvalidInput).into(), false, false),
        ];
        for (trouble, at_first, repeated) in cases {
            let found = (trouble.leaves_in_doubt(false), trouble.leaves_in_doubt(true));
            assert_eq!(found, (at_first, repeated), "{}", trouble.message);
        }
        assert!(Trouble::offline().is_unanswered() && !Trouble::from(body(ErrorCode::StorageDown)).is_unanswered());
    }
}
