//! The note: one line at the bottom of every tab, half the panel while writing, all of it on demand.

use leptos::prelude::*;
use sidelight_api::activity::WriteState;
use sidelight_domain::activity::Field;
use sidelight_domain::words::Word;
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;

use crate::app::{App, seen};
use crate::state::age::age;
use crate::state::autosave::Status;
use crate::state::composer::{Height, Sending};
use crate::ui::composer_fields::{Conflict, Details, FieldError, LogBar, Subject};
use crate::ui::icon::{Icon, IconButton};
use crate::ui::piece::{Piece, dynamic, handler, nothing};

/// Puts the caret where it was in the shell's field.
pub fn restore_caret(start: u32, end: u32) {
    request_animation_frame(move || {
        let field = crate::browser::element("composer-notes");
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlTextAreaElement>().ok()) {
            // A field that takes neither focus nor caret keeps its text all the same.
            drop(field.focus());
            drop(field.set_selection_range(start, end));
        }
    });
}

/// The composer with everything that belongs to the height it has.
#[component]
pub(super) fn ComposerBar(app: App) -> impl IntoView {
    let is_open = seen(move || app.height.get() != Height::Line);
    let press = move |event: leptos::ev::KeyboardEvent| {
        let key = event.key();
        if key == "Escape" {
            event.stop_propagation();
            app.set_height(Height::Line);
        } else if key == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            app.log();
        }
    };
    piece! {
        <section class="composer" class:is-open=dynamic(move || is_open.get()) aria-label=Word::ComposerNote.text() on:keydown=handler(press)>
            {dynamic(move || is_open.get().then(|| pieces! { <Bar app /> <Conflict app /> <Subject app /> }))}
            <div class="note-row">
                {dynamic(move || (!is_open.get()).then(|| pieces! { <Icon name="note" /> }))}
                <Notes app />
                {dynamic(move || (!is_open.get()).then(|| pieces! { <StatusLine app /> }))}
                {dynamic(move || {
                    (!is_open.get())
                        .then(|| {
                            pieces! {
                                <IconButton
                                    name="grow"
                                    label=Word::ComposerOpen.text()
                                    on_press=move || app.set_height(Height::Half)
                                />
                            }
                        })
                })}
            </div>
            {dynamic(move || is_open.get().then(|| pieces! { <FieldError app field=Field::Notes /> <Details app /> <LogBar app /> }))}
        </section>
    }
}

#[component]
fn Bar(app: App) -> impl IntoView {
    let is_full = seen(move || app.height.get() == Height::Full);
    piece! {
        <div class="composer-bar">
            <StatusLine app />
            {dynamic(move || {
                let (name, label, to) = if is_full.get() {
                    ("shrink", Word::ComposerShrink, Height::Half)
                } else {
                    ("grow", Word::ComposerGrow, Height::Full)
                };
                pieces! { <IconButton name label=label.text() on_press=move || app.set_height(to) /> }
            })}
            <IconButton name="chevron" label=Word::ActionClose.text() on_press=move || app.set_height(Height::Line) />
        </div>
    }
}

/// The field itself; it stays the same element in every height, so that the caret never jumps.
#[component]
fn Notes(app: App) -> impl IntoView {
    let is_editable = seen(move || app.composer.with(crate::state::composer::Composer::is_editable));
    let has_error = move || app.composer.with(|composer| composer.error_at(Field::Notes).is_some());
    piece! {
        <textarea
            id="composer-notes"
            rows="1"
            aria-label=Word::ComposerNote.text()
            aria-invalid=dynamic(move || if has_error() { "true" } else { "false" })
            aria-describedby="composer-notes-error"
            placeholder=Word::ComposerHint.text()
            readonly=dynamic(move || !is_editable.get())
            prop:value=dynamic(move || app.composer.with(|composer| composer.content.notes.clone()))
            on:input=handler(move |event| {
                let text = event_target_value(&event);
                app.edit(|content| content.notes = text);
            })
            on:focus=handler(move |_| app.set_height(app.height.get_untracked().max(Height::Half)))
        ></textarea>
    }
}

/// Where the text is, in a few quiet words.
#[component]
fn StatusLine(app: App) -> impl IntoView {
    piece! { <span class="save" role="status">{dynamic(move || status(app))}</span> }
}

fn status(app: App) -> Piece {
    let said = |class: &'static str, text: String| piece! { <span class=class>{text}</span> };
    let (sending, logged, discarded) =
        app.composer.with(|composer| (composer.sending.clone(), composer.logged.clone(), composer.discarded.is_some()));
    match sending {
        Sending::Now(_) => return said("is-busy", Word::ComposerLogging.text().to_owned()),
        Sending::InDoubt(_) => return said("is-warning", Word::ComposerInDoubt.text().to_owned()),
        Sending::No => {}
    }
    if let Some(write) = logged {
        let done = matches!(write.state, WriteState::Done { .. });
        let word = if done { Word::WriteDone } else { Word::WriteSaved };
        return said(if done { "is-done" } else { "is-kept" }, word.text().to_owned());
    }
    if discarded {
        let undo = move |_| app.settle_conflict(crate::state::composer::Composer::restore);
        return pieces! {
            <span>{Word::ComposerDiscarded.text()}" "</span>
            <button type="button" class="link" on:click=handler(undo)>{Word::ComposerUndo.text()}</button>
        };
    }
    if let Some(excess) = app.composer.with(crate::state::composer::Composer::excess) {
        return said("is-warning", Word::ComposerTooLong.fill(&[("count", &excess.to_string())]));
    }
    match app.composer.with(crate::state::composer::Composer::status) {
        Status::Untouched => nothing(),
        Status::Saved(at) => {
            let saved = move || Word::ComposerSaved.fill(&[("age", &age(app.now.get(), at))]);
            piece! { <span class="is-saved">{saved}</span> }
        }
        Status::Saving => said("is-busy", Word::ComposerSaving.text().to_owned()),
        Status::Offline => said("is-warning", Word::ComposerUnsaved.text().to_owned()),
        Status::Refused => {
            let reason = app.composer.with(|composer| composer.not_kept.clone().unwrap_or_default());
            said("is-warning", Word::ComposerNotSaved.fill(&[("reason", &reason)]))
        }
        Status::Conflict => said("is-warning", Word::ComposerConflict.text().to_owned()),
    }
}
