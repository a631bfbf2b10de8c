//! `/api/v1/writes`: the author's writes that are on their way or need attention.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::json;
use sidelight_api::activity::{DraftContent, OtherAttendee, PendingWrite, SettleWrite};
use sidelight_api::event::Event;
use sidelight_api::{ErrorBody, ErrorCode};
use sidelight_domain::EmailAddress;
use sidelight_domain::activity::ActivityForm;
use sidelight_domain::ids::WriteId;
use sidelight_domain::words::Word;
use sidelight_store::{PersonKey, Saved, Unit, Write, WriteState};

use crate::app::App;
use crate::http::{Answered, Caller, Input, Refusal};
use crate::outbox::{self, Earlier, Payload};
use crate::record::Record as _;

/// Everything of the author that is not in Gainsight yet, the latest first.
#[utoipa::path(get, path = "/writes", tag = "writing", responses((status = 200, body = [PendingWrite])))]
pub(super) async fn list(State(app): State<App>, caller: Caller) -> Answered<Json<Vec<PendingWrite>>> {
    let mut unit = app.store.read(caller.organisation).await?;
    let open = unit.writes().list_open(caller.person()?).await?;
    Ok(Json(open.iter().map(outbox::shown).collect()))
}

/// Tries a write now, makes it the draft of this meeting again, or forgets it.
#[utoipa::path(
    post, path = "/writes/{id}", tag = "writing", params(("id" = WriteId, Path)), request_body = SettleWrite,
    responses((status = 204), (status = 404, body = ErrorBody), (status = 409, description = "`write_settled`, `draft_conflict`", body = ErrorBody))
)]
pub(super) async fn settle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(how): Input<SettleWrite>,
) -> Answered<StatusCode> {
    let id: WriteId = id.parse().map_err(|_| ErrorCode::NotFound)?;
    let person = *caller.person()?;
    let mut unit = app.store.begin(caller.organisation).await?;
    let write = unit.writes().find_of(&person, id).await?.ok_or(ErrorCode::NotFound)?;
    match (write.state, how) {
        (WriteState::Done | WriteState::Discarded, _) => return Err(ErrorCode::WriteSettled.into()),
        // What he asks for is happening already, or taken up again as soon as a dead sender's claim runs out.
        (WriteState::Sending, SettleWrite::TryNow) => return Ok(StatusCode::NO_CONTENT),
        (WriteState::Sending, SettleWrite::Reopen | SettleWrite::Discard) => {
            return Err(Refusal::new(ErrorCode::WriteSettled).saying(Word::ErrorWriteOnItsWay.text()));
        }
        (WriteState::Queued | WriteState::NeedsSignIn | WriteState::Kept | WriteState::Refused, _) => {}
    }
    match how {
        SettleWrite::TryNow => try_now(&app, &mut unit, &write).await?,
        SettleWrite::Reopen => reopen(&caller, &mut unit, &person, &write).await?,
        SettleWrite::Discard => {
            unit.writes().discard(&person, id).await?;
        }
    }
    unit.note(Some(&person), "write.settled", &id, &json!({ "how": how }));
    unit.tell(&person, &Event::Write { id });
    unit.commit().await?;
    app.wake.outbox.notify_one();
    Ok(StatusCode::NO_CONTENT)
}

/// Due at once; the job sends it.
async fn try_now(app: &App, unit: &mut Unit, write: &Write) -> Answered<()> {
    let claimed = unit.writes().claim(write.id, outbox::HOLD).await?.ok_or(ErrorCode::WriteSettled)?;
    unit.writes().retry_later(&claimed, app.clock.now(), write.answer.as_deref()).await?;
    Ok(())
}

/// The text moves into the draft of this meeting, unless another one stands there: no text ever eats another.
async fn reopen(caller: &Caller, unit: &mut Unit, person: &PersonKey, write: &Write) -> Answered<()> {
    // A person who was to be added becomes no note: the panel opens the form again.
    let payload: Payload = serde_json::from_str(&write.payload).map_err(|_| Refusal::new(ErrorCode::NotFound))?;
    if payload.task.target().is_some() {
        // A change is no note: it is looked at where the activity is.
        return Err(ErrorCode::WriteSettled.into());
    }
    let based_on = match unit.drafts().find_open(person, caller.meeting()).await? {
        None => 0,
        Some(draft) if is_empty(&draft.content) => draft.version,
        Some(_) => return Err(Refusal::new(ErrorCode::DraftConflict).saying(Word::ErrorDraftInTheWay.text())),
    };
    let earlier = Earlier::of(write, &payload);
    let content = serde_json::to_string(&content_of(payload.form)).map_err(Refusal::internal)?;
    let Saved::Saved(draft) = unit.drafts().save(person, caller.meeting(), based_on, &content).await? else {
        return Err(ErrorCode::DraftConflict.into());
    };
    if let Some(earlier) = earlier {
        let earlier = serde_json::to_string(&earlier).map_err(Refusal::internal)?;
        unit.drafts().note_earlier(draft.id, &earlier).await?;
    }
    unit.writes().discard(person, write.id).await?;
    unit.tell(person, &Event::Draft);
    Ok(())
}

fn is_empty(content: &str) -> bool {
    serde_json::from_str::<DraftContent>(content)
        .is_ok_and(|content| content.format.is_blank(&content.notes) && content.subject.is_none())
}

fn content_of(form: ActivityForm) -> DraftContent {
    let named = |email: EmailAddress, is_internal| OtherAttendee { name: email.to_string(), email, is_internal };
    let internal = form.internal_attendees.clone().into_iter().map(|email| named(email, true));
    let others = internal.chain(form.external_attendees.clone().into_iter().map(|email| named(email, false)));
    DraftContent {
        entity: Some(form.entity),
        type_name: Some(form.type_name),
        subject: Some(form.subject),
        notes: form.notes,
        format: form.format,
        held_at: Some(form.held_at),
        duration_minutes: form.duration_minutes,
        // Whoever is in the meeting is named there; whoever is not would be lost.
        others: others.collect(),
        attendees: Some(form.internal_attendees.into_iter().chain(form.external_attendees).collect()),
        fields: form.fields,
    }
}
