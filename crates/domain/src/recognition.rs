//! Addresses that did not come with the person: from registrations, from the host's invitations, from colleagues who know who is there
//! (`zoom.md` 7.6).
//!
//! A registration's id says who somebody is. A name does not: it makes a guess, which is shown as one and confirmed by somebody before
//! anything is written on the strength of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::attendees::is_device;
use crate::ids::{ParticipantId, ParticipantUuid, TenantKey, ZoomUserId};
use crate::roster::{Connection, Participant, Source};
use crate::{EmailAddress, Timestamp};

/// Somebody whom the host's own authorisation says to expect. That he is expected does not say that he is there.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Expected {
    /// The address.
    pub email: EmailAddress,
    /// The name that the host or he himself gave with it.
    #[serde(default)]
    pub name: Option<String>,
    /// The registration; without one he was invited.
    #[serde(default)]
    pub registrant: Option<String>,
}

/// A member of the organisation who has a panel open in the meeting: Zoom's own proof that he is there, and who he is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Member {
    /// Names the row, where no other one is his.
    pub id: ParticipantId,
    /// His Zoom user.
    pub user: ZoomUserId,
    /// His name at Zoom.
    pub name: String,
    /// His address, verified by Zoom.
    pub email: EmailAddress,
}

/// That a colleague said who is there.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Tick {
    /// Ours.
    pub id: ParticipantId,
    /// The tenant whose person it is.
    pub tenant: TenantKey,
    /// The person's address there.
    pub email: EmailAddress,
    /// Name of the colleague.
    pub by: String,
    /// When he said so.
    pub at: Timestamp,
}

/// Gives those who proved who they are their own addresses. Where nothing tells who is there, they are.
pub fn own(participants: &mut Vec<Participant>, members: &[Member]) {
    // A panel may be closed for minutes before its session ends: where there is a list, it says who has left.
    let is_untold = participants.is_empty();
    for member in members {
        let is_his = |one: &Participant| {
            one.zoom_user.as_ref() == Some(&member.user)
                || one.email.as_ref().is_some_and(|(email, _)| *email == member.email)
        };
        let by_name = || nameless(participants).into_iter().find(|(_, name)| *name == plain(&member.name));
        let place = participants.iter().position(is_his).or_else(|| by_name().map(|(place, _)| place));
        let email = Some((member.email.clone(), Source::OwnOauth));
        match place.and_then(|place| participants.get_mut(place)) {
            Some(participant) => {
                (participant.email, participant.zoom_user) = (email, Some(member.user.clone()));
            }
            None if is_untold => participants.push(Participant {
                zoom_user: Some(member.user.clone()),
                ..alone(member.id, &member.name, (member.email.clone(), Source::OwnOauth))
            }),
            None => {}
        }
    }
}

/// Gives addresses to participants whom Zoom disclosed none for.
///
/// `names` are the names under which the viewer's tenants know an address. A name counts where exactly one participant without an
/// address and exactly one of the expected have it (`zoom.md` 11, 10).
pub fn expect(participants: &mut [Participant], expected: &[Expected], names: &BTreeMap<EmailAddress, &str>) {
    for participant in participants.iter_mut().filter(|participant| participant.email.is_none()) {
        let Some(id) = participant.registrant.as_ref() else { continue };
        let own = expected.iter().find(|one| one.registrant.as_ref() == Some(id));
        participant.email = own.map(|own| (own.email.clone(), Source::Registration));
    }
    let present: BTreeSet<EmailAddress> = addresses(participants).cloned().collect();
    let mut by_name: HashMap<String, Option<&Expected>> = HashMap::new();
    for one in expected.iter().filter(|one| !present.contains(&one.email)) {
        let name = one.name.as_deref().or_else(|| names.get(&one.email).copied());
        if let Some(name) = name.map(plain).filter(|name| !name.is_empty()) {
            // Registered and invited with one address is one person.
            let is_same = |known: &mut Option<&Expected>| known.is_some_and(|known| known.email == one.email);
            by_name.entry(name).and_modify(|known| *known = known.filter(|_| is_same(known))).or_insert(Some(one));
        }
    }
    for (place, name) in nameless(participants) {
        let Some((one, participant)) = by_name.get(&name).copied().flatten().zip(participants.get_mut(place)) else {
            continue;
        };
        let source = if one.registrant.is_some() { Source::RegisteredName } else { Source::InvitedName };
        participant.email = Some((one.email.clone(), source));
    }
}

