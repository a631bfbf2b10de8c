//! One meeting, from Zoom's reports to rows and suggestions, by the product's own rules.

use std::collections::BTreeSet;

use sidelight_domain::attendees::{CompanyLink, Directory, PersonFact, UserFact, sort_into_groups};
use sidelight_domain::ids::{Gsid, ParticipantId, ParticipantUuid, TenantKey, ZoomUserId};
use sidelight_domain::roster::{Movement, Roster, Sighting};
use sidelight_domain::suggestion::{Candidate, Guests, TenantFacts, candidates};
use sidelight_domain::topic::{companies_in_topic, relationship_in_topic};
use sidelight_domain::{Clock as _, EmailAddress, ManualClock, Timestamp};
use sidelight_sandbox::corpus::{Attendee, Channel, Human, Meeting, Target, Tenant};

/// What the product made of a meeting.
pub(crate) struct Played {
    /// Whom each attendee was linked to: tenant and record, by his place.
    pub(crate) links: Vec<Vec<(String, String)>>,
    /// What it is about, best first, and whether the first was chosen without asking.
    pub(crate) suggested: Vec<Target>,
    pub(crate) is_chosen: bool,
}

pub(crate) fn meeting(meeting: &Meeting, tenants: &[Tenant]) -> Played {
    let roster = roster(meeting);
    let present: BTreeSet<EmailAddress> =
        roster.participants.iter().filter_map(|person| Some(person.email.as_ref()?.0.clone())).collect();
    let known: Vec<_> =
        tenants.iter().map(|tenant| (TenantKey::new(tenant.key), directory(tenant, &present))).collect();
    let ids: Vec<Vec<Gsid>> = tenants.iter().map(|tenant| gsids(tenant.companies.iter().map(|one| &one.id))).collect();
    let facts: Vec<_> = known
        .iter()
        .zip(tenants.iter().zip(&ids))
        .map(|((key, directory), (tenant, ids))| {
            let names = ids.iter().zip(tenant.companies.iter().map(|company| company.name.as_str()));
            TenantFacts { tenant: key, directory, named: companies_in_topic(&meeting.topic, names) }
        })
        .collect();
    let found = candidates(Guests { present: &roster.participants, expected: &[] }, &facts);
    let suggested: Vec<_> = found.iter().map(|candidate| target(meeting, candidate, tenants)).collect();
    let (joined, origins) =
        Directory::joined(&known.iter().map(|(key, directory)| (key.clone(), directory)).collect::<Vec<_>>());
    let selected = found.first().filter(|first| first.is_clear).map(|first| &first.company);
    let rows = sort_into_groups(&roster.participants, &joined, selected);
    let links = (0..meeting.attendees.len()).map(|place| {
        let own = rows.iter().filter(|row| row.participant.connections.iter().any(|stay| stay.uuid == uuid(place, 0)));
        own.filter_map(|row| {
            let record = row.user.map(|user| &user.id).or_else(|| row.person.map(|person| &person.id))?;
            let origin = origins.get(&row.participant.email.as_ref()?.0)?;
            Some((origin.to_string(), record.to_string()))
        })
        .collect()
    });
    Played { links: links.collect(), suggested, is_chosen: selected.is_some() }
}

/// What the signed webhooks tell, in the order of arrival, and the host's own list, which has the names only.
fn roster(meeting: &Meeting) -> Roster {
    let (mut roster, mut ids) = (Roster::default(), 0_u128);
    let clock = ManualClock::at(Timestamp::from_millis(1_000));
    let mut fresh = || {
        ids += 1;
        ParticipantId::new(uuid::Uuid::from_u128(ids))
    };
    for (place, attendee) in meeting.attendees.iter().enumerate() {
        if attendee.rejoined {
            roster.witness(&sighting(place, 9, attendee, Movement::Joined, clock.now()), &mut fresh);
            roster.witness(&sighting(place, 9, attendee, Movement::Left, clock.now()), &mut fresh);
        }
        for device in 0..attendee.devices {
            roster.witness(&sighting(place, device, attendee, Movement::Joined, clock.now()), &mut fresh);
        }
    }
    let listed =
        meeting.attendees.iter().enumerate().map(|(place, attendee)| (uuid(place, 0), attendee.name.clone(), None));
    roster.hint(&listed.collect::<Vec<_>>(), false, clock.now(), &mut fresh);
    roster
}

fn uuid(place: usize, device: usize) -> ParticipantUuid {
    ParticipantUuid::new(format!("{place}-{device}"))
}

/// As far as the rules of disclosure go (`zoom.md` 7.6).
fn sighting(place: usize, device: usize, attendee: &Attendee, movement: Movement, at: Timestamp) -> Sighting {
    Sighting {
        uuid: uuid(place, device),
        join_number: Some(format!("{}", place * 10 + device)),
        name: attendee.name.clone(),
        email: attendee.email.parse().ok().filter(|_| attendee.channel.discloses()),
        zoom_user: (attendee.channel == Channel::OwnAccount).then(|| ZoomUserId::new(attendee.email.clone())),
        registrant: (attendee.channel == Channel::Registrant).then(|| format!("registration-{place}")),
        role: None,
        phone: attendee.channel == Channel::Phone,
        movement,
        at,
    }
}

/// What a tenant answers when it is asked about these addresses.
fn directory(tenant: &Tenant, asked: &BTreeSet<EmailAddress>) -> Directory {
    let address = |human: &Human| human.email.parse().ok().filter(|email: &EmailAddress| asked.contains(email));
    let user = |human: &Human| {
        Some((address(human)?, UserFact { id: Gsid::new(&*human.id), name: human.name.clone(), title: None }))
    };
    let person = |human: &Human| {
        let links = human.employments.iter().map(|employment| {
            let company = &tenant.companies[employment.company];
            CompanyLink {
                company: Gsid::new(&*company.id),
                company_name: company.name.clone(),
                title: None,
                role: None,
                is_primary: employment.is_primary,
                is_active: employment.is_active,
            }
        });
        let person = PersonFact { id: Gsid::new(&*human.id), name: human.name.clone(), links: links.collect() };
        Some((address(human)?, person))
    };
    Directory {
        users: tenant.users.iter().filter_map(user).collect(),
        people: tenant.people.iter().filter_map(person).collect(),
        ..Directory::default()
    }
}

fn target(meeting: &Meeting, candidate: &Candidate, tenants: &[Tenant]) -> Target {
    let tenant = tenants.iter().find(|tenant| tenant.key == candidate.tenant.as_str()).unwrap();
    let company = tenant.companies.iter().find(|company| company.id == candidate.company.as_str()).unwrap();
    let ids = gsids(company.relationships.iter().map(|(id, _)| id));
    let relationships = ids.iter().zip(company.relationships.iter().map(|(_, name)| name.as_str()));
    let named = relationship_in_topic(&meeting.topic, &candidate.name, relationships);
    Target { tenant: tenant.key, company: company.id.clone(), relationship: named.map(ToString::to_string) }
}

fn gsids<'a>(ids: impl Iterator<Item = &'a String>) -> Vec<Gsid> {
    ids.map(|id| Gsid::new(id.as_str())).collect()
}
