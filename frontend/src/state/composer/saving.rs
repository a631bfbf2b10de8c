//! Saving the note, and what becomes of it when another window saved, logged or discarded it meanwhile.

use sidelight_api::activity::{Draft, SaveDraft};
use sidelight_domain::Timestamp;

use super::{Composer, append};
use crate::state::autosave::SaveTrouble;
use crate::state::trouble::Trouble;

/// What to ask of the server so that it has what is here.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Save {
    /// Keep this.
    Put(Box<SaveDraft>),
    /// Throw this version away.
    Delete(u32),
}

/// The answer to saving a draft.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum SaveAnswer {
    /// Saved.
    Saved(Draft),
    /// Thrown away.
    Deleted,
    /// Another window was faster.
    Conflict(Draft),
    /// Not saved: the draft was logged or discarded in another window.
    Settled(Trouble),
    /// Not saved.
    Failed(Trouble),
}

impl Composer {
    /// What to save now.
    pub fn begin_save(&mut self) -> Save {
        self.save.begin();
        if self.discarded.is_some() && self.version > 0 {
            return Save::Delete(self.version);
        }
        self.last_sent = Some(self.content.clone());
        Save::Put(Box::new(SaveDraft { based_on: self.version, content: self.content.clone() }))
    }

    /// What to ask as the page goes. Nobody hears the answer; if the page lives on after all, the next save finds its own text.
    pub fn last_save(&mut self) -> Option<Save> {
        if !self.save.is_unsaved() || self.conflict.is_some() || !self.is_editable() {
            return None;
        }
        if self.discarded.is_some() {
            return (self.version > 0).then_some(Save::Delete(self.version));
        }
        self.last_sent = Some(self.content.clone());
        // A save on its way arrives first.
        let based_on = self.version + u32::from(self.save.is_sending());
        Some(Save::Put(Box::new(SaveDraft { based_on, content: self.content.clone() })))
    }

    /// Takes the answer.
    pub fn end_save(&mut self, answer: SaveAnswer, now: Timestamp) {
        match answer {
            SaveAnswer::Saved(draft) => self.saved(draft),
            SaveAnswer::Deleted => {
                (self.draft, self.version) = (None, 0);
                self.save.done(now);
            }
            // Our own earlier save whose answer got lost is no conflict.
            SaveAnswer::Conflict(draft) if Some(&draft.content) == self.last_sent.as_ref() => self.saved(draft),
            SaveAnswer::Conflict(draft) => {
                self.save.failed(SaveTrouble::Conflict, now);
                self.conflict = Some(Box::new(draft));
            }
            // What was typed since is a note of its own; what was not changed is where it was sent to.
            SaveAnswer::Settled(_) if self.version > 0 => {
                (self.draft, self.version) = (None, 0);
                if self.content == self.known {
                    (self.content, self.save) = Default::default();
                } else {
                    self.save.again(now);
                }
            }
            SaveAnswer::Settled(trouble) | SaveAnswer::Failed(trouble) => {
                let offline = trouble.is_unanswered() || trouble.code.is_some_and(|code| code.status() >= 500);
                self.save.failed(if offline { SaveTrouble::Offline } else { SaveTrouble::Refused }, now);
                self.not_kept = Some(trouble.message.clone());
            }
        }
    }

    fn saved(&mut self, draft: Draft) {
        (self.draft, self.version) = (Some(draft.id), draft.version);
        self.save.done(draft.saved_at);
        // What was sent: the server may have written the same HTML in other letters.
        self.known = self.last_sent.clone().unwrap_or(draft.content);
    }

    /// Settles a conflict by keeping both texts, one below the other.
    pub fn keep_both(&mut self, now: Timestamp) {
        let Some(draft) = self.conflict.take() else { return };
        let mut both = self.content.clone();
        (both.notes, both.format) = (draft.content.notes, draft.content.format);
        append(&mut both, "\n\n", &self.content.notes, self.content.format);
        (self.draft, self.version) = (Some(draft.id), draft.version);
        self.content = both;
        self.save.edit(now);
        self.save.retry_now(now);
    }

    /// Settles a conflict by keeping what is here.
    pub fn keep_mine(&mut self, now: Timestamp) {
        let Some(draft) = self.conflict.take() else { return };
        (self.draft, self.version) = (Some(draft.id), draft.version);
        self.save.retry_now(now);
    }

    /// Settles a conflict by taking what the other window saved.
    pub fn take_theirs(&mut self) {
        if let Some(draft) = self.conflict.take() {
            self.take(*draft);
        }
    }
}
