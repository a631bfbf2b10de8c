//! The people of a meeting as one viewer may see them, and the company they suggest (design 4.4).

use std::collections::HashMap;

use sidelight_api::ErrorCode;
use sidelight_api::entity::{Entity, Suggested};
use sidelight_api::people::{self as api, Gap, People};
use sidelight_api::session::View;
use sidelight_domain::access::Action;
use sidelight_domain::attendees::{Attendee, CompanyLink, Directory, Group, sort_into_groups};
use sidelight_domain::correction::Correction;
use sidelight_domain::ids::{Gsid, ParticipantId, TenantKey};
use sidelight_domain::inquiry::{Inquiry, untold};
use sidelight_domain::roster::{Participant, Source};
use sidelight_domain::suggestion::{Candidate, Guests, TenantFacts, candidates};
use sidelight_domain::topic::companies_in_topic;
use sidelight_domain::{EmailAddress, EntityKind, EntityRef};
use sidelight_store::Meeting;

use super::contribution::Contribution;
use super::late;
use super::people::Freshness;
use super::portfolio::Portfolio;
use super::scene::Scene;
use crate::app::App;
use crate::http::{Answered, Caller, Reader, TenantAccess};
use crate::series::{self, Occasion};
use crate::view::{self, Cause};

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
    let scene = Scene::of(app, caller).await?;
    let view = view::load(app, caller).await?;
    let to_question = |access: TenantAccess| {
        let addresses = scene.addresses(&access.tenant.key);
        (access, addresses)
    };
    let questions = entered(app, caller, &view).into_iter().map(to_question).collect();
    let contributions = late::asked(app, questions, freshness).await;
    let known: Vec<_> =
        contributions.iter().map(|one| (one.access.tenant.key.clone(), &one.resolved.directory)).collect();
    let (directory, origins) = Directory::joined(&known);
    let participants = scene.recognised(&directory, &known);
    let suggested = suggested(&scene, &participants, &contributions);
    let view = chosen(app, caller, view, scene.meeting.as_ref(), &contributions, &suggested).await?;
    let company = view.selected.as_ref().and_then(Entity::company_id);
    let sorted = sort_into_groups(&participants, &directory, company);
    let said = scene.corrections();
    let to_row = |one: &Attendee<'_>| {
        let correction = said.get(&one.participant.id).copied();
        row(caller, &scene, one, correction, &origins, company)
    };
    let attendees = sorted.iter().map(to_row).collect();
    let as_of = contributions.iter().filter_map(|contribution| contribution.resolved.as_of).min();
    let mut gaps = gaps(&scene, &contributions);
    gaps.extend(is_unapproved(app, caller).then_some(Gap::NotApproved));
    let silent = keys(&contributions, |gap| gap != Gap::StillAsking);
    let asking = keys(&contributions, |gap| gap == Gap::StillAsking);
    let (invited, inquiry) = (scene.invited, scene.inquiry_state());
    Ok(People { attendees, suggested, as_of, gaps, silent, asking, invited, inquiry, view })
}

/// What Gainsight calls the customers who are in the caller's meeting.
///
/// # Errors
/// What [`people_of`] says.
pub async fn names_of_customers(app: &App, caller: &Caller) -> Answered<Vec<String>> {
    let is_customer = |one: &api::Attendee| matches!(one.group, Group::Customer | Group::OtherCompany);
    let people = people_of(app, caller, Freshness::Cached).await?;
    Ok(people.attendees.into_iter().filter(is_customer).map(|one| one.name).collect())
}

/// By what somebody in the caller's meeting is recognised; `None` if he is not there.
///
/// # Errors
/// A refusal of the database.
pub async fn subject_of(app: &App, caller: &Caller, id: ParticipantId) -> Answered<Option<String>> {
    Ok(Scene::of(app, caller).await?.subject(id))
}

/// The tenants that lack something for such a reason.
fn keys(contributions: &[Contribution], is_reason: impl Fn(Gap) -> bool) -> Vec<TenantKey> {
    let lacking = contributions.iter().filter(|one| one.gap().is_some_and(&is_reason));
    lacking.map(|one| one.access.tenant.key.clone()).collect()
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

/// What was read for everybody names companies that this viewer may not see; without his portfolio there is no proof for any. What was
/// read with his own token is his to see, unless it names companies that are none of this tenant's: then it is not this tenant's answer.
pub(super) fn keep_proven(access: &TenantAccess, directory: &mut Directory, portfolio: Option<&Portfolio>) {
    let is_own = access.reader() != Reader::Everybody;
    if is_own && portfolio.is_none_or(Portfolio::is_cut_off) {
        return;
    }
    let is_shown = |link: &CompanyLink| portfolio.is_some_and(|portfolio| portfolio.shows_company(&link.company));
    directory.people.retain(|_, person| {
        let had_links = !person.links.is_empty();
        person.links.retain(is_shown);
        !(is_own && had_links && person.links.is_empty())
    });
}

fn suggested(scene: &Scene, present: &[Participant], contributions: &[Contribution]) -> Vec<Suggested> {
    let topic = scene.meeting.as_ref().and_then(|meeting| meeting.topic.as_deref()).unwrap_or_default();
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
            matched: candidate.matched,
            outsiders: candidate.outsiders,
            is_clear: candidate.is_clear,
            entity: entity(contribution, &candidate, topic),
        })
    };
    let guests = Guests { present, expected: &scene.expected() };
    candidates(guests, &facts).into_iter().filter_map(to_suggested).collect()
}

