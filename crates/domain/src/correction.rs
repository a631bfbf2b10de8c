//! Who somebody in a room really is, as a colleague said who knows him: remembered for the organisation's next meeting with the same
//! person (design 4.4).

use std::collections::HashMap;

use crate::ids::{MeetingUuid, TenantKey};
use crate::recognition::plain;
use crate::roster::{Participant, Source};
use crate::{EmailAddress, Timestamp};

/// That a colleague said who somebody is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Correction {
    /// The tenant that it is about.
    pub tenant: TenantKey,
    /// The address of the person there; `None` if it is nobody whom Gainsight knows.
    pub email: Option<EmailAddress>,
    /// The meeting in which it was said.
    pub meeting: MeetingUuid,
    /// Name of the colleague.
    pub by: String,
    /// When he said so.
    pub at: Timestamp,
}

/// What each of a room is recognised by: the address that Zoom disclosed, else the Zoom user, else a name of at least two words that nobody else
/// there has. These come again in the next meeting; of whoever has none of them, what is said counts for this one. A guess of ours or
/// somebody's tick is nothing that comes again by itself.
#[must_use]
pub fn subjects(participants: &[Participant]) -> Vec<String> {
    let mut names: HashMap<String, u32> = HashMap::new();
    for participant in participants {
        *names.entry(plain(&participant.name)).or_default() += 1;
    }
    let subject = |participant: &Participant| {
        let address = participant.email.as_ref().filter(|(_, source)| is_disclosed(*source)).map(|(email, _)| email);
        let name = plain(&participant.name);
        match (address, &participant.zoom_user) {
            (Some(address), _) => format!("email:{address}"),
            (None, Some(user)) => format!("zoom-user:{user}"),
            (None, None) if !name.is_empty() && names.get(&name) == Some(&1) => format!("name:{name}"),
            (None, None) => format!("participant:{}", participant.id),
        }
    };
    participants.iter().map(subject).collect()
}

const fn is_disclosed(source: Source) -> bool {
    matches!(source, Source::Registration | Source::PastList | Source::HostWebhook | Source::OwnOauth)
}

/// How certain it is that what was said of a subject is meant of him who is there now. Anybody may come with somebody's name: in another meeting
/// than the one in which it was said, a name makes a guess, which somebody confirms.
#[must_use]
pub fn certainty(subject: &str, correction: &Correction, meeting: Option<&MeetingUuid>) -> Source {
    let is_name = subject.starts_with("name:");
    if is_name && meeting != Some(&correction.meeting) { Source::RememberedName } else { Source::Remembered }
}

/// Gives participants the addresses that colleagues said are theirs, or takes them away. Somebody who was ticked as being there beside the room's
/// list is not there twice.
pub fn correct(participants: &mut Vec<Participant>, corrections: &[(usize, &Correction, Source)]) {
    let mut corrected = Vec::new();
    for (place, correction, source) in corrections {
        if let Some(participant) = participants.get_mut(*place) {
            participant.email = correction.email.clone().map(|email| (email, *source));
            corrected.extend(correction.email.clone());
        }
    }
    let is_double = |one: &Participant| {
        one.email.as_ref().is_some_and(|(email, source)| *source == Source::Ticked && corrected.contains(email))
            && one.connections.iter().all(|stay| stay.source == Source::Ticked)
    };
    participants.retain(|one| !is_double(one));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ParticipantId, ZoomUserId};

    fn participant(name: &str, email: Option<(&str, Source)>) -> Participant {
        let email = email.map(|(email, source)| (email.parse().unwrap(), source));
        Participant { name: name.to_owned(), email, ..Participant::unseen(ParticipantId::new(uuid::Uuid::nil())) }
    }

    fn is(email: Option<&str>) -> Correction {
        Correction {
            tenant: TenantKey::new("lumen"),
            email: email.map(|email| email.parse().unwrap()),
            meeting: MeetingUuid::new("m1"),
            by: "Tom".to_owned(),
            at: Timestamp::from_millis(1),
        }
    }

    #[test]
    fn somebody_is_recognised_by_what_comes_again() {
        let user = Participant { zoom_user: Some(ZoomUserId::new("z1")), ..participant("Cy", None) };
        let room = [
            participant("Ana Ruiz", Some(("ana@x.test", Source::HostWebhook))),
            participant("Bo  EK", Some(("bo@x.test", Source::InvitedName))),
            participant("Di Fu", Some(("di@x.test", Source::Ticked))),
            user,
            participant("Sam", None),
            participant("Ed Go", None),
            participant("ed go", None),
        ];
        let nil = room[0].id;
        let expected = ["email:ana@x.test", "name:bo ek", "name:di fu", "zoom-user:z1"].map(str::to_owned);
        let (lasting, passing) = (&subjects(&room)[..4], &subjects(&room)[4..]);
        assert_eq!(lasting, expected);
        assert_eq!(passing, vec![format!("participant:{nil}"); 3]);
    }

    #[test]
    fn a_name_in_another_meeting_makes_a_guess() {
        let (said, here, later) = (is(None), MeetingUuid::new("m1"), MeetingUuid::new("m2"));
        let cases = [
            ("name:ana ruiz", Some(&here), false),
            ("name:ana ruiz", Some(&later), true),
            ("name:ana ruiz", None, true),
            ("email:ana@x.test", Some(&later), false),
            ("zoom-user:z1", Some(&later), false),
        ];
        for (subject, meeting, is_guess) in cases {
            assert_eq!(certainty(subject, &said, meeting).is_guess(), is_guess, "{subject} {meeting:?}");
        }
    }

    #[test]
    fn a_correction_gives_an_address_or_takes_it_and_nobody_is_there_twice() {
        let mut room = vec![
            participant("Ana Ruiz", Some(("wrong@x.test", Source::InvitedName))),
            participant("Bo Ek", Some(("bo@x.test", Source::HostWebhook))),
            participant("ana@x.test", Some(("ana@x.test", Source::Ticked))),
        ];
        let (ana, nobody) = (is(Some("ana@x.test")), is(None));
        let sure = Source::Remembered;
        correct(&mut room, &[(0, &ana, sure), (1, &nobody, sure), (9, &nobody, sure)]);
        let found: Vec<_> =
            room.iter().map(|one| one.email.as_ref().map(|(email, source)| (email.as_str(), *source))).collect();
        assert_eq!(found, [Some(("ana@x.test", Source::Remembered)), None]);
    }
}
