//! The composer: one note from the first letter to Gainsight, and never a letter lost on the way.

mod saving;

use sidelight_api::FieldError;
use sidelight_api::activity::{Draft, DraftContent, LogActivity, PendingWrite, unfit};
use sidelight_api::person::AskedField;
use sidelight_domain::activity::{ActivityForm, Field, LONGEST_NOTES, Problem};
use sidelight_domain::ids::DraftId;
use sidelight_domain::words::Word;
use sidelight_domain::{NotesFormat, Timestamp};

use crate::state::autosave::{Autosave, Status};
use crate::state::trouble::Trouble;

pub use saving::{Save, SaveAnswer};

/// From here on the limit is shown while typing.
const NEAR: usize = LONGEST_NOTES / 10;

/// The fields of the form.
const FIELDS: [Field; 6] =
    [Field::TypeName, Field::Subject, Field::Notes, Field::HeldAt, Field::DurationMinutes, Field::Attendees];

/// How much of the panel the composer takes.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub enum Height {
    /// One line.
    #[default]
    Line,
    /// Half the panel.
    Half,
    /// All of it.
    Full,
}

/// Whether an activity is on its way to our server.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Sending {
    /// No.
    #[default]
    No,
    /// Yes.
    Now(Box<LogActivity>),
    /// It was sent, but no answer came: only the very same request with the very same key may be sent again.
    InDoubt(Box<LogActivity>),
}

/// The note and everything about it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Composer {
    /// What has been typed.
    pub content: DraftContent,
    /// The draft on the server, if there is one.
    pub draft: Option<DraftId>,
    /// Its version; 0 if there is none.
    pub version: u32,
    /// When it is saved.
    pub save: Autosave,
    /// What another window saved meanwhile.
    pub conflict: Option<Box<Draft>>,
    /// Whether it is being logged.
    pub sending: Sending,
    /// What is wrong with which field.
    pub errors: Vec<FieldError>,
    /// Why it could not be logged.
    pub refusal: Option<Trouble>,
    /// The last one that was logged from here.
    pub logged: Option<Box<PendingWrite>>,
    /// A note thrown away a moment ago.
    pub discarded: Option<Box<DraftContent>>,
    /// Why the server would not keep it.
    pub not_kept: Option<String>,
    /// Why something that was pasted was not taken in.
    pub not_taken: Option<String>,
    last_sent: Option<DraftContent>,
    /// Whether what is being sent was sent before.
    is_repeat: bool,
    /// What the server has in the version that we know.
    known: DraftContent,
}

impl Composer {
    /// Begins with the server's draft and with what was typed before the program ran.
    #[must_use]
    pub fn opened(draft: Option<Draft>, typed: &str, now: Timestamp) -> Self {
        let mut composer = Self::default();
        composer.adopt(draft);
        let is_there = || composer.content.format.plain(&composer.content.notes).contains(typed.trim_end());
        if !typed.trim().is_empty() && !is_there() {
            composer.edit(now, |content| append(content, "\n", typed, NotesFormat::Plain));
        }
        composer
    }

    /// Takes the server's draft, unless something here is not saved yet: then the next save finds out about the conflict.
    pub fn adopt(&mut self, draft: Option<Draft>) {
        if self.save.is_unsaved() || self.sending != Sending::No {
            return;
        }
        match draft {
            Some(draft) if Some(draft.id) == self.draft && draft.version <= self.version => {}
            Some(draft) => self.take(draft),
            None => (self.content, self.draft, self.version, self.save) = Default::default(),
        }
    }

    /// Takes the draft after a refusal. One version on it is our own, reopened: what was typed since it was saved is still to be saved.
    pub fn take_back(&mut self, draft: Option<Draft>) {
        match draft {
            Some(draft) if Some(draft.id) == self.draft && draft.version == self.version + 1 => {
                self.version = draft.version;
            }
            draft => self.adopt(draft),
        }
    }

    fn take(&mut self, draft: Draft) {
        (self.draft, self.version) = (Some(draft.id), draft.version);
        self.save = Autosave::saved(Some(draft.saved_at));
        self.known = draft.content.clone();
        self.content = draft.content;
        self.conflict = None;
    }

    /// Changes the note.
    pub fn edit(&mut self, now: Timestamp, change: impl FnOnce(&mut DraftContent)) {
        let before = self.content.clone();
        change(&mut self.content);
        if before == self.content {
            return;
        }
        self.errors.clear();
        (self.refusal, self.logged, self.discarded, self.not_taken) = (None, None, None, None);
        self.save.edit(now);
    }

