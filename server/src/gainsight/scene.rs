//! What our side knows of a meeting, before Gainsight is asked: who is there, who is awaited, whom colleagues ticked, and why Zoom may
//! tell nothing (design 4.2, 4.4).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sidelight_api::people::{Gap, InquiryState};
use sidelight_domain::EmailAddress;
use sidelight_domain::attendees::Directory;
use sidelight_domain::correction::{Correction, certainty, correct, subjects};
use sidelight_domain::ids::{MeetingUuid, ParticipantId, TenantKey};
use sidelight_domain::inquiry::Inquiry;
use sidelight_domain::recognition::{self, Expected, Member, Tick};
use sidelight_domain::roster::{Participant, Role, Source};
use sidelight_store::{Invitation, Meeting, Unit};

use crate::app::App;
use crate::http::{Answered, Caller};

/// Of those who are awaited and not there, so many are looked up. They ride along with the others' calls.
const MOST_AWAITED: usize = 200;
/// More colleagues than ever sit in one call with a customer.
const MOST_MEMBERS: u32 = 50;

/// One meeting, as one organisation knows it.
#[derive(Debug, Default)]
pub(super) struct Scene {
    /// The meeting, if anything was seen of it.
    pub(super) meeting: Option<Meeting>,
    /// Who is there or, once it is over, who took part; with the addresses that Zoom disclosed.
    pub(super) participants: Vec<Participant>,
    /// Why Zoom tells no addresses, if so.
    pub(super) gap: Option<Gap>,
    /// How many people the invitation names that the viewer brought.
    pub(super) invited: Option<u32>,
    /// Whether the guests were asked for their addresses, and what they told.
    pub(super) inquiry: Option<Inquiry>,
    may_ask: bool,
    expected: Vec<Expected>,
    ticks: Vec<Tick>,
    /// What colleagues said of those who are there, now or in an earlier meeting.
    corrections: Vec<(usize, Correction)>,
}

impl Scene {
    /// Reads what is known of the caller's meeting.
    pub(super) async fn of(app: &App, caller: &Caller) -> Answered<Self> {
        let Some(uuid) = caller.meeting() else { return Ok(Self::default()) };
        let mut unit = app.store.read(caller.organisation).await?;
        let meeting = unit.meetings().find(uuid).await?;
        let roster = unit.meetings().roster(uuid).await?;
        let ticks = unit.ticks().list(uuid).await?;
        let invitation = unit.invitations().find(uuid).await?;
        let is_over = meeting.as_ref().is_some_and(|meeting| meeting.ended_at.is_some());
        let mut participants = if is_over { roster.attended() } else { roster.present() };
        if !is_over {
            recognition::own(&mut participants, &members(&mut unit, uuid).await?);
        }
        let is_reported = meeting.as_ref().is_some_and(|meeting| meeting.host_reported_at.is_some());
        let gap = match &invitation {
            _ if is_reported => None,
            Invitation::NotTheirs => Some(Gap::OtherOwner),
            _ if unit.sessions().has_unauthorised_host(uuid).await? => Some(Gap::HostUnauthorised),
            _ if lacks_host(&roster.present()) => Some(Gap::HostAbsent),
            Invitation::Unknown | Invitation::Known(_) => Some(Gap::HostNotReporting),
        };
        let mut expected = if let Invitation::Known(expected) = invitation { expected } else { Vec::new() };
        let mut invited = None;
        for (person, named) in unit.invitations().brought(uuid).await? {
            if caller.session.person == Some(person) {
                invited = u32::try_from(named.len()).ok();
            }
            expected.extend(named);
        }
        let inquiry = if is_over { None } else { unit.inquiries().find(uuid).await? };
        let may_ask = inquiry.is_none() && !is_over && is_own_meeting(&mut unit, uuid).await?;
        if let Some(inquiry) = &inquiry {
            inquiry.tell(&mut participants, |id| expected.iter().any(|one| one.registrant.as_deref() == Some(id)));
        }
        let corrections = unit.corrections().of(&subjects(&participants)).await?;
        Ok(Self { meeting, participants, gap, invited, inquiry, may_ask, expected, ticks, corrections })
    }

    /// The addresses to look up in `tenant`: those that are there for certain, and those that may be.
    pub(super) fn addresses(&self, tenant: &TenantKey) -> BTreeSet<EmailAddress> {
        let disclosed = self.participants.iter().filter_map(|person| person.email.as_ref()).map(|(email, _)| email);
        let ticked = self.ticks.iter().filter(|tick| tick.tenant == *tenant).map(|tick| &tick.email);
        let corrected = self.corrections.iter().filter(|(_, correction)| correction.tenant == *tenant);
        let corrected = corrected.filter_map(|(_, correction)| correction.email.as_ref());
        let awaited = recognition::likely(&self.participants, &self.expected).take(MOST_AWAITED);
        disclosed.chain(ticked).chain(corrected).chain(awaited).cloned().collect()
    }

