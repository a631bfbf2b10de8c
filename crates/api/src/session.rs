//! Opening a panel and what it finds: `/session`, `/panel`, `/view`, `/roster`.

use serde::{Deserialize, Serialize};
use sidelight_domain::access::Reason;
use sidelight_domain::ids::{MeetingNumber, MeetingUuid, ParticipantUuid, TenantKey};
use sidelight_domain::permission::Permission;
use sidelight_domain::roster::Role;
use sidelight_domain::{EmailAddress, EntityRef, Licence, Timestamp};

use crate::activity::{Draft, PendingWrite};
use crate::entity::Entity;
use crate::sign_in::SignIn;
use crate::timeline::Narrowing;

/// `POST /session`: exchanges an app context for a token (design 4.1).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionRequest {
    /// The string of `getAppContext()` or of the `X-Zoom-App-Context` header (`zoom.md` 5).
    pub context: String,
    /// A random text of the page's own. The same page asking again within seconds gets the same session; any other use of a
    /// context is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// What Zoom shows as the caller's name; a hint for greeting him, never proof.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screen_name: Option<String>,
}

/// The answer: a token and what it opens.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionAnswer {
    /// Goes into `Authorization: Bearer`; kept in memory only.
    pub token: String,
    /// Lifetime of the token in seconds; renewed by another exchange.
    pub expires_in: u32,
    /// What the panel needs for its first screen.
    pub panel: Panel,
}

/// `GET /panel`: everything the shell shows, read without a call to Gainsight.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Panel {
    /// Who has opened it.
    pub viewer: Viewer,
    /// The meeting it is open in, if any.
    pub meeting: Option<Meeting>,
    /// The registered tenants of the organisation and how the viewer stands in each. Empty for guests.
    pub tenants: Vec<Tenant>,
    /// What the viewer chose here earlier: entity, tab, theme.
    pub view: View,
    /// The viewer's note in this meeting.
    pub draft: Option<Draft>,
    /// The viewer's writes that are on their way or need attention.
    pub writes: Vec<PendingWrite>,
    /// A sign-in that is under way.
    pub sign_in: Option<SignIn>,
    /// The server's time, so that a wrong clock in the browser does no harm.
    pub now: Timestamp,
}

/// Who a session belongs to.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Viewer {
    /// The best name we have; empty for a guest who gave none.
    pub name: String,
    /// The address that Zoom verified, where the viewer authorised the app.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
    /// Why the viewer cannot go on, if so: opened as a guest, or belongs to no organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked: Option<Reason>,
    /// Whether the viewer authorised the app at Zoom; without it Zoom's own facts about him are unknown.
    pub zoom_authorised: bool,
    /// What he did not allow there; each has its sentence in the catalogue.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub declined: Vec<Permission>,
    /// Where to authorise it.
    pub install_url: String,
}

/// `POST /zoom/authorization`: what the panel hands to the client's `authorize` (`zoom.md` 4.3).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuthorizationChallenge {
    /// Comes back with the code; good once, for five minutes, in this session.
    pub state: String,
    /// Of the verifier that the server keeps.
    pub code_challenge: String,
}

/// `PUT /zoom/authorization`: what the client's `onAuthorized` brought.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuthorizationCode {
    /// Good once, for five minutes.
    pub code: String,
    /// As it was handed out.
    pub state: String,
    /// Where the client says the code was sent.
    pub redirect_uri: String,
}

/// The meeting a panel is open in.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Meeting {
    /// The instance.
    pub uuid: MeetingUuid,
    /// Its topic, once a webhook or the host's panel told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// When it began, once known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// The viewer's role when the context was made.
    pub role: Role,
    /// Whether the host's webhooks reach us, which is what discloses addresses.
    pub host_reports: bool,
}

/// A tenant as the viewer sees it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tenant {
    /// The operator's short name.
    pub key: TenantKey,
    /// The name on the screen.
    pub name: String,
    /// Host of the tenant, without scheme.
    pub host: String,
    /// "Production", "Sandbox", …
    pub environment: String,
    /// Whether a mistake here costs nothing; shown unmistakably.
    pub is_sandbox: bool,
    /// Label of the data centre, such as "US1".
    pub data_centre: String,
    /// How the viewer stands in it.
    pub standing: Standing,
}

