//! The people of a meeting as one viewer may see them, and the company they suggest (design 4.4).

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use futures_util::future::join_all;
use sidelight_api::ErrorCode;
use sidelight_api::entity::{Entity, Suggested};
use sidelight_api::people::{self as api, Gap, People};
use sidelight_api::session::{ChosenBy, View};
use sidelight_domain::access::Action;
use sidelight_domain::attendees::{Attendee, CompanyLink, Directory, sort_into_groups};
use sidelight_domain::ids::{Gsid, TenantKey};
use sidelight_domain::roster::Roster;
use sidelight_domain::suggestion::{Candidate, TenantFacts, candidates};
use sidelight_domain::topic::{companies_in_topic, relationship_in_topic};
use sidelight_domain::{EmailAddress, EntityKind, EntityRef};
use sidelight_store::Meeting;

use super::people::{Freshness, Resolved, resolve};
use super::portfolio::{Portfolio, portfolio_shown};
use crate::app::App;
use crate::http::{Answered, Caller, Reader, TenantAccess};
use crate::view;

/// What one tenant contributed.
struct Contribution {
    access: TenantAccess,
    resolved: Resolved,
    portfolio: Option<Arc<Portfolio>>,
}

/// Reads ahead what a panel shows first, so that its own request finds it under way.
pub fn warm(app: &App, caller: &Caller) {
    if caller.may(Action::ReadPeople).is_ok() {
        let (app, caller) = (app.clone(), caller.clone());
        app.tasks.clone().spawn(async move { people_of(&app, &caller, Freshness::Cached).await.map(drop) });
    }
}

/// Everybody present, resolved in each tenant that the viewer is signed in to.
///
/// # Errors
/// A refusal of the database. A silent tenant leaves a gap instead.
pub async fn people_of(app: &App, caller: &Caller, freshness: Freshness) -> Answered<People> {
    let (meeting, roster) = roster(app, caller).await?;
    let view = view::load(app, caller).await?;
    let addresses: BTreeSet<EmailAddress> =
        present(&roster).filter_map(|person| person.email.as_ref()).map(|(email, _)| email.clone()).collect();
    let asked = entered(app, caller, &view).into_iter().map(|access| contribution(app, access, &addresses, freshness));
    let contributions = join_all(asked).await;
    let suggested = suggested(&roster, meeting.as_ref(), &contributions);
    let view = chosen(app, caller, view, &suggested).await?;
    let mut people = shown(caller, &roster, meeting.as_ref(), &contributions, suggested, view);
    people.gaps.extend(is_unapproved(app, caller).then_some(Gap::NotApproved));
    Ok(people)
}

async fn roster(app: &App, caller: &Caller) -> Answered<(Option<Meeting>, Roster)> {
    let Some(uuid) = caller.meeting() else { return Ok((None, Roster::default())) };
    let mut unit = app.store.read(caller.organisation).await?;
    let meeting = unit.meetings().find(uuid).await?;
    let roster = unit.meetings().roster(uuid).await?;
    Ok((meeting, roster))
}

fn present(roster: &Roster) -> impl Iterator<Item = &sidelight_domain::roster::Participant> {
    roster.participants.iter().filter(|person| person.is_present())
}

/// Every tenant the viewer may read people in, the selected one first: where two know an address, the first one's word counts.
fn entered(app: &App, caller: &Caller, view: &View) -> Vec<TenantAccess> {
    let selected = view.selected.as_ref().map(|entity| &entity.reference.tenant);
    let enter = |grant: &sidelight_store::Grant| caller.enter(app, &grant.tenant, Action::ReadPeople).ok();
    let mut entered: Vec<_> = caller.grants.iter().filter_map(enter).collect();
    entered.sort_by_key(|access| (Some(&access.tenant.key) != selected, access.tenant.key.clone()));
    entered
}

