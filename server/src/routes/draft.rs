//! `/api/v1/draft`: the one note a person keeps in a meeting before it is logged. Nothing typed is ever lost.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use sidelight_api::activity::{Draft, DraftConflict, SaveDraft};
use sidelight_api::event::Event;
use sidelight_api::{ErrorBody, ErrorCode, FieldError};
use sidelight_domain::NotesFormat;
use sidelight_domain::activity::{LONGEST_DRAFT, LONGEST_FIELD};
use sidelight_domain::person::{FilledField, MOST_FIELDS};
use sidelight_domain::words::Word;
use sidelight_store::Saved;
use utoipa::IntoParams;

use crate::app::App;
use crate::gainsight::cleaned_note;
use crate::http::{Answered, Caller, Input, Query, Refusal};
use crate::record::Record as _;

/// The author's draft in this meeting.
#[utoipa::path(get, path = "/draft", tag = "writing", responses((status = 200, body = Draft), (status = 204, description = "There is none")))]
pub(super) async fn read(State(app): State<App>, caller: Caller) -> Answered<Response> {
    let mut unit = app.store.read(caller.organisation).await?;
    let draft = unit.drafts().find_open(caller.person()?, caller.meeting()).await?;
    Ok(draft.map_or_else(|| StatusCode::NO_CONTENT.into_response(), |draft| Json(shown(&draft)).into_response()))
}

/// Saves the whole content. A change that is based on an older version is refused with both texts, so that neither is lost.
#[utoipa::path(
    put, path = "/draft", tag = "writing", request_body = SaveDraft,
    responses((status = 200, body = Draft), (status = 409, description = "`draft_conflict`, with the current text; `write_settled`: logged or discarded meanwhile", body = DraftConflict), (status = 422, body = ErrorBody))
)]
pub(super) async fn save(
    State(app): State<App>,
    caller: Caller,
    Input(mut change): Input<SaveDraft>,
) -> Answered<Json<Draft>> {
    let person = *caller.person()?;
    if change.content.format == NotesFormat::Html {
        change.content.notes = cleaned_note(&change.content.notes);
    }
    if change.content.notes.chars().count() > LONGEST_DRAFT {
        let message = Word::FieldTooLong.fill(&[("most", &LONGEST_DRAFT.to_string())]);
        return Err(Refusal::new(ErrorCode::InvalidInput)
            .with_fields(vec![FieldError { field: "content.notes".to_owned(), message }]));
    }
    let is_too_long = |filled: &FilledField| filled.name.len() + filled.value.len() > LONGEST_FIELD * 4;
    if change.content.fields.len() > MOST_FIELDS || change.content.fields.iter().any(is_too_long) {
        let message = Word::FieldTooMany.fill(&[("most", &MOST_FIELDS.to_string())]);
        return Err(Refusal::new(ErrorCode::InvalidInput)
            .with_fields(vec![FieldError { field: "content.fields".to_owned(), message }]));
    }
    let content = serde_json::to_string(&change.content).map_err(Refusal::internal)?;
    let mut unit = app.store.begin(caller.organisation).await?;
    match unit.drafts().save(&person, caller.meeting(), change.based_on, &content).await? {
        Saved::Saved(draft) => {
            unit.note(Some(&person), "draft.saved", &draft.id, &json!({ "version": draft.version }));
            unit.tell(&person, &Event::Draft);
            unit.commit().await?;
            Ok(Json(shown(&draft)))
        }
        // Logged or discarded from another window; whoever goes on typing begins a new one, based on version 0.
        Saved::Closed => Err(ErrorCode::WriteSettled.into()),
        Saved::Conflict(current) => Err(Refusal::new(ErrorCode::DraftConflict).with("current", &shown(&current))),
    }
}

/// Which version is discarded.
#[derive(Deserialize, IntoParams)]
pub(super) struct Discarded {
    /// The version the author saw; a newer one is kept.
    version: u32,
}

/// Discards the draft.
#[utoipa::path(
    delete, path = "/draft", tag = "writing", params(Discarded),
    responses((status = 204), (status = 409, description = "`draft_conflict`", body = DraftConflict))
)]
pub(super) async fn discard(
    State(app): State<App>,
    caller: Caller,
    Query(seen): Query<Discarded>,
) -> Answered<StatusCode> {
    let person = *caller.person()?;
    let mut unit = app.store.begin(caller.organisation).await?;
    let Some(draft) = unit.drafts().find_open(&person, caller.meeting()).await? else {
        return Ok(StatusCode::NO_CONTENT);
    };
    if draft.version != seen.version {
        return Err(Refusal::new(ErrorCode::DraftConflict).with("current", &shown(&draft)));
    }
    unit.drafts().discard(&person, draft.id).await?;
    unit.note(Some(&person), "draft.discarded", &draft.id, &json!({}));
    unit.tell(&person, &Event::Draft);
    unit.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A draft as the panel sees it. Content of an older version that cannot be read any more is empty rather than an error.
#[must_use]
pub(super) fn shown(draft: &sidelight_store::Draft) -> Draft {
    let content = serde_json::from_str(&draft.content).unwrap_or_default();
    Draft { id: draft.id, version: draft.version, content, saved_at: draft.saved_at }
}
