//! One meeting: who is in it, and what can happen to it (`zoom.md` 6.4, 8.3, 10.9).
//!
//! Pure: each step changes the meeting and says what happened; who hears of it is decided elsewhere.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sidelight_domain::Timestamp;

use super::fresh::Fresh;
use super::people::{Identity, Person};

/// The first id that a meeting hands out, and how far apart they lie, as captured ones do (`zoom.md` 6.4).
const FIRST_PARTICIPANT: u32 = 16_778_240;
const PARTICIPANT_STEP: u32 = 1_024;
/// Seats of the largest meeting.
pub(crate) const SEATS: usize = 1_000;

/// A role in the meeting. Zoom spells it differently in each place (`zoom.md` 8.2).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    Host,
    CoHost,
    #[default]
    Attendee,
}

impl Role {
    /// As app contexts and webhooks spell it.
    pub(crate) const fn in_context(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::CoHost => "co-host",
            Self::Attendee => "participant",
        }
    }
}

/// One join of one person.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Participant {
    /// Key of the person.
    pub(crate) person: String,
    /// Changes on every join and room move.
    pub(crate) id: u32,
    /// Changes on rejoin, and by switch with the role.
    pub(crate) uuid: String,
    /// As shown now.
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) identity: Identity,
    /// In the waiting room: not a participant yet, as far as the SDK's list goes.
    pub(crate) is_waiting: bool,
    /// The breakout room.
    pub(crate) room: Option<String>,
    pub(crate) joined_at: Timestamp,
    pub(crate) left_at: Option<Timestamp>,
}

/// Somebody who registered for the meeting, and may never come.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Registrant {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) email: String,
}

/// A breakout room.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub(crate) struct Room {
    pub(crate) uuid: String,
    pub(crate) name: String,
}

/// Where a meeting stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    /// Planned.
    Waiting,
    Started,
    Ended,
}

/// A meeting, in its present instance.
#[derive(Clone, Debug)]
pub(crate) struct Meeting {
    /// What people dial: the same for all instances.
    pub(crate) number: String,
    /// This instance.
    pub(crate) uuid: String,
    pub(crate) topic: String,
    /// Key of the person who owns it.
    pub(crate) host: String,
    /// The owner's Zoom user.
    pub(crate) host_user: String,
    /// The owner's account.
    pub(crate) account: String,
    /// 2 is planned, 8 recurring at fixed times (`zoom.md` 6.4).
    pub(crate) kind: u8,
    pub(crate) status: Status,
    /// As planned.
    pub(crate) starts_at: Timestamp,
    pub(crate) started_at: Option<Timestamp>,
    pub(crate) ended_at: Option<Timestamp>,
    /// As planned.
    pub(crate) duration: Duration,
    pub(crate) timezone: String,
    /// Whether newcomers wait to be admitted.
    pub(crate) has_waiting_room: bool,
    pub(crate) rooms: Vec<Room>,
    /// Every stay of this instance, oldest first; those who left stay in the list.
    pub(crate) participants: Vec<Participant>,
    /// Who was invited by the host's calendar.
    pub(crate) invitees: Vec<String>,
    /// Who registered, beside those in the room.
    pub(crate) registrants: Vec<Registrant>,
    /// How many come as soon as it starts.
    pub(crate) crowd: usize,
    /// How many joins there were, over all instances.
    pub(crate) joins: u32,
}

/// Something that happened in a meeting.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Happening {
    Started,
    Ended,
    Joined(Participant),
    Left {
        participant: Participant,
        reason: &'static str,
    },
    BeganWaiting(Participant),
    StoppedWaiting(Participant),
    Renamed(Participant),
    RoleChanged {
        before: Participant,
        after: Participant,
    },
    /// Into a breakout room, or out of one, or from one to the next.
    Moved {
        before: Participant,
        after: Participant,
    },
    /// From now on strangers wait, or no longer do.
    WaitingRoom {
        is_on: bool,
    },
}

/// Why a step was not taken.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum NotTaken {
    /// Nobody is in a meeting that does not run.
    #[error("the meeting is not running")]
    NotRunning,
    /// It runs already.
    #[error("the meeting is running")]
    Running,
    /// Not in the room.
    #[error("nobody of that key is in the meeting")]
    NotHere,
    /// All seats are taken.
    #[error("the meeting is full")]
    Full,
}

