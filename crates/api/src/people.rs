//! Who is in the meeting: `GET /people`.

use serde::{Deserialize, Serialize};
use sidelight_domain::attendees::Group;
use sidelight_domain::ids::{Gsid, ParticipantId, ParticipantUuid, TenantKey};
use sidelight_domain::inquiry::{Reply, Untold};
use sidelight_domain::roster::{Role, Source};
use sidelight_domain::{EmailAddress, Timestamp};

use crate::entity::Suggested;
use crate::session::View;

/// The answer to `GET /people`: everybody present, resolved for the viewer.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct People {
    /// In the order of the screen: by group, then by arrival.
    pub attendees: Vec<Attendee>,
    /// Companies that the attendees work for, likeliest first.
    pub suggested: Vec<Suggested>,
    /// What is selected now. A clear suggestion is selected by the server once, if nothing was selected before.
    pub view: View,
    /// When Gainsight was asked about the addresses; `None` if nobody had to be looked up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Timestamp>,
    /// Why some of it may be old or missing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
    /// Tenants that did not answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub silent: Vec<TenantKey>,
    /// How many people the invitation names that the viewer brought from his calendar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invited: Option<u32>,
    /// How it stands with asking the guests for their addresses; `None` where there is nobody to ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inquiry: Option<InquiryState>,
    /// Tenants that are still being asked. An event tells when there is more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asking: Vec<TenantKey>,
}

/// Whether the guests were asked for their addresses.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InquiryState {
    /// The colleague who asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<String>,
    /// Whether they may be asked now: the meeting is the organisation's own, and nobody asked before.
    #[serde(default)]
    pub is_open: bool,
}

/// A person, phone or room in the meeting.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attendee {
    /// Survives rejoin and role change.
    pub id: ParticipantId,
    /// The display name in the meeting, or the record's name where there is one.
    pub name: String,
    /// The display name, where it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_as: Option<String>,
    /// Which section.
    pub group: Group,
    /// The address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
    /// Where the address came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_source: Option<Source>,
    /// Job title at the company that explains the group, or as a user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Role at that company, such as "Champion".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_role: Option<String>,
    /// That company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// Further companies of the same person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also_at: Vec<String>,
    /// The tenant that knows this person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<TenantKey>,
    /// The person or user record there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Gsid>,
    /// Role in the meeting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// How many devices this person is connected with, if more than one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub devices: Option<u32>,
    /// Whether this person is in a breakout room now.
    #[serde(default)]
    pub is_aside: bool,
    /// When this person came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined_at: Option<Timestamp>,
    /// Whether only a browser's list shows this person, so that nothing is proven.
    #[serde(default)]
    pub is_hint: bool,
    /// Why Zoom tells no address, where none is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub untold: Option<Untold>,
    /// What this person replied who was asked for the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<Reply>,
    /// The colleague who said that this person is there, where nobody else does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticked_by: Option<String>,
    /// The colleague who said who this is, or that it is nobody whom Gainsight knows; now or in an earlier meeting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected_by: Option<String>,
    /// In which tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected_in: Option<TenantKey>,
    /// Whether this is the viewer.
    #[serde(default)]
    pub is_viewer: bool,
}

/// The answer to `GET /contacts`: the people of a company.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Contacts {
    /// By name.
    pub people: Vec<Contact>,
    /// When Gainsight was asked.
    pub as_of: Timestamp,
    /// Whether that is longer ago than it should be, because Gainsight does not answer.
    #[serde(default)]
    pub is_stale: bool,
}

/// Somebody who works for a company.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Contact {
    /// The address, which names the person.
    pub email: EmailAddress,
    /// Full name.
    pub name: String,
    /// Job title there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Role there, such as "Champion".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

/// `PUT /invitation`: whom the invitation to this meeting names.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitationRequest {
    /// An iCalendar file, or people with their addresses as a calendar copies them.
    pub text: String,
}

/// `POST /inquiry/answers`: what Zoom told the panel that asked, of one person.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InquiryAnswer {
    /// Whose answer it is.
    pub participant: ParticipantUuid,
    /// The address; left out if none was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
}

/// `PUT /ticks`: says that a person is in this meeting, or takes that back.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TickRequest {
    /// The tenant that knows the person.
    pub tenant: TenantKey,
    /// The person's address there.
    pub email: EmailAddress,
    /// Whether the person is here.
    pub is_here: bool,
}

/// `PUT /corrections`: says who somebody in this meeting really is. It counts for the organisation's next meetings with the same person, too.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CorrectionRequest {
    /// Who is in the room.
    pub participant: ParticipantId,
    /// The tenant that it is about.
    pub tenant: TenantKey,
    /// The address of the person there; left out if it is nobody whom Gainsight knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
    /// Whether it is taken back instead, whoever said it.
    #[serde(default)]
    pub is_undone: bool,
}

/// Something that could not be read, without taking the rest of the screen away.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Gap {
    /// Gainsight did not answer; what is shown is the last that we know.
    GainsightDown,
    /// The tenant's call budget is used up; what is shown is the last that we know.
    GainsightBusy,
    /// Gainsight has not answered yet; what is shown is the last that we know.
    StillAsking,
    /// The viewer came in through Salesforce, and nobody approved what such people may see.
    NotApproved,
    /// No webhook of the host reached us, so that Zoom discloses no addresses. Why is not known.
    HostNotReporting,
    /// The same, because whoever hosts has not authorised the app; it is somebody of the organisation, who has opened a panel.
    HostUnauthorised,
    /// The same; nobody in the room has the host's role, so that he is absent or joined without signing in.
    HostAbsent,
    /// The same; Zoom says that the meeting does not belong to whoever hosts it here, but to somebody else.
    OtherOwner,
}
