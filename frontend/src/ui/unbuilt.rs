//! A tab that this version does not have yet says so, and where to go instead.

use sidelight_api::session::Tab;
use sidelight_domain::words::Word;

use crate::app::App;
use crate::state::tabs::{id, name};
use crate::ui::piece::{Piece, button};
use crate::ui::states::empty;

/// The honest page of a tab that is not built; the link leads to what works.
pub(super) fn unbuilt(app: App) -> Piece {
    let tab = app.view.with_untracked(|view| view.tab);
    let picture = if matches!(tab, Tab::Scorecard | Tab::Summary | Tab::Attributes) { id(tab) } else { "dot" };
    let title = Word::TabUnbuiltTitle.fill(&[("tab", name(tab).text())]);
    empty(picture, title, Word::TabUnbuiltText)
        .child(button("button").click(move || app.open_tab(Tab::Timeline)).child(Word::TabUnbuiltLink))
}
