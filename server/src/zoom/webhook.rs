//! `POST /zoom/webhook`: check the signature on the raw bytes, keep the event, answer; the work happens in a job (`zoom.md` 6).

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use sidelight_domain::ids::OrganisationId;
use sidelight_store::{Digest, NewDelivery};
use sidelight_zoom::webhook::{Delivery, Event, Notice, WebhookError, WebhookReader, Window};

use crate::app::App;
use crate::config::ZoomApp;
use crate::http::{Answered, Refusal};

/// Takes one delivery. Zoom waits three seconds for the answer and repeats what was not answered.
pub(crate) async fn receive(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Answered<Response> {
    let (zoom_app, delivery) = match verified(&app, &headers, &body) {
        Ok(verified) => verified,
        Err(error) => {
            // Counted by kind, so that an operator sees a wrong secret or a clock that is off before tightening anything.
            metrics::counter!("zoom_webhooks_refused_total", "reason" => error.kind()).increment(1);
            return Err(Refusal::new(sidelight_api::ErrorCode::Unverified).because(error));
        }
    };
    match delivery {
        // Needs no database, so that Zoom does not switch us off while ours is away (`zoom.md` 6.1).
        Delivery::Challenge(answer) => Ok(Json(answer).into_response()),
        Delivery::Notice(notice) => {
            keep(&app, zoom_app, &notice, &body).await?;
            Ok(StatusCode::NO_CONTENT.into_response())
        }
    }
}

/// Each app has a secret of its own; the one that fits says whose event it is.
fn verified<'a>(app: &'a App, headers: &HeaderMap, body: &[u8]) -> Result<(&'a ZoomApp, Delivery), WebhookError> {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let (signature, timestamp) =
        (header(sidelight_zoom::webhook::SIGNATURE_HEADER), header(sidelight_zoom::webhook::TIMESTAMP_HEADER));
    let mut refused = WebhookError::Unsigned;
    for zoom_app in &app.config.zoom.apps {
        let reader = WebhookReader::new([&zoom_app.webhook_secret], Window::default());
        match reader.read(signature, timestamp, body, app.clock.now()) {
            Ok(delivery) => return Ok((zoom_app, delivery)),
            Err(error) => refused = error,
        }
    }
    Err(refused)
}

async fn keep(app: &App, zoom_app: &ZoomApp, notice: &Notice, body: &[u8]) -> Answered<()> {
    let Some(organisation) = organisation(app, zoom_app, notice).await? else {
        metrics::counter!("zoom_webhooks_homeless_total").increment(1);
        tracing::info!(event.name = notice.event.name(), "A webhook belongs to no organisation and was dropped.");
        return Ok(());
    };
    let delivery = NewDelivery {
        digest: Digest::from(notice.key),
        event: notice.event.name().to_owned(),
        body: String::from_utf8_lossy(body).into_owned(),
        // By our clock, as everything else that it is compared with: Zoom's may be minutes off.
        event_at: app.clock.now().before(notice.late_by),
    };
    let mut unit = app.store.begin(organisation).await?;
    let is_new = unit.inbox().add(delivery).await?;
    unit.commit().await?;
    metrics::counter!("zoom_webhooks_total", "event" => notice.event.name().to_owned(), "repeat" => (!is_new).to_string()).increment(1);
    app.wake.inbox.notify_one();
    Ok(())
}

/// By the app, by the account, or by who installed the app.
async fn organisation(app: &App, zoom_app: &ZoomApp, notice: &Notice) -> Answered<Option<OrganisationId>> {
    if let Some(known) = app.organisation_of(&zoom_app.client_id, notice.account.as_ref()) {
        return Ok(Some(known));
    }
    let Some(account) = &notice.account else { return Ok(None) };
    let found = app.store.locate_account(account).await?;
    // Two organisations cannot share an account; if they seem to, nobody gets the event.
    Ok(found.first().copied().filter(|_| found.len() == 1))
}

/// The name under which an event is counted and kept.
trait Named {
    fn name(&self) -> &str;
}

impl Named for Event {
    fn name(&self) -> &str {
        match self {
            Self::MeetingStarted(_) => "meeting.started",
            Self::MeetingEnded(_) => "meeting.ended",
            Self::Participant(_) => "meeting.participant",
            Self::AppDeauthorized(_) => "app_deauthorized",
            Self::Other(name) => name,
        }
    }
}
