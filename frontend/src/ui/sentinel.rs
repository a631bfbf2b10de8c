//! The end of an endless list.

use std::cell::OnceCell;
use std::rc::Rc;

use js_sys::Array;
use leptos::prelude::on_cleanup;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

use crate::browser::soon;
use crate::ui::follow::follow;
use crate::ui::piece::{Piece, el};

/// How far below the screen the next rows are asked for.
const MARGIN: &str = "600px 0px";

/// Calls `on_near` when it comes near the screen, and again after each growth of the list that leaves it there.
pub(super) fn sentinel(length: impl Fn() -> usize + 'static, on_near: impl Fn() + 'static) -> Piece {
    let sentinel = el("div").class("sentinel");
    let element: Element = sentinel.0.clone().unchecked_into();
    let watch = Rc::new(Watch { element, observer: OnceCell::new(), on_near: closure(Box::new(on_near)) });
    let last = SendWrapper::new(Rc::clone(&watch));
    follow(Box::new(move || {
        length();
        let watch = Rc::clone(&watch);
        soon(move || watch.renew());
    }));
    on_cleanup(move || {
        if let Some(observer) = last.observer.get() {
            observer.disconnect();
        }
    });
    sentinel
}

struct Watch {
    element: Element,
    observer: OnceCell<IntersectionObserver>,
    on_near: Closure<dyn Fn(Array)>,
}

fn closure(on_near: Box<dyn Fn()>) -> Closure<dyn Fn(Array)> {
    Closure::new(move |entries: Array| {
        let is_near = entries.iter().any(|entry| {
            entry.dyn_ref::<IntersectionObserverEntry>().is_some_and(IntersectionObserverEntry::is_intersecting)
        });
        if is_near {
            on_near();
        }
    })
}

impl Watch {
    /// Watching anew reports at once, so that a list that grew too little grows again.
    fn renew(&self) {
        if !self.element.is_connected() {
            return;
        }
        if let Some(observer) = self.observer.get().cloned().or_else(|| self.begin()) {
            observer.unobserve(&self.element);
            observer.observe(&self.element);
        }
    }

    /// Once it is in the page, where what scrolls can be found.
    fn begin(&self) -> Option<IntersectionObserver> {
        let options = IntersectionObserverInit::new();
        options.set_root_margin(MARGIN);
        options.set_root(self.element.closest(".body").ok().flatten().as_ref());
        let observer = IntersectionObserver::new_with_options(self.on_near.as_ref().unchecked_ref(), &options).ok()?;
        Some(self.observer.get_or_init(|| observer).clone())
    }
}
