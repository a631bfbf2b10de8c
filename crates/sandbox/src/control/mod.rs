//! What tests and people do to the stand-ins: faults, call counters, switches, reset. One mechanism for all ports.
//!
//! Each port answers under `/_control`; whatever is set on one port holds on all. What concerns one system alone (users of a
//! tenant, people in a meeting) is added by that system's own routes.

mod calls;
mod faults;
mod guard;
mod routes;
mod switches;
mod watch;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::response::Response;
use http::{HeaderMap, StatusCode};

pub(crate) use guard::only_from_this_machine;
pub(crate) use routes::{Refusal, json_body};
pub(crate) use switches::{Switch, Values};

use crate::Shared;
use calls::Calls;
use faults::Faults;
use switches::Switches;

type Hook = Box<dyn Fn() + Send + Sync>;

/// Everything that can be turned from outside.
pub(crate) struct Control {
    pub(crate) switches: Switches,
    faults: Faults,
    calls: Calls,
    hooks: Mutex<Vec<Hook>>,
}

impl Control {
    pub(crate) fn new(switches: impl IntoIterator<Item = &'static Switch>) -> Self {
        Self {
            switches: Switches::new(switches),
            faults: Faults::default(),
            calls: Calls::default(),
            hooks: Mutex::default(),
        }
    }

    /// Calls `hook` on each reset, so that a stand-in can go back to what it started with.
    pub(crate) fn on_reset(&self, hook: impl Fn() + Send + Sync + 'static) {
        locked(&self.hooks).push(Box::new(hook));
    }

    fn reset(&self) {
        self.faults.clear();
        self.calls.clear();
        self.switches.clear();
        for hook in locked(&self.hooks).iter() {
            hook();
        }
    }
}

/// What the control needs to know about a stand-in.
#[derive(Clone, Copy)]
pub(crate) struct Site {
    /// Whose call it is: the key of a tenant, or `zoom`.
    pub(crate) realm: fn(&HeaderMap) -> String,
    /// How this system words the failure that a fault asks for.
    pub(crate) failure: fn(StatusCode) -> Response,
}

/// Puts faults and counters around the routes of a stand-in, and the control routes beside them.
pub(crate) fn around(shared: &Arc<Shared>, site: Site, routes: Router) -> Router {
    watch::watched(shared, site, routes).merge(routes::router(shared))
}

/// The state behind a lock. A panic elsewhere leaves it usable: each change here is a single step.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
