//! "Ask for their addresses": what the guests will read, before anybody is asked.

use sidelight_domain::words::Word;

use crate::app::{App, Inquiring};
use crate::ui::follow::shown;
use crate::ui::piece::{Piece, button, el, pieces};

/// Below the heading of those without an address: the way to ask, or why there is none.
pub(super) fn inquiry(app: App) -> Piece {
    let state = move || (app.people.with(|people| people.inquiry.clone()), app.can_ask.get(), app.inquiring.get());
    shown(state, move |(inquiry, can_ask, inquiring)| {
        let Some(inquiry) = inquiry else { return pieces() };
        if let Some(by) = &inquiry.asked_by {
            let asked = Word::AskAsked.fill(&[("name", by)]);
            return action(el("p").class("hint").child(asked));
        }
        let closed = match (inquiry.is_open, can_ask) {
            (false, _) => Some(Word::ErrorNotHosting),
            (true, false) => Some(Word::AskNotHere),
            (true, true) => None,
        };
        let is_open = *inquiring != Inquiring::Closed && closed.is_none();
        let begin = button("button small")
            .is("disabled", move || closed.is_some())
            .says("aria-expanded", move || is_open)
            .click(move || app.inquiring.put(if is_open { Inquiring::Closed } else { Inquiring::Open }))
            .child(Word::AskBegin);
        let why = closed.map(|why| el("p").class("hint").child(why));
        action(pieces().child(begin).child(why)).child(is_open.then(|| preview(app, inquiring)))
    })
}

fn action(content: Piece) -> Piece {
    pieces().child(el("div").class("group-action").child(content))
}

fn preview(app: App, inquiring: &Inquiring) -> Piece {
    let viewer = app.viewer.with_untracked(|viewer| viewer.name.clone());
    let reason = Word::AskReason.fill(&[("name", &viewer)]);
    let is_sending = *inquiring == Inquiring::Sending;
    let refusal = match inquiring {
        Inquiring::Failed(why) => Some(el("p").class("field-error").attr("role", "alert").child(why.as_str())),
        Inquiring::Closed | Inquiring::Open | Inquiring::Sending => None,
    };
    let shown_to_them = el("blockquote").child(reason.as_str());
    let ask = button("button small primary")
        .is("disabled", move || is_sending)
        .click(move || app.ask_guests(reason.clone()))
        .child(Word::AskGo);
    let cancel = button("button small").click(move || app.inquiring.put(Inquiring::Closed)).child(Word::ActionCancel);
    el("section")
        .class("inquiry")
        .label(Word::AskBegin.text())
        .child(el("p").class("hint").child(Word::AskWho))
        .child(shown_to_them)
        .child(el("p").class("hint").child(Word::AskThen))
        .child(refusal)
        .child(el("div").class("invitation-steps").child(cancel).child(ask))
}
