//! Proofs for the day's meetings, read before the hour at which they all begin (design 4.6).
//!
//! A viewer's proof takes two calls, and a tenant's whole hour has few. So whoever used a panel lately, and plans a meeting that his
//! proof will not outlast, has it renewed while nobody waits for it.

use std::sync::Arc;
use std::time::Duration;

use sidelight_domain::ids::OrganisationId;
use sidelight_store::{Grant, PersonKey};

use super::proof;
use crate::app::App;
use crate::home::next_meeting;
use crate::http::TenantAccess;

/// How often it is looked who plans what.
const EVERY: Duration = Duration::from_mins(5);
/// A meeting is prepared this long before it begins: at the pace of what runs beside, enough for hundreds of people.
const AHEAD: Duration = Duration::from_mins(40);
/// So much of the meeting at least is to be proven beforehand; what follows is renewed while the viewer is there.
const INTO_MEETING: Duration = Duration::from_mins(30);
/// Whoever opened no panel for so long is not expected to do so.
const LATELY: Duration = Duration::from_hours(24);
/// More than are ever signed in at one tenant's credential.
const MOST_PEOPLE: u32 = 5_000;

/// Runs until the shutdown.
pub async fn run(app: App) {
    loop {
        tokio::select! {
            () = app.shutdown.cancelled() => return,
            () = prove_ahead(&app) => {}
        }
        tokio::select! {
            () = app.shutdown.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// Renews the proofs that the meetings of the next while need.
pub async fn prove_ahead(app: &App) {
    for organisation in app.organisation_ids() {
        if !app.tenants.of(organisation).iter().any(|tenant| tenant.shared.is_some()) {
            continue;
        }
        if let Err(error) = prepare_all(app, organisation).await {
            tracing::info!(error = %error, "Proofs for the day's meetings wait for the database.");
        }
    }
}

async fn prepare_all(app: &App, organisation: OrganisationId) -> Result<(), sidelight_store::Error> {
    for (person, grants) in people(app, organisation).await? {
        prepare(app, organisation, &person, grants).await?;
    }
    Ok(())
}

/// Who used a panel lately and reads where one credential reads for everybody, with the sign-ins that need proof.
async fn people(
    app: &App,
    organisation: OrganisationId,
) -> Result<Vec<(PersonKey, Vec<Grant>)>, sidelight_store::Error> {
    let mut unit = app.store.read(organisation).await?;
    let since = app.clock.now().before(LATELY);
    let mut people = Vec::new();
    for person in unit.sessions().people_since(since, MOST_PEOPLE).await? {
        let mut grants = unit.grants().list(&person).await?;
        grants.retain(|grant| grant.ended_at.is_none() && grant.tokens.is_some() && grant.is_active);
        grants.retain(|grant| app.tenant(organisation, &grant.tenant).is_some_and(|tenant| tenant.shared.is_some()));
        if !grants.is_empty() {
            people.push((person, grants));
        }
    }
    Ok(people)
}

async fn prepare(
    app: &App,
    organisation: OrganisationId,
    person: &PersonKey,
    grants: Vec<Grant>,
) -> Result<(), sidelight_store::Error> {
    let now = app.clock.now();
    let mut lacking = Vec::new();
    for grant in grants {
        let Some(state) = app.tenants.state(organisation, &grant.tenant) else { continue };
        // Whoever has proof for the longest that may be needed has it for any meeting, and his plan is not asked for.
        if !proof::lasts_until(state, grant.id, now.after(AHEAD + INTO_MEETING)).await {
            lacking.push((state, TenantAccess { organisation, tenant: Arc::clone(&state.tenant), grant }));
        }
    }
    if lacking.is_empty() {
        return Ok(());
    }
    let next = next_meeting(app, organisation, person).await?;
    let Some(starts_at) = next.filter(|starts_at| *starts_at <= now.after(AHEAD)) else { return Ok(()) };
    for (state, access) in lacking {
        if !proof::lasts_until(state, access.grant.id, starts_at.after(INTO_MEETING)).await
            && let Err(error) = proof::read_ahead(app, state, &access).await
        {
            tracing::info!(error = %error, tenant = %access.tenant.key, "What a viewer may see could not be read ahead.");
        }
    }
    Ok(())
}
