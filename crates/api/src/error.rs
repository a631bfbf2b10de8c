//! The one shape of every refusal (design 6).

use serde::{Deserialize, Serialize};
use sidelight_domain::access::{Reason, Remedy};
use sidelight_domain::ids::RequestId;
use sidelight_domain::words::Word;

/// The body of every answer with status 400 or above.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    /// What happened; clients decide by this, never by the text.
    pub code: ErrorCode,
    /// The same for a person.
    pub message: String,
    /// Under which number it stands in the log.
    pub request_id: RequestId,
    /// Which fields of the request were wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
    /// Who can change a refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Remedy>,
    /// When to ask again, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_seconds: Option<u32>,
}

/// What is wrong with one field.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// The path of the field in the request's JSON.
    #[cfg_attr(feature = "openapi", schema(example = "subject"))]
    pub field: String,
    /// What to do about it, for a person.
    #[cfg_attr(feature = "openapi", schema(example = "Fill this in."))]
    pub message: String,
}

macro_rules! error_codes {
    ($($(#[$doc:meta])* $name:ident = $wire:literal => $status:literal, $word:ident;)*) => {
        /// Everything that can go wrong, as far as a client may want to tell it apart.
        #[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
        #[serde(rename_all = "snake_case")]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum ErrorCode { $($(#[$doc])* $name,)* }

        impl ErrorCode {
            /// All codes.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The name in our JSON.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $wire,)* }
            }

            /// The HTTP status that goes with it.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// The sentence for a person.
            #[must_use]
            pub const fn word(self) -> Word {
                match self { $(Self::$name => Word::$word,)* }
            }
        }
    };
}

error_codes! {
    /// A defect of ours; the request may be repeated.
    Internal = "internal" => 500, ErrorInternal;
    /// Our database is locked, restarting or away; it comes back, and nothing was changed.
    StorageDown = "storage_down" => 503, ErrorStorageDown;
    /// No such thing, or not for this caller; the two look alike on purpose.
    NotFound = "not_found" => 404, ErrorNotFound;
    /// Well-formed, but some fields cannot be accepted; `fields` names them.
    InvalidInput = "invalid_input" => 422, ErrorInvalidInput;
    /// Not the JSON that the operation expects.
    UnreadableInput = "unreadable_input" => 400, ErrorUnreadableInput;
    /// The body is larger than the operation takes.
    TooLarge = "too_large" => 413, ErrorTooLarge;
    /// Too many requests by this person; see `retry_after_seconds`.
    SlowDown = "slow_down" => 429, ErrorSlowDown;
    /// No token, or its session ended: exchange a fresh app context.
    SessionEnded = "session_ended" => 401, ErrorSessionEnded;
    /// A webhook without Zoom's signature, or with one that is too old.
    Unverified = "unverified" => 401, ErrorUnverified;
    /// The app context is forged, truncated or not for this app.
    ContextInvalid = "context_invalid" => 401, ErrorContextInvalid;
    /// The app context is past its time.
    ContextExpired = "context_expired" => 401, ErrorContextExpired;
    /// The app context was exchanged before: fetch a fresh one, once.
    ContextUsed = "context_used" => 409, ErrorContextUsed;
    /// Zoom did not say who this is.
    Guest = "guest" => 403, ErrorGuest;
    /// The Zoom user belongs to no organisation here.
    NoOrganisation = "no_organisation" => 403, ErrorNoOrganisation;
    /// Needs a Gainsight sign-in first.
    SignedOut = "signed_out" => 403, ErrorSignedOut;
    /// The Gainsight user is switched off.
    Inactive = "inactive" => 403, ErrorInactive;
    /// The Gainsight licence does not cover this.
    NoLicence = "no_licence" => 403, ErrorNoLicence;
    /// Somebody else's activity.
    NotAuthor = "not_author" => 403, ErrorNotAuthor;
    /// The Gainsight licence reads companies and people, and changes neither.
    ReadsOnly = "reads_only" => 403, ErrorReadsOnly;
    /// Signed in through Salesforce, to a tenant whose operator has not said that such people may see anything.
    NotApproved = "not_approved" => 403, ErrorNotApproved;
    /// The tenant is not registered in this organisation.
    TenantUnknown = "tenant_unknown" => 404, ErrorTenantUnknown;
    /// The company or relationship is gone, or not for this person.
    EntityUnknown = "entity_unknown" => 404, ErrorEntityUnknown;
    /// The sign-in is finished, expired or was opened elsewhere.
    SignInEnded = "sign_in_ended" => 410, ErrorSignInEnded;
    /// The typed code is not the one the browser shows.
    WrongCode = "wrong_code" => 422, ErrorWrongCode;
    /// Zoom did not answer, or not in a readable way.
    ZoomDown = "zoom_down" => 502, ErrorZoomDown;
    /// Zoom did not accept the code, or it belongs to another Zoom user.
    ZoomRefused = "zoom_refused" => 422, ErrorZoomRefused;
    /// The tenant's call budget is used up, or Gainsight answered 429.
    GainsightBusy = "gainsight_busy" => 503, ErrorGainsightBusy;
    /// Gainsight did not answer, or not in a readable way.
    GainsightDown = "gainsight_down" => 502, ErrorGainsightDown;
    /// Gainsight answered that it will not do this.
    GainsightRefused = "gainsight_refused" => 422, ErrorGainsightRefused;
    /// Somebody with this address is in Gainsight already: link him instead of adding him again.
    PersonExists = "person_exists" => 409, ErrorPersonExists;
    /// Somebody with this address is linked to this company already.
    PersonLinked = "person_linked" => 409, ErrorPersonLinked;
    /// The guests of this meeting were asked for their addresses before.
    GuestsAsked = "guests_asked" => 409, ErrorGuestsAsked;
    /// It is not known that the meeting is the organisation's own: guests of others are not asked.
    NotHosting = "not_hosting" => 409, ErrorNotHosting;
    /// The draft has a newer version than the one this change is based on.
    DraftConflict = "draft_conflict" => 409, ErrorDraftConflict;
    /// Somebody else changed the activity since it was read; nothing was overwritten.
    ActivityConflict = "activity_conflict" => 409, ErrorActivityConflict;
    /// The write is no longer waiting.
    WriteSettled = "write_settled" => 409, ErrorWriteSettled;
}

impl From<Reason> for ErrorCode {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::NoSession => Self::SessionEnded,
            Reason::Guest => Self::Guest,
            Reason::NoOrganisation => Self::NoOrganisation,
            Reason::SignedOut => Self::SignedOut,
            Reason::Inactive => Self::Inactive,
            Reason::NoLicence => Self::NoLicence,
            Reason::NotAuthor => Self::NotAuthor,
            Reason::ReadsOnly => Self::ReadsOnly,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_code_is_a_refusal_with_a_name_and_a_sentence_of_its_own() {
        let sentences: HashSet<_> = ErrorCode::ALL.iter().map(|code| code.word()).collect();
        assert_eq!(sentences.len(), ErrorCode::ALL.len());
        for code in ErrorCode::ALL {
            assert!((400..600).contains(&code.status()), "{code:?}");
            assert_eq!(serde_json::to_string(code).unwrap(), format!("\"{}\"", code.as_str()));
        }
    }

    #[test]
    fn an_empty_list_of_fields_is_left_out() {
        let body = ErrorBody {
            code: ErrorCode::NotFound,
            message: "Gone.".to_owned(),
            request_id: RequestId::new("r1"),
            fields: Vec::new(),
            remedy: None,
            retry_after_seconds: None,
        };
        let json = serde_json::to_string(&body).unwrap();
        assert_eq!(json, r#"{"code":"not_found","message":"Gone.","request_id":"r1"}"#);
        assert_eq!(serde_json::from_str::<ErrorBody>(&json).unwrap(), body);
    }
}
