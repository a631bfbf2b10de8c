//! What the panel knows and decides, as plain Rust: no signals, no browser, so everything here is tested natively.
//!
//! What belongs here: structs, reducers and the sentences they lead to. What does not: fetching, timers, markup.

pub mod adding;
pub mod age;
pub mod autosave;
pub mod caret;
pub mod composer;
pub mod edit;
pub mod entity;
pub mod home;
pub mod locale;
pub mod mail;
pub mod narrowing;
pub mod people;
pub mod phase;
pub mod search;
pub mod sign_in;
pub mod suggestion;
pub mod tabs;
pub mod ticks;
pub mod timeline;
pub mod trouble;
pub mod turn;
pub mod writes;

#[cfg(test)]
pub(crate) mod samples;
