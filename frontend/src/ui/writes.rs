//! Writes that are not in Gainsight: a line above the note that unfolds.

use std::rc::Rc;

use sidelight_api::activity::{PendingWrite, SettleWrite, Task, WriteState};
use sidelight_domain::words::Word;

use crate::app::{App, Slot};
use crate::state::writes::{needs_attention, open_writes, sentence};
use crate::ui::follow::{shown, when};
use crate::ui::icon::icon;
use crate::ui::late::{WRITES, late_of};
use crate::ui::piece::{Piece, button, el, pieces, words};

/// How many are on their way or need attention; nothing while all is well.
pub(super) fn writes(app: App) -> Piece {
    let unfolded = Rc::new(Slot::new(false));
    let open = move || app.writes.with(|writes| open_writes(writes));
    shown(open, move |writes| if writes.is_empty() { pieces() } else { section(app, writes, &unfolded) })
}

fn section(app: App, writes: &[PendingWrite], unfolded: &Rc<Slot<bool>>) -> Piece {
    let urgent = writes.iter().any(needs_attention);
    let word = if urgent { Word::WriteAttention } else { Word::WriteOnTheWay };
    let (is_unfolded, fold, shows) = (Rc::clone(unfolded), Rc::clone(unfolded), Rc::clone(unfolded));
    let head = button("writes-head")
        .says("aria-expanded", move || is_unfolded.get())
        .click(move || fold.update(|unfolded| *unfolded = !*unfolded))
        .child(icon(if urgent { "alert" } else { "cloud" }))
        .child(el("span").child(word))
        .child(el("span").class("count").child(writes.len().to_string()))
        .child(icon("chevron"));
    let writes: Rc<[PendingWrite]> = writes.into();
    let rows = move || late_of(app, &WRITES, Rc::clone(&writes));
    let section = el("section").class("writes").with_class("is-urgent", urgent).label(word.text());
    section.child(head).child(when(move || shows.get(), rows))
}

/// Each of them, and what can be done with it.
pub(super) fn rows(app: App, writes: &Rc<[PendingWrite]>) -> Piece {
    el("ul").child(writes.iter().map(|write| write_row(app, write)).collect::<Piece>())
}

fn write_row(app: App, write: &PendingWrite) -> Piece {
    let id = write.id;
    let settle =
        |settle: SettleWrite, word: Word| button("button small").click(move || app.settle(id, settle)).child(word);
    let signed_out = write.state == WriteState::NeedsSignIn;
    let may_try = write.task != Task::Delete && matches!(write.state, WriteState::Waiting { .. } | WriteState::Kept);
    let is_log = write.task == Task::Log && write.person.is_none();
    let may_reopen = is_log && matches!(write.state, WriteState::Refused { .. } | WriteState::Kept);
    let is_undone = write.task == Task::Delete && matches!(write.state, WriteState::Waiting { .. });
    let may_look = write.task == Task::Change && matches!(write.state, WriteState::Refused { .. });
    let is_resting = matches!(write.state, WriteState::Refused { .. } | WriteState::Kept);
    let may_review = is_resting && write.person.is_some();
    let review = || button("button small").click(move || app.review_person(id)).child(Word::WriteReview);
    let sign_in = || button("button small primary").click(move || app.open_sign_in()).child(Word::WriteSignIn);
    let actions = el("div")
        .class("row-actions")
        .child(signed_out.then(sign_in))
        .child(may_try.then(|| settle(SettleWrite::TryNow, Word::WriteTryNow)))
        .child(may_reopen.then(|| settle(SettleWrite::Reopen, Word::WriteReopen)))
        .child(may_review.then(review))
        .child(may_look.then(|| look(app, write)))
        .child(is_undone.then(|| settle(SettleWrite::Discard, Word::ComposerUndo)))
        .child((!is_undone).then(|| discard(app, write)));
    let text = write.clone();
    el("li")
        .child(el("b").child(write.subject.as_str()))
        .child(el("small").child(write.entity_name.as_str()))
        .child(el("p").child(words(move || sentence(&text, app.now.get()))))
        .child(actions)
}

fn look(app: App, write: &PendingWrite) -> Piece {
    let write = write.clone();
    button("button small").click(move || app.look_at_change(write.clone())).child(Word::WriteLook)
}

/// Throws a write away at the second press.
fn discard(app: App, write: &PendingWrite) -> Piece {
    let id = write.id;
    let is_sure = Rc::new(Slot::new(false));
    let asked = Rc::clone(&is_sure);
    let press = move || if asked.get_untracked() { app.settle(id, SettleWrite::Discard) } else { asked.set(true) };
    let label = move || if is_sure.get() { Word::WriteDiscardSure } else { Word::WriteDiscard }.text().to_owned();
    button("button small quiet").click(press).child(words(label))
}
