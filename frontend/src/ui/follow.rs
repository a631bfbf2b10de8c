//! What follows its signals: flags and texts, parts that are drawn anew, lists whose rows stay.

use leptos::prelude::{Owner, RenderEffect, on_cleanup, untrack};
use web_sys::Node;

use crate::ui::piece::{Piece, pieces};

/// Runs now, and again whenever a signal changes that it looked at, for as long as what it belongs to is on the screen.
pub(super) fn follow(mut run: Box<dyn FnMut()>) {
    let effect = RenderEffect::new(move |_: Option<()>| run());
    on_cleanup(move || drop(effect));
}

/// Hands on a text, and again when it comes out different.
pub(super) fn follow_text(text: Box<dyn Fn() -> String>, write: Box<dyn Fn(&str)>) {
    let mut before = None;
    follow(Box::new(move || {
        let now = text();
        if before.as_ref() != Some(&now) {
            write(&now);
            before = Some(now);
        }
    }));
}

/// Hands on whether something is so, and again when that changes.
pub(super) fn follow_flag(is: Box<dyn Fn() -> bool>, write: Box<dyn Fn(bool)>) {
    let mut before = None;
    follow(Box::new(move || {
        let now = is();
        if before.replace(now) != Some(now) {
            write(now);
        }
    }));
}

/// A part that is drawn anew when `value` comes out different. Drawing it follows no signals; what is in it may.
pub(super) fn shown<T: PartialEq + 'static>(
    value: impl Fn() -> T + 'static,
    draw: impl Fn(&T) -> Piece + 'static,
) -> Piece {
    let mut before = None;
    part(Box::new(move |place| {
        let now = value();
        if before.as_ref() != Some(&now) {
            place.draw(&|| draw(&now));
            before = Some(now);
        }
    }))
}

/// A part that is there while something is so.
pub(super) fn when(is: impl Fn() -> bool + 'static, draw: impl Fn() -> Piece + 'static) -> Piece {
    drawn_when(Box::new(is), Box::new(draw))
}

fn drawn_when(is: Box<dyn Fn() -> bool>, draw: Box<dyn Fn() -> Piece>) -> Piece {
    shown(is, move |is| if *is { draw() } else { pieces() })
}

/// A part that is there while there is something to show.
pub(super) fn some<T: PartialEq + 'static>(
    value: impl Fn() -> Option<T> + 'static,
    draw: impl Fn(&T) -> Piece + 'static,
) -> Piece {
    shown(value, move |value| value.as_ref().map(&draw).into())
}

fn part(mut look: Box<dyn FnMut(&Place)>) -> Piece {
    let place = Place { begin: Piece::from("").0, end: Piece::from("").0, owner: Owner::default() };
    let whole = pieces().child(Piece(place.begin.clone())).child(Piece(place.end.clone()));
    follow(Box::new(move || look(&place)));
    whole
}

/// Where a part stands, between two empty texts.
struct Place {
    begin: Node,
    end: Node,
    /// What is drawn there lives as long as nothing else is.
    owner: Owner,
}

impl Place {
    fn draw(&self, draw: &dyn Fn() -> Piece) {
        // What was shown says goodbye while it is still there: a dialog gives back the focus.
        let piece = self.owner.with_cleanup(|| untrack(draw));
        let Some(parent) = self.end.parent_node() else { return };
        while let Some(old) = self.begin.next_sibling().filter(|old| *old != self.end) {
            drop(parent.remove_child(&old));
        }
        drop(parent.insert_before(&piece.0, Some(&self.end)));
    }
}

/// A row to be: how to tell it from the others, and how to draw it if it is not there yet. It is one element.
pub(super) struct Row {
    key: String,
    draw: Box<dyn FnOnce() -> Piece>,
}

impl Row {
    /// A row that is drawn anew only if its key is.
    pub(super) fn new(key: String, draw: impl FnOnce() -> Piece + 'static) -> Self {
        Self { key, draw: Box::new(draw) }
    }
}

struct Drawn {
    key: String,
    node: Node,
    _owner: Owner,
}

/// A list whose rows stay the same elements while others come and go.
pub(super) fn list(rows: impl Fn() -> Vec<Row> + 'static) -> Piece {
    let end = Piece::from("");
    let whole = pieces().child(end.clone());
    keep(end.0, Box::new(rows));
    whole
}

fn keep(end: Node, rows: Box<dyn Fn() -> Vec<Row>>) {
    let mut drawn: Vec<Drawn> = Vec::new();
    follow(Box::new(move || {
        let rows = rows();
        let Some(place) = end.parent_node() else { return };
        // Backwards, because lists change little: each look-up ends at the last entry, and taking that one out moves nothing.
        let mut known = std::mem::take(&mut drawn);
        known.reverse();
        for row in rows {
            let old = known.iter().rposition(|old| old.key == row.key).map(|at| known.remove(at));
            drawn.push(old.unwrap_or_else(|| {
                let owner = Owner::default();
                let node = owner.with(|| untrack(row.draw)).0;
                Drawn { key: row.key, node, _owner: owner }
            }));
        }
        for gone in known {
            drop(place.remove_child(&gone.node));
        }
        let mut next = &end;
        for row in drawn.iter().rev() {
            if row.node.next_sibling().as_ref() != Some(next) {
                drop(place.insert_before(&row.node, Some(next)));
            }
            next = &row.node;
        }
    }));
}
