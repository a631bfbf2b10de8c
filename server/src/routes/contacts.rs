//! `GET /api/v1/contacts` and `PUT /api/v1/ticks`: where Zoom does not tell who is there, somebody who knows does.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use sidelight_api::event::Event;
use sidelight_api::people::{Contacts, TickRequest};
use sidelight_api::{ErrorBody, ErrorCode};
use sidelight_domain::access::Action;
use sidelight_domain::ids::{Gsid, ParticipantId, TenantKey};
use sidelight_domain::recognition::Tick;
use sidelight_domain::{EntityKind, EntityRef};
use sidelight_store::SeenMeeting;
use utoipa::IntoParams;

use crate::app::App;
use crate::gainsight;
use crate::http::{Answered, Caller, Input, Query};
use crate::record::Record as _;

/// Whose people.
#[derive(Deserialize, IntoParams)]
pub(super) struct Whose {
    /// The tenant.
    tenant: TenantKey,
    /// Company or relationship.
    kind: EntityKind,
    /// The record.
    id: Gsid,
}

/// The people of a company, by name, to choose from who is there.
#[utoipa::path(
    get, path = "/contacts", tag = "customer", params(Whose),
    responses(
        (status = 200, body = Contacts),
        (status = 404, description = "`entity_unknown`, `tenant_unknown`", body = ErrorBody),
        (status = 502, description = "`gainsight_down`", body = ErrorBody),
    )
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(whose): Query<Whose>,
) -> Answered<Json<Contacts>> {
    let access = caller.enter(&app, &whose.tenant, Action::ReadPeople)?;
    let entity = EntityRef { tenant: whose.tenant, kind: whose.kind, id: whose.id };
    Ok(Json(gainsight::contacts(&app, &access, &entity).await?))
}

/// Says that a person of the tenant is in this meeting, or takes that back, for every licensed member of the organisation in it who may
/// see the person. It confirms an address that was only guessed by a name, too.
#[utoipa::path(
    put, path = "/ticks", tag = "customer", request_body = TickRequest,
    responses(
        (status = 204),
        (status = 404, description = "Not in a meeting, or no person whom the viewer may see", body = ErrorBody),
        (status = 502, description = "`gainsight_down`", body = ErrorBody),
    )
)]
pub(super) async fn tick(
    State(app): State<App>,
    caller: Caller,
    Input(request): Input<TickRequest>,
) -> Answered<StatusCode> {
    let access = caller.enter(&app, &request.tenant, Action::TickPeople)?;
    let (person, meeting) = (caller.person()?, caller.meeting().ok_or(ErrorCode::NotFound)?);
    if request.is_here && !gainsight::knows(&app, &access, &request.email).await? {
        return Err(ErrorCode::NotFound.into());
    }
    let mut unit = app.store.begin(caller.organisation).await?;
    let is_changed = if request.is_here {
        unit.meetings().observe(SeenMeeting::new(meeting.clone())).await?;
        let id = ParticipantId::new(app.ids.uuid());
        let tick = Tick {
            id,
            tenant: request.tenant,
            email: request.email,
            by: access.grant.name.clone(),
            at: app.clock.now(),
        };
        unit.ticks().add(meeting, person, &tick).await?
    } else {
        unit.ticks().remove(meeting, &request.tenant, &request.email).await?
    };
    if is_changed {
        unit.note(Some(person), "roster.ticked", meeting, &json!({ "is_here": request.is_here }));
        unit.tell_meeting(meeting, &Event::People);
    }
    unit.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
