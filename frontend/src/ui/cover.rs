//! What hides everything about customers (ux 7).

use sidelight_domain::words::Word;

use crate::app::App;
use crate::ui::dialog::dialog;
use crate::ui::icon::{icon, icon_button};
use crate::ui::piece::{Piece, button, el};

/// Covers at any time.
pub(super) fn cover_button(app: App) -> Piece {
    icon_button("cover", Word::CoverCover.text(), move || app.cover())
}

/// The neutral layer, and the one tap that takes it away.
pub(super) fn curtain(app: App) -> Piece {
    let text = if app.is_shared() { Word::CoverSharing } else { Word::CoverText };
    let show = move || app.uncover();
    let step = button("button primary").click(show).child(Word::CoverShow);
    let picture = el("span").class("empty-icon").child(icon("cover"));
    let content = el("div")
        .class("empty")
        .child(picture)
        .child(el("h2").child(Word::CoverTitle))
        .child(el("p").child(text))
        .child(step);
    dialog("curtain", Word::CoverTitle.text(), show, content)
}
