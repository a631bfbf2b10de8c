//! Icons: symbols of the sprite that the page carries (`frontend/js/bundle.mjs`).

use crate::ui::piece::handler;
use leptos::prelude::*;

/// A picture beside a text that says the same; it is hidden from screen readers.
#[component]
pub(super) fn Icon(
    /// The name in `assets/icons/icons.json`.
    name: &'static str,
) -> impl IntoView {
    piece! {
        <svg class="icon" aria-hidden="true">
            <use href=format!("#i-{name}") />
        </svg>
    }
}

/// A button that shows an icon alone.
#[component]
pub(super) fn IconButton(
    /// The name of the icon.
    name: &'static str,
    /// What it does, for screen readers and on hover.
    label: &'static str,
    /// Does it.
    on_press: impl Fn() + 'static,
) -> impl IntoView {
    piece! {
        <button type="button" class="icon-button" aria-label=label title=label on:click=handler(move |_| on_press())>
            <Icon name />
        </button>
    }
}
