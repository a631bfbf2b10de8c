//! `POST` and `DELETE /api/v1/inquiry`, `POST /api/v1/inquiry/answers`: guests are asked for their addresses, once in a meeting (design 4.4,
//! `zoom.md` 8). Zoom asks them; that nobody does so twice is kept here.

use axum::extract::State;
use axum::http::StatusCode;
use serde_json::json;
use sidelight_api::event::Event;
use sidelight_api::people::InquiryAnswer;
use sidelight_api::{ErrorBody, ErrorCode};
use sidelight_domain::ids::MeetingUuid;
use sidelight_store::Unit;

use super::roster::LONGEST_UUID;
use crate::app::App;
use crate::gainsight::is_own_meeting;
use crate::http::{Answered, Caller, Input};
use crate::record::Record as _;

/// Notes that the caller's client asks the guests now. From then on nobody of the organisation asks again in this meeting.
#[utoipa::path(
    post, path = "/inquiry", tag = "customer",
    responses(
        (status = 204),
        (status = 404, description = "Not in a meeting, or it is over", body = ErrorBody),
        (status = 409, description = "`guests_asked`, `not_hosting`", body = ErrorBody),
    )
)]
pub(super) async fn begin(State(app): State<App>, caller: Caller) -> Answered<StatusCode> {
    let mut unit = app.store.begin(caller.organisation).await?;
    let meeting = running(&mut unit, &caller).await?;
    if !is_own_meeting(&mut unit, &meeting).await? {
        return Err(ErrorCode::NotHosting.into());
    }
    let person = caller.person()?;
    let name = caller.grants.first().map(|grant| grant.name.as_str()).unwrap_or_default();
    if !unit.inquiries().begin(&meeting, person, name).await? {
        return Err(ErrorCode::GuestsAsked.into());
    }
    unit.note(Some(person), "roster.guests_asked", &meeting, &json!({}));
    unit.tell_meeting(&meeting, &Event::People);
    unit.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes that back, where the client refused before anybody was asked.
#[utoipa::path(
    delete, path = "/inquiry", tag = "customer",
    responses((status = 204), (status = 404, description = "Not in a meeting, or it is over", body = ErrorBody))
)]
pub(super) async fn take_back(State(app): State<App>, caller: Caller) -> Answered<StatusCode> {
    let mut unit = app.store.begin(caller.organisation).await?;
    let meeting = running(&mut unit, &caller).await?;
    let person = caller.person()?;
    if unit.inquiries().take_back(&meeting, person).await? {
        unit.note(Some(person), "roster.guests_not_asked", &meeting, &json!({}));
        unit.tell_meeting(&meeting, &Event::People);
    }
    unit.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Hands on what Zoom told the panel that asked. It counts for this meeting, where Zoom discloses nothing better, and is forgotten with its end.
#[utoipa::path(
    post, path = "/inquiry/answers", tag = "customer", request_body = InquiryAnswer,
    responses((status = 204), (status = 404, description = "Not in a meeting, it is over, or the caller did not ask", body = ErrorBody))
)]
pub(super) async fn answer(
    State(app): State<App>,
    caller: Caller,
    Input(answer): Input<InquiryAnswer>,
) -> Answered<StatusCode> {
    let mut unit = app.store.begin(caller.organisation).await?;
    let meeting = running(&mut unit, &caller).await?;
    let (person, uuid) = (caller.person()?, &answer.participant);
    let is_asker = unit.inquiries().is_asker(&meeting, person).await?;
    if !is_asker || uuid.as_str().is_empty() || uuid.as_str().len() > LONGEST_UUID {
        return Err(ErrorCode::NotFound.into());
    }
    if unit.inquiries().answer(&meeting, person, uuid, answer.email.as_ref()).await? {
        unit.note(Some(person), "roster.guest_answered", &meeting, &json!({ "has_told": answer.email.is_some() }));
        unit.tell_meeting(&meeting, &Event::People);
    }
    unit.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The meeting that the caller sits in.
async fn running(unit: &mut Unit, caller: &Caller) -> Answered<MeetingUuid> {
    let uuid = caller.session.meeting.clone().ok_or(ErrorCode::NotFound)?;
    let is_over = |meeting: sidelight_store::Meeting| meeting.ended_at.is_some();
    // Locked, so that its end does not come in between.
    match unit.meetings().find(&uuid).await?.map(is_over) {
        Some(false) => Ok(uuid),
        Some(true) | None => Err(ErrorCode::NotFound.into()),
    }
}
