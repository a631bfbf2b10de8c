//! `GET /api/v1/activity-types`: what can be logged.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use sidelight_api::ErrorBody;
use sidelight_api::activity::ActivityTypes;
use sidelight_domain::access::Action;
use sidelight_domain::ids::TenantKey;
use utoipa::IntoParams;

use crate::app::App;
use crate::gainsight;
use crate::http::{Answered, Caller, Query};

/// Where.
#[derive(Deserialize, IntoParams)]
pub(super) struct Where {
    /// The tenant.
    tenant: TenantKey,
}

/// The tenant's activity types, as its operator listed them, and what they ask for: the documented API does not tell the one and half of
/// the other (`gainsight.md` 10.5).
#[utoipa::path(
    get, path = "/activity-types", tag = "writing", params(Where),
    responses((status = 200, body = ActivityTypes), (status = 404, description = "`tenant_unknown`", body = ErrorBody))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(place): Query<Where>,
) -> Answered<Json<ActivityTypes>> {
    let access = caller.enter(&app, &place.tenant, Action::LogActivity)?;
    let types = access.tenant.activity_types.clone();
    // A panel opens in meetings, so that is what is logged unless the tenant has no such type.
    let meeting = types.iter().find(|name| name.as_str() == "Meeting").or_else(|| types.first());
    let default_type = meeting.cloned().unwrap_or_default();
    let forms = gainsight::forms(&app, &access).await?.forms;
    Ok(Json(ActivityTypes { tenant: place.tenant, default_type, types, forms }))
}