/// The company, or the relationship of it that the topic names.
fn entity(contribution: &Contribution, candidate: &Candidate, topic: &str) -> Entity {
    let found = contribution.portfolio.as_ref().and_then(|portfolio| portfolio.meant(&candidate.company, topic));
    found.cloned().unwrap_or_else(|| {
        let tenant = contribution.access.tenant.key.clone();
        let reference = EntityRef { tenant, kind: EntityKind::Company, id: candidate.company.clone() };
        Entity::named(reference, candidate.name.clone())
    })
}

/// Selects what was chosen for this series before, or else the clear suggestion, if nothing is selected; and tells what is selected then.
async fn chosen(
    app: &App,
    caller: &Caller,
    view: View,
    meeting: Option<&Meeting>,
    contributions: &[Contribution],
    suggested: &[Suggested],
) -> Answered<View> {
    if view.selected.is_some() {
        return Ok(view);
    }
    // Whoever is still being asked may know better, and what is chosen by itself is not chosen anew.
    let is_open = contributions.iter().any(|one| one.gap() == Some(Gap::StillAsking));
    let clear = suggested
        .first()
        .filter(|first| first.is_clear && !is_open)
        .map(|clear| (clear.entity.clone(), Cause::Attendees { matched: clear.matched, outsiders: clear.outsiders }));
    let found = recalled(app, caller, meeting, contributions).await?.or(clear);
    let Some((entity, cause)) = found else { return Ok(view) };
    view::suggest(app, caller, &entity, cause).await?;
    view::load(app, caller).await
}

/// What was chosen for this series before, if the viewer may see it.
async fn recalled(
    app: &App,
    caller: &Caller,
    meeting: Option<&Meeting>,
    contributions: &[Contribution],
) -> Answered<Option<(Entity, Cause)>> {
    let occasion = meeting.and_then(|meeting| Occasion::of(meeting, app.clock.now()));
    let (Some(occasion), Some(viewer)) = (occasion, &caller.session.person) else { return Ok(None) };
    let choices =
        app.store.read(caller.organisation).await?.series().list(std::slice::from_ref(occasion.number)).await?;
    let find = |reference: &EntityRef| {
        let own = contributions.iter().find(|one| one.access.tenant.key == reference.tenant)?;
        own.portfolio.as_ref()?.find(reference).cloned()
    };
    Ok(series::recall(occasion, viewer, &choices, find).map(|(entity, chooser)| (entity, Cause::Series(chooser))))
}

fn row(
    caller: &Caller,
    scene: &Scene,
    attendee: &Attendee<'_>,
    correction: Option<&Correction>,
    origins: &HashMap<EmailAddress, TenantKey>,
    company: Option<&Gsid>,
) -> api::Attendee {
    let participant = attendee.participant;
    let email = participant.email.as_ref().map(|(email, _)| email.clone());
    let recorded = attendee.user.map(|user| &user.name).or_else(|| attendee.person.map(|person| &person.name));
    let name = recorded.filter(|name| !name.trim().is_empty()).unwrap_or(&participant.name).clone();
    let record = attendee.user.map(|user| &user.id).or_else(|| attendee.person.map(|person| &person.id)).cloned();
    let link = attendee.link.filter(|_| attendee.user.is_none());
    // Where it does not count for this viewer, it is not told either.
    let counts = |one: &&Correction| match &one.email {
        Some(_) => matches!(attendee.email_source, Some(Source::Remembered | Source::RememberedName)),
        None => participant.email.is_none() && caller.grants.iter().any(|grant| grant.tenant == one.tenant),
    };
    let correction = correction.filter(counts);
    let others = attendee.person.into_iter().flat_map(|person| &person.links).filter(|other| other.is_active);
    let is_untold = attendee.group == Group::NeedsEmail;
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
        devices: Some(participant.device_count()).filter(|devices| *devices > 1),
        is_aside: participant.is_in_breakout_room(),
        joined_at: participant.joined_at(),
        is_hint: !participant.is_proven() && attendee.email_source != Some(Source::Ticked),
        untold: is_untold.then(|| untold(participant)),
        reply: scene.inquiry.as_ref().filter(|_| is_untold).and_then(|inquiry| Inquiry::reply(inquiry, participant)),
        ticked_by: scene.ticked_by(participant),
        corrected_by: correction.map(|correction| correction.by.clone()),
        corrected_in: correction.map(|correction| correction.tenant.clone()),
        is_viewer: participant.zoom_user.is_some() && participant.zoom_user == caller.session.zoom_user,
    }
}

fn also_at<'a>(links: impl Iterator<Item = &'a CompanyLink>, except: Option<&Gsid>) -> Vec<String> {
    links.filter(|link| Some(&link.company) != except).map(|link| link.company_name.clone()).collect()
}

/// What the viewer should know about the answer's limits.
fn gaps(scene: &Scene, contributions: &[Contribution]) -> Vec<Gap> {
    let mut gaps: Vec<_> = scene.gap.into_iter().collect();
    for gap in contributions.iter().filter_map(Contribution::gap) {
        if !gaps.contains(&gap) {
            gaps.push(gap);
        }
    }
    gaps
}
