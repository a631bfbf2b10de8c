//! What is on the screen, built by the document's own functions and kept up to date by Leptos's effects.
//!
//! Leptos's typed views bring code for each shape of the screen and for each type of a closure in it. Here there is one type, and
//! closures are boxed where they come in, so that the program holds the code of each method once (docs/adr/0006-panel-size.md).

use leptos::prelude::document;
use sidelight_domain::words::Word;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement, HtmlTextAreaElement, KeyboardEvent, Node};

use crate::ui::follow::{follow_flag, follow_text};

/// The name of SVG's elements.
const SVG: &str = "http://www.w3.org/2000/svg";

/// An element, a text, or several of them beside each other.
#[derive(Clone)]
pub(super) struct Piece(pub(super) Node);

/// An element of HTML.
pub(super) fn el(tag: &str) -> Piece {
    // Fails only for what is no name.
    Piece(document().create_element(tag).map_or_else(|_| pieces().0, Node::from))
}

/// An element of SVG.
pub(super) fn svg(tag: &str) -> Piece {
    Piece(document().create_element_ns(Some(SVG), tag).map_or_else(|_| pieces().0, Node::from))
}

/// A button that submits nothing.
pub(super) fn button(class: &str) -> Piece {
    el("button").attr("type", "button").class(class)
}

/// Several pieces beside each other: `pieces().child(…).child(…)`. Also a view of nothing.
pub(super) fn pieces() -> Piece {
    Piece(document().create_document_fragment().into())
}

/// A text that follows its signals.
pub(super) fn words(text: impl Fn() -> String + 'static) -> Piece {
    let piece = Piece::from("");
    let node = piece.0.clone();
    follow_text(Box::new(text), Box::new(move |text| node.set_node_value(Some(text))));
    piece
}

/// What stays as it is.
impl Piece {
    pub(super) fn element(&self) -> &Element {
        self.0.unchecked_ref()
    }

    /// As a field of several lines, if it is one.
    pub(super) fn as_text_area(&self) -> Option<&HtmlTextAreaElement> {
        self.0.dyn_ref()
    }

    /// Takes it out of sight, or shows it again.
    pub(super) fn hide(&self, is: bool) {
        set_property(&self.0, "hidden", &JsValue::from_bool(is));
    }

    /// Sets an attribute.
    pub(super) fn attr(self, name: &str, value: &str) -> Self {
        // Fails only for what is no name.
        drop(self.element().set_attribute(name, value));
        self
    }

    /// Sets the id.
    pub(super) fn id(self, id: &str) -> Self {
        self.attr("id", id)
    }

    /// Sets the classes.
    pub(super) fn class(self, class: &str) -> Self {
        self.attr("class", class)
    }

    /// Adds a class to others, if so.
    pub(super) fn with_class(self, class: &str, is: bool) -> Self {
        if is {
            drop(self.element().class_list().add_1(class));
        }
        self
    }

    /// Names it for screen readers.
    pub(super) fn label(self, label: &str) -> Self {
        self.attr("aria-label", label)
    }

    /// Puts something inside, behind what is there.
    pub(super) fn child(self, child: impl Into<Self>) -> Self {
        self.append(&child.into());
        self
    }

    fn append(&self, child: &Self) {
        // Fails only where a node would hold itself.
        drop(self.0.append_child(&child.0));
    }

    /// Puts HTML inside, which the server has cleaned.
    pub(super) fn html(self, html: &str) -> Self {
        self.element().set_inner_html(html);
        self
    }

    /// Sets what a field holds.
    pub(super) fn value(self, value: &str) -> Self {
        set_property(&self.0, "value", &JsValue::from_str(value));
        self
    }

    /// Handles an event.
    pub(super) fn on(self, event: &str, handle: impl FnMut(Event) + 'static) -> Self {
        self.listen(event, Box::new(handle));
        self
    }

    fn listen(&self, event: &str, handle: Box<dyn FnMut(Event)>) {
        // The browser lets go of it with the element.
        let handle = Closure::wrap(handle).into_js_value();
        // Adding a listener of a known kind does not fail.
        drop(self.0.add_event_listener_with_callback(event, handle.unchecked_ref()));
    }

    /// Handles a click.
    pub(super) fn click(self, press: impl Fn() + 'static) -> Self {
        self.on("click", move |_| press())
    }

    /// Handles a key that goes down.
    pub(super) fn key(self, press: impl Fn(&KeyboardEvent) + 'static) -> Self {
        self.on("keydown", move |event| {
            // A browser that fills in a form sends events without a key.
            if let Some(event) = event.dyn_ref() {
                press(event);
            }
        })
    }

    /// Puts the focus on it.
    pub(super) fn focus(&self) {
        // An element that cannot take the focus now is not worth a message.
        drop(self.0.unchecked_ref::<HtmlElement>().focus());
    }
}

/// What follows its signals.
impl Piece {
    /// An attribute.
    pub(super) fn attr_of(self, name: &'static str, value: impl Fn() -> String + 'static) -> Self {
        let element = self.element().clone();
        follow_text(Box::new(value), Box::new(move |value| drop(element.set_attribute(name, value))));
        self
    }

    /// An attribute that says "true" or "false".
    pub(super) fn says(self, name: &'static str, is: impl Fn() -> bool + 'static) -> Self {
        let element = self.element().clone();
        let say = move |is| drop(element.set_attribute(name, if is { "true" } else { "false" }));
        follow_flag(Box::new(is), Box::new(say));
        self
    }

    /// A class among others.
    pub(super) fn class_if(self, class: &'static str, is: impl Fn() -> bool + 'static) -> Self {
        let classes = self.element().class_list();
        follow_flag(Box::new(is), Box::new(move |is| drop(classes.toggle_with_force(class, is))));
        self
    }

    /// A switch of the element itself, such as `disabled`.
    pub(super) fn is(self, property: &'static str, is: impl Fn() -> bool + 'static) -> Self {
        let node = self.0.clone();
        follow_flag(Box::new(is), Box::new(move |is| set_property(&node, property, &JsValue::from_bool(is))));
        self
    }

    /// What a field holds. Only a change is written to it, so that nobody is disturbed while typing.
    pub(super) fn value_of(self, value: impl Fn() -> String + 'static) -> Self {
        let node = self.0.clone();
        let write = move |value: &str| set_property(&node, "value", &JsValue::from_str(value));
        follow_text(Box::new(value), Box::new(write));
        self
    }
}

fn set_property(node: &Node, name: &str, value: &JsValue) {
    // Fails only for an object that refuses properties, which no element is.
    drop(js_sys::Reflect::set(node, &JsValue::from_str(name), value));
}

impl From<&str> for Piece {
    fn from(text: &str) -> Self {
        Self(document().create_text_node(text).into())
    }
}

impl From<String> for Piece {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl From<Word> for Piece {
    fn from(word: Word) -> Self {
        word.text().into()
    }
}

impl From<Option<Self>> for Piece {
    fn from(piece: Option<Self>) -> Self {
        piece.unwrap_or_else(pieces)
    }
}

impl FromIterator<Self> for Piece {
    fn from_iter<I: IntoIterator<Item = Self>>(all: I) -> Self {
        let together = pieces();
        all.into_iter().for_each(|piece| together.append(&piece));
        together
    }
}
