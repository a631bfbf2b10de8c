use std::collections::VecDeque;

use futures_util::FutureExt;
use serde::Serialize;

use super::*;
use crate::api::transport::Unreachable;
use crate::state::samples::panel;

enum Scripted {
    Answer(Response),
    Silence,
}

/// Answers from a list and notes what was asked.
#[derive(Default)]
struct Script {
    answers: RefCell<VecDeque<Scripted>>,
    asked: RefCell<Vec<Request>>,
}

impl Transport for Script {
    fn send(&self, request: Request) -> Future<Result<Response, Unreachable>> {
        self.asked.borrow_mut().push(request);
        let answer = self.answers.borrow_mut().pop_front().expect("an unexpected request");
        let answer = match answer {
            Scripted::Answer(answer) => Ok(answer),
            Scripted::Silence => Err(Unreachable),
        };
        Box::pin(async move { answer })
    }
}

/// Gives contexts "c1", "c2", … up to a number.
struct Contexts {
    given: Cell<u32>,
    most: u32,
}

impl ContextSource for Contexts {
    fn fresh_context(&self) -> Future<Option<String>> {
        let number = self.given.get() + 1;
        self.given.set(number);
        let context = (number <= self.most).then(|| format!("c{number}"));
        Box::pin(async move { context })
    }
}

fn ok(body: impl Serialize) -> Scripted {
    Scripted::Answer(Response { status: 200, body: serde_json::to_string(&body).unwrap() })
}

fn refused(code: ErrorCode) -> Scripted {
    let body = serde_json::json!({ "code": code, "message": "No.", "request_id": "r1" });
    Scripted::Answer(Response { status: code.status(), body: body.to_string() })
}

fn session(token: &str) -> Scripted {
    ok(SessionAnswer { token: token.to_owned(), expires_in: 900, panel: panel() })
}

fn client(answers: Vec<Scripted>, most: u32) -> (Client, Rc<Script>) {
    let script = Rc::new(Script { answers: RefCell::new(answers.into()), asked: RefCell::default() });
    let contexts = Rc::new(Contexts { given: Cell::new(0), most });
    (Client::new(script.clone(), contexts, "page".to_owned()), script)
}

fn now<T>(future: impl core::future::Future<Output = T>) -> T {
    future.now_or_never().expect("scripted answers are there at once")
}

fn get(client: &Client) -> Result<u32, Trouble> {
    decode(&accepted(now(client.ask(Request::new(Method::Get, "/x")))?)?)
}

fn tokens(script: &Script) -> Vec<Option<String>> {
    script.asked.borrow().iter().map(|request| request.token.clone()).collect()
}

#[test]
fn the_token_goes_with_every_request_but_the_exchange() {
    let (client, script) = client(vec![session("t1"), ok(7)], 0);
    now(client.open(Some("c0".to_owned()))).unwrap();
    assert_eq!(get(&client), Ok(7));
    assert_eq!(tokens(&script), [None, Some("t1".to_owned())]);
}

#[test]
fn an_ended_session_is_renewed_once_and_the_request_repeated() {
    let (client, script) = client(vec![session("t1"), refused(ErrorCode::SessionEnded), session("t2"), ok(7)], 1);
    let seen = Rc::new(Cell::new(false));
    let told = seen.clone();
    client.on_renewed(Box::new(move |_| told.set(true)));
    now(client.open(Some("c0".to_owned()))).unwrap();
    assert_eq!(get(&client), Ok(7));
    assert_eq!(tokens(&script).last(), Some(&Some("t2".to_owned())));
    assert!(seen.get());
}

#[test]
fn a_session_that_ends_again_at_once_is_reported_not_renewed_for_ever() {
    let ended = || refused(ErrorCode::SessionEnded);
    let (client, script) = client(vec![session("t1"), ended(), session("t2"), ended()], 5);
    now(client.open(Some("c0".to_owned()))).unwrap();
    assert_eq!(get(&client).unwrap_err().code, Some(ErrorCode::SessionEnded));
    assert_eq!(script.asked.borrow().len(), 4);
}

#[test]
fn what_was_read_for_an_old_session_is_read_again() {
    /// Opens another session while the question is on its way.
    struct Meanwhile(Rc<Script>, RefCell<Option<Client>>);
    impl Transport for Meanwhile {
        fn send(&self, request: Request) -> Future<Result<Response, Unreachable>> {
            let is_first_read = request.path == "/x" && self.1.borrow().is_some();
            let answer = self.0.send(request);
            if is_first_read && let Some(client) = self.1.take() {
                now(client.open(Some("c1".to_owned()))).unwrap();
            }
            answer
        }
    }
    let script = Script {
        answers: RefCell::new([session("t1"), ok(1), session("t2"), ok(2)].into()),
        asked: RefCell::default(),
    };
    let script = Rc::new(script);
    let transport = Rc::new(Meanwhile(script.clone(), RefCell::default()));
    let contexts = Rc::new(Contexts { given: Cell::new(0), most: 0 });
    let client = Client::new(transport.clone(), contexts, "page".to_owned());
    now(client.open(Some("c0".to_owned()))).unwrap();
    transport.1.replace(Some(client.clone()));
    assert_eq!(get(&client), Ok(2));
    assert_eq!(tokens(&script).last(), Some(&Some("t2".to_owned())));
}

#[test]
fn another_401_is_no_reason_to_renew() {
    let (client, _) = client(vec![refused(ErrorCode::ContextInvalid)], 5);
    assert_eq!(get(&client).unwrap_err().code, Some(ErrorCode::ContextInvalid));
}

#[test]
fn a_used_context_is_replaced_once() {
    let (client, script) = client(vec![refused(ErrorCode::ContextUsed), session("t1")], 1);
    now(client.open(Some("c0".to_owned()))).unwrap();
    let contexts: Vec<_> = script
        .asked
        .borrow()
        .iter()
        .map(|request| serde_json::from_str::<SessionRequest>(request.body.as_ref().unwrap()).unwrap())
        .map(|request| (request.context, request.page))
        .collect();
    let page = Some("page".to_owned());
    assert_eq!(contexts, [("c0".to_owned(), page.clone()), ("c1".to_owned(), page)]);
}

#[test]
fn without_a_fresh_context_the_viewer_is_told_to_open_again() {
    let (client, _) = client(vec![session("t1"), refused(ErrorCode::SessionEnded)], 0);
    now(client.open(Some("c0".to_owned()))).unwrap();
    assert_eq!(get(&client), Err(Trouble::no_context()));
}

#[test]
fn a_read_is_repeated_once_and_a_write_never() {
    let (reads, script) = client(vec![Scripted::Silence, ok(7)], 0);
    assert_eq!(get(&reads), Ok(7));
    assert_eq!(script.asked.borrow().len(), 2);
    let (writes, script) = client(vec![Scripted::Silence], 0);
    assert_eq!(now(writes.ask(Request::new(Method::Post, "/x").json(&1_u32))), Err(Trouble::offline()));
    assert_eq!(script.asked.borrow().len(), 1);
}

#[test]
fn an_error_page_of_a_proxy_leaves_a_write_in_doubt() {
    let page = Scripted::Answer(Response { status: 502, body: "<html>Bad gateway</html>".to_owned() });
    let (client, _) = client(vec![page], 0);
    assert!(get(&client).unwrap_err().is_unanswered());
}
