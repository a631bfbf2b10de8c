//! A Timeline activity before it is sent: its form and what makes it acceptable (`gainsight.md` 10.2).

use serde::{Deserialize, Serialize};

use crate::person::FilledField;
use crate::{EmailAddress, EntityRef, NotesFormat, Timestamp};

/// Gainsight's STRING fields hold 255 characters unless describe says otherwise (`gainsight.md` 6).
pub const LONGEST_SUBJECT: usize = 255;
/// A rich text field holds 32,768 characters of HTML on standard objects (`gainsight.md` 6); room is left for our tags.
pub const LONGEST_NOTES: usize = 30_000;
/// A draft may be longer than what can be logged: the text is kept, and the limit shown while typing.
pub const LONGEST_DRAFT: usize = LONGEST_NOTES * 4;
/// More than a day in one call is a typing error.
pub const LONGEST_DURATION_MINUTES: u32 = 24 * 60;
/// As many attendees as one look-up of ours carries (design 4.4).
pub const MOST_ATTENDEES: usize = 500;

/// How a tenant's form names our own duration, among the fields that are its own.
pub const DURATION_FIELD: &str = "duration_minutes";
/// As many fields as a form of Gainsight holds (`gainsight.md` 10.5).
pub const MOST_FORM_FIELDS: usize = 15;
/// More characters than any field of a form takes.
pub const LONGEST_FIELD: usize = 4_000;

/// The activity types that every tenant has (`gainsight.md` 10.2). A tenant's own list comes from its configuration.
pub const STANDARD_TYPES: [&str; 5] = ["Update", "Call", "Meeting", "Email", "Milestone"];

/// What somebody filled into the "log" form.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActivityForm {
    /// Whose Timeline it goes to.
    pub entity: EntityRef,
    /// One of the tenant's activity types, by name.
    pub type_name: String,
    /// One line.
    pub subject: String,
    /// What was said.
    pub notes: String,
    /// How that is written down.
    #[serde(default)]
    pub format: NotesFormat,
    /// When it took place.
    pub held_at: Timestamp,
    /// How long it took, in minutes.
    pub duration_minutes: Option<u32>,
    /// Colleagues who took part; they must be users of the tenant.
    #[serde(default)]
    pub internal_attendees: Vec<EmailAddress>,
    /// Customers who took part; they must be people of the tenant.
    #[serde(default)]
    pub external_attendees: Vec<EmailAddress>,
    /// What the tenant's form for this type asks for besides.
    #[serde(default)]
    pub fields: Vec<FilledField>,
}

/// A field of the form; its text form is the JSON path that an error names.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Field {
    /// `type_name`
    TypeName,
    /// `subject`
    Subject,
    /// `notes`
    Notes,
    /// `held_at`
    HeldAt,
    /// `duration_minutes`
    DurationMinutes,
    /// `internal_attendees` and `external_attendees` together
    Attendees,
}

impl Field {
    /// The name in our JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TypeName => "type_name",
            Self::Subject => "subject",
            Self::Notes => "notes",
            Self::HeldAt => "held_at",
            Self::DurationMinutes => DURATION_FIELD,
            Self::Attendees => "external_attendees",
        }
    }
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Problem {
    /// It has to be filled in.
    Missing,
    /// It holds more than this many characters, minutes or people.
    TooMuch(usize),
    /// It is none of the values on offer.
    NotOffered,
    /// It lies more than a day ahead or before the year 2000.
    UnlikelyDate,
}

impl ActivityForm {
    /// Lists everything that keeps this form from being sent; empty when it may go.
    #[must_use]
    pub fn problems(&self, offered_types: &[String], now: Timestamp) -> Vec<(Field, Problem)> {
        let mut problems = Vec::new();
        if !offered_types.contains(&self.type_name) {
            problems.push((Field::TypeName, Problem::NotOffered));
        }
        let mut text = |field, text: &str, is_blank: bool, longest| {
            if is_blank {
                problems.push((field, Problem::Missing));
            } else if text.chars().count() > longest {
                problems.push((field, Problem::TooMuch(longest)));
            }
        };
        text(Field::Subject, &self.subject, self.subject.trim().is_empty(), LONGEST_SUBJECT);
        text(Field::Notes, &self.notes, self.format.is_blank(&self.notes), LONGEST_NOTES);
        let (day, year_2000) = (std::time::Duration::from_hours(24), Timestamp::from_millis(946_684_800_000));
        if self.held_at > now.after(day) || self.held_at < year_2000 {
            problems.push((Field::HeldAt, Problem::UnlikelyDate));
        }
        if self.duration_minutes.is_some_and(|minutes| minutes > LONGEST_DURATION_MINUTES) {
            problems.push((Field::DurationMinutes, Problem::TooMuch(LONGEST_DURATION_MINUTES as usize)));
        }
        if self.internal_attendees.len() + self.external_attendees.len() > MOST_ATTENDEES {
            problems.push((Field::Attendees, Problem::TooMuch(MOST_ATTENDEES)));
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        EntityKind,
        ids::{Gsid, TenantKey},
    };

    const NOW: Timestamp = Timestamp::from_millis(1_780_000_000_000);

    fn form() -> ActivityForm {
        ActivityForm {
            entity: EntityRef { tenant: TenantKey::new("lumen"), kind: EntityKind::Company, id: Gsid::new("1P02") },
            type_name: "Meeting".to_owned(),
            subject: "Weekly sync".to_owned(),
            notes: "All well".to_owned(),
            format: NotesFormat::Plain,
            held_at: NOW,
            duration_minutes: Some(30),
            internal_attendees: Vec::new(),
            external_attendees: Vec::new(),
            fields: Vec::new(),
        }
    }

    fn problems(change: impl FnOnce(&mut ActivityForm)) -> Vec<(Field, Problem)> {
        let mut form = form();
        change(&mut form);
        form.problems(&STANDARD_TYPES.map(str::to_owned), NOW)
    }

    #[test]
    fn a_filled_form_may_go() {
        assert_eq!(problems(|_| {}), []);
    }

    #[test]
    fn every_problem_names_its_field() {
        type Case = (fn(&mut ActivityForm), Field, Problem);
        let empty_paragraph: Case = (
            |form| (form.notes, form.format) = ("<p><br></p>".to_owned(), NotesFormat::Html),
            Field::Notes,
            Problem::Missing,
        );
        let cases: [Case; 8] = [
            empty_paragraph,
            (|form| form.type_name = "Séance".to_owned(), Field::TypeName, Problem::NotOffered),
            (|form| form.subject = " \n".to_owned(), Field::Subject, Problem::Missing),
            (|form| form.subject = "ä".repeat(256), Field::Subject, Problem::TooMuch(255)),
            (|form| form.notes = String::new(), Field::Notes, Problem::Missing),
            (
                |form| form.held_at = NOW.after(std::time::Duration::from_hours(25)),
                Field::HeldAt,
                Problem::UnlikelyDate,
            ),
            (|form| form.held_at = Timestamp::from_millis(0), Field::HeldAt, Problem::UnlikelyDate),
            (|form| form.duration_minutes = Some(1_441), Field::DurationMinutes, Problem::TooMuch(1_440)),
        ];
        for (change, field, problem) in cases {
            assert_eq!(problems(change), [(field, problem)]);
        }
    }

    #[test]
    fn all_problems_are_reported_together() {
        let found = problems(|form| {
            form.subject.clear();
            form.notes.clear();
            form.type_name.clear();
        });
        assert_eq!(found.len(), 3);
    }
}
