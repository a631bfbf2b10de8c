//! The main client: home, and looking at a customer from there.

use std::rc::Rc;

use sidelight_api::entity::Entity;
use sidelight_api::home::{ChooseCompany, HomeMeeting, NoteNeed};
use sidelight_api::session::Panel;
use sidelight_domain::ids::MeetingUuid;

use crate::api::decode;
use crate::app::late::LOAD_HOME;
use crate::app::store::{App, Overlay, Place};
use crate::browser::{keep, kept};
use crate::state::composer::{Composer, Height};
use crate::state::phase::Phase;

/// Where the page finds out, once it is loaded again, what was looked at.
const OPEN: &str = "open";
/// A customer without a meeting.
const NO_MEETING: &str = "-";

impl App {
    /// Goes where the page was before it was loaded again, or home.
    pub(super) fn begin_home(self) {
        if self.place.get_untracked() == Place::Inside {
            return;
        }
        self.load_home();
        match kept(OPEN).as_deref() {
            None | Some("") => {}
            Some(NO_MEETING) => self.open_customer(None, None),
            Some(meeting) => self.open_customer(Some(MeetingUuid::new(meeting)), None),
        }
    }

    /// Asks what is to be done today, where that is shown.
    pub fn load_home(self) {
        if self.place.get_untracked() != Place::Home || self.phase.get_untracked() != Phase::Ready {
            return;
        }
        self.if_here(&LOAD_HOME, ());
    }

    pub(super) fn load_home_here(self, (): ()) {
        let day = self.locale().day_around(self.clock_now());
        self.client().home(day, move |answer| {
            let told = &self.services().home_told;
            let answer = match answer {
                Ok(answer) => answer,
                // What was told before is still there, and is asked for again soon.
                Err(trouble) if told.borrow().is_empty() => return self.notice.set(Some(trouble)),
                Err(_) => return,
            };
            // What is said again is not drawn again: the focus and the finger stay where they are.
            if *told.borrow() != answer.body {
                match decode(&answer) {
                    Ok(home) => self.home.set(Some(Rc::new(home))),
                    Err(trouble) => self.notice.set(Some(trouble)),
                }
                told.replace(answer.body);
            }
        });
    }

    /// Takes what a new session brings, which knows of the meeting around it but not of the one that is looked at.
    pub(super) fn adopt_session(self, panel: Panel) {
        let (place, is_inside) = (self.place.get_untracked(), panel.meeting.is_some());
        if place == Place::Customer && !is_inside {
            return self.load_panel();
        }
        if (place == Place::Inside) != is_inside {
            self.client().visit(None);
            self.place.set(if is_inside { Place::Inside } else { Place::Home });
            self.forget_customer();
            self.adopt_panel(panel);
            return self.load_ready();
        }
        self.adopt_panel(panel);
    }

    /// Opens a meeting of the list: its customer, its people, its note.
    pub fn open_meeting(self, meeting: &HomeMeeting) {
        match (&meeting.uuid, &meeting.entity) {
            (None, None) if meeting.number.is_some() => self.choose_for(meeting),
            (uuid, entity) => self.open_customer(uuid.clone(), entity.clone()),
        }
    }

    /// Sets a call aside that needs no note, or lists it again.
    pub fn need_note(self, meeting: &HomeMeeting, is_needed: bool) {
        let Some(uuid) = meeting.uuid.clone() else { return };
        self.client().need_note(&NoteNeed { meeting: uuid, is_needed }, move |answer| match answer {
            Ok(()) => self.load_home(),
            Err(trouble) => self.notice.set(Some(trouble)),
        });
    }

    /// Asks which company a meeting of the plan is about.
    pub fn choose_for(self, meeting: &HomeMeeting) {
        let chosen = meeting.number.clone().map(|number| (number, meeting.starts_at));
        self.services().choosing.replace(chosen);
        self.open_search_list();
    }

    /// Opens what was chosen in the search, and remembers it if it was for a meeting.
    pub(super) fn select_at_home(self, entity: Entity) {
        let Some((number, starts_at)) = self.services().choosing.take() else {
            return self.open_customer(None, Some(entity));
        };
        let choice = ChooseCompany { number, starts_at, select: entity.reference.clone() };
        self.client().choose_company(&choice, move |answer| match answer {
            Ok(()) => self.open_customer(None, Some(entity)),
            Err(trouble) => self.notice.set(Some(trouble)),
        });
    }

    /// Looks at a meeting, or at a customer outside of any.
    pub fn open_customer(self, meeting: Option<MeetingUuid>, entity: Option<Entity>) {
        self.client().visit(meeting.clone());
        self.client().panel(move |answer| {
            let mut panel = match answer {
                Ok(panel) if self.client().visited() == meeting => panel,
                Ok(_) => return,
                Err(trouble) => {
                    self.go_home();
                    return self.notice.set(Some(trouble));
                }
            };
            keep(OPEN, meeting.as_ref().map_or(NO_MEETING, MeetingUuid::as_str));
            let entity = entity.filter(|_| meeting.is_none() || panel.view.selected.is_none());
            if entity.is_some() {
                (panel.view.selected, panel.view.chosen_by) = (None, None);
            }
            let has_note = panel.draft.is_some();
            self.composer.set(Composer::opened(panel.draft.clone(), "", self.clock_now()));
            self.forget_customer();
            self.place.set(Place::Customer);
            self.adopt_panel(panel);
            self.load_ready();
            self.height.put(if has_note { Height::Half } else { Height::Line });
            if let Some(entity) = entity {
                self.select(entity);
            }
        });
    }

    /// Goes home, once the note is kept.
    pub fn leave_customer(self) {
        let (is_unsaved, is_disputed) =
            self.composer.with_untracked(|composer| (composer.save.is_unsaved(), composer.conflict.is_some()));
        if !is_unsaved && !is_disputed {
            return self.go_home();
        }
        self.services().leaves.set(!is_disputed);
        self.set_height(Height::Half);
        self.save_now();
    }

    pub(super) fn go_home(self) {
        keep(OPEN, "");
        self.client().visit(None);
        self.overlay.set(Overlay::None);
        self.composer.set(Composer::default());
        self.meeting.put(None);
        self.view.update(|view| (view.selected, view.chosen_by) = (None, None));
        self.place.set(Place::Home);
        self.load_home();
    }
}
