//! The field for the note: a plain one at once, and the rich editor in its place as soon as that has come.
//!
//! If it does not come, the plain field stays and works. No letter is lost when one takes over from the other, nor the caret.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use sidelight_domain::activity::{Field, LONGEST_DRAFT};
use sidelight_domain::words::Word;
use sidelight_domain::{NotesFormat, notes_from_plain_text};

use crate::app::{App, Slot};
use crate::browser::{Editor, caret_of, fetch_editor, focus, mount_editor, spawn, text_of};
use crate::state::caret::marked;
use crate::state::composer::{Composer, Height};
use crate::ui::follow::{follow, follow_flag};
use crate::ui::piece::{Piece, el, pieces};

/// How far the editor is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
enum Editing {
    /// Nobody has written yet.
    #[default]
    Asleep,
    /// It is being fetched; the plain field works meanwhile.
    Coming,
    /// It is there.
    Here,
    /// It cannot be had; the plain field is all there is.
    Missing,
}

/// Puts the focus where the note is written.
pub(super) fn focus_note() {
    // Only one of them can be seen.
    focus("composer-notes");
    focus("composer-rich");
}

/// The field and the editor, of which one is seen.
pub(super) fn notes(app: App) -> Piece {
    let writing = Rc::new(Writing::new(app));
    let (on_input, on_focus, composed) = (Rc::clone(&writing), Rc::clone(&writing), Rc::clone(&writing));
    let locked = Rc::clone(&writing);
    let field = writing.field.clone();
    let field = field
        .is("readOnly", move || locked.is_locked())
        .value_of(move || app.composer.with(|composer| composer.content.format.plain(&composer.content.notes)))
        .on("input", move |event| on_input.take(text_of(&event)))
        .on("focus", move |_| on_focus.begin())
        .on("compositionstart", {
            let writing = Rc::clone(&writing);
            move |_| writing.is_composing.set(true)
        })
        .on("compositionend", move |_| {
            composed.is_composing.set(false);
            composed.take_over();
        });
    let host = writing.host.clone();
    keep_up(app, &writing);
    pieces().child(field).child(host)
}

/// What has to stay in step with the rest of the panel.
fn keep_up(app: App, writing: &Rc<Writing>) {
    let (seen, arranged) = (Rc::clone(writing), Rc::clone(writing));
    follow_flag(Box::new(move || seen.is_rich()), Box::new(move |_| arranged.arrange()));
    let shown = Rc::clone(writing);
    follow(Box::new(move || {
        let html = app.composer.with(|composer| composer.content.format.html(&composer.content.notes));
        shown.show(html);
    }));
    let locked = Rc::clone(writing);
    follow(Box::new(move || {
        let is_locked = app.composer.with(|composer| !composer.is_editable());
        if let (Editing::Here, Some(editor)) = (locked.editing.get(), locked.editor.get()) {
            editor.lock(is_locked);
        }
    }));
}

struct Writing {
    app: App,
    field: Piece,
    host: Piece,
    editing: Slot<Editing>,
    editor: OnceCell<Editor>,
    /// What the editor shows; what it said itself needs no showing.
    shown: RefCell<String>,
    /// Whether a letter is being put together in the plain field, which must not be disturbed.
    is_composing: Cell<bool>,
}

impl Writing {
    fn new(app: App) -> Self {
        let field = el("textarea")
            .id("composer-notes")
            .attr("rows", "1")
            .label(Word::ComposerNote.text())
            .says("aria-invalid", move || {
                app.composer.with(|composer| composer.error_at(Field::Notes.as_str()).is_some())
            })
            .attr("aria-describedby", "composer-notes-error")
            .attr("placeholder", Word::ComposerHint.text());
        Self {
            app,
            field,
            host: el("div").class("rich"),
            editing: Slot::default(),
            editor: OnceCell::new(),
            shown: RefCell::default(),
            is_composing: Cell::new(false),
        }
    }

    fn is_rich(&self) -> bool {
        self.editing.get() == Editing::Here && self.app.height.get() != Height::Line
    }

    fn arrange(&self) {
        let is_rich = self.editing.get_untracked() == Editing::Here && self.app.height.get_untracked() != Height::Line;
        self.field.hide(is_rich);
        self.host.hide(!is_rich);
    }

    /// A formatted note would lose its looks in the plain field, which gets it only if there is no other.
    fn is_locked(&self) -> bool {
        let is_missing = self.editing.get() == Editing::Missing;
        let is_kept = |composer: &Composer| {
            !composer.is_editable() || (composer.content.format == NotesFormat::Html && !is_missing)
        };
        self.app.composer.with(is_kept)
    }

    /// What was typed into the plain field. More than can be kept is not taken in, so that what was there stays.
    fn take(&self, text: String) {
        if text.chars().count() > LONGEST_DRAFT {
            let before =
                self.app.composer.with_untracked(|composer| composer.content.format.plain(&composer.content.notes));
            self.field.clone().value(&before);
            return self.app.refuse_text(Word::ComposerTooMuch.text());
        }
        self.app.edit(|content| (content.notes, content.format) = (text, NotesFormat::Plain));
    }

    /// Somebody wants to write.
    fn begin(self: &Rc<Self>) {
        self.app.set_height(self.app.height.get_untracked().max(Height::Half));
        match (self.editing.get_untracked(), self.editor.get()) {
            (Editing::Here, Some(editor)) => {
                self.arrange();
                editor.focus();
            }
            (Editing::Asleep, _) => {
                self.editing.set(Editing::Coming);
                let writing = Rc::clone(self);
                spawn(async move {
                    if fetch_editor().await {
                        writing.take_over();
                    } else {
                        writing.editing.set(Editing::Missing);
                    }
                });
            }
            (Editing::Coming | Editing::Here | Editing::Missing, _) => {}
        }
    }

    /// The editor takes the plain field's place, with its text and its caret.
    fn take_over(self: &Rc<Self>) {
        // It comes once the letter is put together.
        if self.is_composing.get() || self.editing.get_untracked() != Editing::Coming {
            return;
        }
        let caret = self.field.as_text_area().and_then(caret_of);
        let (html, whole) = self.app.composer.with_untracked(|composer| {
            let (notes, format) = (&composer.content.notes, composer.content.format);
            let with_caret = match (format, caret) {
                (NotesFormat::Plain, Some(caret)) => notes_from_plain_text(&marked(notes, caret)),
                (NotesFormat::Plain | NotesFormat::Html, _) => format.html(notes),
            };
            (with_caret, format.html(notes))
        });
        self.shown.replace(whole);
        let (changed, app) = (Rc::clone(self), self.app);
        let editor =
            mount_editor(self.host.element(), &html, move |html| changed.write(html), move |why| app.refuse_text(&why));
        self.editing.set(Editing::Here);
        self.arrange();
        if caret.is_some() {
            editor.focus();
        }
        // It was not there before.
        drop(self.editor.set(editor));
    }

    /// What the editor says.
    fn write(&self, html: String) {
        self.shown.replace(html.clone());
        let format = if html.is_empty() { NotesFormat::Plain } else { NotesFormat::Html };
        self.app.edit(|content| (content.notes, content.format) = (html, format));
    }

    /// What changed elsewhere: in another window, by a logout, by a conflict that was settled.
    fn show(&self, html: String) {
        if let (Editing::Here, Some(editor)) = (self.editing.get(), self.editor.get())
            && *self.shown.borrow() != html
        {
            editor.show(&html);
            self.shown.replace(html);
        }
    }
}
