//! Requests by `fetch`.

use js_sys::{Reflect, Uint8Array};
use sidelight_api::home::VISITED_MEETING;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestCredentials, RequestInit};

use crate::api::transport::{Future, Request, Response, Transport, Unreachable};

/// What all paths are below (design 6).
const BASE: &str = "/api/v1";

/// The browser's own transport.
#[derive(Clone, Copy, Debug)]
pub struct Fetch;

impl Transport for Fetch {
    fn send(&self, request: Request) -> Future<Result<Response, Unreachable>> {
        Box::pin(async move {
            let response = begin(&request, None).await?;
            let text = response.text().map_err(|_| Unreachable)?;
            let body = JsFuture::from(text).await.map_err(|_| Unreachable)?;
            Ok(Response { status: response.status(), body: body.as_string().unwrap_or_default() })
        })
    }
}

/// Sends a request; the answer's body is still to be read.
async fn begin(request: &Request, last_event_id: Option<&str>) -> Result<web_sys::Response, Unreachable> {
    let sent = (|| {
        let headers = Headers::new()?;
        if let Some(token) = &request.token {
            headers.set("authorization", &format!("Bearer {token}"))?;
        }
        if let Some(meeting) = &request.meeting {
            headers.set(VISITED_MEETING, meeting.as_str())?;
        }
        if let Some(id) = last_event_id {
            headers.set("last-event-id", id)?;
        }
        let init = RequestInit::new();
        init.set_method(request.method.as_str());
        // No cookie takes part in anything here (design 4.1).
        init.set_credentials(RequestCredentials::Omit);
        if let Some(body) = &request.body {
            headers.set("content-type", "application/json")?;
            init.set_body(&JsValue::from_str(body));
        }
        init.set_headers(&headers);
        if request.outlives_page {
            Reflect::set(&init, &JsValue::from_str("keepalive"), &JsValue::TRUE)?;
        }
        let window = web_sys::window().ok_or(JsValue::NULL)?;
        Ok::<_, JsValue>(window.fetch_with_str_and_init(&format!("{BASE}{}", request.path), &init))
    })();
    let response = JsFuture::from(sent.map_err(|_| Unreachable)?).await.map_err(|_| Unreachable)?;
    response.dyn_into().map_err(|_| Unreachable)
}

/// A body that arrives in pieces.
pub(super) struct Pieces(web_sys::ReadableStreamDefaultReader);

impl Pieces {
    /// Begins a streamed request; `Err` carries the status of a refusal, if there was an answer.
    pub(super) async fn open(request: &Request, last_event_id: Option<&str>) -> Result<Self, Option<u16>> {
        let response = begin(request, last_event_id).await.map_err(|_| None)?;
        if !response.ok() {
            return Err(Some(response.status()));
        }
        let body = response.body().ok_or(None)?;
        let reader = body.get_reader().dyn_into().map_err(|_| None)?;
        Ok(Self(reader))
    }

    /// The next piece; `None` at the end or when the connection broke.
    pub(super) async fn next(&self) -> Option<Vec<u8>> {
        let piece = JsFuture::from(self.0.read()).await.ok()?;
        let value = Reflect::get(&piece, &JsValue::from_str("value")).ok()?;
        value.dyn_into::<Uint8Array>().ok().map(|bytes| bytes.to_vec())
    }

    /// Ends the connection.
    pub(super) fn close(&self) {
        // The promise tells when the other side noticed, which nobody waits for.
        drop(self.0.cancel());
    }
}
