//! The row of tabs.

use sidelight_api::session::Tab;
use sidelight_domain::words::Word;

use crate::app::App;
use crate::browser::{focus, is_right_to_left};
use crate::state::people::Room;
use crate::state::tabs::{TABS, after_key, id, name};
use crate::ui::follow::shown;
use crate::ui::piece::{Piece, el, pieces};

/// Tabs after the WAI-ARIA pattern: one stop for the tab key, arrows between them.
pub(super) fn tabs(app: App) -> Piece {
    let press = move |event: &web_sys::KeyboardEvent| {
        let current = app.view.with_untracked(|view| view.tab);
        if let Some(tab) = after_key(current, &event.key(), is_right_to_left()) {
            event.prevent_default();
            app.open_tab(tab);
            focus(&tab_id(tab));
        }
    };
    let row = el("div").class("tabs").attr("role", "tablist").label(Word::ShellTabs.text()).key(press);
    row.child(TABS.into_iter().map(|tab| one(app, tab)).collect::<Piece>())
}

/// The id of a tab's button, which names its page.
pub(super) fn tab_id(tab: Tab) -> String {
    format!("tab-{}", id(tab))
}

fn one(app: App, tab: Tab) -> Piece {
    let is_current = move || app.view.with(|view| view.tab == tab);
    el("button")
        .attr("type", "button")
        .attr("role", "tab")
        .id(&tab_id(tab))
        .attr("aria-controls", "tab-panel")
        .says("aria-selected", is_current)
        .attr_of("tabindex", move || if is_current() { "0" } else { "-1" }.to_owned())
        .click(move || app.open_tab(tab))
        .child(name(tab))
        .child((tab == Tab::People).then(|| count(app)))
}

fn count(app: App) -> Piece {
    shown(
        move || app.room.with(Room::present),
        |present| {
            if *present == 0 {
                return pieces();
            }
            let present = present.to_string();
            el("span").class("count").label(&Word::PeopleCount.fill(&[("count", &present)])).child(present)
        },
    )
}
