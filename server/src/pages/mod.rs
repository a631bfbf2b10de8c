//! Pages in the system browser: plain HTML without a script. Every text is escaped by the template engine.

mod frame;
mod sign_in;
mod zoom;

pub use frame::notice;
pub use sign_in::{Asking, asking, signed_in};
pub use zoom::{begin_again, home, installed};