    /// Whether there is anything worth keeping.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.content.format.is_blank(&self.content.notes) && self.content.subject.is_none()
    }

    /// Throws the note away; it can be brought back until the next edit.
    pub fn discard(&mut self, now: Timestamp) {
        let content = std::mem::take(&mut self.content);
        self.save.edit(now);
        self.discarded = Some(Box::new(content));
        self.errors.clear();
        (self.refusal, self.logged) = (None, None);
    }

    /// Brings a thrown-away note back.
    pub fn restore(&mut self, now: Timestamp) {
        if let Some(content) = self.discarded.take() {
            self.content = *content;
            self.save.edit(now);
        }
    }

    /// Checks the form and, if it may go, marks it as being sent under `key`.
    pub fn begin_log(
        &mut self,
        form: ActivityForm,
        (offered, asked): (&[String], &[AskedField]),
        key: String,
        now: Timestamp,
    ) -> Option<LogActivity> {
        let problems = form.problems(offered, now).into_iter().map(|(field, problem)| (field.as_str(), problem));
        self.errors = problems.chain(unfit(&form, asked)).map(field_error).collect();
        self.refusal = None;
        if !self.errors.is_empty() {
            return None;
        }
        let request = LogActivity { key, form, draft: self.draft };
        self.sending = Sending::Now(Box::new(request.clone()));
        Some(request)
    }

    /// The request as it goes out first: it names the draft, which may have been saved for the first time meanwhile.
    pub fn finish_request(&mut self) -> Option<LogActivity> {
        let Sending::Now(request) = &mut self.sending else { return None };
        request.draft = request.draft.or(self.draft);
        Some(request.as_ref().clone())
    }

    /// What has to be sent again, since nobody knows whether it arrived.
    pub fn repeat_log(&mut self) -> Option<LogActivity> {
        let Sending::InDoubt(request) = &self.sending else { return None };
        let request = request.clone();
        (self.sending, self.is_repeat) = (Sending::Now(request.clone()), true);
        Some(*request)
    }

    /// Takes the answer to logging. The text stays until the server has it for certain.
    pub fn end_log(&mut self, answer: Result<PendingWrite, Trouble>, asked: &[AskedField]) {
        let sending = std::mem::take(&mut self.sending);
        match answer {
            Ok(write) => {
                *self = Self { logged: Some(Box::new(write)), ..Self::default() };
            }
            Err(mut trouble) => {
                let is_repeat = std::mem::take(&mut self.is_repeat);
                if let (true, Sending::Now(request)) = (trouble.leaves_in_doubt(is_repeat), sending) {
                    self.sending = Sending::InDoubt(request);
                }
                let of_tenant = asked.iter().map(|field| field.name.as_str());
                let mut names: Vec<&str> = of_tenant.collect();
                names.extend(FIELDS.map(Field::as_str));
                trouble.keep_fields(&|error| names.iter().any(|name| is_at(error, name)));
                self.errors.clone_from(&trouble.fields);
                self.refusal = Some(trouble);
            }
        }
    }

    /// Whether the fields may be changed: not while nobody knows what the server has.
    #[must_use]
    pub fn is_editable(&self) -> bool {
        self.sending == Sending::No
    }

    /// The message at a field, by its name in our JSON or in Gainsight.
    #[must_use]
    pub fn error_at(&self, name: &str) -> Option<&str> {
        self.errors.iter().find(|error| is_at(error, name)).map(|error| error.message.as_str())
    }

    /// What the quiet line says about saving.
    #[must_use]
    pub fn status(&self) -> Status {
        if self.conflict.is_some() { Status::Conflict } else { self.save.status() }
    }

    /// How many characters are too many, if so.
    #[must_use]
    pub fn excess(&self) -> Option<usize> {
        self.content.notes.chars().count().checked_sub(LONGEST_NOTES).filter(|excess| *excess > 0)
    }

    /// How many characters are left, once that is worth saying.
    #[must_use]
    pub fn room(&self) -> Option<usize> {
        LONGEST_NOTES.checked_sub(self.content.notes.chars().count()).filter(|room| *room <= NEAR)
    }
}

fn is_at(error: &FieldError, name: &str) -> bool {
    let path = error.field.split(['.', '[']).next().unwrap_or_default();
    path.eq_ignore_ascii_case(name) || (name == Field::Attendees.as_str() && path.ends_with("_attendees"))
}

/// Puts another text below a note's own. If either is formatted, both are.
fn append(content: &mut DraftContent, between: &str, notes: &str, format: NotesFormat) {
    if (content.format, format) == (NotesFormat::Plain, NotesFormat::Plain) {
        content.notes = joined(&content.notes, between, notes);
    } else {
        content.notes = [content.format.html(&content.notes), format.html(notes)].concat();
        content.format = NotesFormat::Html;
    }
}

fn joined(first: &str, between: &str, second: &str) -> String {
    let parts = [first.trim_end(), second.trim_end()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(between)
}

fn field_error((field, problem): (&str, Problem)) -> FieldError {
    let most = |limit: usize| limit.to_string();
    let message = match problem {
        Problem::Missing => Word::FieldMissing.text().to_owned(),
        Problem::TooMuch(limit) if matches!(field, "duration_minutes" | "external_attendees") => {
            Word::FieldTooMany.fill(&[("most", &most(limit))])
        }
        Problem::TooMuch(limit) => Word::FieldTooLong.fill(&[("most", &most(limit))]),
        Problem::NotOffered => Word::FieldNotOffered.text().to_owned(),
        Problem::UnlikelyDate => Word::FieldUnlikelyDate.text().to_owned(),
    };
    FieldError { field: field.to_owned(), message }
}

#[cfg(test)]
#[path = "composer_tests.rs"]
mod tests;
