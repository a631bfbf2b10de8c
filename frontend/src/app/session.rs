//! What the server says of the viewer and the meeting.

use crate::browser::spawn;
use sidelight_api::session::{Panel, View};

use crate::app::store::{App, Opened, PeopleState, Place, Waiting};
use crate::browser::set_theme;
use crate::state::people::Room;
use crate::state::phase::{Phase, phase};
use crate::state::search::Search;
use crate::state::sign_in::{Flow, Question};
use crate::state::timeline::Timeline;

impl App {
    /// Takes what the server says: at a renewed session, and after news of the meeting, the view or the standing.
    pub(super) fn adopt_panel(self, panel: Panel) {
        let before = self.phase.get_untracked();
        let phase = phase(&panel);
        self.services().clock.correct(panel.now);
        self.viewer.put(panel.viewer);
        self.meeting.put(panel.meeting);
        self.tenants.put(panel.tenants);
        self.writes.put(panel.writes);
        self.composer.update(|composer| composer.adopt(panel.draft));
        let is_asking = self.flow.with_untracked(|flow| !matches!(flow.question, Question::Intro | Question::Welcome));
        if !is_asking {
            self.flow.set(Flow::resumed(panel.sign_in));
        }
        let is_other = self.put_view(panel.view);
        self.phase.put(phase);
        if phase != Phase::Ready {
            self.forget_customer();
        } else if before != Phase::Ready {
            self.load_ready();
        } else if is_other {
            self.load_selection();
            // Who belongs to the customer depends on who the customer is.
            self.people_changed();
        }
        if before.is_stranger() {
            self.report_roster();
        }
        self.climb_on();
    }

    /// Takes entity and theme.
    pub(super) fn adopt_view(self, view: View) {
        if self.put_view(view) && self.is_ready() {
            self.load_selection();
        }
    }

    /// Tells whether another entity is selected now. The tab stays, and so do the activities that are wanted: another window must not turn the
    /// page under this one's reader.
    fn put_view(self, view: View) -> bool {
        let before = self.selected();
        set_theme(view.theme);
        let (tab, narrowing) = self.view.with_untracked(|view| (view.tab, view.narrowing.clone()));
        let selected = view.selected.as_ref().map(|entity| entity.reference.clone());
        let narrowing = if selected == before { narrowing } else { view.narrowing.clone() };
        self.view.put(View { tab, narrowing, ..view });
        selected != before
    }

    /// Asks for everything that the ready panel shows.
    pub(super) fn load_ready(self) {
        if self.place.get_untracked() == Place::Home {
            return self.load_home();
        }
        self.load_people(false);
        self.load_selection();
    }

    /// Asks for everything that belongs to the selection.
    pub(super) fn load_selection(self) {
        if self.place.get_untracked() == Place::Home {
            return;
        }
        self.opened.set(Opened::None);
        self.types.set(None);
        let narrowing = self.view.with_untracked(|view| view.narrowing.clone());
        self.timeline.set(Timeline::of(self.selected(), narrowing));
        self.load_timeline(false);
        self.load_types();
    }

    /// Asks what the server says of the viewer.
    pub(super) fn load_panel(self) {
        self.client().panel(move |answer| match answer {
            Ok(panel) => self.adopt_panel(panel),
            Err(trouble) if self.is_connected.get_untracked() => self.notice.set(Some(trouble)),
            // The banner says it already.
            Err(_) => {}
        });
    }

    /// Begins a new session: after another meeting, role or Zoom standing.
    pub(super) fn reopen(self) {
        spawn(async move {
            let answer = self.client().open(None).await;
            self.logout_waits.put(Waiting::No);
            match answer {
                Ok(panel) => self.adopt_session(panel),
                Err(trouble) => self.notice.set(Some(trouble)),
            }
        });
    }

    /// Begins anew from a screen that lets nobody in: the reason may be gone.
    pub fn start_over(self) {
        self.reopen();
    }

    /// Drops all customer data from the page; the note stays.
    pub(super) fn forget_customer(self) {
        self.room.set(Room::default());
        self.people.set(PeopleState::default());
        self.timeline.set(Timeline::default());
        self.opened.set(Opened::None);
        self.search.set(Search::default());
        self.services().home_told.take();
        self.home.set(None);
        self.types.set(None);
        self.view.update(|view| (view.selected, view.chosen_by) = (None, None));
    }
}
