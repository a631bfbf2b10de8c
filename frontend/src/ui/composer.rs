//! The note: one line at the bottom of every tab, half the panel while writing, all of it on demand.

use sidelight_api::activity::WriteState;
use sidelight_domain::words::Word;
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;

use crate::app::App;
use crate::browser::{focus, soon};
use crate::state::age::age;
use crate::state::autosave::Status;
use crate::state::composer::{Composer, Height, Sending};
use crate::ui::editor::notes;
use crate::ui::follow::{shown, when};
use crate::ui::icon::{icon, icon_button};
use crate::ui::late::{NOTE_ABOVE, NOTE_BELOW, late};
use crate::ui::piece::{Piece, button, el, pieces, words};

/// The id of the button that opens the note.
const OPEN: &str = "composer-open";

/// Puts the caret where it was in the shell's field.
pub fn restore_caret(start: u32, end: u32) {
    leptos::prelude::request_animation_frame(move || {
        let field = crate::browser::element("composer-notes");
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlTextAreaElement>().ok()) {
            // A field that takes neither focus nor caret keeps its text all the same.
            drop(field.focus());
            drop(field.set_selection_range(start, end));
        }
    });
}

/// The composer with everything that belongs to the height it has.
pub(super) fn composer(app: App) -> Piece {
    let is_open = move || app.height.get() != Height::Line;
    let is_closed = move || !is_open();
    let press = move |event: &web_sys::KeyboardEvent| {
        let key = event.key();
        if key == "Escape" {
            event.stop_propagation();
            close(app);
        } else if key == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            app.log();
        }
    };
    let above = move || pieces().child(bar(app)).child(late(app, &NOTE_ABOVE, 0));
    let beside = move || {
        let open = icon_button("grow", Word::ComposerOpen.text(), move || app.set_height(Height::Half)).id(OPEN);
        pieces().child(status_line(app)).child(open)
    };
    let row = el("div")
        .class("note-row")
        .child(when(is_closed, || icon("note")))
        .child(notes(app))
        .child(when(is_closed, beside));
    el("section")
        .class("composer")
        .class_if("is-open", is_open)
        .label(Word::ComposerNote.text())
        .key(press)
        .child(when(is_open, above))
        .child(row)
        .child(when(is_open, move || late(app, &NOTE_BELOW, 1)))
}

/// Makes it one line, with the focus on what opens it again.
fn close(app: App) {
    app.set_height(Height::Line);
    soon(|| focus(OPEN));
}

fn bar(app: App) -> Piece {
    let resize = shown(
        move || app.height.get() == Height::Full,
        move |is_full| {
            let (name, label, to) = if *is_full {
                ("shrink", Word::ComposerShrink, Height::Half)
            } else {
                ("grow", Word::ComposerGrow, Height::Full)
            };
            icon_button(name, label.text(), move || app.set_height(to))
        },
    );
    let close = icon_button("chevron", Word::ActionClose.text(), move || close(app));
    el("div").class("composer-bar").child(status_line(app)).child(resize).child(close)
}

/// What the quiet line says.
#[derive(PartialEq)]
enum Said {
    /// A text in the manner of this class.
    Text(&'static str, String),
    /// The age of the last save, which follows the clock.
    Saved(sidelight_domain::Timestamp),
    /// The note was thrown away a moment ago.
    Discarded,
    /// Nothing.
    Nothing,
}

/// Where the text is, in a few quiet words.
fn status_line(app: App) -> Piece {
    let text = shown(
        move || app.composer.with(said),
        move |said| match said {
            Said::Nothing => pieces(),
            Said::Text(class, text) => el("span").class(class).child(text.as_str()),
            Said::Saved(at) => {
                let at = *at;
                let age = words(move || Word::ComposerSaved.fill(&[("age", &age(app.now.get(), at))]));
                el("span").class("is-saved").child(age)
            }
            Said::Discarded => {
                let undo =
                    button("link").click(move || app.settle_conflict(Composer::restore)).child(Word::ComposerUndo);
                pieces().child(el("span").child(format!("{} ", Word::ComposerDiscarded.text()))).child(undo)
            }
        },
    );
    el("span").class("save").attr("role", "status").child(text)
}

fn said(composer: &Composer) -> Said {
    let text = |class, word: Word| Said::Text(class, word.text().to_owned());
    match composer.sending {
        Sending::Now(_) => return text("is-busy", Word::ComposerLogging),
        Sending::InDoubt(_) => return text("is-warning", Word::ComposerInDoubt),
        Sending::No => {}
    }
    if let Some(why) = &composer.not_taken {
        return Said::Text("is-warning", why.clone());
    }
    if let Some(write) = &composer.logged {
        let is_done = matches!(write.state, WriteState::Done { .. });
        return if is_done { text("is-done", Word::WriteDone) } else { text("is-kept", Word::WriteSaved) };
    }
    if composer.discarded.is_some() {
        return Said::Discarded;
    }
    if let Some(excess) = composer.excess() {
        return Said::Text("is-warning", Word::ComposerTooLong.fill(&[("count", &excess.to_string())]));
    }
    match composer.status() {
        Status::Saved(_) if composer.room().is_some() => {
            let room = composer.room().unwrap_or_default();
            Said::Text("", Word::ComposerRoom.fill(&[("count", &room.to_string())]))
        }
        Status::Untouched => Said::Nothing,
        Status::Saved(at) => Said::Saved(at),
        Status::Saving => text("is-busy", Word::ComposerSaving),
        Status::Offline => text("is-warning", Word::ComposerUnsaved),
        Status::Refused => {
            let reason = composer.not_kept.clone().unwrap_or_default();
            Said::Text("is-warning", Word::ComposerNotSaved.fill(&[("reason", &reason)]))
        }
        Status::Conflict => text("is-warning", Word::ComposerConflict),
    }
}
