//! Live events by `fetch`: `EventSource` cannot carry the bearer token, and tokens do not belong in URLs (design 4.6).

use sidelight_api::event::Event;

use crate::api::client::Client;
use crate::api::fetch::Pieces;
use crate::api::sse::Parser;
use crate::api::transport::{Method, Request};
use crate::json;

/// Why a stream ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum StreamEnd {
    /// The connection broke, or the server shut down; connect again.
    Broken,
    /// The session is not accepted; it has to be renewed first.
    SessionEnded,
    /// Another session took this one's place.
    Replaced,
}

/// Reads events until the stream ends. `last_id` is kept up to date, so that the next one resumes where this one ended.
pub async fn stream(
    client: &Client,
    last_id: &mut Option<String>,
    opened: impl Fn(),
    mut handle: impl FnMut(Event),
) -> StreamEnd {
    let epoch = client.epoch();
    let request = Request { token: client.token(), ..Request::new(Method::Get, "/events") };
    let pieces = match Pieces::open(&request, last_id.as_deref()).await {
        Ok(pieces) => pieces,
        Err(Some(401)) => return StreamEnd::SessionEnded,
        Err(_) => return StreamEnd::Broken,
    };
    opened();
    let mut parser = Parser::default();
    while let Some(piece) = pieces.next().await {
        for frame in parser.feed(&piece) {
            if client.epoch() != epoch {
                pieces.close();
                return StreamEnd::Replaced;
            }
            if frame.id.is_some() {
                last_id.clone_from(&frame.id);
            }
            // An event that this version does not know asks nothing of it.
            if let Ok(event) = json::read::<Event>(&frame.data) {
                let is_over = event == Event::SessionEnded;
                handle(event);
                if is_over {
                    pieces.close();
                    return StreamEnd::SessionEnded;
                }
            }
        }
    }
    StreamEnd::Broken
}
