//! `GET /api/v1/timeline`: an entity's activities; `GET /api/v1/timeline/{tenant}/{id}`: one of them.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use sidelight_api::activity::PendingWrite;
use sidelight_api::timeline::{Activity, ChangeActivity, DeleteActivity, Narrowing, TimelinePage};
use sidelight_api::{ErrorBody, ErrorCode, FieldError};
use sidelight_domain::access::Action;
use sidelight_domain::ids::{Gsid, TenantKey};
use sidelight_domain::{EntityKind, EntityRef};
use utoipa::IntoParams;

use crate::app::App;
use crate::gainsight;
use crate::http::{Answered, Caller, Input, Query, Refusal};
use crate::outbox::{self, Submitted};

/// Whose activities, and from where on.
#[derive(Deserialize, IntoParams)]
pub(super) struct Where {
    /// The tenant.
    tenant: TenantKey,
    /// Company or relationship.
    kind: EntityKind,
    /// The record.
    id: Gsid,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Reads the page anew.
    #[serde(default)]
    refresh: bool,
}

/// A page of activities, newest first: all of them, or those that are wanted. A page may hold fewer than the next one, even none.
#[utoipa::path(
    get, path = "/timeline", tag = "customer", params(Where, Narrowing),
    responses(
        (status = 200, body = TimelinePage),
        (status = 404, description = "`entity_unknown`, `tenant_unknown`", body = ErrorBody),
        (status = 422, description = "`invalid_input`: not a cursor of ours", body = ErrorBody),
        (status = 502, description = "`gainsight_down`", body = ErrorBody),
    )
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(place): Query<Where>,
    Query(narrowing): Query<Narrowing>,
) -> Answered<Json<TimelinePage>> {
    let access = caller.enter(&app, &place.tenant, Action::ReadTimeline)?;
    let entity = EntityRef { tenant: place.tenant, kind: place.kind, id: place.id };
    let after = place.cursor.as_deref().map(gainsight::read_cursor).transpose().map_err(|error| {
        let field = FieldError { field: "cursor".to_owned(), message: error.to_string() };
        Refusal::new(ErrorCode::InvalidInput).with_fields(vec![field])
    })?;
    let names = if narrowing.is_of_meeting { Some(gainsight::names_of_customers(&app, &caller).await?) } else { None };
    let wanted = gainsight::wanted(&app, &access, narrowing, names);
    let asked = gainsight::Asked { wanted, after, renew: place.refresh };
    Ok(Json(gainsight::timeline_page(&app, &access, &entity, asked).await?))
}

/// One activity with its notes, sanitised.
#[utoipa::path(
    get, path = "/timeline/{tenant}/{id}", tag = "customer", params(("tenant" = TenantKey, Path), ("id" = Gsid, Path)),
    responses((status = 200, body = Activity), (status = 404, body = ErrorBody))
)]
pub(super) async fn open(
    State(app): State<App>,
    caller: Caller,
    Path((tenant, id)): Path<(String, String)>,
) -> Answered<Json<Activity>> {
    let access = caller.enter(&app, &TenantKey::new(tenant), Action::ReadTimeline)?;
    let found = gainsight::activity(&app, &access, &Gsid::new(id)).await?;
    Ok(Json(found.ok_or(ErrorCode::NotFound)?))
}

/// Changes an activity of one's own; only what is named is sent. Repeat the request with the same key if the answer is lost.
#[utoipa::path(
    put, path = "/timeline/{tenant}/{id}", tag = "writing", params(("tenant" = TenantKey, Path), ("id" = Gsid, Path)),
    request_body = ChangeActivity,
    responses(
        (status = 200, description = "In Gainsight", body = PendingWrite),
        (status = 202, description = "Saved here, will reach Gainsight", body = PendingWrite),
        (status = 403, description = "`not_author`, not signed in, or no licence", body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 409, description = "`activity_conflict`: somebody else changed it; nothing was overwritten", body = ErrorBody),
        (status = 422, description = "`invalid_input` or `gainsight_refused`, with fields", body = ErrorBody),
        (status = 502, description = "`gainsight_down`", body = ErrorBody),
    )
)]
pub(super) async fn change(
    State(app): State<App>,
    caller: Caller,
    Path((tenant, id)): Path<(String, String)>,
    Input(request): Input<ChangeActivity>,
) -> Answered<Response> {
    let place = (TenantKey::new(tenant), Gsid::new(id));
    Ok(match outbox::submit_change(&app, &caller, place, request).await? {
        Submitted::Done(write) => (StatusCode::OK, Json(outbox::shown(&write))).into_response(),
        Submitted::Waiting(write) => (StatusCode::ACCEPTED, Json(outbox::shown(&write))).into_response(),
    })
}

/// Which deletion, and of what.
#[derive(Deserialize, IntoParams)]
pub(super) struct Deletion {
    /// Chosen by the caller. The same key again is the same deletion.
    key: String,
    /// `seen` of the activity that was read. What somebody else changed since is not deleted.
    seen: String,
}

/// Deletes an activity of one's own, after a few seconds in which `POST /writes/{id}` can still discard that.
#[utoipa::path(
    delete, path = "/timeline/{tenant}/{id}", tag = "writing", params(("tenant" = TenantKey, Path), ("id" = Gsid, Path), Deletion),
    responses(
        (status = 202, description = "Will be deleted", body = PendingWrite),
        (status = 403, description = "`not_author`, not signed in, or no licence", body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 422, description = "`invalid_input`", body = ErrorBody),
        (status = 502, description = "`gainsight_down`", body = ErrorBody),
    )
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path((tenant, id)): Path<(String, String)>,
    Query(Deletion { key, seen }): Query<Deletion>,
) -> Answered<Response> {
    let place = (TenantKey::new(tenant), Gsid::new(id));
    let write = outbox::submit_deletion(&app, &caller, place, DeleteActivity { key, seen }).await?;
    Ok((StatusCode::ACCEPTED, Json(outbox::shown(&write))).into_response())
}
