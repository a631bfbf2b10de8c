//! What is on the screen.
//!
//! What belongs here: functions that build pieces of the page from the panel's handle, or from values and callbacks. What does
//! not: fetching, rules.

mod activity;
mod adding;
mod asked;
mod attendees;
mod banner;
mod blocked;
mod card;
mod choice;
mod composer;
mod composer_fields;
mod correction;
mod cover;
mod dialog;
mod edit;
mod editor;
mod follow;
mod header;
mod home;
mod icon;
mod inquiry;
mod invitation;
mod late;
mod logout;
mod menu;
mod narrowing;
mod panel;
mod people;
mod person;
mod piece;
mod search;
mod sentinel;
mod shortcuts;
mod sign_in;
mod states;
mod tabs;
mod ticks;
mod timeline;
mod unbuilt;
mod writes;

pub use composer::restore_caret;
pub use panel::panel;
