//! "Continue in your browser": what opens where, and how far it is.

use std::rc::Rc;
use std::time::Duration;

use sidelight_api::sign_in::{Failure, SignIn, Step};
use sidelight_domain::ids::SignInId;
use sidelight_domain::words::Word;

use crate::app::{App, Slot, Waiting};
use crate::browser::{Timer, copy, spawn, text_of};
use crate::state::sign_in::{CODE_LENGTH, Flow, code_digits, failure, is_expired};
use crate::ui::follow::shown;
use crate::ui::icon::icon;
use crate::ui::piece::{Piece, button, el, pieces, words};

/// How long "Copied" stays.
const COPIED: Duration = Duration::from_secs(2);

/// The wait for the browser, or how it ended.
pub(super) fn browser(app: App, sign_in: &SignIn) -> Piece {
    let (id, step) = (sign_in.id, sign_in.step.clone());
    let sign_in = sign_in.clone();
    shown(
        move || is_expired(&sign_in, app.now.get()),
        move |is_over| match &step {
            _ if *is_over => over(app, Failure::Expired),
            Step::Failed { why } => over(app, *why),
            Step::CodeNeeded { name, tries_left } => code(app, id, name, *tries_left),
            step @ (Step::LinkMade | Step::LinkOpened | Step::SignedIn) => open(app, *step != Step::LinkMade),
        },
    )
}

fn open(app: App, is_opened: bool) -> Piece {
    let state = if is_opened { Word::SignInStepOpened } else { Word::SignInStepMade };
    let link = match app.flow.with_untracked(|flow| flow.link.clone()) {
        Some(url) => link(app, &url, is_opened),
        None => el("p").class("gap").child(icon("hint")).child(Word::SignInLinkElsewhere),
    };
    let pulse = el("span").class("pulse").attr("aria-hidden", "true");
    pieces()
        .child(el("h1").child(Word::SignInBrowser))
        .child(el("p").class("muted").child(Word::SignInBrowserText))
        .child(link)
        .child(el("p").class("live").attr("role", "status").child(pulse).child(state))
}

fn link(app: App, url: &str, is_opened: bool) -> Piece {
    let to_open = url.to_owned();
    let open = button("button big")
        .with_class("primary", !is_opened)
        .click(move || app.open_url(&to_open))
        .child(icon("external"))
        .child(if is_opened { Word::SignInOpenAgain } else { Word::SignInOpen });
    let field = el("input").attr("type", "text").attr("readonly", "").value(url);
    let copied = el("span").class("copy").child(field).child(copy_button(url));
    pieces()
        .child(open)
        .child(el("label").class("field").child(el("span").child(Word::SignInOrCopy)).child(copied))
        .child(el("p").class("hint").child(Word::SignInValid.fill(&[("count", "5")])))
}

fn copy_button(url: &str) -> Piece {
    let (url, timer, copied) = (url.to_owned(), Timer::default(), Rc::new(Slot::new(false)));
    let is_copied = Rc::clone(&copied);
    let press = move || {
        let (url, timer, copied) = (url.clone(), timer.clone(), Rc::clone(&copied));
        spawn(async move {
            copied.set(copy(&url).await);
            timer.set(COPIED, move || copied.set(false));
        });
    };
    let label = move || if is_copied.get() { Word::ActionCopied } else { Word::ActionCopy }.text().to_owned();
    button("button").click(press).child(icon("copy")).child(words(label))
}

fn code(app: App, id: SignInId, name: &str, tries_left: u32) -> Piece {
    let code = Rc::new(Slot::new(String::new()));
    let whole = Rc::clone(&code);
    let is_whole = Rc::new(move || whole.with(|code| code.len() == CODE_LENGTH));
    let (given, can_go) = (Rc::clone(&code), Rc::clone(&is_whole));
    let confirm = Rc::new(move || {
        if can_go() && app.flow_waits.get_untracked() != Waiting::Yes {
            app.confirm_code(id, given.get_untracked());
        }
    });
    let (kept, go, was_whole) = (Rc::clone(&code), Rc::clone(&confirm), Rc::clone(&is_whole));
    let typed = move |event: web_sys::Event| {
        let was_whole = was_whole();
        kept.set(code_digits(&text_of(&event)));
        if !was_whole {
            go();
        }
    };
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        confirm();
    };
    let field = el("input")
        .class("code")
        .attr("type", "text")
        .attr("inputmode", "numeric")
        .attr("autocomplete", "one-time-code")
        .id("sign-in-field")
        .attr("maxlength", "9")
        .attr("placeholder", "••• •••")
        .label(Word::SignInCode.text())
        .attr("aria-describedby", "code-tries")
        .value_of(move || code.get())
        .on("input", typed);
    let tries = Word::SignInTries.fill(&[("count", &tries_left.to_string())]);
    let button = el("button")
        .attr("type", "submit")
        .class("button primary big")
        .is("disabled", move || !is_whole() || app.flow_waits.get() == Waiting::Yes)
        .child(Word::SignInConfirm);
    let form = el("form").class("ask").on("submit", submit).child(field);
    pieces()
        .child(el("h1").child(Word::SignInCodeTitle))
        .child(el("p").class("muted").child(Word::SignInStepCode.fill(&[("name", name)])))
        .child(form.child(el("p").class("hint").id("code-tries").child(tries)).child(button))
}

fn over(app: App, why: Failure) -> Piece {
    let label = if why == Failure::Expired { Word::SignInNewLink } else { Word::SignInStartAgain };
    pieces()
        .child(el("span").class("empty-icon is-bad").child(icon("alert")))
        .child(el("h1").child(Word::SignInFailed))
        .child(el("p").class("muted").attr("role", "alert").child(failure(why)))
        .child(
            button("button primary big").click(move || app.ask(app.flow.with_untracked(Flow::beginning))).child(label),
        )
}
