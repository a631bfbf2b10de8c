//! Looking for a company.

use std::time::Duration;

use crate::app::late::BEGIN_SEARCH;
use crate::app::store::{App, Overlay};
use crate::state::search::Search;

/// A pause this short in typing asks.
const PAUSE: Duration = Duration::from_millis(120);

impl App {
    /// Opens the search with what is suggested and what was opened lately.
    pub fn open_search(self) {
        self.services().choosing.take();
        self.open_search_list();
    }

    pub(super) fn open_search_list(self) {
        self.search.set(Search::default());
        self.overlay.set(Overlay::Search);
        self.when_here(&BEGIN_SEARCH, ());
    }

    pub(super) fn begin_search(self, (): ()) {
        self.ask_search(String::new(), false);
    }

    /// Takes what is typed; asks after a short pause.
    pub fn ask_search(self, query: String, include_inactive: bool) {
        let mut asked = None;
        self.search.update(|search| asked = search.ask(query, include_inactive));
        let timer = &self.services().timers.search;
        let Some(query) = asked else { return timer.clear() };
        let pause = if query.is_empty() { Duration::ZERO } else { PAUSE };
        timer.set(pause, move || self.run_search(&query));
    }

    /// Asks again after a failure.
    pub fn repeat_search(self) {
        let (query, inactive) = self.search.with_untracked(|search| (search.query.clone(), search.include_inactive));
        self.ask_search(query, inactive);
    }

    fn run_search(self, query: &str) {
        let (generation, inactive) = self.search.with_untracked(|search| (search.generation, search.include_inactive));
        self.client().entities(query, inactive, move |answer| {
            if self.overlay.get_untracked() == Overlay::Search {
                self.search.update(|search| search.take(generation, answer));
            }
        });
    }
}