/// Whether a tenant shows nothing because nobody approved what those who come from Salesforce may see.
fn is_unapproved(app: &App, caller: &Caller) -> bool {
    let is_shut = |grant: &sidelight_store::Grant| {
        let entered = caller.enter(app, &grant.tenant, Action::ReadPeople);
        entered.is_err_and(|refusal| refusal.code() == ErrorCode::NotApproved)
    };
    caller.grants.iter().any(is_shut)
}

async fn contribution(
    app: &App,
    access: TenantAccess,
    addresses: &BTreeSet<EmailAddress>,
    freshness: Freshness,
) -> Contribution {
    let (mut resolved, portfolio) =
        tokio::join!(resolve(app, &access, addresses, freshness), portfolio_shown(app, &access));
    // Without his own list a viewer is not shown for whom somebody works, and should be told why.
    let portfolio = portfolio.map_err(|error| resolved.failure.get_or_insert(error)).ok().map(|held| held.value);
    if access.reader() == Reader::Everybody {
        keep_proven(&mut resolved.directory, portfolio.as_deref());
    }
    Contribution { access, resolved, portfolio }
}

/// What was read for everybody names companies that this viewer may not see; without his portfolio there is no proof for any.
fn keep_proven(directory: &mut Directory, portfolio: Option<&Portfolio>) {
    let is_shown = |link: &CompanyLink| portfolio.is_some_and(|portfolio| portfolio.shows_company(&link.company));
    for person in directory.people.values_mut() {
        person.links.retain(is_shown);
    }
}

fn suggested(roster: &Roster, meeting: Option<&Meeting>, contributions: &[Contribution]) -> Vec<Suggested> {
    let topic = meeting.and_then(|meeting| meeting.topic.as_deref()).unwrap_or_default();
    let facts: Vec<_> = contributions
        .iter()
        .map(|contribution| TenantFacts {
            tenant: &contribution.access.tenant.key,
            directory: &contribution.resolved.directory,
            named: companies_in_topic(topic, contribution.portfolio.iter().flat_map(|portfolio| portfolio.companies())),
        })
        .collect();
    let to_suggested = |candidate: Candidate| {
        let contribution = contributions.iter().find(|one| one.access.tenant.key == candidate.tenant)?;
        Some(Suggested {
            matched: count(candidate.matched),
            outsiders: count(candidate.outsiders),
            is_clear: candidate.is_clear,
            entity: entity(contribution, &candidate, topic),
        })
    };
    candidates(&roster.participants, &facts).into_iter().filter_map(to_suggested).collect()
}

/// The company, or the relationship of it that the topic names.
fn entity(contribution: &Contribution, candidate: &Candidate, topic: &str) -> Entity {
    let tenant = contribution.access.tenant.key.clone();
    let reference = EntityRef { tenant, kind: EntityKind::Company, id: candidate.company.clone() };
    let Some(portfolio) = &contribution.portfolio else { return Entity::named(reference, candidate.name.clone()) };
    let relationships: Vec<&Entity> =
        portfolio.relationships_of(&candidate.company).filter(|entity| !entity.is_inactive).collect();
    let names = relationships.iter().map(|entity| (&entity.reference.id, entity.name.as_str()));
    let chosen = relationship_in_topic(topic, &candidate.name, names);
    let relationship = chosen.and_then(|id| relationships.iter().find(|entity| entity.reference.id == *id)).copied();
    let found = relationship.or_else(|| portfolio.find(&reference)).cloned();
    found.unwrap_or_else(|| Entity::named(reference, candidate.name.clone()))
}

/// Selects the clear suggestion if nothing is selected, and tells what is selected then.
async fn chosen(app: &App, caller: &Caller, view: View, suggested: &[Suggested]) -> Answered<View> {
    let clear = suggested.first().filter(|first| first.is_clear && view.selected.is_none());
    let Some(clear) = clear else { return Ok(view) };
    let chosen_by = ChosenBy::Attendees { matched: clear.matched, outsiders: clear.outsiders };
    view::suggest(app, caller, &clear.entity, chosen_by).await?;
    view::load(app, caller).await
}

