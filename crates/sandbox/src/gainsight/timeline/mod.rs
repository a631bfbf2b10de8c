//! The Timeline API: log, change, delete (`gainsight.md` 10.1, 10.2). Reading goes through the object query.

mod attendees;
mod change;
mod delete;
mod log;
mod record;

pub(crate) use change::change;
pub(crate) use delete::{delete, deleted};
pub(crate) use log::log;
pub(crate) use record::Demands;
