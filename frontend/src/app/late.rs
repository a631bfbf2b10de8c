//! What comes after the first part of the program (docs/adr/0006-panel-size.md).
//!
//! `frontend/js/relations.mjs` divides the program: late is what nothing leads to but the statics in modules of this name. A function
//! that something else calls as well stays in the first part by itself, so that nothing late can be reached but through [`Late::get`].

use std::hint::black_box;
use std::ptr;

use sidelight_api::people::Attendee;
use sidelight_api::timeline::ActivitySummary;
use sidelight_domain::ids::SignInId;

use crate::app::store::App;
use crate::browser::{fetch_late, spawn};
use crate::state::sign_in::Flow;

/// Something that was wanted before it could be done: by which way, and how to do it.
pub(super) type Wanted = (usize, Box<dyn FnOnce()>);
/// Something that an action does with what it is given.
type Act<T> = Late<fn(App, T)>;

pub(super) static ADD_PEOPLE: Act<Vec<Attendee>> = Late::to(App::add_people_here);
pub(super) static BEGIN_SEARCH: Act<()> = Late::to(App::begin_search);
pub(super) static FOLLOW_SIGN_IN: Act<SignInId> = Late::to(App::follow_sign_in);
pub(super) static LOAD_HOME: Act<()> = Late::to(App::load_home_here);
pub(super) static LOAD_TYPES: Act<()> = Late::to(App::load_types_here);
pub(super) static LOG: Act<()> = Late::to(App::log_here);
pub(super) static READ_ACTIVITY: Act<ActivitySummary> = Late::to(App::read_activity);

/// Whether the late part is here.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Arrival {
    /// On its way.
    #[default]
    Coming,
    /// Here.
    Here,
    /// It did not come.
    Missing,
}

/// A way into the late part: a function that only a static of this type knows.
pub struct Late<F: 'static>(F);

impl<F: Copy> Late<F> {
    /// A way to this function.
    pub const fn to(function: F) -> Self {
        Self(function)
    }

    /// The function, if it is here.
    pub fn get(&'static self, app: App) -> Option<F> {
        // Read where the compiler cannot see what it is, or it would call the function directly.
        (app.arrival.get_untracked() == Arrival::Here).then(|| *black_box(&self.0))
    }
}

impl App {
    /// Waits for the late part, which comes by itself.
    pub(super) fn await_late_part(self) {
        self.receive_late_part(false);
    }

    /// Fetches it once more if it did not come.
    pub fn fetch_late_part(self) {
        if self.arrival.get_untracked() == Arrival::Missing {
            self.arrival.set(Arrival::Coming);
            self.receive_late_part(true);
        }
    }

    fn receive_late_part(self, once_more: bool) {
        spawn(async move {
            if !fetch_late(once_more).await {
                return self.arrival.set(Arrival::Missing);
            }
            self.arrival.set(Arrival::Here);
            self.catch_up();
            self.services().waiting.take().into_iter().for_each(|(_, act)| act());
        });
    }

    /// What goes on by itself and has been left out so far.
    fn catch_up(self) {
        self.load_home();
        self.load_types();
        if let Some(id) = self.flow.with_untracked(Flow::under_way) {
            self.sign_in_changed(id);
        }
    }

    /// Does something late that nobody waits for: now, or when it is caught up with.
    pub(super) fn if_here<T: 'static>(self, late: &'static Act<T>, with: T) {
        if let Some(act) = late.get(self) {
            act(self, with);
        }
    }

    /// Does something late that somebody wants: now, or as soon as it can be done. Of what is wanted several times, the last is done.
    pub(super) fn when_here<T: 'static>(self, late: &'static Act<T>, with: T) {
        if let Some(act) = late.get(self) {
            return act(self, with);
        }
        let way = ptr::from_ref(late).addr();
        let mut waiting = self.services().waiting.borrow_mut();
        waiting.retain(|(other, _)| *other != way);
        waiting.push((way, Box::new(move || self.if_here(late, with))));
    }
}
