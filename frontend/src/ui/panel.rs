//! The whole panel: one of the big screens, and what lies over it.

use leptos::prelude::*;
use sidelight_api::session::Tab;
use sidelight_domain::words::Word;

use crate::app::{App, Overlay, seen};
use crate::browser::{focus, is_typing, on_document};
use crate::state::composer::Height;
use crate::state::phase::Phase;
use crate::state::tabs;
use crate::ui::banner::Banners;
use crate::ui::blocked::Blocked;
use crate::ui::composer::ComposerBar;
use crate::ui::dialog::Dialog;
use crate::ui::header::Header;
use crate::ui::logout::Logout;
use crate::ui::menu::Menu;
use crate::ui::people::People;
use crate::ui::piece::{Piece, dynamic, nothing};
use crate::ui::search::SearchPanel;
use crate::ui::shortcuts::Shortcuts;
use crate::ui::sign_in::SignIn;
use crate::ui::tabs::Tabs;
use crate::ui::timeline::Timeline;
use crate::ui::unbuilt::Unbuilt;
use crate::ui::writes::Writes;

/// Everything.
pub fn panel(app: App) -> impl IntoView {
    listen_to_keys(app);
    pieces! {
        {dynamic(move || match app.phase.get() {
            Phase::Ready => pieces! { <Shell app /> },
            Phase::SignIn { expired } => pieces! { <SignedOut app expired /> },
            phase @ (Phase::Guest | Phase::NoOrganisation | Phase::NoTenants | Phase::Refused(_)) => {
                pieces! { <Blocked app phase /> }
            }
        })}
        {dynamic(move || overlay(app, app.overlay.get()))}
        <p class="visually-hidden" role="status" aria-live="polite">{dynamic(move || app.announced.get())}</p>
    }
}

/// Header, tabs, content, composer.
#[component]
fn Shell(app: App) -> impl IntoView {
    let tab = seen(move || app.view.with(|view| view.tab));
    let height = move || match app.height.get() {
        Height::Line => "line",
        Height::Half => "half",
        Height::Full => "full",
    };
    piece! {
        <div class="app" data-composer=height>
            <Header app />
            <Banners app />
            <Tabs app />
            <main class="body" id="tab-panel" role="tabpanel" tabindex="-1" aria-labelledby=dynamic(move || tab_id(tab.get()))>
                {dynamic(move || match tab.get() {
                    Tab::Timeline => pieces! { <Timeline app /> },
                    Tab::People => pieces! { <People app /> },
                    tab @ (Tab::Scorecard | Tab::Summary | Tab::Attributes) => {
                        pieces! { <Unbuilt tab on_link=move || app.open_tab(Tab::Timeline) /> }
                    }
                })}
            </main>
            <Writes app />
            <ComposerBar app />
        </div>
    }
}

pub(super) fn tab_id(tab: Tab) -> String {
    format!("tab-{}", tabs::id(tab))
}

/// The sign-in as a screen of its own.
#[component]
fn SignedOut(app: App, expired: bool) -> impl IntoView {
    piece! {
        <div class="app page">
            <Banners app />
            <SignIn app expired />
        </div>
    }
}

fn overlay(app: App, overlay: Overlay) -> Piece {
    let close = move || app.overlay.set(Overlay::None);
    match overlay {
        Overlay::None => nothing(),
        Overlay::Search => pieces! {
            <Dialog class="cover" label=Word::SearchLabel.text() on_close=close><SearchPanel app /></Dialog>
        },
        Overlay::Menu => {
            pieces! { <Dialog class="menu" label=Word::ShellMenu.text() on_close=close><Menu app /></Dialog> }
        }
        Overlay::Logout => {
            pieces! { <Dialog class="sheet" label=Word::LogoutTitle.text() on_close=close><Logout app /></Dialog> }
        }
        Overlay::Shortcuts => pieces! {
            <Dialog class="sheet" label=Word::MenuShortcuts.text() on_close=close><Shortcuts on_close=close /></Dialog>
        },
        Overlay::SignIn => pieces! {
            <Dialog class="cover" label=Word::ActionSignIn.text() on_close=close>
                <div class="page"><SignIn app expired=false /></div>
            </Dialog>
        },
    }
}

fn listen_to_keys(app: App) {
    on_document("keydown", move |event| {
        use wasm_bindgen::JsCast;
        let Ok(event) = event.dyn_into::<web_sys::KeyboardEvent>() else { return };
        let is_plain = !event.ctrl_key() && !event.meta_key() && !event.alt_key();
        let is_free = app.phase.get_untracked() == Phase::Ready && app.overlay.get_untracked() == Overlay::None;
        if !is_plain || !is_free || is_typing() {
            return;
        }
        let key = event.key();
        match key.as_str() {
            "/" => app.open_search(),
            "?" => app.overlay.set(Overlay::Shortcuts),
            "n" => focus("composer-notes"),
            digit => match digit.parse::<usize>().ok().and_then(|number| tabs::TABS.get(number.wrapping_sub(1))) {
                Some(tab) => app.open_tab(*tab),
                None => return,
            },
        }
        event.prevent_default();
    });
}
