//! A choice of one among few.

use std::rc::Rc;

use crate::app::Slot;
use crate::ui::piece::{Piece, el};

/// What holds the choices; it still needs a name.
pub(super) fn choices() -> Piece {
    el("div").class("choices").attr("role", "radiogroup")
}

/// One choice among those of the same group: what it is, and what that means.
pub(super) fn choice<T: Clone + PartialEq + 'static>(
    group: &str,
    value: T,
    chosen: &Rc<Slot<T>>,
    name: &str,
    why: &str,
) -> Piece {
    let (picked, mine, current) = (Rc::clone(chosen), value.clone(), Rc::clone(chosen));
    let field = el("input")
        .attr("type", "radio")
        .attr("name", group)
        .is("checked", move || current.with(|chosen| *chosen == mine))
        .on("change", move |_| picked.set(value.clone()));
    let text = el("span").child(el("b").child(name)).child(el("small").child(why));
    el("label").class("choice").child(field).child(text)
}
