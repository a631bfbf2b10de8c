//! A field that the tenant asks for, however it is filled in.

use sidelight_api::person::{AskedField, AskedKind};
use sidelight_domain::words::Word;
use web_sys::Event;

use crate::ui::piece::{Piece, el};

/// What stands in a field, and who is told what was filled in.
pub(super) struct Filling {
    /// What it holds.
    pub(super) held: Box<dyn Fn() -> String>,
    /// Heard with each letter, or with each choice.
    pub(super) typed: Box<dyn Fn(Event)>,
}

/// The input alone.
pub(super) fn asked_input(asked: &AskedField, id: &str, filling: Filling) -> Piece {
    let Filling { held, typed } = filling;
    let kind = match asked.kind {
        AskedKind::Text => "text",
        AskedKind::Number => "number",
        AskedKind::Date => "date",
        AskedKind::Flag | AskedKind::Choice => "",
    };
    let input = if kind.is_empty() {
        let flags = [("", ""), ("true", Word::ActionYes.text()), ("false", Word::ActionNo.text())];
        let option = |(value, label): (&str, &str)| el("option").attr("value", value).child(label);
        let choices = asked.options.iter().map(|choice| (choice.value.as_str(), choice.label.as_str()));
        let options: Piece = if asked.kind == AskedKind::Flag {
            flags.into_iter().map(option).collect()
        } else {
            [("", "")].into_iter().chain(choices).map(option).collect()
        };
        el("select").child(options).on("change", typed)
    } else {
        el("input").attr("type", kind).attr("autocomplete", "off").on("input", typed)
    };
    let input = input.id(id).value_of(held).attr("aria-describedby", &format!("{id}-error"));
    if asked.is_required { input.attr("aria-required", "true") } else { input }
}

/// The input with its label, and what is wrong with it.
pub(super) fn asked_field(asked: &AskedField, id: &str, input: Piece, error: Piece) -> Piece {
    let label = el("span").child(asked.label.as_str()).child(asked.is_required.then(|| el("i").child(" *")));
    let problem = el("p").class("field-error").id(&format!("{id}-error")).attr("role", "alert");
    el("label").child(label).child(input).child(problem.child(error))
}
