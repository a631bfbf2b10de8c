//! `POST /api/v1/logout`: forgets the person's Gainsight tokens and ends all his panels (design 4.1, 4.5).

use axum::Json;
use axum::extract::State;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use serde_json::json;
use sidelight_api::ErrorBody;
use sidelight_api::event::Event;
use sidelight_api::session::{LogoutAnswer, LogoutRequest, WaitingWrites};
use sidelight_store::{Error as StoreError, PersonKey, Write, WriteState};

use crate::app::App;
use crate::gainsight::Urgency;
use crate::http::{Answered, Caller, Input};
use crate::outbox::{Delivered, HOLD, PATIENCE, deliver};
use crate::record::Record as _;

/// Signs out of every tenant. What has not reached Gainsight is sent now, kept, or forgotten, as the person says.
#[utoipa::path(
    post, path = "/logout", tag = "panel", request_body = LogoutRequest,
    responses((status = 200, body = LogoutAnswer), (status = 401, description = "`session_ended`", body = ErrorBody))
)]
pub(super) async fn logout(
    State(app): State<App>,
    caller: Caller,
    Input(request): Input<LogoutRequest>,
) -> Answered<Json<LogoutAnswer>> {
    let person = *caller.person()?;
    let sent = match request.waiting_writes {
        WaitingWrites::SendNow => send_all(&app, &caller, &person).await,
        WaitingWrites::KeepAsDraft | WaitingWrites::Discard => 0,
    };
    let mut unit = app.store.begin(caller.organisation).await?;
    let (mut kept, mut discarded) = (0, 0);
    if request.waiting_writes == WaitingWrites::Discard {
        discarded = unit.writes().discard_all(&person).await?;
    } else {
        kept = unit.writes().keep_all(&person).await?;
    }
    let grants = unit.grants().end_all_of(&person, "logout").await?;
    for id in unit.sign_ins().end_all_of(&person).await? {
        unit.tell(&person, &Event::SignIn { id });
    }
    let sessions = unit.sessions().end_all_of(&person, "logout").await?;
    unit.note(
        Some(&person),
        "logout",
        &caller.session.id,
        &json!({ "sessions": sessions.len(), "kept": kept, "discarded": discarded }),
    );
    unit.tell(&person, &Event::SessionEnded);
    unit.commit().await?;
    app.sessions.forget_person(&person);
    for grant in grants {
        app.tenants.forget(grant);
    }
    let count = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    Ok(Json(LogoutAnswer { sent, kept: count(kept), discarded: count(discarded) }))
}

/// Tries each waiting write once more while there still is a token, all at the same time and no longer than the person waits for an
/// answer: whatever happens here, he is logged out. What is still on its way then is kept if it fails.
async fn send_all(app: &App, caller: &Caller, person: &PersonKey) -> u32 {
    let claimed = claim_all(app, caller, person).await.unwrap_or_else(|error| {
        tracing::warn!(error = %error, "Waiting writes could not be sent at a logout.");
        Vec::new()
    });
    let mut deliveries: FuturesUnordered<_> = claimed
        .into_iter()
        .map(|write| app.tasks.spawn(deliver(app.clone(), caller.organisation, write, Urgency::Interactive)))
        .collect();
    let mut sent = 0;
    let counting = async {
        while let Some(delivered) = deliveries.next().await {
            sent += u32::from(matches!(delivered, Ok(Ok(Delivered::Done(_)))));
        }
    };
    let _ = tokio::time::timeout(PATIENCE, counting).await;
    sent
}

async fn claim_all(app: &App, caller: &Caller, person: &PersonKey) -> Result<Vec<Write>, StoreError> {
    let mut unit = app.store.begin(caller.organisation).await?;
    let mut claimed = Vec::new();
    for write in unit.writes().list_open(person).await? {
        if write.state == WriteState::Queued {
            claimed.extend(unit.writes().claim(write.id, HOLD).await?);
        }
    }
    unit.commit().await?;
    Ok(claimed)
}
