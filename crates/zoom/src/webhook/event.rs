//! What a signed webhook says (`zoom.md` 6.4, 6.5).

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use sidelight_domain::aside::{Aside, Step};
use sidelight_domain::ids::{MeetingNumber, MeetingUuid, ParticipantUuid, ZoomAccountId, ZoomClientId, ZoomUserId};
use sidelight_domain::roster::{Movement, Role, Sighting};
use sidelight_domain::{EmailAddress, MeetingKind, Timestamp};

use super::WebhookError;
use crate::wire;

/// A signed report of something that happened.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Notice {
    /// What happened.
    pub event: Event,
    /// When, by Zoom's clock; the time of the signature where the event names none.
    pub at: Timestamp,
    /// How long after that it was signed at most, by Zoom's clock too: together with when it came it tells when it happened by our own.
    /// Zero for one that was kept.
    pub late_by: Duration,
    /// The account that the report is about.
    pub account: Option<ZoomAccountId>,
    /// The same for each delivery of one event. Zoom repeats deliveries and numbers none of them (`zoom.md` 6.3).
    pub key: [u8; 32],
}

/// What happened.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Event {
    /// `meeting.started`
    MeetingStarted(Meeting),
    /// `meeting.ended`
    MeetingEnded(Meeting),
    /// `meeting.participant_…`
    Participant(ParticipantReport),
    /// `app_deauthorized`: somebody removed the app; his data has to go (`zoom.md` 6.5).
    AppDeauthorized(Deauthorization),
    /// An event that this code does not know, by name.
    Other(String),
}

/// The meeting that a report is about. Prints no topic.
#[derive(Clone, Eq, PartialEq)]
pub struct Meeting {
    /// The instance: what state is keyed by.
    pub uuid: MeetingUuid,
    /// The number; repeats for recurring meetings.
    pub number: Option<MeetingNumber>,
    /// Whether it is one of a series.
    pub kind: Option<MeetingKind>,
    /// Who hosts it.
    pub host: Option<ZoomUserId>,
    /// What it is called.
    pub topic: Option<String>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended; only in `meeting.ended`.
    pub ended_at: Option<Timestamp>,
}

wire::print_only!(Meeting: uuid, number);

/// That somebody did something in a meeting.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ParticipantReport {
    /// Where. For breakout rooms, the main meeting.
    pub meeting: Meeting,
    /// What.
    pub report: Report,
    /// Who.
    pub participant: Participant,
    /// The breakout room, for reports about one.
    pub breakout: Option<MeetingUuid>,
    /// When: the event's own time of joining, leaving or changing, else the time of the event.
    pub at: Timestamp,
}

/// What a participant did.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Report {
    /// Came into the meeting.
    Joined,
    /// Left the meeting.
    Left,
    /// Got this role.
    RoleChanged(Role),
    /// Came into the waiting room, and thus is not in the meeting.
    EnteredWaitingRoom,
    /// Left the waiting room, either way.
    LeftWaitingRoom,
    /// Went from the main room into a breakout room.
    EnteredBreakoutRoom,
    /// Left a breakout room.
    LeftBreakoutRoom,
}

/// A participant as webhooks describe him (`zoom.md` 6.4, identity fields). Prints neither name nor address.
#[derive(Clone, Default, Eq, PartialEq)]
pub struct Participant {
    /// This stay; shared with the SDK.
    pub uuid: Option<ParticipantUuid>,
    /// The number of this stay, where Zoom gives no `participant_uuid`.
    pub join_number: Option<String>,
    /// Display name; empty when Zoom did not say.
    pub name: String,
    /// Address, where Zoom's rules disclose it (`zoom.md` 7.6).
    pub email: Option<EmailAddress>,
    /// Zoom user, where signed in and disclosed.
    pub user: Option<ZoomUserId>,
    /// Registration: the only id of a guest that survives a rejoin.
    pub registrant: Option<String>,
    /// Whether there was a phone number.
    pub phone: bool,
}

wire::print_only!(Participant: uuid, phone);

