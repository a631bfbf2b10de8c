//! The note's rich editor (`frontend/js/editor`), which arrives when somebody begins to write.

use js_sys::Promise;
use sidelight_domain::activity::LONGEST_DRAFT;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlTextAreaElement};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = sidelight, js_name = loadEditor)]
    fn load() -> Promise;

    #[wasm_bindgen(js_namespace = sidelight, js_name = mountEditor)]
    fn mount(host: &Element, html: &str, longest: f64, changed: &JsValue, refused: &JsValue) -> Editor;

    /// An editor in its place.
    pub type Editor;

    /// Shows another note.
    #[wasm_bindgen(method)]
    pub fn show(this: &Editor, html: &str);

    /// Takes the caret.
    #[wasm_bindgen(method)]
    pub fn focus(this: &Editor);

    /// Lets nobody type, or everybody again.
    #[wasm_bindgen(method)]
    pub fn lock(this: &Editor, is: bool);
}

/// Fetches the editor; tells whether it came.
pub async fn fetch_editor() -> bool {
    JsFuture::from(load()).await.is_ok()
}

/// Puts it into an element. `changed` hears the note as HTML after each change, `refused` why something was not taken in.
pub fn mount_editor(
    host: &Element,
    html: &str,
    changed: impl FnMut(String) + 'static,
    refused: impl FnMut(String) + 'static,
) -> Editor {
    // The browser lets go of them with the editor.
    let heard = |hear: Box<dyn FnMut(String)>| Closure::wrap(hear).into_js_value();
    let longest = f64::from(u32::try_from(LONGEST_DRAFT).unwrap_or(u32::MAX));
    mount(host, html, longest, &heard(Box::new(changed)), &heard(Box::new(refused)))
}

/// Where the caret is in a field that has the focus.
#[must_use]
pub fn caret_of(field: &HtmlTextAreaElement) -> Option<u32> {
    let active = field.owner_document().and_then(|document| document.active_element())?;
    let element: &Element = field;
    (active == *element).then(|| field.selection_end().ok().flatten().unwrap_or(u32::MAX))
}
