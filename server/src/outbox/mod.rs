//! Writes on their way to Gainsight: stored first, sent at once, repeated until settled, never doubled (design 4.5).
//!
//! An activity carries its own `ExternalId` from the moment it is stored. It is sent again with the same one, and an answer that
//! speaks of a duplicate is success. "Not found by query, so insert anew" is never done: the query may lag. A note that was reopened
//! although a try of it may have reached Gainsight keeps its `ExternalId`, and what stands there is brought up to date. A person is
//! added by an upsert under his address; whoever repeats that reads the link first.

mod adding;
mod change;
mod deliver;
mod errand;
mod job;
mod log;
mod note;
mod payload;
mod person;
mod submit;
mod submit_change;

pub use adding::add_person;
pub use change::{Seen, is_author};
pub use deliver::{Delivered, deliver};
pub use job::run;
pub use payload::{Earlier, Payload, Task, shown};
pub use submit::{HOLD, PATIENCE, Submitted, submit};
pub use submit_change::{submit_change, submit_deletion};
