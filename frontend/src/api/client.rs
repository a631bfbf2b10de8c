//! The session: a token in memory, renewed by a fresh app context when the server no longer takes it (design 4.1).

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_util::lock::Mutex;
use sidelight_api::session::{Panel, SessionAnswer, SessionRequest};
use sidelight_api::{ErrorBody, ErrorCode};
use sidelight_domain::ids::MeetingUuid;
use wasm_bindgen_futures::spawn_local;

use crate::api::transport::{Future, Method, Request, Response, Transport};
use crate::json::{self, FromJson};
use crate::state::trouble::Trouble;

/// Gives fresh proof of who opened the panel (`zoom.md` 5).
pub trait ContextSource {
    /// A context that was not used before, if the client gives one.
    fn fresh_context(&self) -> Future<Option<String>>;
}

/// What the application does with the panel that comes with a renewed session.
pub type RenewedHandler = Box<dyn Fn(Panel)>;

/// What goes on when an answer is there.
pub(super) type Then = Box<dyn FnOnce(Result<Response, Trouble>)>;

/// Talks to our server on behalf of one page.
#[derive(Clone)]
pub struct Client(Rc<Connection>);

struct Connection {
    transport: Rc<dyn Transport>,
    contexts: Rc<dyn ContextSource>,
    /// The page's own random text: the same page asking again within seconds gets the same session.
    page: String,
    token: RefCell<Option<String>>,
    /// Counts sessions; what was asked in an older one is not repeated with its answer in mind.
    epoch: Cell<u32>,
    exchanging: Mutex<()>,
    renewed: RefCell<Option<RenewedHandler>>,
    /// The meeting that is looked at from the main client.
    visited: RefCell<Option<MeetingUuid>>,
}

impl Client {
    /// A client without a session.
    #[must_use]
    pub fn new(transport: Rc<dyn Transport>, contexts: Rc<dyn ContextSource>, page: String) -> Self {
        Self(Rc::new(Connection {
            transport,
            contexts,
            page,
            token: RefCell::default(),
            epoch: Cell::new(0),
            exchanging: Mutex::new(()),
            renewed: RefCell::default(),
            visited: RefCell::default(),
        }))
    }

    /// Sets who is told of a session that was renewed on the way.
    pub fn on_renewed(&self, handler: RenewedHandler) {
        self.0.renewed.replace(Some(handler));
    }

    /// From here on, looks at a meeting from the main client, or at none. What is being read for another one is read again.
    pub fn visit(&self, meeting: Option<MeetingUuid>) {
        self.0.visited.replace(meeting);
        self.0.epoch.set(self.epoch() + 1);
    }

    /// The meeting that is looked at from the main client.
    #[must_use]
    pub fn visited(&self) -> Option<MeetingUuid> {
        self.0.visited.borrow().clone()
    }

    /// Which session this is; answers of an older one are dropped by whoever asked.
    #[must_use]
    pub fn epoch(&self) -> u32 {
        self.0.epoch.get()
    }

    /// The bearer token, for the event stream.
    #[must_use]
    pub fn token(&self) -> Option<String> {
        self.0.token.borrow().clone()
    }

    /// Exchanges an app context for a session; one that was used before is replaced by a fresh one, once. Without a context, a
    /// fresh one begins a new session: after another meeting, role or Zoom standing.
    ///
    /// # Errors
    /// What the server or Zoom refused.
    #[must_use]
    pub fn open(&self, context: Option<String>) -> Future<Result<Panel, Trouble>> {
        let client = self.clone();
        Box::pin(async move {
            let _one_at_a_time = client.0.exchanging.lock().await;
            client.exchange(context).await
        })
    }

    /// Renews the session unless another request has done so since `epoch`.
    async fn renew(&self, epoch: u32) -> Result<(), Trouble> {
        let _one_at_a_time = self.0.exchanging.lock().await;
        if self.0.epoch.get() == epoch {
            let panel = self.exchange(None).await?;
            if let Some(renewed) = self.0.renewed.borrow().as_ref() {
                renewed(panel);
            }
        }
        Ok(())
    }

