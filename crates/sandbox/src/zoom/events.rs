//! Webhook bodies (`zoom.md` 6.1, 6.4, 6.5).

use serde_json::{Map, Value, json};
use sidelight_domain::Timestamp;

use super::meeting::{Happening, Meeting, Participant};
use super::switches;
use crate::Shared;

/// A webhook before it is signed.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) name: String,
    pub(crate) body: Value,
}

/// A moment as Zoom writes it: UTC, whole seconds.
pub(crate) fn iso(at: Timestamp) -> String {
    jiff::Timestamp::from_second(at.as_seconds()).unwrap_or_default().to_string()
}

/// What the host's app is told of something that happened; of some things it is told nothing (a rename, `zoom.md` 6.4).
pub(crate) fn of(meeting: &Meeting, happening: &Happening, at: Timestamp) -> Vec<Event> {
    let one = |name: &str, object| vec![envelope(meeting, name, object, at)];
    match happening {
        Happening::Started => one("meeting.started", about(meeting)),
        Happening::Ended => {
            let mut object = about(meeting);
            object.insert("end_time".to_owned(), iso(at).into());
            one("meeting.ended", object)
        }
        Happening::Joined(participant) => {
            let more = json!({ "join_time": iso(participant.joined_at) });
            one("meeting.participant_joined", with(meeting, participant, more))
        }
        Happening::Left { participant, reason } => {
            let reason = format!("{} left the meeting.<br>Reason: {reason}", participant.name);
            let more = json!({ "leave_time": iso(at), "leave_reason": reason });
            one("meeting.participant_left", with(meeting, participant, more))
        }
        Happening::BeganWaiting(participant) => {
            let more = json!({ "date_time": iso(at) });
            one("meeting.participant_joined_waiting_room", with(meeting, participant, more))
        }
        Happening::StoppedWaiting(participant) => {
            let more = json!({ "date_time": iso(at) });
            one("meeting.participant_left_waiting_room", with(meeting, participant, more))
        }
        Happening::Moved { before, after } => moved(meeting, before, after, at),
        Happening::RoleChanged { before, after } => {
            let (old, new) = (before.role.in_context(), after.role.in_context());
            let more = json!({ "old_role": old, "new_role": new, "date_time": iso(at) });
            let mut object = with(meeting, after, more);
            // Captured without it (`zoom.md` 6.4).
            if let Some(participant) = object.get_mut("participant").and_then(Value::as_object_mut) {
                participant.remove("registrant_id");
            }
            one("meeting.participant_role_changed", object)
        }
        Happening::Renamed(_) | Happening::WaitingRoom { .. } => Vec::new(),
    }
}

/// Out of one breakout room and into another are two events.
fn moved(meeting: &Meeting, before: &Participant, after: &Participant, at: Timestamp) -> Vec<Event> {
    let room_event = |name: &str, participant: &Participant, room: &String, time: &str| {
        let mut object = with(meeting, participant, json!({ time: iso(at) }));
        object.insert("breakout_room_uuid".to_owned(), room.clone().into());
        envelope(meeting, name, object, at)
    };
    let left = before.room.as_ref();
    let left = left.map(|room| room_event("meeting.participant_left_breakout_room", before, room, "leave_time"));
    let entered = after.room.as_ref();
    let entered = entered.map(|room| room_event("meeting.participant_joined_breakout_room", after, room, "join_time"));
    left.into_iter().chain(entered).collect()
}

fn envelope(meeting: &Meeting, name: &str, object: Map<String, Value>, at: Timestamp) -> Event {
    let payload = json!({ "account_id": meeting.account, "object": Value::Object(object) });
    Event { name: name.to_owned(), body: json!({ "event": name, "event_ts": at, "payload": payload }) }
}

/// The part that all meeting events share.
fn about(meeting: &Meeting) -> Map<String, Value> {
    let fields = [
        ("id", json!(meeting.number)),
        ("uuid", json!(meeting.uuid)),
        ("host_id", json!(meeting.host_user)),
        ("topic", json!(meeting.topic)),
        ("type", json!(meeting.kind)),
        ("start_time", json!(iso(meeting.started_at.unwrap_or(meeting.starts_at)))),
        ("timezone", json!(meeting.timezone)),
        ("duration", json!(meeting.duration.as_secs() / 60)),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The same with a participant, and the address only where a rule discloses it. Unknown ids are empty texts, not absent.
fn with(meeting: &Meeting, participant: &Participant, more: Value) -> Map<String, Value> {
    let identity = &participant.identity;
    let user = identity.user.clone().unwrap_or_default();
    let mut fields = json!({
        "user_id": participant.id.to_string(),
        "user_name": participant.name,
        "participant_uuid": participant.uuid,
        "id": user,
        "participant_user_id": user,
        "email": identity.email_for(&meeting.account),
    });
    if let (Value::Object(fields), Value::Object(more)) = (&mut fields, more) {
        fields.extend(more);
        fields.extend(identity.registrant.clone().map(|id| ("registrant_id".to_owned(), id.into())));
        fields.extend(identity.phone.clone().map(|number| ("phone_number".to_owned(), number.into())));
    }
    let mut object = about(meeting);
    object.insert("participant".to_owned(), fields);
    object
}

/// What the app is told when somebody removes it.
pub(crate) fn deauthorized(shared: &Shared, user: &str, account: &str) -> Event {
    let now = shared.clock.now();
    let mut payload = json!({
        "user_id": user,
        "account_id": account,
        "client_id": shared.app.client_id,
        "deauthorization_time": iso(now),
        // The verification token of old apps; new ones get a text of no use.
        "signature": "legacy",
    });
    let mut body = json!({ "event": "app_deauthorized" });
    let switches = &shared.control.switches;
    let retention = switches.choice(&switches::DEAUTHORIZED_RETENTION, super::REALM);
    if retention != "missing" {
        payload["user_data_retention"] = retention.into();
    }
    let holder =
        if switches.is(&switches::DEAUTHORIZED_TIME, super::REALM, "inside") { &mut payload } else { &mut body };
    holder["event_ts"] = json!(now);
    body["payload"] = payload;
    Event { name: "app_deauthorized".to_owned(), body }
}

/// What the app is asked when its endpoint is checked.
pub(crate) fn probe(plain_token: &str, at: Timestamp) -> Event {
    let name = "endpoint.url_validation".to_owned();
    let body = json!({ "event": name, "event_ts": at, "payload": { "plainToken": plain_token } });
    Event { name, body }
}
