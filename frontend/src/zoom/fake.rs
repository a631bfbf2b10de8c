//! A client with memory, for tests.

use std::cell::RefCell;
use std::collections::HashMap;

use serde_json::Value;

use crate::api::Future;
use crate::zoom::host::{Handler, Host, HostError};

/// Answers from tables and notes what it was asked.
#[derive(Default)]
pub(crate) struct FakeHost {
    /// What each function answers; a missing one is refused.
    pub(crate) answers: RefCell<HashMap<&'static str, Value>>,
    /// Stages that spoil a whole configuration.
    pub(crate) refused_stages: Vec<&'static str>,
    /// Configurations asked for, in order.
    pub(crate) configurations: RefCell<Vec<String>>,
    /// Functions called, in order, with their arguments.
    pub(crate) calls: RefCell<Vec<(&'static str, Option<String>)>>,
    /// Who listens to what.
    pub(crate) listeners: RefCell<Vec<(&'static str, Handler)>>,
}

impl FakeHost {
    pub(crate) fn answering(self, name: &'static str, answer: Value) -> Self {
        self.answers.borrow_mut().insert(name, answer);
        self
    }

    fn answer(&self, name: &'static str) -> Future<Result<String, HostError>> {
        let answer = self.answers.borrow().get(name).map(Value::to_string).ok_or_else(HostError::default);
        Box::pin(async move { answer })
    }
}

impl Host for FakeHost {
    fn opening(&self) -> Future<Result<String, HostError>> {
        self.answer("opening")
    }

    fn configure(&self, stages: &str) -> Future<Result<String, HostError>> {
        self.configurations.borrow_mut().push(stages.to_owned());
        let refused = stages.split(' ').any(|stage| self.refused_stages.contains(&stage));
        let answer = if refused { Err(HostError::default()) } else { Ok("null".to_owned()) };
        let configured = self.answers.borrow().get("config").map(Value::to_string);
        Box::pin(async move { answer.map(|client| configured.unwrap_or(client)) })
    }

    fn call(&self, name: &'static str, argument: Option<String>) -> Future<Result<String, HostError>> {
        self.calls.borrow_mut().push((name, argument));
        self.answer(name)
    }

    fn listen(&self, event: &'static str, handler: Handler) {
        self.listeners.borrow_mut().push((event, handler));
    }
}
