//! Logging out, and what becomes of writes that have not reached Gainsight.

use std::rc::Rc;

use sidelight_api::session::WaitingWrites;
use sidelight_domain::words::Word;

use crate::app::{App, Overlay, Slot, Waiting};
use crate::ui::choice::{choice, choices};
use crate::ui::follow::shown;
use crate::ui::piece::{Piece, button, el, pieces};
use crate::ui::states::trouble_note;

const CHOICES: [(WaitingWrites, Word, Word); 3] = [
    (WaitingWrites::SendNow, Word::LogoutSend, Word::LogoutSendWhy),
    (WaitingWrites::KeepAsDraft, Word::LogoutKeep, Word::LogoutKeepWhy),
    (WaitingWrites::Discard, Word::LogoutDiscard, Word::LogoutDiscardWhy),
];

/// The question before a logout.
pub(super) fn logout(app: App) -> Piece {
    let waiting = app.waiting_writes();
    let chosen = Rc::new(Slot::new(WaitingWrites::KeepAsDraft));
    let text = match waiting {
        0 => Word::LogoutText.text().to_owned(),
        1 => Word::LogoutWaitingOne.text().to_owned(),
        count => Word::LogoutWaiting.fill(&[("count", &count.to_string())]),
    };
    let (to_send, to_repeat) = (Rc::clone(&chosen), Rc::clone(&chosen));
    let trouble = shown(
        move || app.logout_waits.get(),
        move |waits| {
            let Waiting::Failed(trouble) = waits else { return pieces() };
            let chosen = Rc::clone(&to_repeat);
            trouble_note(trouble, move || app.log_out(chosen.get_untracked()))
        },
    );
    let cancel = button("button").click(move || app.overlay.set(Overlay::None)).child(Word::ActionCancel);
    let go = button("button primary")
        .is("disabled", move || app.logout_waits.get() == Waiting::Yes)
        .click(move || app.log_out(to_send.get_untracked()))
        .child(Word::MenuLogout);
    pieces()
        .child(el("h2").child(Word::LogoutTitle))
        .child(el("p").class("muted").child(text))
        .child((waiting > 0).then(|| what_becomes(&chosen)))
        .child(trouble)
        .child(el("div").class("actions").child(cancel).child(go))
}

fn what_becomes(chosen: &Rc<Slot<WaitingWrites>>) -> Piece {
    let all = CHOICES.into_iter().map(|(value, name, why)| choice("waiting", value, chosen, name.text(), why.text()));
    choices().label(Word::LogoutTitle.text()).child(all.collect::<Piece>())
}
