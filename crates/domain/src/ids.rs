//! Every id as a type of its own, so that one kind cannot stand where another belongs.
//!
//! Our own ids are a UUIDv7 inside and a prefixed text outside (`ses_0190…`); parsing refuses another prefix.
//! Foreign ids (Zoom's, Gainsight's) are opaque texts: never parsed for meaning, never logged where they are personal.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A text that is not an id of the expected kind.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("expected an id that starts with {prefix}_")]
pub struct InvalidId {
    /// The prefix that ids of this kind carry.
    pub prefix: &'static str,
}

macro_rules! own_ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Deserialize, Serialize)]
        #[serde(try_from = "String", into = "String")]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
        pub struct $name(Uuid);

        impl $name {
            /// What the outside form starts with.
            pub const PREFIX: &'static str = $prefix;

            /// Wraps a fresh UUID.
            #[must_use]
            pub const fn new(uuid: Uuid) -> Self { Self(uuid) }

            /// The UUID inside.
            #[must_use]
            pub const fn uuid(self) -> Uuid { self.0 }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.simple())
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let refused = InvalidId { prefix: $prefix };
                let digits = text.strip_prefix(concat!($prefix, "_")).ok_or_else(|| refused.clone())?;
                Uuid::try_parse(digits).map(Self).map_err(|_| refused)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> { text.parse() }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self { id.to_string() }
        }
    )* };
}

own_ids! {
    /// The outermost boundary of everything (design 4.8).
    OrganisationId = "org";
    /// One opened panel, from the app-context exchange to logout or expiry.
    SessionId = "ses";
    /// One try to sign in to a tenant, from the one-time link to the confirmed code.
    SignInId = "sgn";
    /// A person's live grant on a tenant: the tokens behind a sign-in.
    GrantId = "gra";
    /// One person in one meeting; survives rejoin and role change.
    ParticipantId = "ptp";
    /// The note a person writes in one meeting before it is logged.
    DraftId = "dra";
    /// A write on its way to Gainsight (outbox, design 4.5).
    WriteId = "wri";
    /// A row of the audit log.
    AuditId = "aud";
}

macro_rules! foreign_ids {
    ($($(#[$doc:meta])* $name:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Deserialize, Serialize)]
        #[serde(transparent)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
        pub struct $name(String);

        impl $name {
            /// Takes the text as it came.
            #[must_use]
            pub fn new(text: impl Into<String>) -> Self { Self(text.into()) }

            /// The text as it came.
            #[must_use]
            pub fn as_str(&self) -> &str { &self.0 }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self { Self(text.to_owned()) }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str { &self.0 }
        }
    )* };
}

foreign_ids! {
    /// A Zoom user: `uid` of the app context, `id` of `/users/me` (`zoom.md` 5.3).
    ZoomUserId;
    /// A Zoom account: `account_id` of webhooks and `/users/me`.
    ZoomAccountId;
    /// OAuth client id of a Zoom app; development and production have different ones (`zoom.md` 2.1).
    ZoomClientId;
    /// One instance of a meeting: `mid`, webhook `uuid`, SDK `meetingUUID`. Base64, may contain `/`, `+`, `=`.
    MeetingUuid;
    /// The number people dial; repeats for recurring meetings.
    MeetingNumber;
    /// One join of one person: webhook `participant_uuid`, SDK `participantUUID` (`zoom.md` 6.4).
    ParticipantUuid;
    /// A Gainsight record id: 36 characters, opaque (`gainsight.md` 1).
    Gsid;
    /// The operator's short name of a tenant in the configuration, stable across restarts.
    TenantKey;
    /// The operator's short name of an organisation in the configuration.
    OrganisationKey;
    /// Our idempotency key in Gainsight, `sidelight-…`; unique in a tenant for ever (`gainsight.md` 10.2).
    ExternalId;
    /// The number under which one of our HTTP answers stands in the log.
    RequestId;
}

impl ExternalId {
    /// What every mark of ours starts with (design 6).
    pub const PREFIX: &'static str = "sidelight-";

    /// The mark of the write `id`.
    #[must_use]
    pub fn of_write(id: WriteId) -> Self {
        Self(format!("{}{}", Self::PREFIX, id.uuid().simple()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_its_text_form() {
        let id = SessionId::new(Uuid::from_u128(7));
        assert_eq!(id.to_string().parse::<SessionId>(), Ok(id));
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, "\"ses_00000000000000000000000000000007\"");
        assert_eq!(serde_json::from_str::<SessionId>(&json).unwrap(), id);
    }

    #[test]
    fn an_id_of_another_kind_is_refused() {
        let session = SessionId::new(Uuid::from_u128(7)).to_string();
        assert_eq!(session.parse::<DraftId>(), Err(InvalidId { prefix: "dra" }));
        assert!("ses_".parse::<SessionId>().is_err());
        assert!("ses_zz".parse::<SessionId>().is_err());
    }

    #[test]
    fn our_mark_in_gainsight_has_the_fixed_prefix() {
        let write = WriteId::new(Uuid::from_u128(1));
        assert_eq!(ExternalId::of_write(write).as_str(), "sidelight-00000000000000000000000000000001");
    }
}