/// How somebody stands in a tenant.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Standing {
    /// No sign-in.
    SignedOut,
    /// There was one, but Gainsight no longer accepts it.
    Expired {
        /// Whose.
        email: EmailAddress,
    },
    /// Signed in.
    SignedIn {
        /// The user's name in Gainsight.
        name: String,
        /// The user's address in Gainsight.
        email: EmailAddress,
        /// The licence, if it is one that we know.
        licence: Option<Licence>,
        /// Whether the user is switched on.
        is_active: bool,
    },
}

/// `PUT /view` and part of [`Panel`]: what a person chose, kept for the meeting so that a pop-out, a reload and a second device
/// find it again.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct View {
    /// The chosen company or relationship; `None` until something was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selected: Option<Entity>,
    /// Why it is selected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen_by: Option<ChosenBy>,
    /// The open tab.
    #[serde(default)]
    pub tab: Tab,
    /// The colour scheme.
    #[serde(default)]
    pub theme: Theme,
    /// Which activities are shown.
    #[serde(default)]
    pub narrowing: Narrowing,
}

/// Who selected an entity.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "by", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ChosenBy {
    /// The viewer; never changed by us.
    Viewer,
    /// We did, from the attendees.
    Attendees {
        /// How many of them work there.
        matched: u32,
        /// How many could.
        outsiders: u32,
    },
    /// The viewer did, for an earlier meeting of this series.
    Before,
    /// We did, from those who were invited.
    Invited {
        /// How many of them work there.
        matched: u32,
        /// How many could.
        outsiders: u32,
    },
    /// We did, from the meeting's topic.
    Topic,
    /// A colleague did, for an earlier meeting of this series.
    Colleague {
        /// His name, where it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
}

/// The tabs, named as in the product document.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Tab {
    /// Activities.
    #[default]
    Timeline,
    /// Attendees.
    People,
    /// Health scores.
    Scorecard,
    /// The layout's summary.
    Summary,
    /// Fields of the entity.
    Attributes,
}

/// The colour scheme; the SDK tells no theme.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// `PUT /view`.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ViewChange {
    /// Selects an entity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub select: Option<EntityRef>,
    /// Opens a tab.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tab: Option<Tab>,
    /// Switches the colour scheme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<Theme>,
    /// Shows other activities. Whoever selects another entity sees all of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub narrowing: Option<Narrowing>,
}

/// `POST /roster`: what the host's SDK lists. A hint: it adds names and presence, nothing else.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RosterReport {
    /// The whole list, for the current room.
    pub participants: Vec<ListedParticipant>,
    /// The meeting's topic, which the SDK tells hosts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// The meeting's number, likewise. It counts where Zoom confirms to the host's own authorisation that it is this meeting's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<MeetingNumber>,
    /// Whether the panel is in a breakout room, so that the list lacks everybody who is not (`zoom.md` 11, 12).
    #[serde(default)]
    pub is_of_breakout: bool,
}

/// One row of the SDK's participant list (`zoom.md` 8).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ListedParticipant {
    /// `participantUUID`.
    pub uuid: ParticipantUuid,
    /// `screenName`.
    pub name: String,
    /// `role`, in the SDK's spelling.
    #[serde(default)]
    pub role: String,
}

/// `POST /logout`: forgets the Gainsight tokens of this Zoom user and ends all his sessions (design 4.1, 4.5).
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogoutRequest {
    /// What becomes of writes that have not reached Gainsight.
    pub waiting_writes: WaitingWrites,
}

/// What becomes of queued writes at logout.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum WaitingWrites {
    /// Try each once more, now; what fails is kept as a draft.
    SendNow,
    /// Keep them; they come back at the next sign-in.
    KeepAsDraft,
    /// Forget them.
    Discard,
}

/// The answer to `POST /logout`.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogoutAnswer {
    /// How many writes went out at the last moment.
    pub sent: u32,
    /// How many were kept for later.
    pub kept: u32,
    /// How many were forgotten.
    pub discarded: u32,
}
