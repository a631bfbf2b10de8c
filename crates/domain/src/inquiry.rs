//! Guests whom Zoom tells no address of are asked for it, once in a meeting (`zoom.md` 7.6, 8).
//!
//! Zoom asks everybody in the room at once, and tells each answer to the panel that asked. So it comes from a browser: what it says counts
//! where nothing better is known, and is forgotten when the meeting is over.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::ParticipantUuid;
use crate::roster::{Participant, Source};
use crate::{EmailAddress, Timestamp};

/// That the guests of a meeting were asked, and what came of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Inquiry {
    /// Name of the colleague who asked.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Each answer: the address, or none.
    pub answers: BTreeMap<ParticipantUuid, Option<EmailAddress>>,
}

/// What somebody who was asked has said.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Reply {
    /// Nothing yet.
    Waiting,
    /// No address.
    Declined,
}

/// Why Zoom tells no address of somebody, as far as it can be known (`zoom.md` 6.4, 7.6).
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Untold {
    /// Only a panel's list shows him: no report of the host's reaches us, and lists hold names alone.
    Unreported,
    /// He registered, and the registrations cannot be read.
    Registered,
    /// He is signed in to Zoom with an account of others.
    OtherAccount,
    /// He is not signed in to Zoom.
    SignedOut,
}

impl Inquiry {
    /// Gives those who told their address that address, where Zoom disclosed none. Whose registration is known keeps it.
    pub fn tell(&self, participants: &mut [Participant], is_registered: impl Fn(&str) -> bool) {
        for participant in participants.iter_mut().filter(|participant| participant.email.is_none()) {
            if participant.registrant.as_deref().is_some_and(&is_registered) {
                continue;
            }
            let told = self.answer(participant).cloned().flatten();
            participant.email = told.map(|email| (email, Source::Consented));
        }
    }

    /// What somebody without an address replied; `None` if he was not asked, since he came later.
    #[must_use]
    pub fn reply(&self, participant: &Participant) -> Option<Reply> {
        if let Some(answer) = self.answer(participant) {
            return answer.is_none().then_some(Reply::Declined);
        }
        let was_there = participant.joined_at().is_none_or(|joined_at| joined_at <= self.at);
        was_there.then_some(Reply::Waiting)
    }

    /// The last answer of any of his stays.
    fn answer(&self, participant: &Participant) -> Option<&Option<EmailAddress>> {
        let mut stays =
            participant.connections.iter().rev().flat_map(|stay| [&stay.uuid].into_iter().chain(&stay.former));
        stays.find_map(|uuid| self.answers.get(uuid))
    }
}

/// Why Zoom tells no address of somebody.
#[must_use]
pub fn untold(participant: &Participant) -> Untold {
    if !participant.is_proven() {
        Untold::Unreported
    } else if participant.registrant.is_some() {
        Untold::Registered
    } else if participant.zoom_user.is_some() {
        Untold::OtherAccount
    } else {
        Untold::SignedOut
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ParticipantId, ZoomUserId};
    use crate::roster::Connection;

    fn guest(stays: &[&str], joined_at: i64) -> Participant {
        let stay = |uuid: &&str| Connection {
            uuid: ParticipantUuid::new(*uuid),
            former: Vec::new(),
            join_number: None,
            joined_at: Some(Timestamp::from_millis(joined_at)),
            left_at: None,
            source: Source::HostWebhook,
        };
        let connections = stays.iter().map(stay).collect();
        Participant { connections, ..Participant::unseen(ParticipantId::new(uuid::Uuid::nil())) }
    }

    fn inquiry() -> Inquiry {
        let told = |email: &str| Some(email.parse().unwrap());
        let answers = [("yes", told("ana@n.test")), ("no", None)];
        let answers = answers.into_iter().map(|(uuid, answer)| (ParticipantUuid::new(uuid), answer)).collect();
        Inquiry { by: "Maya".to_owned(), at: Timestamp::from_millis(10), answers }
    }

    #[test]
    fn each_reply_belongs_to_whoever_gave_it_on_whatever_stay() {
        let mut moved = guest(&["now"], 1);
        moved.connections[0].former.push(ParticipantUuid::new("no"));
        let cases = [
            (guest(&["yes"], 1), None),
            (guest(&["no"], 1), Some(Reply::Declined)),
            (guest(&["no", "again"], 11), Some(Reply::Declined)),
            (moved, Some(Reply::Declined)),
            (guest(&["silent"], 10), Some(Reply::Waiting)),
            (guest(&["late"], 11), None),
        ];
        for (guest, reply) in cases {
            assert_eq!(inquiry().reply(&guest), reply, "{:?}", guest.connections);
        }
    }

    #[test]
    fn what_was_told_counts_where_nothing_better_is_known() {
        let known = Some(("known@n.test".parse().unwrap(), Source::HostWebhook));
        let mut room = vec![
            guest(&["yes"], 1),
            guest(&["no"], 1),
            Participant { email: known.clone(), ..guest(&["yes"], 1) },
            Participant { registrant: Some("r1".to_owned()), ..guest(&["yes"], 1) },
            Participant { registrant: Some("unread".to_owned()), ..guest(&["yes"], 1) },
        ];
        inquiry().tell(&mut room, |registrant| registrant == "r1");
        let told = Some(("ana@n.test".parse().unwrap(), Source::Consented));
        let found: Vec<_> = room.into_iter().map(|participant| participant.email).collect();
        assert_eq!(found, [told.clone(), None, known, None, told]);
    }

    #[test]
    fn why_an_address_is_missing_follows_from_what_zoom_reports() {
        let mut hinted = guest(&["a"], 1);
        hinted.connections[0].source = Source::SdkList;
        let user = Some(ZoomUserId::new("z"));
        let cases = [
            (hinted, Untold::Unreported),
            (Participant { registrant: Some("r".to_owned()), ..guest(&["a"], 1) }, Untold::Registered),
            (Participant { zoom_user: user, ..guest(&["a"], 1) }, Untold::OtherAccount),
            (guest(&["a"], 1), Untold::SignedOut),
        ];
        for (participant, why) in cases {
            assert_eq!(untold(&participant), why);
        }
    }
}
