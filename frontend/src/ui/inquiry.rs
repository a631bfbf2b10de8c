//! "Ask for their addresses": what the guests will read, before anybody is asked.

use sidelight_domain::words::Word;

use crate::app::{App, Inquiring};
use crate::ui::follow::{shown, when};
use crate::ui::late::{INQUIRY, late};
use crate::ui::piece::{Piece, button, el, pieces};

/// Below the heading of those without an address: the way to ask, or why there is none.
pub(super) fn inquiry(app: App) -> Piece {
    let state = move || (app.people.with(|people| people.inquiry.clone()), app.can_ask.get());
    shown(state, move |(inquiry, can_ask)| {
        let Some(inquiry) = inquiry else { return pieces() };
        let said = |text: Piece| el("p").class("hint").child(text);
        let content = match (&inquiry.asked_by, inquiry.is_open, can_ask) {
            (Some(by), ..) => said(Word::AskAsked.fill(&[("name", by)]).into()),
            (None, false, _) => begin(app, true).child(said(Word::ErrorNotHosting.into())),
            (None, true, false) => begin(app, true).child(said(Word::AskNotHere.into())),
            (None, true, true) => {
                let is_open = move || app.inquiring.with(|inquiring| *inquiring != Inquiring::Closed);
                let preview = when(is_open, move || late(app, &INQUIRY, 3));
                return pieces().child(el("div").class("group-action").child(begin(app, false))).child(preview);
            }
        };
        pieces().child(el("div").class("group-action").child(content))
    })
}

fn begin(app: App, is_disabled: bool) -> Piece {
    let is_open = move || app.inquiring.with(|inquiring| *inquiring != Inquiring::Closed);
    let press = move || app.inquiring.put(if is_open() { Inquiring::Closed } else { Inquiring::Open });
    let begin = button("button small").is("disabled", move || is_disabled).says("aria-expanded", is_open).click(press);
    pieces().child(begin.child(Word::AskBegin))
}

/// The words, and who sees them.
pub(super) fn preview(app: App) -> Piece {
    let viewer = app.viewer.with_untracked(|viewer| viewer.name.clone());
    let reason = Word::AskReason.fill(&[("name", &viewer)]);
    let refusal = shown(
        move || app.inquiring.get(),
        |inquiring| match inquiring {
            Inquiring::Failed(why) => el("p").class("field-error").attr("role", "alert").child(why.as_str()),
            Inquiring::Closed | Inquiring::Open | Inquiring::Sending => pieces(),
        },
    );
    let shown_to_them = el("blockquote").child(reason.as_str());
    let ask = button("button small primary")
        .is("disabled", move || app.inquiring.with(|inquiring| *inquiring == Inquiring::Sending))
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
