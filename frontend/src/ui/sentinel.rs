//! The end of an endless list.

use js_sys::Array;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

/// How far below the screen the next rows are asked for.
const MARGIN: &str = "600px 0px";

/// Calls `on_near` when it comes near the screen, and again after each growth of the list that leaves it there.
#[component]
pub(super) fn Sentinel(
    /// How long the list is.
    length: Signal<usize>,
    /// Asks for more.
    on_near: impl Fn() + 'static,
) -> impl IntoView {
    let element = NodeRef::<Div>::new();
    let closure = Closure::<dyn FnMut(Array)>::new(move |entries: Array| {
        let is_near = entries.iter().any(|entry| {
            entry.dyn_ref::<IntersectionObserverEntry>().is_some_and(IntersectionObserverEntry::is_intersecting)
        });
        if is_near {
            on_near();
        }
    });
    let closure = StoredValue::new_local(closure);
    let observer = StoredValue::new_local(None::<IntersectionObserver>);
    Effect::new(move |_| {
        length.track();
        let Some(element) = element.get() else { return };
        let current = observer.with_value(Option::clone).or_else(|| {
            let options = IntersectionObserverInit::new();
            options.set_root_margin(MARGIN);
            options.set_root(element.closest(".body").ok().flatten().as_ref());
            closure.with_value(|closure| {
                IntersectionObserver::new_with_options(closure.as_ref().unchecked_ref(), &options).ok()
            })
        });
        if let Some(current) = &current {
            // Watching anew reports at once, so that a list that grew too little grows again.
            current.unobserve(&element);
            current.observe(&element);
        }
        observer.set_value(current);
    });
    on_cleanup(move || {
        if let Some(observer) = observer.try_get_value().flatten() {
            observer.disconnect();
        }
    });
    piece! { <div class="sentinel" node_ref=element></div> }
}