/// Addresses worth looking up for those who are awaited and not there by an address: of registrations in the room first, then of those
/// whose name is in the room, then of everybody else.
pub fn likely<'a>(participants: &[Participant], expected: &'a [Expected]) -> impl Iterator<Item = &'a EmailAddress> {
    let registrations: BTreeSet<_> = participants.iter().filter_map(|one| one.registrant.as_ref()).collect();
    let nameless: BTreeSet<_> = nameless(participants).into_iter().map(|(_, name)| name).collect();
    let mut ranked: Vec<_> = expected.iter().collect();
    let is_registered = |one: &Expected| one.registrant.as_ref().is_some_and(|id| registrations.contains(id));
    let is_named = |one: &Expected| one.name.as_deref().is_some_and(|name| nameless.contains(&plain(name)));
    ranked.sort_by_key(|one| (!is_registered(one), !is_named(one)));
    ranked.into_iter().map(|one| &one.email)
}

/// Adds those whom colleagues ticked. Whoever is in the room without an address and alone has the ticked person's name is that person.
pub fn tick(participants: &mut Vec<Participant>, ticks: &[Tick], names: &BTreeMap<EmailAddress, &str>) {
    for tick in ticks {
        let known =
            participants.iter_mut().find(|one| one.email.as_ref().is_some_and(|(email, _)| *email == tick.email));
        if let Some(participant) = known {
            let is_guess = participant.email.as_ref().is_some_and(|(_, source)| source.is_guess());
            if is_guess {
                participant.email = Some((tick.email.clone(), Source::Ticked));
            }
            continue;
        }
        let name = names.get(&tick.email).copied().unwrap_or_default();
        let place = nameless(participants).into_iter().find(|(_, other)| *other == plain(name)).map(|(place, _)| place);
        match place.and_then(|place| participants.get_mut(place)) {
            Some(participant) => participant.email = Some((tick.email.clone(), Source::Ticked)),
            None => participants.push(alone(tick.id, name, (tick.email.clone(), Source::Ticked))),
        }
    }
}

/// Somebody whom no list of Zoom's shows.
fn alone(id: ParticipantId, name: &str, email: (EmailAddress, Source)) -> Participant {
    let stay = Connection {
        uuid: ParticipantUuid::new(id.to_string()),
        former: Vec::new(),
        join_number: None,
        joined_at: None,
        left_at: None,
        source: email.1,
    };
    let name = if name.is_empty() { email.0.to_string() } else { name.to_owned() };
    Participant { name, email: Some(email), connections: vec![stay], ..Participant::unseen(id) }
}

fn addresses(participants: &[Participant]) -> impl Iterator<Item = &EmailAddress> {
    participants.iter().filter_map(|participant| participant.email.as_ref()).map(|(email, _)| email)
}

/// Participants without an address whose name nobody else has, whether with an address or without.
fn nameless(participants: &[Participant]) -> Vec<(usize, String)> {
    let mut count: HashMap<String, usize> = HashMap::new();
    for participant in participants {
        *count.entry(plain(&participant.name)).or_default() += 1;
    }
    let unknown = participants.iter().enumerate().filter(|(_, one)| one.email.is_none() && !is_device(one));
    let named = unknown.map(|(place, participant)| (place, plain(&participant.name)));
    named.filter(|(_, name)| !name.is_empty() && count.get(name) == Some(&1)).collect()
}

/// Names as people compare them. One word alone, such as "Sam", is a name that anybody may have.
#[must_use]
pub fn plain(name: &str) -> String {
    let lower = name.to_lowercase();
    let words: Vec<_> = lower.split_whitespace().collect();
    if words.len() < 2 { String::new() } else { words.join(" ") }
}

#[cfg(test)]
#[path = "recognition_tests.rs"]
mod tests;
