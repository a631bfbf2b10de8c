//! What the simulator's pages see: a meeting as a whole, then change by change.

use serde::Serialize;
use serde_json::{Map, Value};
use sidelight_domain::Timestamp;

use super::cloud::{Cloud, State};
use super::meeting::{self, Happening, Meeting, Participant, Role, Room};
use super::people::{Disclosure, Person};
use super::switches;

/// How far somebody is on the way to the app (`zoom.md` 4.4).
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Standing {
    /// Not signed in to Zoom.
    Unauthenticated,
    /// Signed in; the app is not added.
    Authenticated,
    /// The app is added.
    Authorized,
}

impl Standing {
    /// Where `person` stands.
    pub(crate) fn of(state: &State, person: &Person) -> Self {
        match (&person.identity.user, state.has_app(person)) {
            (None, _) => Self::Unauthenticated,
            (Some(_), false) => Self::Authenticated,
            (Some(_), true) => Self::Authorized,
        }
    }
}

/// A participant as a page draws him.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ParticipantView {
    pub(crate) person: String,
    pub(crate) id: u32,
    pub(crate) uuid: String,
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) is_waiting: bool,
    pub(crate) room: Option<String>,
    pub(crate) is_phone: bool,
    pub(crate) standing: Standing,
    /// The address that the host's apps see; empty where no rule discloses it.
    pub(crate) email: String,
    pub(crate) disclosure: Disclosure,
    pub(crate) is_own_account: bool,
    pub(crate) joined_at: Timestamp,
}

impl ParticipantView {
    pub(crate) fn of(state: &State, meeting: &Meeting, participant: &Participant) -> Self {
        let identity = &participant.identity;
        let person = state.people.get(&participant.person);
        Self {
            person: participant.person.clone(),
            id: participant.id,
            uuid: participant.uuid.clone(),
            name: participant.name.clone(),
            role: participant.role,
            is_waiting: participant.is_waiting,
            room: participant.room.clone(),
            is_phone: identity.phone.is_some(),
            standing: person.map_or(Standing::Unauthenticated, |person| Standing::of(state, person)),
            email: identity.email_for(&meeting.account).to_owned(),
            disclosure: identity.disclosure,
            is_own_account: identity.account.as_deref() == Some(meeting.account.as_str()),
            joined_at: participant.joined_at,
        }
    }
}

/// A meeting as a page draws it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct MeetingView {
    pub(crate) number: String,
    pub(crate) uuid: String,
    pub(crate) topic: String,
    /// Key of the owner.
    pub(crate) host: String,
    pub(crate) status: meeting::Status,
    pub(crate) starts_at: Timestamp,
    pub(crate) started_at: Option<Timestamp>,
    pub(crate) ended_at: Option<Timestamp>,
    pub(crate) has_waiting_room: bool,
    pub(crate) rooms: Vec<Room>,
    /// Whether the owner has the app, so that webhooks are sent (`zoom.md` 6.3).
    pub(crate) is_reported: bool,
    pub(crate) count: usize,
    pub(crate) participants: Vec<ParticipantView>,
}

impl MeetingView {
    /// With everybody in it.
    pub(crate) fn of(state: &State, meeting: &Meeting) -> Self {
        let participants: Vec<_> =
            meeting.present().map(|participant| ParticipantView::of(state, meeting, participant)).collect();
        Self { count: participants.len(), participants, ..Self::brief(state, meeting) }
    }

    /// Without the people.
    pub(crate) fn brief(state: &State, meeting: &Meeting) -> Self {
        Self {
            number: meeting.number.clone(),
            uuid: meeting.uuid.clone(),
            topic: meeting.topic.clone(),
            host: meeting.host.clone(),
            status: meeting.status,
            starts_at: meeting.starts_at,
            started_at: meeting.started_at,
            ended_at: meeting.ended_at,
            has_waiting_room: meeting.has_waiting_room,
            rooms: meeting.rooms.clone(),
            is_reported: state.grants.has_app(&meeting.host_user),
            count: meeting.present().count(),
            participants: Vec::new(),
        }
    }
}

/// A person as a page names him.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PersonView {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) title: String,
    /// Whom he works for, if that is a customer.
    pub(crate) company: String,
    pub(crate) account: String,
    pub(crate) standing: Standing,
}

impl PersonView {
    pub(crate) fn of(state: &State, person: &Person) -> Self {
        Self {
            key: person.key.clone(),
            name: person.name.clone(),
            title: person.title.clone(),
            company: person.company.clone(),
            account: person.identity.account.clone().unwrap_or_default(),
            standing: Standing::of(state, person),
        }
    }
}

/// Everything that a page starts with.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Snapshot {
    pub(crate) revision: u64,
    pub(crate) now: Timestamp,
    pub(crate) you: Option<PersonView>,
    pub(crate) meeting: Option<MeetingView>,
    /// All meetings, without their people.
    pub(crate) meetings: Vec<MeetingView>,
    /// Where the switches of the SDK stand.
    pub(crate) switches: Map<String, Value>,
    /// APIs that the Marketplace entry lacks.
    pub(crate) not_ticked: Vec<String>,
    pub(crate) webhooks_are_off: bool,
}

