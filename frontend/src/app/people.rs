//! Who is in the meeting.

use std::time::Duration;

use crate::browser::spawn;
use sidelight_api::people::People;
use sidelight_api::session::RosterReport;
use sidelight_domain::ids::MeetingNumber;

use crate::app::store::{App, PeopleState, Place};
use crate::state::people::announcement;

/// News come in bursts when a meeting begins; one question answers those of a moment.
const BURST: Duration = Duration::from_millis(150);
/// Role changes fire twice, leave and join (`zoom.md` 8.3).
const ROSTER_BURST: Duration = Duration::from_millis(400);
/// How often those who left are looked at, to let them go.
const LINGER: Duration = Duration::from_millis(1_500);

impl App {
    /// Asks who is there soon, unless that is about to be asked anyway.
    pub(super) fn people_changed(self) {
        let services = self.services();
        if services.people_turn.borrow_mut().want(self.clock_now()) {
            services.timers.people.set(BURST, move || self.load_people(false));
        }
    }

    /// Whether it is still being looked up which company the meeting is about.
    #[must_use]
    pub fn is_deciding(self) -> bool {
        let is_open = |people: &PeopleState| !people.asking.is_empty() || !people.is_loaded && people.trouble.is_none();
        self.people.with(is_open) && self.meeting.with(Option::is_some)
    }

    /// Asks who is there.
    pub fn load_people(self, refresh: bool) {
        if !self.is_ready() || self.place.get_untracked() == Place::Home {
            return;
        }
        let services = self.services();
        let question = services.people_turn.borrow_mut().begin(self.clock_now());
        self.client().people(refresh, move |answer| {
            let Some(is_wanted) = services.people_turn.borrow_mut().end(question) else { return };
            match answer {
                // Whoever was shut out meanwhile sees nobody.
                _ if !self.is_ready() => return,
                Ok(people) => self.take_people(people),
                Err(trouble) => self.people.update(|people| people.trouble = Some(trouble)),
            }
            if is_wanted {
                self.people_changed();
            }
        });
    }

    fn take_people(self, people: People) {
        let now = self.clock_now();
        let movement = self.room.update(|room| room.take(people.attendees, now));
        // Whoever is listed when it is over has not just come.
        let is_over = self.meeting.with_untracked(|meeting| meeting.as_ref().is_some_and(|m| m.ended_at.is_some()));
        if let Some(text) = announcement(&movement).filter(|_| !is_over) {
            self.announce(text);
        }
        let People { gaps, silent, asking, invited, inquiry, .. } = people;
        self.people.put(PeopleState { is_loaded: true, trouble: None, gaps, silent, asking, invited, inquiry });
        self.adopt_view(people.view);
        self.let_go();
    }

    /// Lets those go who left a moment ago.
    fn let_go(self) {
        let lingers = self.room.with_untracked(|room| room.rows().iter().any(|row| row.left_at.is_some()));
        if lingers {
            self.services().timers.linger.set(LINGER, move || {
                let now = self.clock_now();
                self.room.update(|room| {
                    room.forget_gone(now);
                });
                self.let_go();
            });
        }
    }

    /// The client's list changed: read it anew once the burst is over.
    pub(super) fn roster_changed(self) {
        self.services().timers.roster.set(ROSTER_BURST, move || self.look_at_roster());
    }

    /// Tells the server what the client lists, where the viewer's role may see it.
    pub(super) fn report_roster(self) {
        self.services().roster_told.replace(None);
        self.look_at_roster();
    }

    /// The same, if it is not what the server was told last: not every change has an event (`zoom.md` 8.3).
    pub(super) fn look_at_roster(self) {
        let services = self.services();
        let is_stranger = self.phase.with_untracked(|phase| phase.is_stranger());
        let is_inside = self.place.get_untracked() == Place::Inside;
        if !is_inside
            || is_stranger
            || !services.zoom.sees_participants()
            || self.meeting.with_untracked(Option::is_none)
        {
            return;
        }
        spawn(async move {
            let Ok(participants) = services.zoom.participants().await else { return };
            let (topic, number) = services.zoom.meeting().await;
            let told = |text: String| Some(text).filter(|text| !text.is_empty());
            let is_of_breakout = services.zoom.is_in_breakout_room().await;
            let number = told(number).map(MeetingNumber::new);
            let report = RosterReport { participants, topic: told(topic), number, is_of_breakout };
            if services.roster_told.borrow().as_ref() == Some(&report) {
                return;
            }
            services.roster_told.replace(Some(report.clone()));
            self.client().report_roster(&report, move |answer| match answer {
                // A hint that does not arrive is sent again with the next look.
                Err(_) => drop(services.roster_told.take()),
                Ok(()) if !self.is_connected.get_untracked() => self.people_changed(),
                Ok(()) => {}
            });
        });
    }

    /// Asks everything again that is on the screen.
    pub fn refresh(self) {
        self.is_refreshing.set(true);
        self.report_roster();
        self.load_panel();
        self.load_people(true);
        self.load_timeline(true);
        self.load_home();
    }
}
