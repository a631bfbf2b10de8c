//! Writes on their way to Gainsight: stored first, sent at once, repeated until settled, never doubled (design 4.5).
//!
//! An activity carries its own `ExternalId` from the moment it is stored. It is sent again with the same one, and an answer that
//! speaks of a duplicate is success. "Not found by query, so insert anew" is never done: the query may lag.

mod deliver;
mod job;
mod payload;
mod submit;

pub use deliver::{Delivered, deliver};
pub use job::run;
pub use payload::{Payload, shown};
pub use submit::{HOLD, Submitted, submit};
