//! The row of tabs.

use leptos::prelude::*;
use sidelight_api::session::Tab;
use sidelight_domain::words::Word;

use crate::app::{App, Seen, seen};
use crate::browser::{focus, is_right_to_left};
use crate::state::tabs::{TABS, after_key, name};
use crate::ui::panel::tab_id;
use crate::ui::piece::{dynamic, handler};

/// Tabs after the WAI-ARIA pattern: one stop for the tab key, arrows between them.
#[component]
pub(super) fn Tabs(app: App) -> impl IntoView {
    let current = seen(move || app.view.with(|view| view.tab));
    let present = seen(move || app.room.with(crate::state::people::Room::present));
    let press = move |event: leptos::ev::KeyboardEvent| {
        if let Some(tab) = after_key(current.get_untracked(), &event.key(), is_right_to_left()) {
            event.prevent_default();
            app.open_tab(tab);
            focus(&tab_id(tab));
        }
    };
    piece! {
        <div class="tabs" role="tablist" aria-label=Word::ShellTabs.text() on:keydown=handler(press)>
            {TABS
                .into_iter()
                .map(|tab| {
                    let is_current = move || current.get() == tab;
                    piece! {
                        <button
                            type="button"
                            role="tab"
                            id=tab_id(tab)
                            aria-controls="tab-panel"
                            aria-selected=dynamic(move || if is_current() { "true" } else { "false" })
                            tabindex=dynamic(move || if is_current() { "0" } else { "-1" })
                            on:click=handler(move |_| app.open_tab(tab))
                        >
                            {name(tab).text()}
                            {(tab == Tab::People).then(|| pieces! { <Count present /> })}
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}

#[component]
fn Count(present: Seen<usize>) -> impl IntoView {
    let label = move || Word::PeopleCount.fill(&[("count", &present.get().to_string())]);
    dynamic(move || {
        (present.get() > 0).then(|| piece! { <span class="count" aria-label=label()>{present.get()}</span> })
    })
}
