//! Who took part in a meeting, told when it is over (`zoom.md` 7.3): it completes what was seen while it went on.

use crate::ids::{ParticipantId, ParticipantUuid, ZoomUserId};
use crate::roster::{Connection, MOST_PARTICIPANTS, Participant, Roster, Source};
use crate::{EmailAddress, Timestamp};

/// One stay, as Zoom's list has it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PastStay {
    /// The number of the join, which the webhooks have too.
    pub join_number: Option<String>,
    /// Display name.
    pub name: String,
    /// Address, where Zoom's rules disclose it.
    pub email: Option<EmailAddress>,
    /// Zoom user, where signed in and disclosed.
    pub zoom_user: Option<ZoomUserId>,
    /// Registration, where there was one.
    pub registrant: Option<String>,
    /// When it began.
    pub joined_at: Option<Timestamp>,
    /// When it ended.
    pub left_at: Option<Timestamp>,
}

impl Roster {
    /// Adds a stay that is over, and returns whom it changed. Told twice, it changes nobody.
    pub fn recall(&mut self, stay: &PastStay, fresh_id: impl FnOnce() -> ParticipantId) -> Option<ParticipantId> {
        let place = match self.participants.iter().position(|person| person.is_of(stay)) {
            Some(place) => place,
            None if self.participants.len() >= MOST_PARTICIPANTS => return None,
            None => {
                self.participants.push(Participant::unseen(fresh_id()));
                self.participants.len() - 1
            }
        };
        let person = self.participants.get_mut(place)?;
        let before = person.clone();
        person.remember(stay);
        (*person != before).then_some(person.id)
    }

    /// Everybody who took part, each as when he was last seen. People whom only a browser's list showed count where nobody else was seen.
    #[must_use]
    pub fn attended(&self) -> Vec<Participant> {
        let is_proven = self.participants.iter().any(Participant::is_proven);
        let counts = |person: &&Participant| person.is_proven() || !is_proven;
        self.participants.iter().filter(counts).map(Participant::as_last_seen).collect()
    }

    /// Everybody who is in the room now.
    #[must_use]
    pub fn present(&self) -> Vec<Participant> {
        self.participants.iter().filter(|person| person.is_present()).cloned().collect()
    }
}

impl Participant {
    fn is_of(&self, stay: &PastStay) -> bool {
        fn same<T: PartialEq>(mine: Option<&T>, theirs: Option<&T>) -> bool {
            mine.is_some() && mine == theirs
        }
        let mut joins = self.connections.iter().map(|connection| connection.join_number.as_ref());
        joins.any(|number| same(number, stay.join_number.as_ref()))
            || same(self.zoom_user.as_ref(), stay.zoom_user.as_ref())
            || same(self.registrant.as_ref(), stay.registrant.as_ref())
            || same(self.email.as_ref().map(|(email, _)| email), stay.email.as_ref())
    }

    fn remember(&mut self, stay: &PastStay) {
        if self.name.is_empty() {
            self.name.clone_from(&stay.name);
        }
        if self.email.is_none() {
            self.email = stay.email.clone().map(|email| (email, Source::PastList));
        }
        self.zoom_user = self.zoom_user.take().or_else(|| stay.zoom_user.clone());
        self.registrant = self.registrant.take().or_else(|| stay.registrant.clone());
        let number = stay.join_number.as_ref();
        let is_known = |one: &Connection| number.is_some() && one.join_number.as_ref() == number;
        if let Some(known) = self.connections.iter_mut().find(|one| is_known(one)) {
            known.joined_at = known.joined_at.or(stay.joined_at);
            known.left_at = known.left_at.or(stay.left_at);
        } else if number.is_some() || self.connections.is_empty() {
            // Without a number, a further row of somebody who was seen says nothing new.
            self.connections.push(Connection {
                uuid: ParticipantUuid::new(number.cloned().unwrap_or_default()),
                former: Vec::new(),
                join_number: stay.join_number.clone(),
                joined_at: stay.joined_at,
                left_at: stay.left_at.or(stay.joined_at),
                source: Source::PastList,
            });
        }
    }

    fn as_last_seen(&self) -> Self {
        // Whoever never left was seen last.
        let last = self.connections.iter().max_by_key(|stay| (stay.left_at.is_none(), stay.left_at));
        // Proven is proven, whoever saw the last stay.
        let source = self.connections.iter().map(|stay| stay.source).max();
        let seen = last.zip(source).map(|(last, source)| Connection {
            left_at: None,
            joined_at: self.joined_at(),
            source,
            ..last.clone()
        });
        Self { connections: seen.into_iter().collect(), ..self.clone() }
    }
}

#[cfg(test)]
#[path = "recall_tests.rs"]
mod tests;
