//! The part of the program that comes after the first (`frontend/js/boot.js`).

use js_sys::Promise;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = sidelight, js_name = loadLate)]
    fn load(once_more: bool) -> Promise;
}

/// Waits for it, or fetches it once more; tells whether it is here.
pub async fn fetch_late(once_more: bool) -> bool {
    JsFuture::from(load(once_more)).await.is_ok()
}
