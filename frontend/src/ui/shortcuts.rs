//! The list of keyboard shortcuts.

use sidelight_domain::words::Word;

use crate::app::{App, Overlay};
use crate::ui::piece::{Piece, button, el, pieces};

const SHORTCUTS: [(&str, Word); 8] = [
    ("/", Word::ShortcutsSearch),
    ("N", Word::ShortcutsNote),
    ("1–5", Word::ShortcutsTabs),
    ("Ctrl ⏎", Word::ShortcutsLog),
    ("C", Word::CoverCover),
    ("H", Word::HomeTitle),
    ("Esc", Word::ShortcutsClose),
    ("?", Word::ShortcutsHelp),
];

/// Keys and what they do.
pub(super) fn shortcuts(app: App) -> Piece {
    let one =
        |(key, word): (&str, Word)| el("div").child(el("dt").child(word)).child(el("dd").child(el("kbd").child(key)));
    let close = button("button").click(move || app.overlay.set(Overlay::None)).child(Word::ActionClose);
    pieces()
        .child(el("h2").child(Word::MenuShortcuts))
        .child(el("dl").class("shortcuts").child(SHORTCUTS.into_iter().map(one).collect::<Piece>()))
        .child(el("div").class("actions").child(close))
}
