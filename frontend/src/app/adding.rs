//! Adding people to Gainsight.

use sidelight_api::activity::PendingWrite;
use sidelight_api::people::Attendee;
use sidelight_domain::IdSource;
use sidelight_domain::ids::WriteId;
use sidelight_domain::words::Word;

use crate::app::late::ADD_PEOPLE;
use crate::app::store::{App, Overlay};
use crate::browser::BrowserIds;
use crate::state::adding::{Adding, Candidate, MOST_SOUGHT, Step};
use crate::state::trouble::Trouble;

impl App {
    /// Opens the sheet for some attendees, with what was typed into it before.
    pub fn add_people(self, attendees: Vec<Attendee>) {
        if self.selected().is_none() {
            return self.open_search();
        }
        self.overlay.set(Overlay::Adding);
        self.when_here(&ADD_PEOPLE, attendees);
    }

    pub(super) fn add_people_here(self, attendees: Vec<Attendee>) {
        // Whoever did not wait for the sheet no longer wants it.
        let is_wanted = self.overlay.get_untracked() == Overlay::Adding;
        let entity = self.view.with_untracked(|view| view.selected.clone());
        if let Some(entity) = entity.filter(|_| is_wanted) {
            self.open_adding(Adding::of(entity, attendees));
        }
    }

    /// Opens it for somebody whom Gainsight refused.
    pub fn review_person(self, id: WriteId) {
        let write = self.writes.with_untracked(|writes| writes.iter().find(|write| write.id == id).cloned());
        if let Some(adding) = write.as_ref().and_then(Adding::of_write) {
            self.open_adding(adding);
        }
    }

    fn open_adding(self, adding: Adding) {
        let is_there = self.adding.with_untracked(|old| old.as_ref().is_some_and(|old| old.is_same(&adding)));
        if !is_there {
            self.adding.set(Some(adding));
            self.look_for(0, false);
        }
        self.overlay.set(Overlay::Adding);
    }

    /// Looks whether they are in Gainsight already; from `first` on, or only that one.
    pub fn look_for(self, first: usize, is_one: bool) {
        let question = self.adding.with_untracked(|adding| adding.as_ref()?.question(first));
        let Some(mut question) = question else { return };
        if is_one {
            question.sought.truncate(1);
        }
        let asked = question.clone();
        self.client().find_people(&question, move |answer| {
            let is_current = self.adding.with_untracked(|adding| {
                adding.as_ref().and_then(|adding| adding.question(first)).is_some_and(|now| {
                    now.entity == asked.entity && now.sought.iter().zip(&asked.sought).all(|(now, then)| now == then)
                })
            });
            // What was typed meanwhile is looked for by itself.
            if !is_current {
                return;
            }
            self.change_adding(|adding| adding.take(first, answer));
            if !is_one {
                self.look_for(first + MOST_SOUGHT, false);
            }
        });
    }

    fn change_adding(self, change: impl FnOnce(&mut Adding)) {
        self.adding.update(|adding| {
            if let Some(adding) = adding {
                change(adding);
            }
        });
    }

    /// Changes one of them.
    pub fn change_candidate(self, place: usize, change: impl FnOnce(&mut Candidate)) {
        self.change_adding(|adding| {
            if let Some(row) = adding.rows.get_mut(place) {
                change(row);
            }
        });
    }

    /// Sends everybody who was chosen, one after the other, so that each has a result of his own (`gainsight.md` 8.4).
    pub fn send_people(self) {
        self.change_adding(|adding| adding.send(|| BrowserIds.uuid().to_string()));
        self.send_next();
    }

    fn send_next(self) {
        let next = self.adding.update(|adding| adding.as_mut()?.take_turn());
        if let Some((place, request)) = next {
            self.client().add_person(&request, move |answer| self.end_person(place, answer));
        }
    }

    fn end_person(self, place: usize, answer: Result<PendingWrite, Trouble>) {
        if let Err(trouble) = &answer {
            self.announce(trouble.message.clone());
        }
        let is_taken = self.adding.update(|adding| adding.as_mut().is_some_and(|adding| adding.end(place, answer)));
        if is_taken {
            self.look_for(place, true);
        }
        self.send_next();
        let (is_over, is_alone, is_done) = self.adding.with_untracked(|adding| {
            let adding = adding.as_ref();
            let rows = adding.map(|adding| adding.rows.as_slice()).unwrap_or_default();
            let is_done = rows.iter().all(|row| row.look.step != Step::Waiting);
            (adding.is_some_and(Adding::is_over), rows.len() == 1, is_done)
        });
        if is_over {
            self.announce(if is_done { Word::AddDone.text() } else { Word::WriteSaved.text() });
            if is_alone {
                self.overlay.set(Overlay::None);
            }
            self.people_changed();
        }
    }
}
