//! The document: theme, focus, clipboard, events.

use js_sys::{Array, Function, Object, Promise, Reflect};
use sidelight_api::session::Theme;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, Element, Event, EventTarget, HtmlElement, HtmlInputElement, Storage};

use super::timer::spawn;

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// The element of this id.
#[must_use]
pub fn element(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

/// Puts the focus on the element of this id.
pub fn focus(id: &str) {
    if let Some(element) = element(id).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // An element that cannot take the focus now is not worth a message.
        drop(element.focus());
    }
}

/// Switches the colour scheme.
pub fn set_theme(theme: Theme) {
    let Some(root) = document().and_then(|document| document.document_element()) else { return };
    let name = match theme {
        Theme::System => None,
        Theme::Light => Some("light"),
        Theme::Dark => Some("dark"),
    };
    // A theme that cannot be set leaves the system's.
    drop(match name {
        Some(name) => root.set_attribute("data-theme", name),
        None => root.remove_attribute("data-theme"),
    });
}

/// Whether the page reads from right to left.
#[must_use]
pub fn is_right_to_left() -> bool {
    document().is_some_and(|document| document.dir() == "rtl")
}

/// Whether the focus is where letters are typed, so that a letter is no shortcut.
#[must_use]
pub fn is_typing() -> bool {
    let focused = document().and_then(|document| document.active_element());
    focused.is_some_and(|element| {
        matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
            || element.has_attribute("contenteditable")
    })
}

/// What is in the field that an event came from.
#[must_use]
pub fn text_of(event: &Event) -> String {
    leptos::prelude::event_target_value(event)
}

/// Reads the file that was chosen in a field, as text; where it cannot be read, nothing was chosen.
pub fn chosen_file(event: &Event, then: impl FnOnce(String) + 'static) {
    let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let Some((field, file)) = field.and_then(|field| Some((field.clone(), field.files()?.get(0)?))) else { return };
    // The same file may be chosen again.
    field.set_value("");
    spawn(async move {
        let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string());
        if let Some(text) = text {
            then(text);
        }
    });
}

/// Whether the box that an event came from is ticked.
#[must_use]
pub fn is_checked(event: &Event) -> bool {
    leptos::prelude::event_target_checked(event)
}

/// Small letters for capitals, in any script.
#[must_use]
pub fn folded(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}

/// Copies a text; tells whether the browser allowed it.
pub async fn copy(text: &str) -> bool {
    let Some(window) = web_sys::window() else { return false };
    JsFuture::from(window.navigator().clipboard().write_text(text)).await.is_ok()
}

/// The same with its formatting, where the browser takes that.
pub async fn copy_rich(html: &str, plain: &str) -> bool {
    let Some(written) = write_rich(html, plain).ok() else { return copy(plain).await };
    JsFuture::from(written).await.is_ok() || copy(plain).await
}

fn write_rich(html: &str, plain: &str) -> Result<Promise, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let kinds = Object::new();
    for (kind, text) in [("text/html", html), ("text/plain", plain)] {
        let options = Object::new();
        Reflect::set(&options, &"type".into(), &kind.into())?;
        let blob: Function = Reflect::get(&window, &"Blob".into())?.dyn_into()?;
        let parts = Array::of1(&text.into());
        Reflect::set(&kinds, &kind.into(), &Reflect::construct(&blob, &Array::of2(&parts, &options))?)?;
    }
    let item: Function = Reflect::get(&window, &"ClipboardItem".into())?.dyn_into()?;
    let items = Array::of1(&Reflect::construct(&item, &Array::of1(&kinds))?);
    let clipboard = window.navigator().clipboard();
    let write: Function = Reflect::get(&clipboard, &"write".into())?.dyn_into()?;
    write.call1(&clipboard, &items)?.dyn_into()
}

/// Keeps a word for this page when it is loaded again.
pub fn keep(name: &str, word: &str) {
    if let Some(storage) = storage() {
        // A full or closed storage forgets, which costs a press.
        drop(storage.set_item(name, word));
    }
}

/// The word that was kept.
#[must_use]
pub fn kept(name: &str) -> Option<String> {
    storage()?.get_item(name).ok()?
}

/// Throws where a client allows no storage in a frame.
fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}

/// Listens to an event of the window for as long as the page lives.
pub fn on_window(event: &str, handler: impl FnMut(Event) + 'static) {
    if let Some(window) = web_sys::window() {
        listen(&window, event, handler);
    }
}

/// Listens to an event of the document for as long as the page lives.
pub fn on_document(event: &str, handler: impl FnMut(Event) + 'static) {
    if let Some(document) = document() {
        listen(&document, event, handler);
    }
}

fn listen(target: &EventTarget, event: &str, handler: impl FnMut(Event) + 'static) {
    let closure = Closure::<dyn FnMut(Event)>::new(handler);
    // Adding a listener of a known kind does not fail.
    drop(target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref()));
    closure.forget();
}
