//! A tab that this version does not have yet says so, and where to go instead.

use sidelight_api::session::Tab;
use sidelight_domain::words::Word;

use crate::state::tabs::{id, name};
use crate::ui::piece::{Piece, button};
use crate::ui::states::empty;

/// The honest page of a tab that is not built; the link leads to what works.
pub(super) fn unbuilt(tab: Tab, on_link: impl Fn() + 'static) -> Piece {
    let picture = if matches!(tab, Tab::Scorecard | Tab::Summary | Tab::Attributes) { id(tab) } else { "dot" };
    let title = Word::TabUnbuiltTitle.fill(&[("tab", name(tab).text())]);
    empty(picture, title, Word::TabUnbuiltText).child(button("button").click(on_link).child(Word::TabUnbuiltLink))
}
