//! The real client, reached through the functions that boot code offers (`frontend/js/boot.js`).

use js_sys::{JSON, Promise, Reflect};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::api::Future;
use crate::zoom::host::{Handler, Host, HostError};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = sidelight)]
    fn opening() -> Promise;

    #[wasm_bindgen(js_namespace = sidelight)]
    fn configure(stages: &str) -> Promise;

    #[wasm_bindgen(js_namespace = sidelight)]
    fn call(name: &str, argument: Option<String>) -> Promise;

    #[wasm_bindgen(js_namespace = sidelight)]
    fn listen(event: &str, handler: &JsValue);

    #[wasm_bindgen(js_namespace = sidelight)]
    fn started();

    #[wasm_bindgen(js_namespace = sidelight)]
    fn fail(check: &str, error: &JsValue);
}

/// The functions of boot code.
#[derive(Clone, Copy, Debug)]
pub struct Bridge;

impl Bridge {
    /// Tells boot code that the panel is up.
    pub fn started(self) {
        started();
    }

    /// Shows the screen of a failed start.
    pub fn fail(self, check: &str, detail: &str) {
        fail(check, &js_sys::Error::new(detail));
    }
}

impl Host for Bridge {
    fn opening(&self) -> Future<Result<String, HostError>> {
        settled(opening())
    }

    fn configure(&self, stages: &str) -> Future<Result<String, HostError>> {
        settled(configure(stages))
    }

    fn call(&self, name: &'static str, argument: Option<String>) -> Future<Result<String, HostError>> {
        settled(call(name, argument))
    }

    fn listen(&self, event: &'static str, handler: Handler) {
        let closure = Closure::<dyn Fn(String)>::new(move |json: String| {
            handler(&json);
        });
        listen(event, closure.as_ref());
        // The SDK keeps it until the page goes.
        closure.forget();
    }
}

fn settled(promise: Promise) -> Future<Result<String, HostError>> {
    Box::pin(async move {
        let answer = JsFuture::from(promise).await.map_err(|error| host_error(&error))?;
        Ok(answer.as_string().unwrap_or_default())
    })
}

/// Reads an error of any shape: the code may be a text, a number or missing (`zoom.md` 9.8).
fn host_error(error: &JsValue) -> HostError {
    let property = |name: &str| Reflect::get(error, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED);
    let code = property("code");
    let code = code
        .as_string()
        .or_else(|| JSON::stringify(&code).ok()?.dyn_into().ok().and_then(|text: JsValue| text.as_string()));
    HostError { code: code.unwrap_or_default(), message: property("message").as_string().unwrap_or_default() }
}
