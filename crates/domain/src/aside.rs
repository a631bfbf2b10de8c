//! People who are in a meeting and not in its main room: in a breakout room, or back in the waiting room (`zoom.md` 6.4, 8.3, 11).

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::ids::{MeetingUuid, ParticipantId, ParticipantUuid};
use crate::roster::{Connection, Participant, Roster};

/// Where somebody is, as far as Zoom reported it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Whereabouts {
    /// The breakout room; `None` is the main room.
    pub room: Option<MeetingUuid>,
    /// Since when.
    pub since: Timestamp,
}

/// What Zoom reports of somebody who went aside, or came back.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Aside {
    /// Whose stay, which outlives a move between rooms.
    pub uuid: ParticipantUuid,
    /// Where to.
    pub step: Step,
    /// When.
    pub at: Timestamp,
}

/// Where somebody went.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Step {
    /// Into a breakout room.
    Into(MeetingUuid),
    /// Out of one.
    OutOf(MeetingUuid),
    /// Into the waiting room: who waits is not in the meeting.
    Waiting,
}

impl Roster {
    /// Adds what a signed webhook told, and returns whom it changed. It makes nobody known and brings nobody back; reports may come late,
    /// doubled and out of order.
    pub fn step_aside(&mut self, aside: &Aside) -> Option<ParticipantId> {
        let is_it = |stay: &Connection| stay.is(&aside.uuid);
        let person = self.participants.iter_mut().find(|person| person.connections.iter().any(is_it))?;
        let before = person.clone();
        match &aside.step {
            Step::Into(room) => person.go_to(Some(room.clone()), aside.at),
            Step::OutOf(room) => {
                let is_elsewhere = person.whereabouts.as_ref().is_some_and(|place| place.room.as_ref() != Some(room));
                if !is_elsewhere {
                    person.go_to(None, aside.at);
                }
            }
            Step::Waiting => {
                let stay = person.connections.iter_mut().find(|stay| is_it(stay))?;
                // Before he was let in he waited, too.
                if stay.joined_at.is_some_and(|joined_at| joined_at < aside.at) {
                    stay.left_at.get_or_insert(aside.at);
                }
            }
        }
        (*person != before).then_some(person.id)
    }
}

impl Participant {
    fn go_to(&mut self, room: Option<MeetingUuid>, at: Timestamp) {
        // Times are whole seconds: out of one room and into the next may be the same one.
        if self.whereabouts.as_ref().is_none_or(|place| place.since <= at) {
            self.whereabouts = Some(Whereabouts { room, since: at });
        }
    }

    /// Whether this person is in a breakout room. Whoever comes back into the meeting begins in the main room.
    #[must_use]
    pub fn is_in_breakout_room(&self) -> bool {
        let joined_at = self.connections.iter().filter_map(|stay| stay.joined_at).max();
        let place = self.whereabouts.as_ref().filter(|place| place.room.is_some());
        place.is_some_and(|place| joined_at.is_none_or(|joined_at| joined_at <= place.since))
    }
}

#[cfg(test)]
#[path = "aside_tests.rs"]
mod tests;
