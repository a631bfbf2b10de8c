//! `POST /api/v1/attendees/find`: whom an activity can name besides those in the meeting.

use axum::Json;
use axum::extract::State;
use sidelight_api::ErrorBody;
use sidelight_api::activity::{FindAttendees, OtherAttendee};
use sidelight_domain::access::Action;

use crate::app::App;
use crate::gainsight;
use crate::http::{Answered, Caller, Input};

/// The company's people and the tenant's users with a part of the name or address: eight of each at most.
#[utoipa::path(
    post, path = "/attendees/find", tag = "writing", request_body = FindAttendees,
    responses(
        (status = 200, body = Vec<OtherAttendee>),
        (status = 404, description = "`entity_unknown`, `tenant_unknown`", body = ErrorBody),
        (status = 502, description = "`gainsight_down`", body = ErrorBody),
    )
)]
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller,
    Input(sought): Input<FindAttendees>,
) -> Answered<Json<Vec<OtherAttendee>>> {
    let access = caller.enter(&app, &sought.entity.tenant, Action::ReadPeople)?;
    Ok(Json(gainsight::attendees(&app, &access, &sought).await?))
}
