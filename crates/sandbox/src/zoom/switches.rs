//! What nobody outside Zoom is sure of, playable both ways.

use crate::control::{Switch, Values};

macro_rules! switches {
    ($($(#[$doc:meta])* $constant:ident = $name:literal, $section:literal, $values:expr, $about:literal;)*) => {
        $(
            $(#[$doc])*
            pub(crate) static $constant: Switch =
                Switch { name: $name, section: $section, about: $about, values: $values, differs: &[] };
        )*

        /// All of them.
        pub(crate) const ALL: &[&Switch] = &[$(&$constant),*];
    };
}

switches! {
    /// Seconds.
    REFRESH_TOLERANCE = "zoom.refresh_tolerance_seconds", "zoom 4.2", Values::Number { default: 0, most: 3_600 },
        "For how long a refresh token that was used gets the same answer again.";
    /// Beyond the tolerance.
    REFRESH_REUSE = "zoom.refresh_reuse", "zoom 4.2", Values::OneOf(&["refused", "ends_grant"]),
        "What a refresh token does that comes again after the tolerance.";
    /// The error word of a bad code.
    BAD_CODE_ERROR = "zoom.bad_code_error", "zoom 4.2", Values::OneOf(&["invalid_grant", "invalid_request"]),
        "The OAuth error of an invalid authorization code; older captures differ.";
    /// In-client only.
    IN_CLIENT_PKCE = "zoom.in_client_pkce", "zoom 4.3", Values::OneOf(&["plain", "S256"]),
        "How the meeting client's code challenge is compared.";
    /// In-client only.
    STATE_ENCODING = "zoom.authorized_state", "zoom 4.3", Values::OneOf(&["plain", "percent_encoded"]),
        "How the state comes back in onAuthorized.";
    /// In-client only.
    AUTHORIZED_REDIRECT = "zoom.authorized_redirect", "zoom 4.3", Values::OneOf(&["page", "registered"]),
        "Which redirectUri onAuthorized carries: the panel's own address or the registered one.";
    /// A host is no guest.
    HOST_UID = "zoom.host_context_uid", "zoom 4.4", Values::OneOf(&["present", "absent"]),
        "Whether the app context of a host who has the app holds a uid; one without was observed.";
    /// Base64 in all its forms.
    CONTEXT_SPELLING = "zoom.context_spelling", "zoom 5.2", Values::OneOf(&["url", "url_padded", "standard"]),
        "Which base64 alphabet an app context is written in.";
    /// Milliseconds.
    CONTEXT_LIFE = "zoom.context_life_millis", "zoom 5.3", Values::Number { default: 116_268, most: 600_000 },
        "How long an app context holds; 115 to 120 seconds were captured.";
    /// Timestamps of signatures.
    WEBHOOK_TIMESTAMP = "zoom.webhook_timestamp", "zoom 6.2", Values::OneOf(&["seconds", "millis"]),
        "The unit of x-zm-request-timestamp.";
    /// Retries.
    WEBHOOK_RETRY_SIGNATURE = "zoom.webhook_retry_signature", "zoom 6.2", Values::OneOf(&["fresh", "first"]),
        "Whether a retry is signed again, or sent with the timestamp and signature of the first try.";
    /// `app_deauthorized`.
    DEAUTHORIZED_TIME = "zoom.deauthorized_event_ts", "zoom 6.5", Values::OneOf(&["outside", "inside"]),
        "Whether event_ts of app_deauthorized stands beside or inside the payload.";
    /// `app_deauthorized`.
    DEAUTHORIZED_RETENTION = "zoom.user_data_retention", "zoom 6.5", Values::OneOf(&["false", "true", "missing"]),
        "The text of user_data_retention in app_deauthorized.";
    /// Seconds.
    PAST_DELAY = "zoom.past_participants_delay_seconds", "zoom 7.3", Values::Number { default: 0, most: 3_600 },
        "How long after its end a meeting's participants can be read; minutes in the field.";
    /// Of the account.
    RATE_LIMITS = "zoom.rate_limits", "zoom 7.4", Values::OneOf(&["pro", "free", "business", "off"]),
        "The plan whose rate limits hold.";
    /// On a 429.
    RATE_HEADERS = "zoom.rate_limit_headers", "zoom 7.4", Values::OneOf(&["present", "absent"]),
        "Whether a refusal for too many calls says which limit and when to come back.";
    /// An expired access token.
    EXPIRED_CODE = "zoom.expired_token_code", "zoom 7.5", Values::OneOf(&["124", "201"]),
        "The error code of an expired access token.";
    /// An expired access token.
    EXPIRED_STATUS = "zoom.expired_token_status", "zoom 7.5", Values::OneOf(&["401", "400"]),
        "The HTTP status of an expired or unknown access token.";
    /// Answer of `getMeetingJoinUrl`.
    JOIN_URL_KEY = "zoom.join_url_key", "zoom 8", Values::OneOf(&["joinUrl", "joinURL"]),
        "How getMeetingJoinUrl spells its answer.";
    /// `config`
    CONFIG_NOT_TICKED = "zoom.config_not_ticked", "zoom 8.1", Values::OneOf(&["listed", "rejected"]),
        "What config does with an API that the Marketplace entry lacks.";
    /// `config`
    CONFIG_CONTEXT = "zoom.config_context", "zoom 8.1", Values::OneOf(&["listed", "rejected"]),
        "What config does with an API that the running context does not offer.";
    /// `config`
    CONFIG_GUEST = "zoom.config_guest", "zoom 8.1", Values::OneOf(&["listed", "rejected"]),
        "What config does with an API that guests may not use.";
    /// `config`
    CONFIG_ROLE = "zoom.config_role", "zoom 8.1", Values::OneOf(&["listed", "rejected"]),
        "What config does with an API that the role does not allow; field reports disagree.";
    /// `onMyUserContextChange`
    USER_CHANGE_ROLES = "zoom.user_context_change_roles", "zoom 8.1", Values::OneOf(&["everybody", "hosts"]),
        "Who may listen to onMyUserContextChange.";
    /// `onMyUserContextChange`
    USER_CHANGE_STATUS = "zoom.user_context_change_status", "zoom 8", Values::OneOf(&["present", "absent"]),
        "Whether onMyUserContextChange carries the untyped status.";
    /// Role change.
    ROLE_UUID = "zoom.role_change_uuid", "zoom 8.3", Values::OneOf(&["renewed", "kept"]),
        "Whether participantUUID changes with the role.";
    /// Role change.
    ROLE_EVENTS = "zoom.role_change_events", "zoom 8.3", Values::OneOf(&["twice", "once"]),
        "Whether a role change fires onParticipantChange as leave and join, or once.";
    /// Put back into the waiting room.
    PUT_BACK = "zoom.put_back_webhooks", "zoom 6.4", Values::OneOf(&["waiting", "left_and_waiting"]),
        "Whether the webhooks tell of somebody who is put back into the waiting room that he left the meeting, too; no document says.";
    /// Rename.
    RENAME_EVENT = "zoom.rename_event", "zoom 8.3", Values::OneOf(&["none", "join"]),
        "Whether onParticipantChange fires when somebody changes the shown name; no document says.";
    /// Errors of the SDK.
    PERMISSION_CODE = "zoom.permission_error_code", "zoom 8.4",
        Values::OneOf(&["same_text", "same_number", "placeholder", "absent"]),
        "The code property of a permission error; nobody captured it.";
    /// Pop-out.
    POPOUT = "zoom.popout", "zoom 11", Values::OneOf(&["keeps_page", "reloads_page"]),
        "Whether popping out and merging keep the page or load it again.";
}
