//! Changing an activity where it is read.

use std::rc::Rc;

use sidelight_api::ErrorCode;
use sidelight_api::timeline::Activity;
use sidelight_domain::words::Word;
use sidelight_domain::{notes_from_plain_text, plain_text_of_notes};

use crate::app::{App, Slot};
use crate::browser::{fetch_editor, mount_editor, soon, spawn, text_of};
use crate::state::edit::Edit;
use crate::ui::follow::{some, when};
use crate::ui::icon::icon_button;
use crate::ui::piece::{Piece, button, el, pieces, words};
use crate::ui::states::trouble_note;

/// What may be done with an activity; if nothing, why.
pub(super) fn actions(app: App, activity: &Activity) -> Piece {
    let reason = activity.locked.map(|reason| ErrorCode::from(reason).word());
    let is_locked = reason.is_some();
    let asks = Rc::new(Slot::new(false));
    let (ask, is_asked) = (Rc::clone(&asks), Rc::clone(&asks));
    let (to_edit, to_delete) = (activity.clone(), activity.clone());
    let edit = icon_button("note", Word::ActivityEdit.text(), move || app.begin_edit(to_edit.clone()));
    let delete = icon_button("discard", Word::ActivityDelete.text(), move || ask.set(true));
    let (to_copy, is_copied) = (activity.clone(), Rc::new(Slot::new(None)));
    let says = Rc::clone(&is_copied);
    let copy = move || {
        let is_copied = Rc::clone(&is_copied);
        app.copy_as_mail(&to_copy, move |is| is_copied.set(Some(is)));
    };
    let open = activity
        .link
        .clone()
        .map(|link| icon_button("external", Word::ActivityOpen.text(), move || app.open_url(&link)));
    let bar = el("div")
        .class("activity-actions")
        .child(edit.is("disabled", move || is_locked))
        .child(delete.is("disabled", move || is_locked))
        .child(icon_button("mail", Word::ActivityCopy.text(), copy))
        .child(open);
    let copied = some(
        move || says.get(),
        |is| {
            el("p").class("hint").attr("role", "status").child(if *is {
                Word::ActivityCopied
            } else {
                Word::ActivityNotCopied
            })
        },
    );
    pieces()
        .child(bar)
        .child(copied)
        .child(reason.map(|reason| el("p").class("hint").child(reason)))
        .child(when(move || is_asked.get(), move || sure(app, &to_delete, &asks)))
}

/// Asks once more.
fn sure(app: App, activity: &Activity, asks: &Rc<Slot<bool>>) -> Piece {
    let (no, target) = (Rc::clone(asks), activity.clone());
    let cancel = button("button small").click(move || no.set(false)).child(Word::ActionCancel);
    let to_focus = cancel.clone();
    soon(move || to_focus.focus());
    let yes = button("button small").click(move || app.delete_activity(&target)).child(Word::ActivityDelete);
    let buttons = el("div").class("row-actions").child(cancel).child(yes);
    el("div").class("conflict").attr("role", "alert").child(el("p").child(Word::ActivityDeleteAsk)).child(buttons)
}

/// The form in the place of the activity.
pub(super) fn edit_form(app: App) -> Piece {
    let of = move |look: fn(&Edit) -> String| app.edit.with(|edit| edit.as_ref().map(look).unwrap_or_default());
    let is_sending = move || app.edit.with(|edit| edit.as_ref().is_some_and(|edit| edit.is_sending));
    let subject = el("input")
        .id("edit-subject")
        .class("subject")
        .attr("type", "text")
        .attr("autocomplete", "off")
        .label(Word::ComposerSubject.text())
        .is("readOnly", is_sending)
        .value_of(move || of(|edit| edit.subject.clone()))
        .on("input", move |event| {
            let text = text_of(&event);
            change(app, |edit| edit.subject = text);
        });
    let to_focus = subject.clone();
    soon(move || to_focus.focus());
    let trouble = some(
        move || app.edit.with(|edit| edit.as_ref().and_then(|edit| edit.trouble.clone())),
        move |trouble| trouble_note(trouble, move || app.save_edit()),
    );
    let save = button("button primary")
        .is("disabled", move || {
            app.edit.with(|edit| edit.as_ref().is_none_or(|edit| edit.is_sending || edit.theirs.is_some()))
        })
        .click(move || app.save_edit())
        .child(words(move || if is_sending() { Word::ActivitySaving } else { Word::ActivitySave }.text().to_owned()));
    let cancel = button("button").is("disabled", is_sending).click(move || app.cancel_edit()).child(Word::ActionCancel);
    let press = move |event: &web_sys::KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            app.save_edit();
        } else if event.key() == "Escape" {
            // What was typed is thrown away by a press on the button only.
            event.stop_propagation();
        }
    };
    el("section")
        .class("edit")
        .label(Word::ActivityEdit.text())
        .key(press)
        .child(theirs(app))
        .child(subject)
        .child(notes(app))
        .child(el("p").class("hint").child(Word::ActivityAttendeesStay))
        .child(trouble)
        .child(el("div").class("row-actions").child(cancel).child(save))
}

fn change(app: App, change: impl FnOnce(&mut Edit)) {
    app.edit.update(|edit| {
        if let Some(edit) = edit {
            change(edit);
            edit.trouble = None;
        }
    });
}

/// What somebody else made of it meanwhile; the author decides.
fn theirs(app: App) -> Piece {
    let theirs = move || app.edit.with(|edit| edit.as_ref().and_then(|edit| edit.theirs.clone()));
    some(theirs, move |theirs| {
        let keep = button("button small").click(move || change(app, Edit::keep_mine)).child(Word::ActivityKeepMine);
        let take = button("button small").click(move || app.take_theirs()).child(Word::ActivityKeepTheirs);
        el("div")
            .class("conflict")
            .attr("role", "alert")
            .child(el("p").child(Word::ActivityTheirs))
            .child(el("b").child(theirs.summary.subject.as_str()))
            .child(el("div").class("prose").html(&theirs.notes_html))
            .child(el("div").class("row-actions").child(take).child(keep))
    })
}

/// The editor; a plain field where that cannot be had.
fn notes(app: App) -> Piece {
    let html = app.edit.with_untracked(|edit| edit.as_ref().map(|edit| edit.notes().to_owned()).unwrap_or_default());
    let host = el("div").class("rich");
    let place = host.clone();
    spawn(async move {
        if !fetch_editor().await {
            return drop(place.child(plain(app, &html)));
        }
        let write = move |html: String| change(app, |edit| edit.notes = Some(html));
        // It listens by itself from here on.
        drop(mount_editor(place.element(), &html, write, move |why| app.announce(why)));
    });
    el("div").class("edit-notes").child(host)
}

fn plain(app: App, html: &str) -> Piece {
    el("textarea").label(Word::ComposerNote.text()).value(&plain_text_of_notes(html)).on("input", move |event| {
        let html = notes_from_plain_text(&text_of(&event));
        change(app, |edit| edit.notes = Some(html));
    })
}
