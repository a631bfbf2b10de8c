//! `PUT` and `DELETE /api/v1/invitation`: where Zoom does not tell addresses, the viewer's calendar does (design 4.4).

use axum::extract::State;
use axum::http::StatusCode;
use serde_json::json;
use sidelight_api::event::Event;
use sidelight_api::people::InvitationRequest;
use sidelight_api::{ErrorBody, ErrorCode, FieldError};
use sidelight_domain::words::Word;
use sidelight_store::SeenMeeting;

use crate::app::App;
use crate::calendar::named;
use crate::http::{Answered, Caller, Input, Refusal};
use crate::record::Record as _;

/// Says whom the invitation names, in the place of what the viewer brought before. Every licensed member of the organisation in this meeting
/// sees those whom it makes likely, as guesses by their names.
#[utoipa::path(
    put, path = "/invitation", tag = "customer", request_body = InvitationRequest,
    responses(
        (status = 204),
        (status = 404, description = "Not in a meeting", body = ErrorBody),
        (status = 422, description = "Nobody is named with an address", body = ErrorBody),
    )
)]
pub(super) async fn bring(
    State(app): State<App>,
    caller: Caller,
    Input(request): Input<InvitationRequest>,
) -> Answered<StatusCode> {
    let (person, meeting) = (caller.person()?, caller.meeting().ok_or(ErrorCode::NotFound)?);
    let named = named(&request.text);
    if named.is_empty() {
        let message = Word::InvitationNobody.text().to_owned();
        let refusal =
            Refusal::new(ErrorCode::InvalidInput).with_fields(vec![FieldError { field: "text".to_owned(), message }]);
        return Err(refusal);
    }
    let mut unit = app.store.begin(caller.organisation).await?;
    unit.meetings().observe(SeenMeeting::new(meeting.clone())).await?;
    unit.invitations().bring(meeting, person, &named).await?;
    unit.note(Some(person), "roster.invitation_brought", meeting, &json!({ "people": named.len() }));
    unit.tell_meeting(meeting, &Event::People);
    unit.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Forgets the invitation that the viewer brought.
#[utoipa::path(
    delete, path = "/invitation", tag = "customer",
    responses((status = 204), (status = 404, description = "Not in a meeting", body = ErrorBody))
)]
pub(super) async fn take_back(State(app): State<App>, caller: Caller) -> Answered<StatusCode> {
    let (person, meeting) = (caller.person()?, caller.meeting().ok_or(ErrorCode::NotFound)?);
    let mut unit = app.store.begin(caller.organisation).await?;
    if unit.invitations().take_back(meeting, person).await? {
        unit.note(Some(person), "roster.invitation_forgotten", meeting, &json!({}));
        unit.tell_meeting(meeting, &Event::People);
    }
    unit.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