    /// Everybody there, with the addresses that follow from what is known. A tick counts for whoever may see the ticked person in the
    /// tenant that it is about: it must not tell anybody of a person whom Gainsight would not show him.
    pub(super) fn recognised(&self, joined: &Directory, tenants: &[(TenantKey, &Directory)]) -> Vec<Participant> {
        let people = joined.people.iter().map(|(email, person)| (email.clone(), person.name.as_str()));
        let users = joined.users.iter().map(|(email, user)| (email.clone(), user.name.as_str()));
        let names: BTreeMap<_, _> = people.chain(users).collect();
        let knows = |of: &TenantKey, email: Option<&EmailAddress>| {
            let directory = tenants.iter().find(|(tenant, _)| tenant == of).map(|(_, directory)| directory);
            directory.is_some_and(|directory| {
                let person = email.map(|email| directory.people.get(email));
                person.is_none_or(|person| person.is_some_and(|person| person.links.iter().any(|link| link.is_active)))
            })
        };
        let is_shown = |tick: &&Tick| knows(&tick.tenant, Some(&tick.email));
        let mut participants = self.participants.clone();
        recognition::expect(&mut participants, &self.expected, &names);
        let ticks: Vec<_> = self.ticks.iter().filter(is_shown).cloned().collect();
        recognition::tick(&mut participants, &ticks, &names);
        let corrections = self.corrections.iter().filter(|(_, one)| knows(&one.tenant, one.email.as_ref()));
        let subjects = if self.corrections.is_empty() { Vec::new() } else { subjects(&self.participants) };
        let here = self.meeting.as_ref().map(|meeting| &meeting.uuid);
        let sure = |place: usize, said: &Correction| {
            certainty(subjects.get(place).map(String::as_str).unwrap_or_default(), said, here)
        };
        let corrections: Vec<_> = corrections.map(|(place, said)| (*place, said, sure(*place, said))).collect();
        correct(&mut participants, &corrections);
        participants
    }

    /// By what somebody in the room is recognised; `None` if he is not there.
    pub(super) fn subject(&self, id: ParticipantId) -> Option<String> {
        let place = self.participants.iter().position(|participant| participant.id == id)?;
        subjects(&self.participants).into_iter().nth(place)
    }

    /// What colleagues said of those who are there.
    pub(super) fn corrections(&self) -> HashMap<ParticipantId, &Correction> {
        let told = self.corrections.iter().filter_map(|(at, said)| Some((self.participants.get(*at)?.id, said)));
        told.collect()
    }

    /// How it stands with asking the guests; `None` where nobody sits in a meeting that goes on.
    pub(super) fn inquiry_state(&self) -> Option<InquiryState> {
        self.meeting.as_ref().filter(|meeting| meeting.ended_at.is_none())?;
        let asked_by = self.inquiry.as_ref().map(|inquiry| inquiry.by.clone());
        Some(InquiryState { is_open: self.may_ask, asked_by })
    }

    /// Who is awaited.
    pub(super) fn expected(&self) -> Vec<EmailAddress> {
        self.expected.iter().map(|one| one.email.clone()).collect()
    }

    /// Who said that this one is there, where nothing else does.
    pub(super) fn ticked_by(&self, participant: &Participant) -> Option<String> {
        let (email, source) = participant.email.as_ref()?;
        let tick = self.ticks.iter().find(|tick| *source == Source::Ticked && tick.email == *email)?;
        Some(tick.by.clone())
    }
}

/// Whether a meeting is known to be the organisation's own: guests of somebody else's are not asked for anything. A host of the organisation
/// reports it, or has a panel open in it and Zoom does not say that it belongs to another.
pub(crate) async fn is_own_meeting(unit: &mut Unit, uuid: &MeetingUuid) -> Answered<bool> {
    let is_reported = unit.meetings().find(uuid).await?.is_some_and(|meeting| meeting.host_reported_at.is_some());
    let is_others = unit.invitations().find(uuid).await? == Invitation::NotTheirs;
    Ok(is_reported || !is_others && unit.sessions().has_host(uuid).await?)
}

/// Colleagues who have a panel open in this meeting, and whom Zoom told us by their own authorisation.
async fn members(unit: &mut Unit, meeting: &MeetingUuid) -> Answered<Vec<Member>> {
    let mut members = Vec::new();
    for held in unit.installations().present_in(meeting, MOST_MEMBERS).await? {
        let Some(email) = held.email else { continue };
        // Named after the person, so that the row stays the same from one session to the next.
        let id = ParticipantId::new(uuid::Uuid::try_parse(&held.person.to_string()).unwrap_or_default());
        members.push(Member { id, user: held.zoom_user, name: held.name, email });
    }
    Ok(members)
}

/// Whether a list shows who is there, and nobody with the host's role: he is absent, or joined without signing in.
fn lacks_host(participants: &[Participant]) -> bool {
    let is_listed = participants.iter().any(|person| person.role.is_some());
    is_listed && !participants.iter().any(|person| person.role == Some(Role::Host))
}
