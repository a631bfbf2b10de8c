//! The states that every screen shares: loading, nothing there, something went wrong.

use sidelight_domain::words::Word;

use crate::state::trouble::{NextStep, Trouble};
use crate::ui::icon::icon;
use crate::ui::piece::{Piece, button, el};

/// Grey lines where rows will be; a screen reader hears "Loading…".
pub(super) fn loading(rows: usize) -> Piece {
    let row = || el("div").class("skeleton-row").child(el("i")).child(el("b")).child(el("b"));
    let skeleton = el("div").class("skeleton").attr("role", "status").label(Word::StateLoading.text());
    (0..rows).fold(skeleton, |skeleton, _| skeleton.child(row()))
}

/// Nothing is there: a picture, what is not there, and why or what to do. A next step may be put behind.
pub(super) fn empty(picture: &str, title: impl Into<Piece>, text: impl Into<Piece>) -> Piece {
    nothing_there(picture, &el("h2").child(title), &el("p").child(text))
}

/// The same where it is the whole page, under the page's own heading.
pub(super) fn empty_page(picture: &str, title: impl Into<Piece>, text: impl Into<Piece>) -> Piece {
    nothing_there(picture, &el("h1").child(title), &el("p").child(text))
}

fn nothing_there(picture: &str, title: &Piece, text: &Piece) -> Piece {
    let picture = el("span").class("empty-icon").child(icon(picture));
    el("div").class("empty").child(picture).child(title.clone()).child(text.clone())
}

/// Something went wrong: what, what was kept, what to do, and the details for whoever helps. The step tries again, or signs in
/// where that is what helps.
pub(super) fn trouble_note(trouble: &Trouble, on_step: impl Fn() + 'static) -> Piece {
    let label = match trouble.step {
        NextStep::TryAgain => Some(Word::ActionTryAgain.text().to_owned()),
        NextStep::Wait(seconds) => Some(Word::ActionWait.fill(&[("count", &seconds.to_string())])),
        NextStep::SignIn => Some(Word::ActionSignIn.text().to_owned()),
        NextStep::Reopen => Some(Word::ActionReopen.text().to_owned()),
        NextStep::Nothing => None,
    };
    let step = trouble.step;
    let press = move || {
        if step == NextStep::Reopen
            && let Some(window) = web_sys::window()
        {
            // A page that cannot be loaded again shows its own error.
            drop(window.location().reload());
        } else {
            on_step();
        }
    };
    let details = trouble
        .details
        .as_deref()
        .map(|details| el("details").child(el("summary").child(Word::TroubleDetails)).child(el("code").child(details)));
    let text = el("div")
        .child(el("p").child(trouble.message.as_str()))
        .child(details)
        .child(label.map(|label| button("button small").click(press).child(label)));
    el("div").class("trouble").attr("role", "alert").child(icon("alert")).child(text)
}
