//! Live updates: the server's events, Zoom's events, the passing of time.

use std::rc::Rc;
use std::time::Duration;

use crate::browser::spawn;
use sidelight_api::event::Event;

use crate::api::{StreamEnd, stream};
use crate::app::store::App;
use crate::browser::{every, on_document, on_window, sleep};
use crate::state::sign_in::Flow;
use crate::zoom::PopOut;

/// Configuration ages out after two hours (`zoom.md` 8.1).
const RECONFIGURE: Duration = Duration::from_mins(110);
/// The first wait before connecting again; it doubles up to the last one.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LAST_WAIT: Duration = Duration::from_secs(20);
/// How often the client's own list is looked at, in case something changed without an event.
const ROSTER_LOOK: Duration = Duration::from_secs(10);
/// How often home is looked at: meetings begin and end without an event that would reach it.
const HOME_LOOK: Duration = Duration::from_mins(1);
/// Zoom tells one change in several events.
const ZOOM_BURST: Duration = Duration::from_millis(300);

impl App {
    /// Begins everything that goes on by itself.
    pub(super) fn go_live(self) {
        spawn(self.follow_events());
        self.follow_zoom();
        self.follow_time();
        self.settle_zoom(false);
    }

    /// Configures Zoom for the present role and status; where these changed, proves anew who this is.
    fn settle_zoom(self, has_changed: bool) {
        spawn(async move {
            let services = self.services();
            let user = services.zoom.settle().await;
            self.zoom_status.put(user.status);
            self.can_ask.put(services.zoom.may_ask());
            if has_changed {
                self.reopen();
            }
            self.report_roster();
        });
    }

    async fn follow_events(self) {
        let services = self.services();
        let mut last_id = None;
        let mut wait = FIRST_WAIT;
        let mut is_first = true;
        loop {
            let caught_up = move || {
                self.is_connected.put(true);
                if !is_first {
                    // What happened in between may be older than what the server keeps.
                    self.load_panel();
                    self.people_changed();
                    self.save_now();
                }
            };
            let began = self.clock_now();
            let end = stream(&services.client, &mut last_id, caught_up, |event| self.handle(event)).await;
            is_first = false;
            if self.clock_now().since(began) > LAST_WAIT {
                wait = FIRST_WAIT;
            }
            match end {
                StreamEnd::Replaced => continue,
                StreamEnd::SessionEnded if self.is_leaving() => {}
                // Any question renews the session, or says why it cannot be renewed.
                StreamEnd::SessionEnded => self.load_panel(),
                StreamEnd::Broken => {}
            }
            sleep(wait).await;
            if end == StreamEnd::Broken && wait > FIRST_WAIT {
                self.is_connected.put(false);
            }
            wait = wait.saturating_mul(2).min(LAST_WAIT);
        }
    }

    fn handle(self, event: Event) {
        match event {
            _ if self.is_leaving() => {}
            Event::People => self.people_changed(),
            Event::Meeting | Event::View | Event::Standing => self.load_panel(),
            Event::Draft => {
                self.load_draft();
                self.load_home();
            }
            Event::Write { id } => {
                self.write_changed(id);
                self.load_home();
            }
            Event::Timeline { entity } => self.timeline_changed(&entity),
            Event::SignIn { id } => self.sign_in_changed(id),
            Event::SessionEnded => {}
        }
    }

    /// Nothing that these events carry is believed: each only leads to asking Zoom or the server again (`zoom.md` 9.1).
    fn follow_zoom(self) {
        let services = self.services();
        let on = |event: &'static str, action: Box<dyn Fn(&str)>| services.zoom.listen(event, Rc::from(action));
        on("onParticipantChange", Box::new(move |_| self.roster_changed()));
        on("onMyUserContextChange", Box::new(move |_| self.standing_changed()));
        on("onRunningContextChange", Box::new(move |_| self.standing_changed()));
        on("onAuthorized", Box::new(move |event| self.authorized(event)));
        on("onParticipantEmail", Box::new(move |event| self.guest_answered(event)));
        on("onMeeting", Box::new(move |_| self.load_panel()));
        on("onShareScreen", Box::new(move |event| self.sharing_changed(event)));
        on(
            "onAppPopout",
            Box::new(move |event| {
                if let (true, Some(place)) = (self.pop_out.with_untracked(Option::is_some), PopOut::read(event)) {
                    self.moved(place);
                }
            }),
        );
    }

    /// Role, status or meeting may have changed: configure again, and prove anew who this is where that matters.
    pub(super) fn standing_changed(self) {
        self.services().timers.zoom.set(ZOOM_BURST, move || self.settle_zoom(true));
    }

    /// Looks whether the status changed without an event: not every client sends one (`zoom.md` 8.1).
    fn check_standing(self) {
        spawn(async move {
            let services = self.services();
            let status = services.zoom.user().await.status;
            if !status.is_empty() && self.zoom_status.with_untracked(|known| *known != status) {
                self.standing_changed();
            }
        });
    }

    fn follow_time(self) {
        every(Duration::from_secs(1), move || {
            self.now.set(self.clock_now());
        });
        every(RECONFIGURE, move || {
            spawn(async move {
                self.services().zoom.settle().await;
            });
        });
        every(ROSTER_LOOK, move || self.look_at_roster());
        every(HOME_LOOK, move || self.load_home());
        on_window("online", move |_| self.save_now());
        on_window("offline", move |_| self.is_connected.put(false));
        on_window("focus", move |_| self.came_back());
        on_document("visibilitychange", move |_| self.came_back());
        on_window("pagehide", move |_| self.save_last());
    }

    fn came_back(self) {
        self.check_standing();
        self.save_now();
        self.load_home();
        if let Some(id) = self.flow.with_untracked(Flow::under_way)
            && self.is_connected.get_untracked()
        {
            self.sign_in_changed(id);
        }
    }
}
