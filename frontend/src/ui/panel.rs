//! The whole panel: one of the big screens, and what lies over it.

use sidelight_api::session::Tab;
use sidelight_domain::words::Word;
use wasm_bindgen::JsCast;

use crate::app::{App, Overlay, Place};
use crate::browser::{is_typing, on_document};
use crate::state::composer::Height;
use crate::state::phase::Phase;
use crate::state::tabs::TABS;
use crate::ui::banner::banners;
use crate::ui::composer::composer;
use crate::ui::cover::curtain;
use crate::ui::dialog::dialog;
use crate::ui::editor::focus_note;
use crate::ui::follow::{shown, when};
use crate::ui::header::header;
use crate::ui::late::{ADDING, BLOCKED, HOME, LOGOUT, MENU, SEARCH, SHORTCUTS, SIGN_IN, UNBUILT, late};
use crate::ui::people::people;
use crate::ui::piece::{Piece, el, pieces, words};
use crate::ui::tabs::{tab_id, tabs};
use crate::ui::timeline::timeline;
use crate::ui::writes::writes;

/// Puts everything into the page.
pub fn panel(app: App, root: &web_sys::Node) {
    listen_to_keys(app);
    let screen = shown(
        move || (app.phase.get(), app.place.get() == Place::Home),
        move |(phase, is_home)| match *phase {
            Phase::Ready if *is_home => late(app, &HOME, 5),
            Phase::Ready => shell(app),
            Phase::SignIn { .. } => el("main").class("app page").child(banners(app)).child(late(app, &SIGN_IN, 3)),
            Phase::Guest | Phase::NoOrganisation | Phase::NoTenants | Phase::Refused(_) => late(app, &BLOCKED, 3),
        },
    );
    let announced = el("p").class("visually-hidden").attr("role", "status").attr("aria-live", "polite");
    let whole = pieces()
        .child(screen)
        .child(shown(move || (app.overlay.get(), app.arrival.get()), move |(overlay, _)| over(app, *overlay)))
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
        Tab::Scorecard | Tab::Summary | Tab::Attributes => late(app, &UNBUILT, 3),
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

/// A dialog is drawn anew when the late part arrives, so that the focus goes where it belongs.
fn over(app: App, overlay: Overlay) -> Piece {
    let close = move || app.overlay.set(Overlay::None);
    let (class, label, content) = match overlay {
        Overlay::None => return pieces(),
        Overlay::Search => ("cover", Word::SearchLabel, late(app, &SEARCH, 3)),
        Overlay::Menu => ("menu", Word::ShellMenu, late(app, &MENU, 3)),
        Overlay::Logout => ("sheet", Word::LogoutTitle, late(app, &LOGOUT, 3)),
        Overlay::Shortcuts => ("sheet", Word::MenuShortcuts, late(app, &SHORTCUTS, 3)),
        Overlay::Adding => ("sheet", Word::GroupNotInGainsight, late(app, &ADDING, 3)),
        Overlay::SignIn => ("cover", Word::ActionSignIn, el("div").class("page").child(late(app, &SIGN_IN, 3))),
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
