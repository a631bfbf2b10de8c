//! Icons: symbols of the sprite that the page carries (`frontend/js/bundle.mjs`).

use crate::ui::piece::{Piece, button, svg};

/// A picture beside a text that says the same; it is hidden from screen readers. The name is one of `assets/icons/icons.json`.
pub(super) fn icon(name: &str) -> Piece {
    svg("svg").class("icon").attr("aria-hidden", "true").child(svg("use").attr("href", &format!("#i-{name}")))
}

/// A button that shows an icon alone; the label is for screen readers and shown on hover.
pub(super) fn icon_button(name: &str, label: &str, press: impl Fn() + 'static) -> Piece {
    button("icon-button").label(label).attr("title", label).click(press).child(icon(name))
}
