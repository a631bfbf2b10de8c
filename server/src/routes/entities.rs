//! `GET /api/v1/entities`: search as you type, over the viewer's own list; no call upstream once the list is at hand.

use std::collections::HashSet;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use sidelight_api::ErrorBody;
use sidelight_api::entity::{Entity, EntityList};
use sidelight_domain::EntityRef;
use sidelight_domain::access::Action;
use utoipa::IntoParams;

use crate::app::App;
use crate::gainsight::{self, Freshness, Urgency};
use crate::http::{Answered, Caller, Query, TenantAccess};

/// As many hits as anybody scrolls through; `more` says how many were left out.
const MOST_FOUND: usize = 50;
const MOST_RECENT: u32 = 8;

/// What to look for.
#[derive(Deserialize, IntoParams)]
pub(super) struct Search {
    /// At least two letters; less asks for suggested and recent entities.
    #[serde(default)]
    q: String,
    /// Whether to list what Gainsight hides as inactive.
    #[serde(default)]
    include_inactive: bool,
    /// Reads the list anew first.
    #[serde(default)]
    refresh: bool,
}

/// Companies and relationships in every tenant the viewer is signed in to.
#[utoipa::path(
    get, path = "/entities", tag = "customer", params(Search),
    responses((status = 200, body = EntityList), (status = 502, description = "`gainsight_down`", body = ErrorBody))
)]
pub(super) async fn search(
    State(app): State<App>,
    caller: Caller,
    Query(search): Query<Search>,
) -> Answered<Json<EntityList>> {
    let entered = entered(&app, &caller)?;
    let query = search.q.trim();
    let mut list = EntityList { suggested: Vec::new(), recent: Vec::new(), found: Vec::new(), more: 0, as_of: None };
    if query.chars().count() < 2 {
        let people = gainsight::people_of(&app, &caller, Freshness::Cached).await?;
        list.suggested = people.suggested;
        list.recent = recent(&app, &caller, &entered).await?;
        return Ok(Json(list));
    }
    let mut failure = None;
    for access in &entered {
        if let Err(refusal) = find(&app, access, query, &search, &mut list).await {
            failure = Some(refusal);
        }
    }
    // One tenant that does not answer must not hide the others' companies.
    if let Some(refusal) = failure.filter(|_| list.as_of.is_none()) {
        return Err(refusal);
    }
    list.more = u32::try_from(list.found.len().saturating_sub(MOST_FOUND)).unwrap_or(u32::MAX);
    list.found.truncate(MOST_FOUND);
    Ok(Json(list))
}

/// Every tenant that may be searched; where that is none, the reason why.
fn entered(app: &App, caller: &Caller) -> Answered<Vec<TenantAccess>> {
    let (mut entered, mut refused) = (Vec::new(), None);
    for grant in caller.grants.iter() {
        match caller.enter(app, &grant.tenant, Action::SearchEntities) {
            Ok(access) => entered.push(access),
            Err(refusal) => refused = Some(refusal),
        }
    }
    match refused {
        Some(refusal) if entered.is_empty() => Err(refusal),
        _ => Ok(entered),
    }
}

async fn find(app: &App, access: &TenantAccess, query: &str, search: &Search, list: &mut EntityList) -> Answered<()> {
    let held = if search.refresh {
        gainsight::renew_portfolio(app, access, Duration::from_secs(5), Urgency::Interactive).await?
    } else {
        gainsight::portfolio(app, access).await?
    };
    list.as_of = Some(list.as_of.map_or(held.as_of, |oldest| oldest.min(held.as_of)));
    list.found.extend(held.value.search(query, search.include_inactive).into_iter().cloned());
    Ok(())
}

/// What the viewer chose lately, in the tenants he is signed in to now.
async fn recent(app: &App, caller: &Caller, entered: &[TenantAccess]) -> Answered<Vec<Entity>> {
    let mut unit = app.store.read(caller.organisation).await?;
    let chosen = unit.views().recent(caller.person()?, MOST_RECENT).await?;
    drop(unit);
    let mut recent = Vec::new();
    let mut seen: HashSet<EntityRef> = HashSet::new();
    for choice in chosen {
        let Some(access) = entered.iter().find(|access| access.tenant.key == choice.entity.tenant) else { continue };
        if !seen.insert(choice.entity.clone()) {
            continue;
        }
        let portfolio = gainsight::at_hand(app, access).await;
        match portfolio.as_ref().map(|portfolio| portfolio.find(&choice.entity)) {
            Some(Some(entity)) => recent.push(entity.clone()),
            // The list is at hand and does not have it: gone, or no longer for this viewer.
            Some(None) => {}
            None => recent.push(Entity::named(choice.entity, choice.name)),
        }
    }
    Ok(recent)
}
