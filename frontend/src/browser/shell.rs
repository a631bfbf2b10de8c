//! Taking over from the shell that the server sent: what was typed into it lives on.

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlTextAreaElement};

use crate::browser::page::element;

/// What was typed before the program ran.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Typed {
    /// The text.
    pub text: String,
    /// Where the caret or selection was, if the field had the focus.
    pub selection: Option<(u32, u32)>,
}

/// Reads the shell's note field, takes the shell away and gives the element to mount in.
#[must_use]
pub fn adopt() -> (Typed, Option<HtmlElement>) {
    let field = element("start-note").and_then(|field| field.dyn_into::<HtmlTextAreaElement>().ok());
    let typed = field.map(|field| typed(&field)).unwrap_or_default();
    if let Some(shell) = element("start") {
        shell.remove();
    }
    (typed, element("panel").and_then(|root| root.dyn_into().ok()))
}

fn typed(field: &HtmlTextAreaElement) -> Typed {
    let is_focused = field.owner_document().and_then(|document| document.active_element()).is_some_and(|active| {
        let field: &web_sys::Element = field;
        active == *field
    });
    let at = |position: Result<Option<u32>, _>| position.ok().flatten().unwrap_or_default();
    Typed {
        text: field.value(),
        selection: is_focused.then(|| (at(field.selection_start()), at(field.selection_end()))),
    }
}
