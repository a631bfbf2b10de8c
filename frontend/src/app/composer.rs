//! Writing, saving and logging the note.

use std::time::Duration;

use sidelight_api::activity::{DraftContent, FindAttendees, OtherAttendee, PendingWrite, WriteState};
use sidelight_api::person::AskedField;
use sidelight_domain::activity::{Field, STANDARD_TYPES};
use sidelight_domain::words::Word;
use sidelight_domain::{IdSource, Timestamp};

use crate::app::late::LOG;
use crate::app::store::App;
use crate::browser::{BrowserIds, focus};
use crate::state::composer::{Composer, Height, Save, SaveAnswer, Sending};
use crate::state::suggestion::{Suggestion, form, suggest};
use crate::state::trouble::Trouble;

/// How often a save on its way is looked at before logging.
const SAVE_CHECK: Duration = Duration::from_millis(30);
/// How long somebody does not type before he is taken to have finished a word.
const TYPING_PAUSE: Duration = Duration::from_millis(250);
/// How soon a request in doubt is sent again.
const REPEAT: Duration = Duration::from_secs(3);

impl App {
    /// Changes the note and sees to it that it is saved.
    pub fn edit(self, change: impl FnOnce(&mut DraftContent)) {
        let now = self.clock_now();
        let selected = self.selected();
        self.composer.update(|composer| {
            composer.edit(now, |content| {
                change(content);
                if content.entity.is_none() {
                    content.entity = selected;
                }
            });
        });
        self.schedule_save();
    }

    /// Says why something was not taken into the note.
    pub fn refuse_text(self, why: &str) {
        self.composer.update(|composer| composer.not_taken = Some(why.to_owned()));
        self.announce(why);
    }

    /// Saves when it is time.
    pub(super) fn schedule_save(self) {
        let timer = &self.services().timers.save;
        let Some(due) = self.composer.with_untracked(|composer| composer.save.due_at()) else { return };
        timer.set(due.since(self.clock_now()), move || self.save());
    }

    fn save(self) {
        let is_idle = |composer: &Composer| composer.save.due_at().is_none() || !composer.is_editable();
        if self.composer.with_untracked(is_idle) {
            return;
        }
        let save = self.composer.update(Composer::begin_save);
        let visited = self.client().visited();
        self.send_save(save, move |answer| {
            // Another meeting's note stands here now; this one was left only once it was kept.
            if self.client().visited() == visited {
                self.end_save(answer);
            }
        });
    }

    fn send_save(self, save: Save, then: impl FnOnce(SaveAnswer) + 'static) {
        match save {
            Save::Put(draft) => self.client().save_draft(&draft, then),
            Save::Delete(version) => self.client().delete_draft(version, move |answer| {
                then(answer.map_or_else(SaveAnswer::Failed, |()| SaveAnswer::Deleted));
            }),
        }
    }

    /// Closing the panel must not cost the last letters.
    pub(super) fn save_last(self) {
        if let Some(save) = self.composer.update(Composer::last_save) {
            self.send_save(save, drop);
        }
    }

    fn end_save(self, answer: SaveAnswer) {
        let now = self.clock_now();
        self.composer.update(|composer| composer.end_save(answer, now));
        if self.services().leaves.take() && self.composer.with_untracked(|composer| !composer.save.is_unsaved()) {
            return self.go_home();
        }
        self.schedule_save();
    }

    /// Saves now what waits for a connection.
    pub(super) fn save_now(self) {
        let now = self.clock_now();
        if self.composer.with_untracked(|composer| composer.save.is_unsaved() && composer.conflict.is_none()) {
            self.composer.update(|composer| composer.save.retry_now(now));
            self.schedule_save();
        }
    }

    /// The draft changed in another window.
    pub(super) fn load_draft(self) {
        self.client().draft(move |answer| {
            if let Ok(draft) = answer {
                self.composer.update(|composer| composer.adopt(draft));
            }
        });
    }

    /// Settles a conflict between two windows.
    pub fn settle_conflict(self, settle: impl FnOnce(&mut Composer, Timestamp)) {
        let now = self.clock_now();
        self.composer.update(|composer| settle(composer, now));
        self.schedule_save();
    }

    /// What the meeting suggests for the form; follows the meeting while it goes on.
    #[must_use]
    pub fn suggestion(self) -> Option<Suggestion> {
        let entity = self.view.with(|view| view.selected.clone())?;
        let now = self.now.get();
        let types = self.types.get();
        self.meeting.with(|meeting| {
            self.room.with(|room| Some(suggest(meeting.as_ref(), &entity, room.attendees(), types.as_ref(), now)))
        })
    }

    /// The types on offer.
    #[must_use]
    pub fn offered_types(self) -> Vec<String> {
        self.types.with(|types| {
            types.as_ref().map_or_else(|| STANDARD_TYPES.map(str::to_owned).to_vec(), |types| types.types.clone())
        })
    }