/// Who removed which app.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Deauthorization {
    /// The person.
    pub user: ZoomUserId,
    /// In this account. Deletion has to match account and app too.
    pub account: ZoomAccountId,
    /// From this app.
    pub client_id: ZoomClientId,
    /// Whether the person allowed us to keep the data. Absent in newer payloads, which means no.
    pub may_keep_data: bool,
}

impl ParticipantReport {
    /// This report as the meeting's roster takes it.
    ///
    /// `None` for people in the waiting room, who are not in the meeting; for breakout rooms, whose visitors have not left the
    /// meeting: see [`Self::aside`]; and for a participant without any id.
    #[must_use]
    pub fn sighting(&self) -> Option<Sighting> {
        let (movement, role) = match self.report {
            Report::Joined => (Movement::Joined, None),
            Report::Left => (Movement::Left, None),
            Report::RoleChanged(role) => (Movement::Changed, Some(role)),
            Report::EnteredWaitingRoom
            | Report::LeftWaitingRoom
            | Report::EnteredBreakoutRoom
            | Report::LeftBreakoutRoom => return None,
        };
        let person = &self.participant;
        // `user_id` changes with each join, just like the uuid that older events lack, so it can stand for the stay.
        let by_number = || person.join_number.as_ref().map(|number| ParticipantUuid::new(format!("join-{number}")));
        Some(Sighting {
            uuid: person.uuid.clone().or_else(by_number)?,
            join_number: person.join_number.clone(),
            name: person.name.clone(),
            email: person.email.clone(),
            zoom_user: person.user.clone(),
            registrant: person.registrant.clone(),
            role,
            phone: person.phone,
            movement,
            at: self.at,
        })
    }
}

impl ParticipantReport {
    /// This report as the roster takes it, if it is about somebody who went aside.
    ///
    /// `None` for whoever left the waiting room, since it is another report that says whether he was let in.
    #[must_use]
    pub fn aside(&self) -> Option<Aside> {
        let step = match self.report {
            Report::EnteredBreakoutRoom => Step::Into(self.breakout.clone()?),
            Report::LeftBreakoutRoom => Step::OutOf(self.breakout.clone()?),
            Report::EnteredWaitingRoom => Step::Waiting,
            Report::Joined | Report::Left | Report::RoleChanged(_) | Report::LeftWaitingRoom => return None,
        };
        Some(Aside { uuid: self.participant.uuid.clone()?, step, at: self.at })
    }
}

/// Signatures name their second only; they were made until its end.
const SECOND: Duration = Duration::from_secs(1);

/// Reads an event whose signature was found right.
pub(super) fn parse(body: &[u8], signed_at: Timestamp) -> Result<Notice, WebhookError> {
    let envelope: Envelope = serde_json::from_slice(body).map_err(|_| WebhookError::Malformed)?;
    let payload = &envelope.payload;
    // `app_deauthorized` carries its time in either place (`zoom.md` 6.5).
    let named_time = envelope.event_ts.or_else(|| payload.get("event_ts").and_then(Value::as_i64));
    let at = named_time.filter(|millis| *millis > 0).map_or(signed_at, Timestamp::from_millis);
    let account = wire::text(payload, "account_id").map(ZoomAccountId::new);
    let event = read_event(&envelope.event, payload, at).ok_or(WebhookError::Malformed)?;
    let key = key_of(&event, &envelope.event, named_time, body);
    Ok(Notice { event, at, late_by: signed_at.after(SECOND).since(at), account, key })
}

#[derive(Deserialize)]
struct Envelope {
    event: String,
    event_ts: Option<i64>,
    #[serde(default)]
    payload: Value,
}

