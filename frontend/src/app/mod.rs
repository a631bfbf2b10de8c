//! What happens when somebody does something: between the screens (`ui`) and everything that they cause (`api`, `zoom`).
//!
//! What belongs here: signals, actions, live updates. What does not: rules (they are in `state`) and markup.

mod adding;
mod card;
mod composer;
mod cover;
mod doors;
mod edit;
mod home;
mod inquiry;
mod invitation;
mod late;
mod live;
mod menu;
mod people;
mod search;
mod select;
mod session;
mod sign_in;
mod slot;
mod start;
mod store;
mod ticks;
mod timeline;
mod writes;

pub use inquiry::Inquiring;
pub use late::{Arrival, Late};
pub use slot::Slot;
pub use start::run;
pub use store::{App, CardState, Opened, Overlay, PeopleState, Place, Waiting};
