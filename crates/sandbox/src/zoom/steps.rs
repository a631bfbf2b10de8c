//! What somebody can do to a meeting from outside: one step at a time, heard by pages and by the app.

use serde::Deserialize;
use serde_json::{Value, json};

use super::cloud::{Cloud, State};
use super::crowd;
use super::events;
use super::live::{Change, Happened, MeetingView, ParticipantView};
use super::meeting::{Happening, Meeting, NotTaken, Participant, Registrant, Role, SEATS};
use super::people::{Newcomer, People, Person, Reply};
use super::switches;
use crate::control::Refusal;

/// A step, named by the last part of the path; its fields are the body.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(crate) enum Step {
    /// The host starts the meeting, and is in it.
    Start,
    /// The host ends it for everybody.
    End,
    Join(Newcomer),
    Leave {
        person: String,
    },
    /// Goes and comes back with new ids.
    Rejoin {
        person: String,
    },
    Rename {
        person: String,
        name: String,
    },
    Role {
        person: String,
        role: Role,
    },
    /// The meeting is his from now on, and he hosts it: a customer's meeting, if he is one.
    Own {
        person: String,
    },
    /// He turns out to be here without being signed in: nobody's host, and nobody's user.
    SignOut {
        person: String,
    },
    /// In from the waiting room.
    Admit {
        person: String,
    },
    /// Out of the meeting and back into the waiting room.
    PutBack {
        person: String,
    },
    /// Into a breakout room by name, or back.
    Room {
        person: String,
        #[serde(default)]
        room: Option<String>,
    },
    /// People come until there are so many.
    Fill {
        to: usize,
    },
    /// Whether strangers wait to be admitted.
    WaitingRoom {
        is_on: bool,
    },
    /// Who registered for the meeting, and whom the host's calendar invited.
    Expect {
        #[serde(default)]
        registrants: Vec<Registrant>,
        #[serde(default)]
        invitees: Vec<String>,
    },
    /// Tells the app again who came, as if it had been installed before the meeting. Zoom itself would not.
    Replay,
    /// Asks people in the meeting to open the app.
    Invite(Invitation),
    /// Asks everybody else in the room for the address; gives what comes of it.
    AskEmails {
        /// Key of whoever asks.
        by: String,
    },
}

/// An invitation to the app (`zoom.md` 8).
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Invitation {
    /// Key of the sender.
    pub(crate) by: String,
    /// `participantUUID`s of those who are asked; empty is everybody in the room.
    #[serde(default)]
    pub(crate) participants: Vec<String>,
    #[serde(default)]
    pub(crate) text: String,
}

