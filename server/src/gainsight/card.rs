//! More about a person than the list shows: where he works, and what was logged with him. No call where the list was just read, but one
//! for the activities.

use std::collections::BTreeSet;
use std::time::Duration;

use sidelight_api::ErrorCode;
use sidelight_api::card::{Card, CardRequest, Job};
use sidelight_api::timeline::ActivitySummary;
use sidelight_domain::attendees::{CompanyLink, PersonFact};
use sidelight_domain::{EntityKind, EntityRef};
use sidelight_gainsight::Wanted;

use super::meeting::keep_proven;
use super::people::{Freshness, resolve};
use super::portfolio::{Portfolio, portfolio_shown};
use super::timeline::{Asked, link_of, logged_since, page};
use crate::app::App;
use crate::http::{Answered, Caller, TenantAccess};
use crate::view;

/// As many as are read at a glance.
const MOST_ACTIVITIES: usize = 3;
/// A card that is opened does not wait longer for what was logged.
const PATIENCE: Duration = Duration::from_secs(8);

/// What the viewer may see of a person.
///
/// # Errors
/// `not_found` for somebody whom the viewer's list would not show; what the tenant says if nothing is at hand.
pub async fn card(app: &App, caller: &Caller, access: &TenantAccess, request: &CardRequest) -> Answered<Card> {
    let addresses = BTreeSet::from([request.email.clone()]);
    let mut resolved = resolve(app, access, &addresses, Freshness::Cached).await;
    let portfolio = portfolio_shown(app, access).await?.value;
    keep_proven(access, &mut resolved.directory, Some(&portfolio));
    let person = match (resolved.directory.people.get(&request.email), resolved.failure) {
        (Some(person), _) => person,
        (None, Some(failure)) => return Err(failure.into()),
        (None, None) => return Err(ErrorCode::NotFound.into()),
    };
    let entity = entity(app, caller, access, person, &portfolio).await?;
    let mut card = Card { jobs: jobs(person), activities: None, met_at: None, since: None, link: None };
    let Some(entity) = entity else { return Ok(card) };
    card.link = link_of(access, &entity);
    let wanted = Wanted { people: Some(vec![person.name.clone()]), ..Wanted::default() };
    let asked = page(app, access, &entity, Asked { wanted, ..Asked::default() });
    // What could not be read takes nothing else away.
    if let Ok(Ok(page)) = tokio::time::timeout(PATIENCE, asked).await {
        let mut activities = page.activities;
        card.met_at = activities.iter().find(|one| is_meeting(one)).map(|one| one.held_at);
        activities.truncate(MOST_ACTIVITIES);
        card.activities = Some(activities);
    }
    if let Some(met_at) = card.met_at {
        card.since = logged_since(app, access, &entity, met_at).await?;
    }
    Ok(card)
}

/// Where to look: at the customer who is selected, else at whom the person works for.
async fn entity(
    app: &App,
    caller: &Caller,
    access: &TenantAccess,
    person: &PersonFact,
    portfolio: &Portfolio,
) -> Answered<Option<EntityRef>> {
    let selected = view::load(app, caller).await?.selected.map(|entity| entity.reference);
    if let Some(entity) = selected.filter(|entity| entity.tenant == access.tenant.key) {
        return Ok(Some(entity));
    }
    let job = person.links.iter().filter(|link| link.is_active).max_by_key(|link| link.is_primary);
    let of_job = job.map(|job| EntityRef {
        tenant: access.tenant.key.clone(),
        kind: EntityKind::Company,
        id: job.company.clone(),
    });
    Ok(of_job.filter(|entity| portfolio.find(entity).is_some()))
}

fn jobs(person: &PersonFact) -> Vec<Job> {
    let mut links: Vec<&CompanyLink> = person.links.iter().collect();
    links.sort_by_key(|link| (!link.is_active, !link.is_primary));
    let is_one_of_several = links.len() > 1;
    let job = |link: &CompanyLink| Job {
        company: link.company_name.clone(),
        title: link.title.clone(),
        role: link.role.clone(),
        is_primary: link.is_primary && is_one_of_several,
        is_former: !link.is_active,
    };
    links.into_iter().map(job).collect()
}

/// Types are the tenant's own words; whoever logs an e-mail or an update has not met anybody.
fn is_meeting(activity: &ActivitySummary) -> bool {
    let name = activity.type_name.to_lowercase();
    ["meeting", "call", "review", "workshop"].iter().any(|word| name.contains(word))
}
