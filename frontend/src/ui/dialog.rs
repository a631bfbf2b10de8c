//! Dialogs over the panel: the browser's own element, which keeps the focus inside and gives it back.

use crate::ui::piece::handler;
use leptos::html::Dialog as DialogElement;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// A modal layer. Escape and a click beside it close it.
#[component]
pub(super) fn Dialog(
    /// How it is placed: a class of `assets/styles/dialog.css`.
    class: &'static str,
    /// Its name for screen readers.
    label: &'static str,
    /// Closes it.
    on_close: impl Fn() + Copy + 'static,
    /// What it holds.
    children: Children,
) -> impl IntoView {
    let element = NodeRef::<DialogElement>::new();
    Effect::new(move |_| {
        if let Some(dialog) = element.get().filter(|dialog| !dialog.open()) {
            // Fails only for an element that is not in the page.
            drop(dialog.show_modal());
        }
    });
    // Closing before it goes gives the focus back to where it was.
    on_cleanup(move || {
        if let Some(dialog) = element.get_untracked() {
            dialog.close();
        }
    });
    let click_beside = move |event: leptos::ev::MouseEvent| {
        let on_backdrop = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlDialogElement>().ok());
        if on_backdrop.is_some() {
            on_close();
        }
    };
    let cancel = move |event: leptos::ev::Event| {
        event.prevent_default();
        on_close();
    };
    piece! {
        <dialog class=class aria-label=label node_ref=element on:click=handler(click_beside) on:cancel=handler(cancel)>
            <div class="dialog-body">{children()}</div>
        </dialog>
    }
}