impl Snapshot {
    /// As `person` sees the meeting `number`, or the main client.
    pub(crate) fn of(cloud: &Cloud, number: Option<&str>, person: Option<&str>) -> Self {
        let webhooks_are_off = cloud.deliveries.behaviour().off;
        let switches =
            switches::ALL.iter().map(|switch| (switch.name.to_owned(), cloud.choice(switch).into())).collect();
        let state = cloud.state();
        let meeting = number.and_then(|number| state.meeting(number));
        Self {
            revision: state.revision,
            now: cloud.now(),
            you: person.and_then(|key| state.people.get(key)).map(|person| PersonView::of(&state, person)),
            meeting: meeting.map(|meeting| MeetingView::of(&state, meeting)),
            meetings: state.meetings.iter().map(|meeting| MeetingView::brief(&state, meeting)).collect(),
            switches,
            not_ticked: state.not_ticked.iter().cloned().collect(),
            webhooks_are_off,
        }
    }
}

/// What pages are told at once.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Change {
    pub(crate) revision: u64,
    /// Number of the meeting; none if it concerns all.
    pub(crate) meeting: Option<String>,
    /// Read everything anew.
    pub(crate) is_everything: bool,
    pub(crate) happened: Vec<Happened>,
}

/// One thing that happened, for a page.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Happened {
    /// A new instance runs.
    Started {
        uuid: String,
        started_at: Option<Timestamp>,
    },
    Ended,
    Joined {
        participant: ParticipantView,
    },
    Left {
        participant: ParticipantView,
    },
    BeganWaiting {
        participant: ParticipantView,
    },
    StoppedWaiting {
        participant: ParticipantView,
    },
    Renamed {
        participant: ParticipantView,
    },
    RoleChanged {
        participant: ParticipantView,
        former_uuid: String,
        former_role: Role,
    },
    /// Into a breakout room, or out of it.
    Moved {
        participant: ParticipantView,
        former_room: Option<String>,
        rooms: Vec<Room>,
    },
    /// Strangers wait from now on, or no longer do.
    WaitingRoom {
        is_on: bool,
    },
    /// Somebody was asked to open the app.
    Invited {
        by: String,
        people: Vec<String>,
        invitation: String,
        text: String,
    },
    /// Somebody signed in, added the app or removed it.
    Status {
        person: String,
        standing: Standing,
    },
}

impl Change {
    /// What a step did to a meeting.
    pub(crate) fn of(state: &mut State, number: &str, happenings: &[Happening]) -> Self {
        let happened = match state.meeting(number) {
            Some(meeting) => happenings.iter().map(|happening| Happened::of(state, meeting, happening)).collect(),
            None => Vec::new(),
        };
        Self::next(state, Some(number), happened)
    }

    /// That somebody's standing changed.
    pub(crate) fn status(state: &mut State, key: &str) -> Self {
        let person = state.people.get(key);
        let standing = person.map_or(Standing::Unauthenticated, |person| Standing::of(state, person));
        Self::next(state, None, vec![Happened::Status { person: key.to_owned(), standing }])
    }

    /// The next in line.
    pub(crate) fn next(state: &mut State, number: Option<&str>, happened: Vec<Happened>) -> Self {
        state.revision += 1;
        Self { revision: state.revision, meeting: number.map(str::to_owned), is_everything: false, happened }
    }

    /// That nothing a page knows is sure any more.
    pub(crate) const fn everything() -> Self {
        Self { revision: 0, meeting: None, is_everything: true, happened: Vec::new() }
    }

    /// Whether it concerns this meeting.
    pub(crate) fn concerns(&self, number: Option<&str>) -> bool {
        self.meeting.is_none() || self.meeting.as_deref() == number
    }
}

impl Happened {
    fn of(state: &State, meeting: &Meeting, happening: &Happening) -> Self {
        let view = |participant| ParticipantView::of(state, meeting, participant);
        match happening {
            Happening::Started => Self::Started { uuid: meeting.uuid.clone(), started_at: meeting.started_at },
            Happening::Ended => Self::Ended,
            Happening::Joined(participant) => Self::Joined { participant: view(participant) },
            Happening::Left { participant, .. } => Self::Left { participant: view(participant) },
            Happening::BeganWaiting(participant) => Self::BeganWaiting { participant: view(participant) },
            Happening::StoppedWaiting(participant) => Self::StoppedWaiting { participant: view(participant) },
            Happening::Renamed(participant) => Self::Renamed { participant: view(participant) },
            Happening::RoleChanged { before, after } => Self::RoleChanged {
                participant: view(after),
                former_uuid: before.uuid.clone(),
                former_role: before.role,
            },
            Happening::WaitingRoom { is_on } => Self::WaitingRoom { is_on: *is_on },
            Happening::Moved { before, after } => {
                Self::Moved { participant: view(after), former_room: before.room.clone(), rooms: meeting.rooms.clone() }
            }
        }
    }
}