/// Why a step was not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StepError {
    #[error(transparent)]
    Control(#[from] Refusal),
    /// The meeting is not in a state for it.
    #[error(transparent)]
    NotTaken(#[from] NotTaken),
}

/// Takes a step in the meeting `id`, and tells everybody who may know.
pub(crate) fn take(cloud: &Cloud, id: &str, step: Step) -> Result<Value, StepError> {
    let now = cloud.now();
    let mut state = cloud.state();
    let number = state.meeting(id).map(|meeting| meeting.number.clone()).ok_or(Refusal::Unknown("such meeting"))?;
    if let Step::Invite(invitation) = step {
        let (change, answer) = invite(cloud, &mut state, &number, &invitation)?;
        cloud.tell(change);
        return Ok(answer);
    }
    if let Step::AskEmails { by } = step {
        return replies(&state, &number, &by);
    }
    let is_replay = matches!(step, Step::Replay);
    let happenings = apply(cloud, &mut state, &number, step)?;
    let meeting = state.meeting(&number).ok_or(Refusal::Unknown("such meeting"))?;
    let is_reported = state.grants.has_app(&meeting.host_user);
    let webhooks: Vec<_> = happenings
        .iter()
        .filter(|_| is_reported)
        .flat_map(|happening| {
            let at = if is_replay { happened_at(meeting, happening).unwrap_or(now) } else { now };
            events::of(meeting, happening, at)
        })
        .collect();
    let answer = answer(&state, meeting, &happenings, webhooks.len());
    let told = if is_replay { &[][..] } else { &happenings };
    // Told before the lock is released: pages and the app hear of two steps in the order in which they were taken.
    cloud.tell(Change::of(&mut state, &number, told));
    for webhook in webhooks {
        cloud.deliveries.queue(&webhook);
    }
    Ok(answer)
}

/// When it really happened, for a replay.
fn happened_at(meeting: &Meeting, happening: &Happening) -> Option<sidelight_domain::Timestamp> {
    match happening {
        Happening::Started => meeting.started_at,
        Happening::Joined(participant) => Some(participant.joined_at),
        Happening::Ended
        | Happening::Left { .. }
        | Happening::BeganWaiting(_)
        | Happening::StoppedWaiting(_)
        | Happening::Renamed(_)
        | Happening::RoleChanged { .. }
        | Happening::Moved { .. }
        | Happening::WaitingRoom { .. } => None,
    }
}

fn answer(state: &State, meeting: &Meeting, happenings: &[Happening], webhooks: usize) -> Value {
    let last = happenings.iter().rev().find_map(|happening| match happening {
        Happening::Joined(participant)
        | Happening::BeganWaiting(participant)
        | Happening::StoppedWaiting(participant)
        | Happening::Renamed(participant)
        | Happening::Left { participant, .. }
        | Happening::Moved { after: participant, .. }
        | Happening::RoleChanged { after: participant, .. } => Some(participant),
        Happening::Started | Happening::Ended | Happening::WaitingRoom { .. } => None,
    });
    json!({
        "happened": happenings.len(),
        "webhooks": webhooks,
        "meeting": MeetingView::brief(state, meeting),
        "participant": last.map(|participant| ParticipantView::of(state, meeting, participant)),
    })
}

fn apply(cloud: &Cloud, state: &mut State, number: &str, step: Step) -> Result<Vec<Happening>, StepError> {
    let (now, fresh) = (cloud.now(), cloud.fresh());
    let renews_uuid = cloud.choice(&switches::ROLE_UUID) == "renewed";
    let leaves_too = cloud.choice(&switches::PUT_BACK) == "left_and_waiting";
    let State { people, meetings, past, .. } = state;
    let meeting =
        meetings.iter_mut().find(|meeting| meeting.number == number).ok_or(Refusal::Unknown("such meeting"))?;
    Ok(match step {
        Step::Start => {
            let host = known(people, &meeting.host)?;
            let mut happened = vec![meeting.start(now, &fresh)?, meeting.join(&host, Role::Host, now, &fresh)?];
            happened.extend(fill(cloud, people, meeting, meeting.crowd)?);
            happened
        }
        Step::End => {
            let happened = meeting.end(now)?;
            past.push(meeting.clone());
            happened
        }
        Step::Join(newcomer) => {
            let role = newcomer.role;
            if newcomer.person.as_ref().is_some_and(|key| people.get(key).is_none()) {
                people.learn_customers(&cloud.shared.world, &meeting.account);
            }
            let key = match &newcomer.person {
                Some(key) => known(people, key)?.key,
                None => people.admit(&newcomer),
            };
            let person = known(people, &key)?;
            vec![meeting.join(&person, role_of(meeting, &person, role), now, &fresh)?]
        }
        Step::Leave { person } => vec![meeting.leave(&person, now)?],
        Step::Rejoin { person } => meeting.rejoin(&known(people, &person)?, now, &fresh)?,
        Step::Rename { person, name } => vec![meeting.rename(&person, &name)?],
        Step::Role { person, role } => meeting.change_role(&person, role, renews_uuid, &fresh)?,
        Step::Own { person } => {
            let owner = known(people, &person)?;
            let happened = meeting.change_role(&person, Role::Host, renews_uuid, &fresh)?;
            meeting.belong_to(&owner);
            happened
        }
        Step::SignOut { person } => meeting.sign_out(&person, renews_uuid, &fresh)?,
        Step::Admit { person } => meeting.admit(&person, now)?,
        Step::PutBack { person } => meeting.put_back(&person, leaves_too)?,
        Step::Room { person, room } => vec![meeting.move_to(&person, room.as_deref(), &fresh)?],
        Step::Fill { to } => fill(cloud, people, meeting, to)?,
        Step::WaitingRoom { is_on } => {
            meeting.has_waiting_room = is_on;
            vec![Happening::WaitingRoom { is_on }]
        }
        Step::Expect { registrants, invitees } => {
            (meeting.registrants, meeting.invitees) = (registrants, invitees);
            Vec::new()
        }
        Step::Replay => replay(meeting)?,
        // Taken before: it changes nothing in the meeting.
        Step::Invite(_) | Step::AskEmails { .. } => Vec::new(),
    })
}

fn known(people: &People, key: &str) -> Result<Person, Refusal> {
    people.get(key).cloned().ok_or(Refusal::Unknown("such person"))
}

/// People come until there are `to`: customers first, as long as there are some outside, then strangers.
fn fill(cloud: &Cloud, people: &mut People, meeting: &mut Meeting, to: usize) -> Result<Vec<Happening>, StepError> {
    let world = &cloud.shared.world;
    people.learn_customers(world, &meeting.account);
    let missing = to.min(SEATS).saturating_sub(meeting.present().count());
    let first = usize::try_from(meeting.joins).unwrap_or(0);
    let customers: Vec<_> = people
        .iter()
        .filter(|person| !person.company.is_empty() && meeting.of_person(&person.key).is_none())
        .take(missing)
        .cloned()
        .collect();
    let mut customers = customers.into_iter();
    let mut happened = Vec::with_capacity(missing);
    for index in first..first.saturating_add(missing) {
        let person = customers.next().unwrap_or_else(|| {
            let key = people.add(crowd::member(world.seed, index));
            people.get(&key).cloned().unwrap_or_else(|| crowd::member(world.seed, index))
        });
        let person = crowd::disguise(person, index);
        happened.push(meeting.join(&person, Role::Attendee, cloud.now(), &cloud.fresh())?);
    }
    Ok(happened)
}

/// The owner comes back as host, unless somebody else is host by now.
fn role_of(meeting: &Meeting, person: &Person, wanted: Role) -> Role {
    let hosted = meeting.present().any(|participant| participant.role == Role::Host);
    if person.key == meeting.host && !hosted { Role::Host } else { wanted }
}

fn replay(meeting: &Meeting) -> Result<Vec<Happening>, NotTaken> {
    if !meeting.is_running() {
        return Err(NotTaken::NotRunning);
    }
    let inside = meeting.present().filter(|participant| !participant.is_waiting);
    Ok(std::iter::once(Happening::Started).chain(inside.cloned().map(Happening::Joined)).collect())
}

/// What everybody else in the room says to an app that asks for the address: only verified ones of signed-in users are told (`zoom.md` 7.6).
fn replies(state: &State, number: &str, by: &str) -> Result<Value, StepError> {
    let meeting = state.meeting(number).ok_or(Refusal::Unknown("such meeting"))?;
    let asker = meeting.of_person(by).ok_or(NotTaken::NotHere)?;
    let is_asked = |other: &&Participant| {
        let is_here = other.room == asker.room && !other.is_waiting && other.identity.phone.is_none();
        is_here && other.person != asker.person
    };
    let reply = |other: &Participant| {
        let reply = state.replies.get(&other.person).copied().unwrap_or_default();
        let email = other.identity.email.as_deref().filter(|_| other.identity.user.is_some());
        match (reply, email) {
            (Reply::Silent, _) => None,
            (Reply::Yes, Some(email)) => Some(json!({ "participantUUID": other.uuid, "participantEmail": email })),
            (Reply::Yes, None) => {
                Some(json!({ "participantUUID": other.uuid, "errorMessage": "The participant has no verified email." }))
            }
            (Reply::No, _) => {
                Some(json!({ "participantUUID": other.uuid, "errorMessage": "The participant declined." }))
            }
        }
    };
    Ok(json!({ "replies": meeting.present().filter(is_asked).filter_map(reply).collect::<Vec<_>>() }))
}

fn invite(
    cloud: &Cloud,
    state: &mut State,
    number: &str,
    invitation: &Invitation,
) -> Result<(Change, Value), StepError> {
    let meeting = state.meeting(number).ok_or(Refusal::Unknown("such meeting"))?;
    let sender = meeting.of_person(&invitation.by).ok_or(NotTaken::NotHere)?;
    let asked = |uuid: &String| invitation.participants.is_empty() || invitation.participants.contains(uuid);
    let people: Vec<_> = meeting
        .present()
        .filter(|other| other.person != sender.person && other.room == sender.room && !other.is_waiting)
        .filter(|other| asked(&other.uuid))
        .map(|other| other.person.clone())
        .collect();
    let id = cloud.fresh().secret();
    let happened = Happened::Invited {
        by: invitation.by.clone(),
        people: people.clone(),
        invitation: id.clone(),
        text: invitation.text.clone(),
    };
    let answer = json!({ "invitation": id, "invited": people.len() });
    Ok((Change::next(state, Some(number), vec![happened]), answer))
}
