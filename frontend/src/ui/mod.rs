//! What is on the screen.
//!
//! What belongs here: components that take the panel's handle, or props and callbacks. What does not: fetching, rules.

#![expect(unreachable_pub, reason = "`#[component]` makes its items public whatever the function says")]

/// Writes one element as markup, as Leptos's `view!` does, and forgets its shape.
macro_rules! piece {
    ($($markup:tt)*) => { crate::ui::piece::piece(leptos::view! { $($markup)* }) };
}

/// The same for several elements beside each other, or components.
macro_rules! pieces {
    ($($markup:tt)*) => { crate::ui::piece::pieces(leptos::view! { $($markup)* }) };
}

mod activity;
mod banner;
mod blocked;
mod composer;
mod composer_fields;
mod dialog;
mod header;
mod icon;
mod logout;
mod menu;
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
mod timeline;
mod unbuilt;
mod writes;

pub use composer::restore_caret;
pub use panel::panel;