/// `None` if a known event lacks what makes it one.
fn read_event(name: &str, payload: &Value, at: Timestamp) -> Option<Event> {
    let report = match name {
        "meeting.started" => return meeting(payload).map(Event::MeetingStarted),
        "meeting.ended" => return meeting(payload).map(Event::MeetingEnded),
        "app_deauthorized" => return deauthorization(payload).map(Event::AppDeauthorized),
        "meeting.participant_joined" => Report::Joined,
        "meeting.participant_left" => Report::Left,
        "meeting.participant_role_changed" => Report::RoleChanged(new_role(payload)?),
        "meeting.participant_joined_waiting_room" => Report::EnteredWaitingRoom,
        "meeting.participant_left_waiting_room" => Report::LeftWaitingRoom,
        "meeting.participant_joined_breakout_room" => Report::EnteredBreakoutRoom,
        "meeting.participant_left_breakout_room" => Report::LeftBreakoutRoom,
        _ => return Some(Event::Other(name.to_owned())),
    };
    let object = payload.get("object")?;
    let person = object.get("participant")?;
    let named_time = ["join_time", "leave_time", "date_time"].into_iter().find_map(|key| wire::time(person, key));
    Some(Event::Participant(ParticipantReport {
        meeting: meeting(payload)?,
        report,
        participant: participant(person),
        breakout: wire::text(object, "breakout_room_uuid").map(MeetingUuid::new),
        at: named_time.unwrap_or(at),
    }))
}

fn meeting(payload: &Value) -> Option<Meeting> {
    let object = payload.get("object")?;
    Some(Meeting {
        uuid: MeetingUuid::new(wire::text(object, "uuid")?),
        number: wire::text(object, "id").map(MeetingNumber::new),
        kind: object.get("type").and_then(Value::as_i64).map(MeetingKind::of),
        host: wire::text(object, "host_id").map(ZoomUserId::new),
        topic: wire::text(object, "topic"),
        started_at: wire::time(object, "start_time"),
        ended_at: wire::time(object, "end_time"),
    })
}

fn participant(person: &Value) -> Participant {
    Participant {
        uuid: wire::text(person, "participant_uuid").map(ParticipantUuid::new),
        join_number: wire::text(person, "user_id"),
        name: wire::text(person, "user_name").unwrap_or_default(),
        email: wire::text(person, "email").and_then(|email| EmailAddress::parse(&email).ok()),
        user: wire::text(person, "id").or_else(|| wire::text(person, "participant_user_id")).map(ZoomUserId::new),
        registrant: wire::text(person, "registrant_id"),
        phone: wire::text(person, "phone_number").is_some(),
    }
}

fn new_role(payload: &Value) -> Option<Role> {
    wire::text(payload.get("object")?.get("participant")?, "new_role").map(|role| Role::parse(&role))
}

fn deauthorization(payload: &Value) -> Option<Deauthorization> {
    Some(Deauthorization {
        user: ZoomUserId::new(wire::text(payload, "user_id")?),
        account: ZoomAccountId::new(wire::text(payload, "account_id")?),
        client_id: ZoomClientId::new(wire::text(payload, "client_id")?),
        may_keep_data: wire::text(payload, "user_data_retention").as_deref() == Some("true"),
    })
}

/// Two reports are one event if name, time, meeting and participant agree (`zoom.md` 6.3); what has no such parts is
/// told apart by its body. Texts are separated by their lengths, so that none can run into the next.
fn key_of(event: &Event, name: &str, at: Option<i64>, body: &[u8]) -> [u8; 32] {
    let (place, person) = match event {
        Event::MeetingStarted(meeting) | Event::MeetingEnded(meeting) => (meeting.uuid.as_str(), ""),
        Event::Participant(ParticipantReport { meeting, participant, .. }) => {
            let stay = participant.uuid.as_ref().map(ParticipantUuid::as_str).or(participant.join_number.as_deref());
            (meeting.uuid.as_str(), stay.unwrap_or_default())
        }
        Event::AppDeauthorized(gone) => (gone.client_id.as_str(), gone.user.as_str()),
        Event::Other(_) => return Sha256::digest(body).into(),
    };
    let mut digest = Sha256::new();
    for part in [name, &at.map(|at| at.to_string()).unwrap_or_default(), place, person] {
        digest.update(part.len().to_le_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}
