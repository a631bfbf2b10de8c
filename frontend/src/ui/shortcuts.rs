//! The list of keyboard shortcuts.

use crate::ui::piece::handler;
use leptos::prelude::*;
use sidelight_domain::words::Word;

const SHORTCUTS: [(&str, Word); 6] = [
    ("/", Word::ShortcutsSearch),
    ("N", Word::ShortcutsNote),
    ("1–5", Word::ShortcutsTabs),
    ("Ctrl ⏎", Word::ShortcutsLog),
    ("Esc", Word::ShortcutsClose),
    ("?", Word::ShortcutsHelp),
];

/// Keys and what they do.
#[component]
pub(super) fn Shortcuts(
    /// Closes the list.
    on_close: impl Fn() + Copy + Send + 'static,
) -> impl IntoView {
    pieces! {
        <h2>{Word::MenuShortcuts.text()}</h2>
        <dl class="shortcuts">
            {SHORTCUTS
                .into_iter()
                .map(|(key, word)| piece! { <div><dt>{word.text()}</dt><dd><kbd>{key}</kbd></dd></div> })
                .collect_view()}
        </dl>
        <div class="actions">
            <button type="button" class="button" on:click=handler(move |_| on_close())>{Word::ActionClose.text()}</button>
        </div>
    }
}
