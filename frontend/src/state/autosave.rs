//! When a draft is saved, and what the quiet line beside it says.

use std::time::Duration;

use sidelight_domain::Timestamp;

/// A pause this long in typing saves.
const PAUSE: Duration = Duration::from_millis(300);
/// Typing without a pause saves this often.
const LONGEST_UNSAVED: Duration = Duration::from_secs(1);
/// The first wait after a failure; it doubles up to the last one.
const FIRST_RETRY: Duration = Duration::from_secs(1);
const LAST_RETRY: Duration = Duration::from_secs(30);

/// What the line says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Status {
    /// Nothing was typed.
    Untouched,
    /// The server has everything.
    Saved(Timestamp),
    /// The server will have it in a moment.
    Saving,
    /// The server could not be reached; it will be tried again.
    Offline,
    /// The server refused it; more typing will try again.
    Refused,
    /// Another window saved something else; the author decides.
    Conflict,
}

/// Counts edits and saves.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Autosave {
    edits: u64,
    saved_edits: u64,
    sending: Option<u64>,
    first_unsaved_at: Option<Timestamp>,
    last_edit_at: Timestamp,
    retry_at: Option<Timestamp>,
    failures: u32,
    saved_at: Option<Timestamp>,
    trouble: Option<SaveTrouble>,
}

/// Why a save failed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SaveTrouble {
    /// No answer.
    Offline,
    /// An answer that said no.
    Refused,
    /// There is a newer version.
    Conflict,
}

impl Autosave {
    /// Begins with what the server has.
    #[must_use]
    pub fn saved(saved_at: Option<Timestamp>) -> Self {
        Self { saved_at, ..Self::default() }
    }

    /// Notes an edit.
    pub fn edit(&mut self, now: Timestamp) {
        self.edits += 1;
        self.last_edit_at = now;
        self.first_unsaved_at.get_or_insert(now);
        if self.trouble == Some(SaveTrouble::Refused) {
            self.trouble = None;
            self.retry_at = None;
        }
    }

    /// Whether the server lacks something.
    #[must_use]
    pub const fn is_unsaved(&self) -> bool {
        self.edits > self.saved_edits
    }

    /// Whether a save is on its way.
    #[must_use]
    pub const fn is_sending(&self) -> bool {
        self.sending.is_some()
    }

    /// When to save next; `None` while nothing is to be done.
    #[must_use]
    pub fn due_at(&self) -> Option<Timestamp> {
        let waits_for_author = matches!(self.trouble, Some(SaveTrouble::Conflict | SaveTrouble::Refused));
        if !self.is_unsaved() || self.sending.is_some() || waits_for_author {
            return None;
        }
        let pause = self.last_edit_at.after(PAUSE);
        let longest = self.first_unsaved_at.map_or(pause, |first| first.after(LONGEST_UNSAVED));
        Some(self.retry_at.unwrap_or_else(|| pause.min(longest)))
    }

    /// Marks what is being sent.
    pub fn begin(&mut self) {
        self.sending = Some(self.edits);
    }

    /// Notes that what was sent is saved.
    pub fn done(&mut self, saved_at: Timestamp) {
        let sent = self.sending.take().unwrap_or(self.edits);
        self.saved_edits = sent;
        self.first_unsaved_at = self.is_unsaved().then_some(self.last_edit_at);
        (self.saved_at, self.retry_at, self.failures, self.trouble) = (Some(saved_at), None, 0, None);
    }

    /// Notes that it was not saved.
    pub fn failed(&mut self, trouble: SaveTrouble, now: Timestamp) {
        self.sending = None;
        self.trouble = Some(trouble);
        let wait = FIRST_RETRY.saturating_mul(1 << self.failures.min(5)).min(LAST_RETRY);
        self.failures += 1;
        self.retry_at = (trouble == SaveTrouble::Offline).then(|| now.after(wait));
    }

    /// Tries again at once: the connection is back, or the author settled a conflict.
    pub fn retry_now(&mut self, now: Timestamp) {
        self.trouble = None;
        self.retry_at = Some(now);
    }

    /// What was sent has to be sent anew, and can be at once.
    pub fn again(&mut self, now: Timestamp) {
        self.sending = None;
        self.retry_now(now);
    }

    /// What the line says.
    #[must_use]
    pub fn status(&self) -> Status {
        match self.trouble {
            Some(SaveTrouble::Conflict) => Status::Conflict,
            Some(SaveTrouble::Offline) if self.is_unsaved() => Status::Offline,
            Some(SaveTrouble::Refused) if self.is_unsaved() => Status::Refused,
            _ if self.is_unsaved() => Status::Saving,
            _ => self.saved_at.map_or(Status::Untouched, Status::Saved),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::samples::at;

    #[test]
    fn a_pause_saves_and_steady_typing_saves_each_second() {
        let mut save = Autosave::default();
        assert_eq!(save.due_at(), None);
        save.edit(at(0));
        assert_eq!(save.due_at(), Some(at(300)));
        for millis in (200..=900).step_by(100) {
            save.edit(at(millis));
        }
        assert_eq!(save.due_at(), Some(at(1_000)));
    }

    #[test]
    fn what_is_typed_while_saving_is_saved_next() {
        let mut save = Autosave::default();
        save.edit(at(0));
        save.begin();
        assert_eq!(save.due_at(), None);
        save.edit(at(350));
        save.done(at(400));
        assert_eq!(save.status(), Status::Saving);
        assert_eq!(save.due_at(), Some(at(650)));
        save.begin();
        save.done(at(700));
        assert_eq!(save.status(), Status::Saved(at(700)));
    }

    #[test]
    fn a_lost_connection_is_tried_again_ever_more_slowly() {
        let mut save = Autosave::default();
        save.edit(at(0));
        let mut waits = Vec::new();
        for _ in 0..7 {
            save.begin();
            save.failed(SaveTrouble::Offline, at(0));
            waits.push(save.due_at().unwrap().since(at(0)).as_secs());
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30]);
        assert_eq!(save.status(), Status::Offline);
        save.retry_now(at(5));
        assert_eq!(save.due_at(), Some(at(5)));
    }

    #[test]
    fn a_conflict_waits_for_the_author_whatever_he_types() {
        let mut save = Autosave::default();
        save.edit(at(0));
        save.begin();
        save.failed(SaveTrouble::Conflict, at(1));
        save.edit(at(2));
        assert_eq!((save.due_at(), save.status()), (None, Status::Conflict));
        save.retry_now(at(3));
        assert_eq!(save.due_at(), Some(at(3)));
    }

    #[test]
    fn what_has_to_be_sent_anew_is_due_at_once_and_not_yet_saved() {
        let mut save = Autosave::default();
        save.edit(at(0));
        save.begin();
        save.again(at(5));
        assert_eq!((save.due_at(), save.is_unsaved(), save.status()), (Some(at(5)), true, Status::Saving));
        save.begin();
        save.done(at(6));
        assert_eq!((save.due_at(), save.status()), (None, Status::Saved(at(6))));
    }

    #[test]
    fn a_refusal_waits_for_the_next_edit() {
        let mut save = Autosave::default();
        save.edit(at(0));
        save.begin();
        save.failed(SaveTrouble::Refused, at(1));
        assert_eq!((save.due_at(), save.status()), (None, Status::Refused));
        save.edit(at(10));
        assert!(save.due_at().is_some());
    }
}