    fn exchange(&self, mut context: Option<String>) -> Future<Result<Panel, Trouble>> {
        let client = self.clone();
        Box::pin(async move {
            let mut is_repeated = false;
            let answer = loop {
                let proof = match context.take() {
                    Some(context) => context,
                    None => client.0.contexts.fresh_context().await.ok_or_else(Trouble::no_context)?,
                };
                match client.post_session(proof).await {
                    Err(trouble) if trouble.code == Some(ErrorCode::ContextUsed) && !is_repeated => is_repeated = true,
                    answer => break answer?,
                }
            };
            client.0.token.replace(Some(answer.token));
            client.0.epoch.set(client.epoch() + 1);
            Ok(answer.panel)
        })
    }

    async fn post_session(&self, context: String) -> Result<SessionAnswer, Trouble> {
        let body = SessionRequest { context, page: Some(self.0.page.clone()), screen_name: None };
        // The exchange is safe to repeat: the same page gets the same session.
        let answer = self.transmit(Request::new(Method::Post, "/session").json(&body), true).await?;
        decode(&accepted(answer)?)
    }

    /// Sends a request and reads its JSON answer.
    pub(super) fn json<T: FromJson>(&self, request: Request, then: impl FnOnce(Result<T, Trouble>) + 'static) {
        self.send(request, Box::new(move |answer| then(answer.and_then(|answer| decode(&answer)))));
    }

    /// Sends a request; [`Trouble`] if it was refused or found no answer.
    pub(super) fn send(&self, request: Request, then: Then) {
        self.answer(request, Box::new(move |answer| then(answer.and_then(accepted))));
    }

    /// Sends a request and hands over the answer whatever its status is. All requests of the panel run through this one future:
    /// what asks them goes on in a closure, which takes far less code than a future of its own (docs/adr/0006-panel-size.md).
    pub(super) fn answer(&self, request: Request, then: Then) {
        let client = self.clone();
        // What is written belongs to the meeting that was looked at when it was written.
        let request = Request { meeting: self.visited(), ..request };
        spawn_local(async move { then(client.ask(request).await) });
    }

    async fn ask(&self, request: Request) -> Result<Response, Trouble> {
        let is_read = request.method == Method::Get;
        let mut is_renewed = false;
        loop {
            let epoch = self.epoch();
            let meeting = if is_read { self.visited() } else { request.meeting.clone() };
            let request = Request { token: self.token(), meeting, ..request.clone() };
            let answer = self.transmit(request, is_read).await?;
            if answer.status == 401 && !is_renewed && has_ended(&answer) {
                self.renew(epoch).await?;
                is_renewed = true;
            } else if !is_read || self.epoch() == epoch {
                return Ok(answer);
            }
            // A session that began meanwhile may be in another meeting: what was read for the old one is read again. What was
            // written is written.
        }
    }

    fn transmit(&self, request: Request, is_repeatable: bool) -> Future<Result<Response, Trouble>> {
        let client = self.clone();
        Box::pin(async move {
            let mut answer = client.0.transport.send(request.clone()).await;
            if answer.is_err() && is_repeatable {
                answer = client.0.transport.send(request).await;
            }
            answer.map_err(|_| Trouble::offline())
        })
    }
}

fn has_ended(answer: &Response) -> bool {
    json::read::<ErrorBody>(&answer.body).is_ok_and(|body| body.code == ErrorCode::SessionEnded)
}

/// Turns a refusal into what a screen shows.
pub(super) fn accepted(answer: Response) -> Result<Response, Trouble> {
    if answer.status < 400 {
        return Ok(answer);
    }
    // What is no error of ours comes from something in between, and says nothing of what our server did.
    Err(json::read::<ErrorBody>(&answer.body).map_or_else(|_| Trouble::unreadable(), Trouble::from))
}

/// Reads a JSON answer.
pub(crate) fn decode<T: FromJson>(answer: &Response) -> Result<T, Trouble> {
    json::read(&answer.body).map_err(|_| Trouble::unreadable())
}

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;
