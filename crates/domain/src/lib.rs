//! What Sidelight is about, without any input or output: ids, entities, clock and pure rules.
//!
//! Everything here compiles for the browser too. Nothing here reads a clock, draws a random number,
//! opens a socket or knows a database: those come in through [`Clock`] and [`IdSource`].

pub mod access;
pub mod activity;
pub mod aside;
pub mod attendees;
mod clock;
pub mod correction;
mod email;
mod entity;
pub mod ids;
pub mod inquiry;
mod licence;
mod meeting;
mod notes;
pub mod permission;
pub mod person;
pub mod recall;
pub mod recognition;
pub mod roster;
pub mod suggestion;
pub mod topic;
pub mod words;

pub use clock::{Clock, CountingIds, IdSource, ManualClock, Timestamp};
pub use email::{EmailAddress, InvalidEmail};
pub use entity::{EntityKind, EntityRef};
pub use licence::Licence;
pub use meeting::MeetingKind;
pub use notes::{NotesFormat, notes_from_plain_text, plain_text_of_notes};

/// A number of people, devices or companies, as it stands in answers.
fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
