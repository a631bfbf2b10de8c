//! The questions that are answered in the panel.

use std::rc::Rc;

use sidelight_api::sign_in::{DataCentre, Domain};
use sidelight_domain::words::Word;

use crate::app::{App, Slot, Waiting};
use crate::browser::text_of;
use crate::state::sign_in::Question;
use crate::ui::choice::{choice, choices};
use crate::ui::icon::icon;
use crate::ui::piece::{Piece, button, el, pieces, words};

/// What signing in is good for.
pub(super) fn intro(app: App, expired: bool) -> Piece {
    let note = || el("p").class("gap").child(icon("hint")).child(Word::SignInExpiredBefore);
    el("div")
        .class("intro")
        .child(el("span").class("brand").child(icon("sidelight")))
        .child(el("h1").child(Word::SignInIntro))
        .child(el("p").class("muted").child(Word::SignInIntroText))
        .child(expired.then(note))
        .child(button("button primary big").click(move || app.ask(Question::Account)).child(Word::SignInBegin))
}

/// Gainsight on its own, or from Salesforce.
pub(super) fn account(app: App) -> Piece {
    let option = |press: fn(App), name: Word, why: Word| {
        let text = el("span").child(el("b").child(name)).child(el("small").child(why));
        button("option").click(move || press(app)).child(text).child(icon("forward"))
    };
    let username = |app: App| app.ask(Question::Username);
    let gainsight = option(username, Word::SignInGainsight, Word::SignInGainsightWhy);
    let salesforce = option(App::enter_from_salesforce, Word::SignInSalesforce, Word::SignInSalesforceWhy);
    pieces()
        .child(el("h1").child(Word::SignInAccount))
        .child(el("div").class("options").child(gainsight).child(salesforce))
}

/// A form with one button that waits while the server is asked.
fn form(app: App, can_go: impl Fn() -> bool + 'static, submit: impl Fn() + 'static, fields: Piece) -> Piece {
    let can_go: Rc<dyn Fn() -> bool> = Rc::new(can_go);
    let is_waiting = move || app.flow_waits.get() == Waiting::Yes;
    let may_go = Rc::clone(&can_go);
    let go = move |event: web_sys::Event| {
        event.prevent_default();
        if can_go() && app.flow_waits.get_untracked() != Waiting::Yes {
            submit();
        }
    };
    let label = move || if is_waiting() { Word::StateLoading } else { Word::SignInNext }.text().to_owned();
    let button = el("button")
        .attr("type", "submit")
        .class("button primary big")
        .is("disabled", move || is_waiting() || !may_go())
        .child(words(label));
    el("form").class("ask").on("submit", go).child(fields).child(button)
}

/// A field for one line, which is kept in `text`.
fn line(name: Word, hint: Word, text: &Rc<Slot<String>>, field: Piece) -> Piece {
    let typed = Rc::clone(text);
    let field = field
        .attr("type", "text")
        .attr("autocapitalize", "none")
        .attr("spellcheck", "false")
        .id("sign-in-field")
        .attr("placeholder", hint.text())
        .value(&text.get_untracked())
        .on("input", move |event| typed.set(text_of(&event)));
    el("label").class("field").child(el("span").child(name)).child(field)
}

fn is_filled(text: &Slot<String>) -> bool {
    text.with(|text| !text.trim().is_empty())
}

/// "Username", then "Next".
pub(super) fn username(app: App) -> Piece {
    let username = Rc::new(Slot::new(app.flow.with_untracked(|flow| flow.username.clone())));
    let field = el("input").attr("name", "username").attr("autocomplete", "username");
    let field = line(Word::SignInUsername, Word::SignInUsernameHint, &username, field);
    let given = Rc::clone(&username);
    let go = move || given.with_untracked(|name| app.look_up(name));
    pieces().child(el("h1").child(Word::SignInGainsight)).child(form(app, move || is_filled(&username), go, field))
}

/// "Select domain".
pub(super) fn select(app: App, domains: &[Domain]) -> Piece {
    let chosen = Rc::new(Slot::new(domains.first().map(|domain| domain.tenant.clone())));
    let one = |domain: &Domain| {
        let name = format!("{} · {}", domain.name, domain.environment);
        choice("domain", Some(domain.tenant.clone()), &chosen, &name, &domain.host)
    };
    let all = choices().attr("aria-labelledby", "select-domain").child(domains.iter().map(one).collect::<Piece>());
    let picked = Rc::clone(&chosen);
    let go = move || app.make_link(&app.flow.with_untracked(|flow| flow.request(picked.get_untracked(), None, None)));
    pieces().child(el("h1").id("select-domain").child(Word::SignInSelect)).child(form(
        app,
        move || chosen.with(Option::is_some),
        go,
        all,
    ))
}

/// "Gainsight Domain" and "Choose Data Center Location".
pub(super) fn typed(app: App, data_centres: &[DataCentre]) -> Piece {
    let domain = Rc::new(Slot::new(String::new()));
    let chosen = Rc::new(Slot::new(data_centres.first().map(|centre| centre.label.clone())));
    let one = |centre: &DataCentre| {
        choice("data-centre", Some(centre.label.clone()), &chosen, &centre.label, &centre.description)
    };
    let all = choices().attr("aria-labelledby", "data-centre").child(data_centres.iter().map(one).collect::<Piece>());
    let fields = pieces()
        .child(line(Word::SignInDomain, Word::SignInDomainHint, &domain, el("input").attr("inputmode", "url")))
        .child(el("p").class("field-label").id("data-centre").child(Word::SignInDataCentre))
        .child(all);
    let (host, picked) = (Rc::clone(&domain), Rc::clone(&chosen));
    let go = move || {
        let host = host.with_untracked(|domain| domain.trim().to_owned());
        app.make_link(&app.flow.with_untracked(|flow| flow.request(None, Some(host), picked.get_untracked())));
    };
    pieces().child(el("h1").child(Word::SignInGainsight)).child(form(
        app,
        move || is_filled(&domain) && chosen.with(Option::is_some),
        go,
        fields,
    ))
}