    /// What the tenant's form for this type asks for besides.
    #[must_use]
    pub fn asked(self) -> Vec<AskedField> {
        let suggested = self.suggestion().map(|suggestion| suggestion.type_name).unwrap_or_default();
        let chosen = self.composer.with(|composer| composer.content.type_name.clone()).unwrap_or(suggested);
        self.types.with(|types| types.as_ref().map(|types| types.asked(&chosen).to_vec()).unwrap_or_default())
    }

    /// Looks for somebody whom the activity can name, once nobody types on.
    pub fn find_attendees(self, query: String, then: impl FnOnce(Vec<OtherAttendee>) + 'static) {
        self.services().timers.attendees.set(TYPING_PAUSE, move || {
            let Some(entity) = self.selected().filter(|_| query.trim().chars().count() > 1) else {
                return then(Vec::new());
            };
            self.client().find_attendees(&FindAttendees { entity, query }, move |answer| match answer {
                Ok(found) => then(found),
                Err(trouble) => {
                    self.announce(trouble.message.clone());
                    self.notice.set(Some(trouble));
                }
            });
        });
    }

    /// Logs the note, or says at the fields what is missing.
    pub fn log(self) {
        self.when_here(&LOG, ());
    }

    pub(super) fn log_here(self, (): ()) {
        let Some(entity) = self.view.with_untracked(|view| view.selected.clone()) else { return };
        let Some(suggestion) = leptos::prelude::untrack(|| self.suggestion()) else { return };
        if !self.composer.with_untracked(Composer::is_editable) {
            return self.repeat_log();
        }
        let now = self.clock_now();
        let (offered, asked) = leptos::prelude::untrack(|| (self.offered_types(), self.asked()));
        let types = self.types.get_untracked();
        let key = BrowserIds.uuid().to_string();
        let request = self.composer.update(|composer| {
            let form = form(&composer.content, &suggestion, &entity, types.as_ref());
            composer.begin_log(form, (&offered, &asked), key, now)
        });
        if request.is_some() {
            self.send_log();
        } else {
            self.show_first_error();
        }
    }

    /// Sends a request in doubt again, word by word.
    pub fn repeat_log(self) {
        if self.composer.update(Composer::repeat_log).is_some() {
            self.send_log();
        }
    }

    fn send_log(self) {
        // A save that arrives after the write was stored would bring the draft back.
        if self.composer.with_untracked(|composer| composer.save.is_sending()) {
            return self.services().timers.log.set(SAVE_CHECK, move || self.send_log());
        }
        if let Some(request) = self.composer.update(Composer::finish_request) {
            let visited = self.client().visited();
            self.client().log_activity(&request, move |answer| {
                // For whoever went on, the list of writes says what became of it.
                if self.client().visited() == visited {
                    self.answer_log(answer);
                }
            });
        }
    }

    /// A refusal may speak of a field that the form did not have so far, and the draft is back under another version: both are read anew
    /// before anybody goes on.
    fn answer_log(self, answer: Result<PendingWrite, Trouble>) {
        let is_refused = matches!(&answer, Err(trouble) if !trouble.fields.is_empty());
        let Some(entity) = self.selected().filter(|_| is_refused) else { return self.end_log(answer) };
        let visited = self.client().visited();
        self.client().activity_types(&entity, move |types| {
            if self.client().visited() == visited {
                if let Ok(types) = types {
                    self.types.set(Some(types));
                }
                self.client().draft(move |draft| {
                    if self.client().visited() == visited {
                        self.end_log(answer);
                        if let Ok(draft) = draft {
                            self.composer.update(|composer| composer.take_back(draft));
                        }
                    }
                });
            }
        });
    }

    fn end_log(self, answer: Result<PendingWrite, Trouble>) {
        match &answer {
            Ok(write) => {
                let is_done = matches!(write.state, WriteState::Done { .. });
                self.announce(if is_done { Word::WriteDone.text() } else { Word::WriteSaved.text() });
                self.height.set(Height::Line);
                self.put_write(write.clone());
                if is_done {
                    self.timeline_changed(&write.entity);
                }
            }
            Err(trouble) => self.announce(trouble.message.clone()),
        }
        let asked = leptos::prelude::untrack(|| self.asked());
        self.composer.update(|composer| composer.end_log(answer, &asked));
        if self.composer.with_untracked(|composer| matches!(composer.sending, Sending::InDoubt(_))) {
            self.services().timers.repeat.set(REPEAT, move || self.repeat_log());
        }
        self.schedule_save();
        self.show_first_error();
    }

    fn show_first_error(self) {
        let field = self.composer.with_untracked(|composer| composer.errors.first().map(|error| error.field.clone()));
        if let Some(field) = field {
            self.set_height(self.height.get_untracked().max(Height::Half));
            // Once the fields are there.
            leptos::prelude::request_animation_frame(move || {
                focus(&format!("composer-{field}"));
                if field == Field::Notes.as_str() {
                    focus("composer-rich");
                }
            });
        }
    }

    /// Gives the note more or less room.
    pub fn set_height(self, height: Height) {
        if self.height.get_untracked() != height {
            self.height.set(height);
        }
    }
}
