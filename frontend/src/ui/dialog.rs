//! Dialogs over the panel: the browser's own element, which keeps the focus inside and gives it back.

use leptos::prelude::on_cleanup;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

use crate::browser::soon;
use crate::ui::piece::{Piece, el};

/// A modal layer: `class` of `assets/styles/dialog.css` places it. Escape and a click beside it close it.
pub(super) fn dialog(class: &str, label: &str, close: impl Fn() + Copy + 'static, content: Piece) -> Piece {
    let click_beside = move |event: web_sys::Event| {
        if event.target().is_some_and(|target| target.has_type::<HtmlDialogElement>()) {
            close();
        }
    };
    let cancel = move |event: web_sys::Event| {
        event.prevent_default();
        close();
    };
    let body = el("div").class("dialog-body").child(content);
    let whole = el("dialog").class(class).label(label).on("click", click_beside).on("cancel", cancel).child(body);
    let opening: HtmlDialogElement = whole.0.clone().unchecked_into();
    let closing = SendWrapper::new(opening.clone());
    // Fails only for an element that is not in the page.
    soon(move || drop(opening.show_modal()));
    // Closing before it goes gives the focus back to where it was.
    on_cleanup(move || closing.close());
    whole
}