impl Meeting {
    /// Whether people can be in it.
    pub(crate) fn is_running(&self) -> bool {
        self.status == Status::Started
    }

    /// Everybody who is there now, waiting people included.
    pub(crate) fn present(&self) -> impl Iterator<Item = &Participant> {
        self.participants.iter().filter(|participant| participant.left_at.is_none())
    }

    /// The latest device of a person who is there.
    pub(crate) fn of_person(&self, person: &str) -> Option<&Participant> {
        self.present().filter(|participant| participant.person == person).last()
    }

    /// Begins an instance. One that ended before gets a new instance id (`zoom.md` 6.4).
    pub(crate) fn start(&mut self, at: Timestamp, fresh: &Fresh<'_>) -> Result<Happening, NotTaken> {
        match self.status {
            Status::Started => return Err(NotTaken::Running),
            Status::Ended => {
                self.uuid = fresh.instance();
                self.participants.clear();
                self.rooms.clear();
            }
            Status::Waiting => {}
        }
        self.status = Status::Started;
        self.started_at = Some(at);
        self.ended_at = None;
        Ok(Happening::Started)
    }

    /// Ends the instance for everybody.
    pub(crate) fn end(&mut self, at: Timestamp) -> Result<Vec<Happening>, NotTaken> {
        if !self.is_running() {
            return Err(NotTaken::NotRunning);
        }
        let mut happened = Vec::new();
        for participant in self.participants.iter_mut().filter(|participant| participant.left_at.is_none()) {
            participant.left_at = Some(at);
            let participant = participant.clone();
            happened.push(if participant.is_waiting {
                Happening::StoppedWaiting(participant)
            } else {
                Happening::Left { participant, reason: "Host ended the meeting." }
            });
        }
        self.status = Status::Ended;
        self.ended_at = Some(at);
        happened.push(Happening::Ended);
        Ok(happened)
    }

    /// Somebody comes in, or into the waiting room. Somebody who is there already comes with a second device.
    pub(crate) fn join(
        &mut self,
        person: &Person,
        role: Role,
        at: Timestamp,
        fresh: &Fresh<'_>,
    ) -> Result<Happening, NotTaken> {
        if !self.is_running() {
            return Err(NotTaken::NotRunning);
        }
        if self.present().count() >= SEATS {
            return Err(NotTaken::Full);
        }
        let own = person.identity.account.as_deref() == Some(self.account.as_str());
        let participant = Participant {
            person: person.key.clone(),
            id: self.next_id(),
            uuid: fresh.guid(),
            name: person.name.clone(),
            role,
            identity: person.identity.clone(),
            is_waiting: self.has_waiting_room && !own,
            room: None,
            joined_at: at,
            left_at: None,
        };
        self.participants.push(participant.clone());
        Ok(if participant.is_waiting { Happening::BeganWaiting(participant) } else { Happening::Joined(participant) })
    }

    /// Somebody goes.
    pub(crate) fn leave(&mut self, person: &str, at: Timestamp) -> Result<Happening, NotTaken> {
        let participant = self.there(person)?;
        participant.left_at = Some(at);
        let participant = participant.clone();
        Ok(if participant.is_waiting {
            Happening::StoppedWaiting(participant)
        } else {
            Happening::Left { participant, reason: "left the meeting." }
        })
    }

    /// Somebody goes and comes back: new ids, the same person (`zoom.md` 8.3).
    pub(crate) fn rejoin(
        &mut self,
        person: &Person,
        at: Timestamp,
        fresh: &Fresh<'_>,
    ) -> Result<Vec<Happening>, NotTaken> {
        let role = self.there(&person.key)?.role;
        let left = self.leave(&person.key, at)?;
        Ok(vec![left, self.join(person, role, at, fresh)?])
    }

    /// Somebody changes the name that is shown.
    pub(crate) fn rename(&mut self, person: &str, name: &str) -> Result<Happening, NotTaken> {
        let participant = self.there(person)?;
        name.clone_into(&mut participant.name);
        Ok(Happening::Renamed(participant.clone()))
    }