fn shown(
    caller: &Caller,
    roster: &Roster,
    meeting: Option<&Meeting>,
    contributions: &[Contribution],
    suggested: Vec<Suggested>,
    view: View,
) -> People {
    let known = contributions.iter().map(|one| (one.access.tenant.key.clone(), &one.resolved.directory));
    let (directory, origins) = Directory::joined(&known.collect::<Vec<_>>());
    let company = view.selected.as_ref().and_then(company_of);
    let sorted = sort_into_groups(&roster.participants, &directory, company);
    let attendees = sorted.iter().map(|attendee| row(caller, attendee, &origins, company)).collect();
    let as_of = contributions.iter().filter_map(|contribution| contribution.resolved.as_of).min();
    People { attendees, suggested, as_of, gaps: gaps(caller, meeting, contributions), view }
}

fn company_of(entity: &Entity) -> Option<&Gsid> {
    match entity.reference.kind {
        EntityKind::Company => Some(&entity.reference.id),
        EntityKind::Relationship => entity.company.as_ref().map(|company| &company.id),
    }
}

fn row(
    caller: &Caller,
    attendee: &Attendee<'_>,
    origins: &HashMap<EmailAddress, TenantKey>,
    company: Option<&Gsid>,
) -> api::Attendee {
    let participant = attendee.participant;
    let email = participant.email.as_ref().map(|(email, _)| email.clone());
    let recorded = attendee.user.map(|user| &user.name).or_else(|| attendee.person.map(|person| &person.name));
    let name = recorded.filter(|name| !name.trim().is_empty()).unwrap_or(&participant.name).clone();
    let record = attendee.user.map(|user| &user.id).or_else(|| attendee.person.map(|person| &person.id)).cloned();
    let link = attendee.link.filter(|_| attendee.user.is_none());
    let others = attendee.person.into_iter().flat_map(|person| &person.links).filter(|other| other.is_active);
    api::Attendee {
        id: participant.id,
        shown_as: Some(participant.name.clone()).filter(|shown| *shown != name),
        name,
        group: attendee.group,
        email_source: attendee.email_source,
        title: attendee.user.and_then(|user| user.title.clone()).or_else(|| link.and_then(|link| link.title.clone())),
        company_role: link.and_then(|link| link.role.clone()),
        company: link.map(|link| link.company_name.clone()),
        also_at: also_at(others, link.map(|link| &link.company).or(company)),
        tenant: email.as_ref().and_then(|email| origins.get(email)).cloned(),
        email,
        record,
        role: participant.role,
        devices: Some(count(participant.device_count())).filter(|devices| *devices > 1),
        joined_at: participant.joined_at(),
        is_hint: !participant.is_proven(),
        is_viewer: participant.zoom_user.is_some() && participant.zoom_user == caller.session.zoom_user,
    }
}

fn also_at<'a>(links: impl Iterator<Item = &'a CompanyLink>, except: Option<&Gsid>) -> Vec<String> {
    links.filter(|link| Some(&link.company) != except).map(|link| link.company_name.clone()).collect()
}

/// What the viewer should know about the answer's limits.
fn gaps(caller: &Caller, meeting: Option<&Meeting>, contributions: &[Contribution]) -> Vec<Gap> {
    let is_unreported = caller.meeting().is_some() && meeting.is_none_or(|meeting| meeting.host_reported_at.is_none());
    let mut gaps: Vec<_> = is_unreported.then_some(Gap::HostNotReporting).into_iter().collect();
    for failure in contributions.iter().filter_map(|contribution| contribution.resolved.failure.as_ref()) {
        let gap = if failure.is_busy() { Gap::GainsightBusy } else { Gap::GainsightDown };
        if !gaps.contains(&gap) {
            gaps.push(gap);
        }
    }
    gaps
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
