//! The session: a token in memory, renewed by a fresh app context when the server no longer takes it (design 4.1).

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_util::lock::Mutex;
use sidelight_api::session::{Panel, SessionAnswer, SessionRequest};
use sidelight_api::{ErrorBody, ErrorCode};

use crate::api::transport::{Future, Method, Request, Response, Transport};
use crate::json::{self, FromJson, ToJson};
use crate::state::trouble::Trouble;

/// Gives fresh proof of who opened the panel (`zoom.md` 5).
pub trait ContextSource {
    /// A context that was not used before, if the client gives one.
    fn fresh_context(&self) -> Future<Option<String>>;
}

/// What the application does with the panel that comes with a renewed session.
pub type RenewedHandler = Box<dyn Fn(Panel)>;

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
        }))
    }

    /// Sets who is told of a session that was renewed on the way.
    pub fn on_renewed(&self, handler: RenewedHandler) {
        self.0.renewed.replace(Some(handler));
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

    /// Exchanges an app context for a session; one that was used before is replaced by a fresh one, once.
    ///
    /// # Errors
    /// What the server or Zoom refused.
    pub async fn open(&self, context: String) -> Result<Panel, Trouble> {
        let _one_at_a_time = self.0.exchanging.lock().await;
        self.exchange(context).await
    }

    /// Begins a new session with a fresh context: after another meeting, role or Zoom standing.
    ///
    /// # Errors
    /// What the server or Zoom refused.
    pub async fn reopen(&self) -> Result<Panel, Trouble> {
        let _one_at_a_time = self.0.exchanging.lock().await;
        let context = self.0.contexts.fresh_context().await.ok_or_else(Trouble::no_context)?;
        self.exchange(context).await
    }

    async fn exchange(&self, context: String) -> Result<Panel, Trouble> {
        let first = self.post_session(context).await;
        let answer = match first {
            Err(trouble) if trouble.code == Some(ErrorCode::ContextUsed) => {
                let context = self.0.contexts.fresh_context().await.ok_or_else(Trouble::no_context)?;
                self.post_session(context).await?
            }
            other => other?,
        };
        self.0.token.replace(Some(answer.token));
        self.0.epoch.set(self.0.epoch.get() + 1);
        Ok(answer.panel)
    }

    async fn post_session(&self, context: String) -> Result<SessionAnswer, Trouble> {
        let request = SessionRequest { context, page: Some(self.0.page.clone()), screen_name: None };
        let body = Some(json::write(&request));
        let request = Request { method: Method::Post, path: "/session".to_owned(), body, token: None };
        // The exchange is safe to repeat: the same page gets the same session.
        let answer = match self.0.transport.send(request.clone()).await {
            Err(_) => self.0.transport.send(request).await,
            answer => answer,
        };
        decode(&accepted(answer.map_err(|_| Trouble::offline())?)?)
    }

    /// Renews the session unless another request has done so since `epoch`.
    async fn renew(&self, epoch: u32) -> Result<(), Trouble> {
        let _one_at_a_time = self.0.exchanging.lock().await;
        if self.0.epoch.get() != epoch {
            return Ok(());
        }
        let context = self.0.contexts.fresh_context().await.ok_or_else(Trouble::no_context)?;
        let panel = self.exchange(context).await?;
        if let Some(renewed) = self.0.renewed.borrow().as_ref() {
            renewed(panel);
        }
        Ok(())
    }

    /// Sends a request and reads its JSON answer.
    ///
    /// # Errors
    /// Whatever kept it from succeeding.
    pub async fn json<T: FromJson>(&self, method: Method, path: String) -> Result<T, Trouble> {
        decode(&self.send(method, path, None).await?)
    }

    /// Sends a request with a JSON body and reads its JSON answer.
    ///
    /// # Errors
    /// Whatever kept it from succeeding.
    pub async fn json_with<T: FromJson>(&self, method: Method, path: String, body: &dyn ToJson) -> Result<T, Trouble> {
        decode(&self.send(method, path, Some(json::write(body))).await?)
    }

    /// Sends a request; [`Trouble`] if it was refused or found no answer. Boxed, so that the program holds this code once and not
    /// inside each question.
    pub fn send(&self, method: Method, path: String, body: Option<String>) -> Future<Result<Response, Trouble>> {
        let client = self.clone();
        Box::pin(async move { accepted(client.ask(method, path, body).await?) })
    }

    /// Sends a request and hands out the answer whatever its status is.
    pub fn answer(&self, method: Method, path: String, body: Option<String>) -> Future<Result<Response, Trouble>> {
        let client = self.clone();
        Box::pin(async move { client.ask(method, path, body).await })
    }

    async fn ask(&self, method: Method, path: String, body: Option<String>) -> Result<Response, Trouble> {
        let mut epoch = self.0.epoch.get();
        let mut answer = self.attempt(method, &path, body.as_deref()).await?;
        if answer.status == 401 && has_ended(&answer) {
            self.renew(epoch).await?;
            epoch = self.0.epoch.get();
            answer = self.attempt(method, &path, body.as_deref()).await?;
        }
        // A session that began meanwhile may be in another meeting: what was read for the old one is read again. What was
        // written is written.
        if method == Method::Get && self.0.epoch.get() != epoch {
            answer = self.attempt(method, &path, body.as_deref()).await?;
        }
        Ok(answer)
    }

    async fn attempt(&self, method: Method, path: &str, body: Option<&str>) -> Result<Response, Trouble> {
        let request = || Request { method, path: path.to_owned(), body: body.map(str::to_owned), token: self.token() };
        match self.0.transport.send(request()).await {
            Err(_) if method == Method::Get => self.0.transport.send(request()).await.map_err(|_| Trouble::offline()),
            answer => answer.map_err(|_| Trouble::offline()),
        }
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
pub(super) fn decode<T: FromJson>(answer: &Response) -> Result<T, Trouble> {
    json::read(&answer.body).map_err(|_| Trouble::unreadable())
}

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;