    /// Somebody gets another role. A new host takes it from the old one.
    pub(crate) fn change_role(
        &mut self,
        person: &str,
        role: Role,
        renews_uuid: bool,
        fresh: &Fresh<'_>,
    ) -> Result<Vec<Happening>, NotTaken> {
        let mut happened = Vec::new();
        let old_host = self.present().find(|other| other.role == Role::Host && other.person != person);
        if let Some(old_host) = old_host.filter(|_| role == Role::Host).map(|host| host.person.clone()) {
            happened.push(self.set_role(&old_host, Role::Attendee, renews_uuid, fresh)?);
        }
        happened.push(self.set_role(person, role, renews_uuid, fresh)?);
        Ok(happened)
    }

    /// The meeting is somebody's, with his account.
    pub(crate) fn belong_to(&mut self, owner: &Person) {
        self.host.clone_from(&owner.key);
        self.host_user = owner.identity.user.clone().unwrap_or_default();
        self.account = owner.identity.account.clone().unwrap_or_default();
    }

    /// Somebody is here without being signed in: Zoom knows neither user nor address, and gives him no role.
    pub(crate) fn sign_out(
        &mut self,
        person: &str,
        renews_uuid: bool,
        fresh: &Fresh<'_>,
    ) -> Result<Vec<Happening>, NotTaken> {
        let happened = self.set_role(person, Role::Attendee, renews_uuid, fresh)?;
        self.there(person)?.identity = Identity::default();
        Ok(vec![happened])
    }

    fn set_role(
        &mut self,
        person: &str,
        role: Role,
        renews_uuid: bool,
        fresh: &Fresh<'_>,
    ) -> Result<Happening, NotTaken> {
        let participant = self.there(person)?;
        let before = participant.clone();
        participant.role = role;
        if renews_uuid && before.role != role {
            participant.uuid = fresh.guid();
        }
        Ok(Happening::RoleChanged { before, after: participant.clone() })
    }

    /// The host lets somebody in from the waiting room.
    pub(crate) fn admit(&mut self, person: &str, at: Timestamp) -> Result<Vec<Happening>, NotTaken> {
        let participant = self.there(person)?;
        if !participant.is_waiting {
            return Err(NotTaken::NotHere);
        }
        let waited = participant.clone();
        participant.is_waiting = false;
        participant.joined_at = at;
        Ok(vec![Happening::StoppedWaiting(waited), Happening::Joined(participant.clone())])
    }

    /// The host puts somebody back into the waiting room.
    pub(crate) fn put_back(&mut self, person: &str, leaves_too: bool) -> Result<Vec<Happening>, NotTaken> {
        let participant = self.there(person)?;
        if participant.is_waiting {
            return Err(NotTaken::NotHere);
        }
        let was_inside = participant.clone();
        participant.is_waiting = true;
        let waits = Happening::BeganWaiting(participant.clone());
        let leaves =
            Happening::Left { participant: was_inside, reason: "Host moved the participant to the waiting room." };
        Ok(leaves_too.then_some(leaves).into_iter().chain([waits]).collect())
    }

    /// Somebody moves into the breakout room of that name, or back into the main room. The uuid survives, the id does
    /// not (`zoom.md` 8.3).
    pub(crate) fn move_to(
        &mut self,
        person: &str,
        room: Option<&str>,
        fresh: &Fresh<'_>,
    ) -> Result<Happening, NotTaken> {
        self.there(person)?;
        let room = room.map(|name| self.room(name, fresh));
        let id = self.next_id();
        let participant = self.there(person)?;
        let before = participant.clone();
        participant.id = id;
        participant.room = room;
        Ok(Happening::Moved { before, after: participant.clone() })
    }

    fn room(&mut self, name: &str, fresh: &Fresh<'_>) -> String {
        if let Some(room) = self.rooms.iter().find(|room| room.name == name) {
            return room.uuid.clone();
        }
        let uuid = fresh.instance();
        self.rooms.push(Room { uuid: uuid.clone(), name: name.to_owned() });
        uuid
    }

    fn there(&mut self, person: &str) -> Result<&mut Participant, NotTaken> {
        if !self.is_running() {
            return Err(NotTaken::NotRunning);
        }
        self.participants
            .iter_mut()
            .rev()
            .find(|participant| participant.left_at.is_none() && participant.person == person)
            .ok_or(NotTaken::NotHere)
    }

    fn next_id(&mut self) -> u32 {
        let id = FIRST_PARTICIPANT.saturating_add(self.joins.saturating_mul(PARTICIPANT_STEP));
        self.joins = self.joins.saturating_add(1);
        id
    }
}

#[cfg(test)]
#[path = "meeting_tests.rs"]
mod tests;
