//! `GET /api/v1/panel`: everything the shell shows, without a call to Gainsight.

use axum::Json;
use axum::extract::State;
use sidelight_api::ErrorBody;
use sidelight_api::session::{Meeting, Panel, Standing, Tenant, Viewer};
use sidelight_domain::access::{Identity, Reason};
use sidelight_domain::permission::declined;
use sidelight_store::{Grant, Installation, Unit};

use super::draft::shown as draft_shown;
use crate::app::App;
use crate::http::{Answered, Caller};
use crate::zoom::install_link;
use crate::{outbox, sign_in, view};

/// Everything the shell shows.
#[utoipa::path(
    get, path = "/panel", tag = "panel",
    responses((status = 200, body = Panel), (status = 401, description = "`session_ended`", body = ErrorBody))
)]
pub(super) async fn read(State(app): State<App>, caller: Caller) -> Answered<Json<Panel>> {
    Ok(Json(panel_of(&app, &caller).await?))
}

/// The same, for the exchange that opens a session.
///
/// # Errors
/// A refusal of the database.
pub(super) async fn panel_of(app: &App, caller: &Caller) -> Answered<Panel> {
    let view = view::load(app, caller).await?;
    let now = app.clock.now();
    let mut unit = app.store.read(caller.organisation).await?;
    let installation = installation(&mut unit, caller).await?;
    let mut panel = Panel {
        viewer: viewer(app, caller, installation.as_ref()),
        meeting: meeting(&mut unit, caller).await?,
        tenants: tenants(app, caller),
        view,
        draft: None,
        writes: Vec::new(),
        sign_in: None,
        now,
    };
    if let Some(person) = caller.session.person.filter(|_| caller.identity() == Identity::Member) {
        panel.draft = unit.drafts().find_open(&person, caller.meeting()).await?.map(|draft| draft_shown(&draft));
        panel.writes = unit.writes().list_open(&person).await?.iter().map(outbox::shown).collect();
        let latest = unit.sign_ins().find_latest(&person).await?.filter(|sign_in| sign_in.is_open(now));
        panel.sign_in = latest.map(|row| sign_in::shown(&row, now, None));
    }
    Ok(panel)
}

async fn installation(unit: &mut Unit, caller: &Caller) -> Answered<Option<Installation>> {
    let Some(person) = &caller.session.person else { return Ok(None) };
    Ok(unit.installations().find(person).await?.filter(|installation| installation.removed_at.is_none()))
}

fn viewer(app: &App, caller: &Caller, installation: Option<&Installation>) -> Viewer {
    let signed_in = || caller.grants.iter().find(|grant| grant.ended_at.is_none()).map(|grant| grant.name.clone());
    let proven = installation.map(|installation| installation.name.clone()).filter(|name| !name.is_empty());
    Viewer {
        name: proven.or_else(signed_in).unwrap_or_else(|| caller.session.screen_name.clone()),
        email: installation.and_then(|installation| installation.email.clone()),
        blocked: match caller.identity() {
            Identity::Member => None,
            Identity::Stranger => Some(Reason::NoOrganisation),
            Identity::Guest | Identity::Nobody => Some(Reason::Guest),
        },
        zoom_authorised: installation.is_some(),
        declined: installation.map(|installation| declined(installation.scope.split_whitespace())).unwrap_or_default(),
        install_url: install_link(app, &caller.session.client_id).into(),
    }
}

async fn meeting(unit: &mut Unit, caller: &Caller) -> Answered<Option<Meeting>> {
    let Some(uuid) = caller.meeting() else { return Ok(None) };
    // Guests are told that there is a meeting, which they know, and nothing about it.
    let known = if caller.identity() == Identity::Member { unit.meetings().find(uuid).await? } else { None };
    Ok(Some(Meeting {
        uuid: uuid.clone(),
        topic: known.as_ref().and_then(|meeting| meeting.topic.clone()),
        started_at: known.as_ref().and_then(|meeting| meeting.started_at),
        ended_at: known.as_ref().and_then(|meeting| meeting.ended_at),
        role: caller.session.role,
        host_reports: known.is_some_and(|meeting| meeting.host_reported_at.is_some()),
    }))
}

fn tenants(app: &App, caller: &Caller) -> Vec<Tenant> {
    if caller.identity() != Identity::Member {
        return Vec::new();
    }
    let grant = |tenant: &crate::config::Tenant| caller.grants.iter().find(|grant| grant.tenant == tenant.key);
    let shown = |tenant: std::sync::Arc<crate::config::Tenant>| Tenant {
        key: tenant.key.clone(),
        name: tenant.name.clone(),
        host: tenant.host.clone(),
        environment: tenant.environment.clone(),
        is_sandbox: tenant.is_sandbox,
        data_centre: tenant.data_centre.clone(),
        standing: grant(&tenant).map_or(Standing::SignedOut, standing),
    };
    app.tenants.of(caller.organisation).into_iter().map(shown).collect()
}

fn standing(grant: &Grant) -> Standing {
    match grant.ended_because.as_deref() {
        // Signed out on purpose, or replaced: nothing to complain about. Anything else was Gainsight's doing.
        Some("logout" | "replaced") => Standing::SignedOut,
        Some(_) => Standing::Expired { email: grant.email.clone() },
        None => Standing::SignedIn {
            name: grant.name.clone(),
            email: grant.email.clone(),
            licence: grant.licence,
            is_active: grant.is_active,
        },
    }
}
