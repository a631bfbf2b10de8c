//! `GET /api/v1/timeline`: an entity's activities; `GET /api/v1/timeline/{tenant}/{id}`: one of them.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use sidelight_api::timeline::{Activity, TimelinePage};
use sidelight_api::{ErrorBody, ErrorCode, FieldError};
use sidelight_domain::access::Action;
use sidelight_domain::ids::{Gsid, TenantKey};
use sidelight_domain::{EntityKind, EntityRef};
use utoipa::IntoParams;

use crate::app::App;
use crate::gainsight;
use crate::http::{Answered, Caller, Query, Refusal};

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

/// A page of activities, newest first.
#[utoipa::path(
    get, path = "/timeline", tag = "customer", params(Where),
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
) -> Answered<Json<TimelinePage>> {
    let access = caller.enter(&app, &place.tenant, Action::ReadTimeline)?;
    let entity = EntityRef { tenant: place.tenant, kind: place.kind, id: place.id };
    let after = place.cursor.as_deref().map(gainsight::read_cursor).transpose().map_err(|error| {
        let field = FieldError { field: "cursor".to_owned(), message: error.to_string() };
        Refusal::new(ErrorCode::InvalidInput).with_fields(vec![field])
    })?;
    Ok(Json(gainsight::timeline_page(&app, &access, &entity, after, place.refresh).await?))
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
