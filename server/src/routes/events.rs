//! `GET /api/v1/events`: what changed, as it happens (design 4.6).

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event as Message, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::Stream;
use sidelight_api::event::Event;
use sidelight_store::{Error as StoreError, Listener, Session};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::app::App;
use crate::gainsight::Attention;
use crate::http::{Answered, Caller};

/// Streams events to one panel. `Last-Event-ID` resumes after the last one it saw; without it, only what happens from now on is told.
///
/// The stream ends with `session_ended` when the session does, and without it when the server shuts down, its database is away, or the
/// session has opened several newer ones.
#[utoipa::path(
    get, path = "/events", tag = "panel",
    params(("Last-Event-ID" = Option<u64>, Header, description = "Number of the last event seen")),
    responses((status = 200, description = "Server-sent events; `id` is the number, `data` an Event as JSON", content_type = "text/event-stream", body = Event))
)]
pub(super) async fn listen(State(app): State<App>, caller: Caller, headers: HeaderMap) -> Answered<Response> {
    let seen = headers.get("last-event-id").and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
    let cursor = start(&app, &caller, seen).await?;
    let (sender, receiver) = mpsc::channel(32);
    let turn = app.streams.begin(caller.organisation, caller.session.id);
    tokio::spawn(async move {
        // Also while the panel does not take what there is.
        tokio::select! {
            () = app.shutdown.cancelled() => {}
            () = turn.is_over() => {}
            () = follow(&app, &caller, cursor, &sender) => {}
        }
    });
    let stream = Sse::new(messages(receiver)).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)));
    // Proxies must neither keep nor gather it.
    Ok(([("cache-control", "no-store"), ("x-accel-buffering", "no")], stream).into_response())
}

fn messages(receiver: mpsc::Receiver<Message>) -> impl Stream<Item = Result<Message, Infallible>> {
    use futures_util::StreamExt as _;
    ReceiverStream::new(receiver).map(Ok)
}

/// Where to begin: after what was seen, or after what there was when the session was opened, so that nothing between the panel's first
/// answers and its stream is lost; unless that lies before what was purged meanwhile.
async fn start(app: &App, caller: &Caller, seen: Option<u64>) -> Answered<u64> {
    let mut unit = app.store.read(caller.organisation).await?;
    let latest = unit.events().latest().await?;
    let seen = seen.unwrap_or(caller.session.events_from);
    let lowest = unit.events().lowest_cursor().await?;
    Ok(seen.clamp(lowest.min(latest), latest))
}

/// Pumps events until the panel goes away or the session ends. If the database is away, the stream just ends: the panel
/// comes back and resumes where it was.
async fn follow(app: &App, caller: &Caller, mut cursor: u64, sender: &mpsc::Sender<Message>) {
    let mut bell = app.store.bell();
    let mut has_rung = true;
    let mut attention = Attention::default();
    loop {
        if let Some(entity) = attention.renew(app, caller).await
            && sender.send(unnumbered(&Event::Timeline { entity })).await.is_err()
        {
            return;
        }
        if has_rung && !send_new(app, caller, &mut cursor, &mut attention, sender).await.unwrap_or(false) {
            return;
        }
        match is_live(app, caller).await {
            Ok(true) => {}
            Ok(false) => {
                let _ = sender.send(unnumbered(&Event::SessionEnded)).await;
                return;
            }
            Err(_) => return,
        }
        tokio::select! {
            () = sender.closed() => return,
            _ = bell.changed() => has_rung = true,
            // A session that ended in another process, or by its age, rings no bell.
            () = tokio::time::sleep(Duration::from_secs(1)) => has_rung = false,
        }
    }
}

/// Sends all there is after the cursor, however much that is; tells whether the panel still takes it.
async fn send_new(
    app: &App,
    caller: &Caller,
    cursor: &mut u64,
    attention: &mut Attention,
    sender: &mpsc::Sender<Message>,
) -> Result<bool, StoreError> {
    const BATCH: u32 = 100;
    let Session { id: session, person, meeting, .. } = caller.session.as_ref();
    let timelines = attention.shown().to_vec();
    let listener = Listener { session: *session, person: *person, meeting: meeting.clone(), timelines };
    loop {
        let events = app.store.read(caller.organisation).await?.events().after(*cursor, &listener, BATCH).await?;
        let is_last = events.len() < BATCH as usize;
        for event in events {
            *cursor = event.seq;
            if moves_on(&event.payload) {
                attention.is_elsewhere(app.clock.now());
            }
            let message = Message::default().id(event.seq.to_string()).data(event.payload);
            if sender.send(message).await.is_err() {
                return Ok(false);
            }
        }
        if is_last {
            return Ok(true);
        }
    }
}

/// An event of this stream alone: nobody resumes behind it.
fn unnumbered(event: &Event) -> Message {
    Message::default().data(serde_json::to_string(event).unwrap_or_default())
}

/// Whether an event may mean that the panel shows something else now, or that its viewer may see something else.
fn moves_on(payload: &str) -> bool {
    matches!(serde_json::from_str(payload), Ok(Event::View | Event::Standing))
}

async fn is_live(app: &App, caller: &Caller) -> Result<bool, StoreError> {
    app.store.read(caller.organisation).await?.sessions().is_live(caller.session.id).await
}
