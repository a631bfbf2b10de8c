//! The whole panel: one of the big screens, and what lies over it.

use sidelight_api::session::Tab;
use sidelight_domain::words::Word;
use wasm_bindgen::JsCast;

use crate::app::{App, Overlay, Place};
use crate::browser::{is_typing, on_document};
use crate::state::composer::Height;
use crate::state::phase::Phase;
use crate::state::tabs::TABS;
use crate::ui::adding::adding;
use crate::ui::banner::banners;
use crate::ui::blocked::blocked;
use crate::ui::composer::composer;
use crate::ui::cover::curtain;
use crate::ui::dialog::dialog;
use crate::ui::editor::focus_note;
use crate::ui::follow::{shown, when};
use crate::ui::header::header;
use crate::ui::home::home;
use crate::ui::logout::logout;
use crate::ui::menu::menu;
use crate::ui::people::people;
use crate::ui::piece::{Piece, el, pieces, words};
use crate::ui::search::search;
use crate::ui::shortcuts::shortcuts;
use crate::ui::sign_in::sign_in;
use crate::ui::tabs::{tab_id, tabs};
use crate::ui::timeline::timeline;
use crate::ui::unbuilt::unbuilt;
use crate::ui::writes::writes;

/// Puts everything into the page.
pub fn panel(app: App, root: &web_sys::Node) {
    listen_to_keys(app);
    let screen = shown(
        move || (app.phase.get(), app.place.get() == Place::Home),
        move |(phase, is_home)| match *phase {
            Phase::Ready if *is_home => home(app),
            Phase::Ready => shell(app),
            Phase::SignIn { expired } => el("main").class("app page").child(banners(app)).child(sign_in(app, expired)),
            phase @ (Phase::Guest | Phase::NoOrganisation | Phase::NoTenants | Phase::Refused(_)) => {
                blocked(app, phase)
            }
        },
    );
    let announced = el("p").class("visually-hidden").attr("role", "status").attr("aria-live", "polite");
    let whole = pieces()
        .child(screen)
        .child(shown(move || app.overlay.get(), move |overlay| over(app, *overlay)))
        .child(when(move || app.is_covered.get(), move || curtain(app)))
        .child(announced.child(words(move || app.announced.get())));
    // Fails only where a node would hold itself.
    drop(root.append_child(&whole.0));
}

/// Header, tabs, content, composer.
fn shell(app: App) -> Piece {
    let tab = move || app.view.with(|view| view.tab);
    let height = move || match app.height.get() {
        Height::Line => "line",
        Height::Half => "half",
        Height::Full => "full",
    };
    let page = shown(tab, move |tab| match *tab {
        Tab::Timeline => timeline(app),
        Tab::People => people(app),
        tab @ (Tab::Scorecard | Tab::Summary | Tab::Attributes) => unbuilt(tab, move || app.open_tab(Tab::Timeline)),
    });
    let body = el("div")
        .class("body")
        .id("tab-panel")
        .attr("role", "tabpanel")
        .attr("tabindex", "-1")
        .attr_of("aria-labelledby", move || tab_id(tab()))
        .child(page);
    el("div")
        .class("app")
        .attr_of("data-composer", move || height().to_owned())
        .child(header(app))
        .child(banners(app))
        .child(el("main").class("main").child(tabs(app)).child(body).child(writes(app)).child(composer(app)))
}

fn over(app: App, overlay: Overlay) -> Piece {
    let close = move || app.overlay.set(Overlay::None);
    let (class, label, content) = match overlay {
        Overlay::None => return pieces(),
        Overlay::Search => ("cover", Word::SearchLabel, search(app)),
        Overlay::Menu => ("menu", Word::ShellMenu, menu(app)),
        Overlay::Logout => ("sheet", Word::LogoutTitle, logout(app)),
        Overlay::Shortcuts => ("sheet", Word::MenuShortcuts, shortcuts(close)),
        Overlay::Adding => ("sheet", Word::GroupNotInGainsight, adding(app)),
        Overlay::SignIn => ("cover", Word::ActionSignIn, el("div").class("page").child(sign_in(app, false))),
    };
    dialog(class, label.text(), close, content)
}

fn listen_to_keys(app: App) {
    on_document("keydown", move |event| {
        let Ok(event) = event.dyn_into::<web_sys::KeyboardEvent>() else { return };
        let is_plain = !event.ctrl_key() && !event.meta_key() && !event.alt_key();
        let is_covered = app.is_covered.get_untracked();
        let is_free =
            !is_covered && app.phase.get_untracked() == Phase::Ready && app.overlay.get_untracked() == Overlay::None;
        if !is_plain || !is_free || is_typing() {
            return;
        }
        let key = event.key();
        match key.as_str() {
            "/" => app.open_search(),
            "?" => app.overlay.set(Overlay::Shortcuts),
            "c" => app.cover(),
            "h" if app.place.get_untracked() == Place::Customer => app.leave_customer(),
            _ if app.place.get_untracked() == Place::Home => return,
            "n" => focus_note(),
            digit => match digit.parse::<usize>().ok().and_then(|number| TABS.get(number.wrapping_sub(1))) {
                Some(tab) => app.open_tab(*tab),
                None => return,
            },
        }
        event.prevent_default();
    });
}
