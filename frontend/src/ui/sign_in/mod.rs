//! Signing in, one question after the other, with the labels of the product document.

mod browser;
mod questions;

use sidelight_domain::words::Word;

use crate::app::{App, Waiting};
use crate::state::phase::Phase;
use crate::state::sign_in::Question;
use crate::ui::follow::{shown, when};
use crate::ui::icon::icon;
use crate::ui::piece::{Piece, button, el, pieces};
use crate::ui::sign_in::browser::browser;
use crate::ui::sign_in::questions::{account, intro, select, typed, username};
use crate::ui::states::trouble_note;

/// The question on the screen.
pub(super) fn sign_in(app: App) -> Piece {
    // Whether Gainsight no longer accepts an earlier sign-in.
    let expired = app.phase.get_untracked() == Phase::SignIn { expired: true };
    let has_way_back = move || app.flow.with(|flow| !matches!(flow.question, Question::Intro | Question::Welcome));
    let back = move || button("back").click(move || app.back()).child(icon("back")).child(Word::ActionBack);
    let question = shown(
        move || app.flow.with(|flow| flow.question.clone()),
        move |question| match question {
            Question::Intro => intro(app, expired),
            Question::Account => account(app),
            Question::Username => username(app),
            Question::Select(domains) => select(app, domains),
            Question::Typed(data_centres) => typed(app, data_centres),
            Question::Browser(sign_in) => browser(app, sign_in),
            Question::Welcome => welcome(),
        },
    );
    let trouble = shown(
        move || app.flow_waits.get(),
        move |waits| match waits {
            Waiting::Failed(trouble) => trouble_note(trouble, move || app.flow_waits.set(Waiting::No)),
            Waiting::No | Waiting::Yes => pieces(),
        },
    );
    let kept = when(
        move || app.composer.with(|composer| !composer.is_empty()),
        || el("p").class("hint").child(Word::SignInNoteKept),
    );
    el("div").class("sign-in").child(when(has_way_back, back)).child(question).child(trouble).child(kept)
}

fn welcome() -> Piece {
    el("div")
        .class("welcome")
        .child(el("span").class("empty-icon is-good").child(icon("check")))
        .child(el("h1").child(Word::SignInWelcome))
        .child(el("p").class("muted").child(Word::SignInWelcomeText))
}
