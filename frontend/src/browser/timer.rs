//! Waiting.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use js_sys::Promise;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::api::Future as BoxedFuture;

/// Does something that takes a while. Boxed, so that the program holds the code that runs a task once and not once for each.
pub fn spawn(work: impl Future<Output = ()> + 'static) {
    let work: BoxedFuture<()> = Box::pin(work);
    spawn_local(work);
}

/// Does something once what is being built now stands in the page.
pub fn soon(action: impl FnOnce() + 'static) {
    spawn(async move { action() });
}

/// Waits.
pub async fn sleep(duration: Duration) {
    let millis = i32::try_from(duration.as_millis()).unwrap_or(i32::MAX);
    let promise = Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            // Without a timer the promise stays open, which is what a page on its way out should do.
            drop(window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis));
        }
    });
    // A timer never rejects.
    drop(JsFuture::from(promise).await);
}

/// Runs something after a while, unless it is set anew before.
#[derive(Clone, Default)]
pub struct Timer(Rc<Cell<u32>>);

impl Timer {
    /// Runs `action` after `delay`, instead of whatever was set before.
    pub fn set(&self, delay: Duration, action: impl FnOnce() + 'static) {
        self.set_boxed(delay, Box::new(action));
    }

    fn set_boxed(&self, delay: Duration, action: Box<dyn FnOnce()>) {
        let number = self.0.get().wrapping_add(1);
        self.0.set(number);
        let current = self.0.clone();
        spawn(async move {
            sleep(delay).await;
            if current.get() == number {
                action();
            }
        });
    }

    /// Forgets what was set.
    pub fn clear(&self) {
        self.0.set(self.0.get().wrapping_add(1));
    }
}

/// Runs something again and again for as long as the page lives.
pub fn every(period: Duration, action: impl FnMut() + 'static) {
    let closure = Closure::<dyn FnMut()>::new(action);
    let millis = i32::try_from(period.as_millis()).unwrap_or(i32::MAX);
    if let Some(window) = web_sys::window() {
        let callback: &js_sys::Function = closure.as_ref().unchecked_ref::<JsValue>().unchecked_ref();
        drop(window.set_interval_with_callback_and_timeout_and_arguments_0(callback, millis));
    }
    closure.forget();
}
