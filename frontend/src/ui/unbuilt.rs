//! A tab that this version does not have yet says so, and where to go instead.

use leptos::prelude::*;
use sidelight_api::session::Tab;
use sidelight_domain::words::Word;

use crate::state::tabs::{id, name};
use crate::ui::piece::handler;
use crate::ui::states::Empty;

/// The honest page of a tab that is not built.
#[component]
pub(super) fn Unbuilt(
    /// Which tab.
    tab: Tab,
    /// Leads to what works.
    on_link: impl Fn() + Send + 'static,
) -> impl IntoView {
    let icon = if matches!(tab, Tab::Scorecard | Tab::Summary | Tab::Attributes) { id(tab) } else { "dot" };
    pieces! {
        <Empty
            icon
            title=Word::TabUnbuiltTitle.fill(&[("tab", name(tab).text())])
            text=Word::TabUnbuiltText.text().to_owned()
        >
            <button type="button" class="button" on:click=handler(move |_| on_link())>{Word::TabUnbuiltLink.text()}</button>
        </Empty>
    }
}
