//! `POST /api/v1/people/card` and `PUT /api/v1/corrections`: more about somebody, and who he really is.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::json;
use sidelight_api::card::{Card, CardRequest};
use sidelight_api::event::Event;
use sidelight_api::people::CorrectionRequest;
use sidelight_api::{ErrorBody, ErrorCode};
use sidelight_domain::access::Action;
use sidelight_domain::correction::Correction;

use crate::app::App;
use crate::gainsight;
use crate::http::{Answered, Caller, Input};
use crate::record::Record as _;

/// Where a person works, and what was logged with him. One call at most.
#[utoipa::path(
    post, path = "/people/card", tag = "customer", request_body = CardRequest,
    responses(
        (status = 200, body = Card),
        (status = 404, description = "`not_found`, `tenant_unknown`", body = ErrorBody),
        (status = 502, description = "`gainsight_down`", body = ErrorBody),
    )
)]
pub(super) async fn read(
    State(app): State<App>,
    caller: Caller,
    Input(request): Input<CardRequest>,
) -> Answered<Json<Card>> {
    let access = caller.enter(&app, &request.tenant, Action::ReadPeople)?;
    Ok(Json(gainsight::card(&app, &caller, &access, &request).await?))
}

/// Says who somebody in this meeting really is, or takes that back. Remembered for the next meeting with the same person.
#[utoipa::path(
    put, path = "/corrections", tag = "customer", request_body = CorrectionRequest,
    responses(
        (status = 204),
        (status = 404, description = "`not_found`: nobody who is there, or a person whom the viewer may not see; `tenant_unknown`", body = ErrorBody),
        (status = 502, description = "`gainsight_down`", body = ErrorBody),
    )
)]
pub(super) async fn correct(
    State(app): State<App>,
    caller: Caller,
    Input(request): Input<CorrectionRequest>,
) -> Answered<StatusCode> {
    let access = caller.enter(&app, &request.tenant, Action::TickPeople)?;
    let (person, meeting) = (caller.person()?, caller.meeting().ok_or(ErrorCode::NotFound)?);
    let subject = gainsight::subject_of(&app, &caller, request.participant).await?.ok_or(ErrorCode::NotFound)?;
    if let Some(email) = request.email.as_ref().filter(|_| !request.is_undone)
        && !gainsight::knows(&app, &access, email).await?
    {
        return Err(ErrorCode::NotFound.into());
    }
    let mut unit = app.store.begin(caller.organisation).await?;
    if request.is_undone {
        unit.corrections().remove(&request.tenant, &subject).await?;
    } else {
        let by = access.grant.name.clone();
        let correction = Correction {
            tenant: request.tenant,
            email: request.email,
            meeting: meeting.clone(),
            by,
            at: app.clock.now(),
        };
        unit.corrections().save(person, &subject, &correction).await?;
    }
    unit.note(Some(person), "person.corrected", meeting, &json!({ "is_undone": request.is_undone }));
    unit.tell_meeting(meeting, &Event::People);
    unit.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
