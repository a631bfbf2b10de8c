//! The sheet that adds people to Gainsight: who is meant, what is known of them, and one button.

use std::rc::Rc;

use sidelight_api::people::Attendee;
use sidelight_api::person::{AskedField, AskedKind, FoundPerson};
use sidelight_domain::EmailAddress;
use sidelight_domain::words::Word;

use crate::app::{App, Overlay};
use crate::browser::{is_checked, text_of};
use crate::state::adding::{Adding, Candidate, Look, Step, may_edit};
use crate::state::entity::target;
use crate::ui::asked::{Filling, asked_field, asked_input};
use crate::ui::follow::{shown, some};
use crate::ui::icon::icon;
use crate::ui::piece::{Piece, button, el, pieces, words};
use crate::ui::states::trouble_note;

/// A button that opens the sheet for some attendees; where it cannot be used, it says why.
pub(super) fn add_button(app: App, class: &str, label: impl Fn(&str) -> String + 'static, who: Vec<Attendee>) -> Piece {
    let place = move || app.view.with(|view| view.selected.clone());
    let why = move || {
        let tenant = place().and_then(|entity| app.tenant(&entity.reference.tenant))?;
        (!may_edit(&tenant)).then_some(Word::ErrorReadsOnly)
    };
    let company = move || {
        let entity = place()?;
        Some(entity.company.as_ref().map_or(&entity.name, |company| &company.name).clone())
    };
    let text = words(move || company().map_or_else(|| Word::AddChoose.text().to_owned(), |company| label(&company)));
    let press =
        button(class).is("disabled", move || why().is_some()).click(move || app.add_people(who.clone())).child(text);
    let reason = shown(why, |why| why.map(|why| el("p").class("hint").child(why)).into());
    pieces().child(press).child(reason)
}

/// The sheet.
pub(super) fn adding(app: App) -> Piece {
    let count = app.adding.with_untracked(|adding| adding.as_ref().map_or(0, |adding| adding.rows.len()));
    let title = words(move || with(app, |adding| Word::AddTitle.fill(&[("company", adding.company())])));
    let note = app.adding.with_untracked(|adding| {
        let entity = &adding.as_ref()?.entity;
        let company = entity.company.as_ref()?;
        let values = [("relationship", entity.name.as_str()), ("company", company.name.as_str())];
        Some(el("p").class("hint").child(Word::AddRelationship.fill(&values)))
    });
    let rows: Piece = (0..count).map(|place| row(app, place, count == 1)).collect();
    pieces()
        .child(el("h2").child(title))
        .child(note)
        .child(el("ul").class("candidates").child(rows))
        .child(actions(app))
}

/// What there is to say of the sheet; nothing once it is gone.
fn with<T: Default>(app: App, look: impl FnOnce(&Adding) -> T) -> T {
    app.adding.with(|adding| adding.as_ref().map(look).unwrap_or_default())
}

fn look_of<T>(app: App, place: usize, look: impl Fn(&Look) -> T) -> T {
    app.adding.with(|adding| {
        let row = adding.as_ref().and_then(|adding| adding.rows.get(place));
        row.map_or_else(|| look(&Look::default()), |row| look(&row.look))
    })
}

/// Each part is drawn anew by itself, so that an answer that comes while somebody types moves no focus.
fn row(app: App, place: usize, is_alone: bool) -> Piece {
    let head = shown(
        move || look_of(app, place, |look| (look.is_out, look.is_open, look.step)),
        move |(is_out, is_open, step)| (!is_alone).then(|| head(app, place, *is_out, *is_open, *step)).into(),
    );
    let status = shown(
        move || look_of(app, place, |look| status(look, is_alone)),
        |status| {
            let line = |(picture, text): &(&str, String)| {
                el("p").class("candidate-status").child(icon(picture)).child(text.as_str())
            };
            status.as_ref().map(line).into()
        },
    );
    let fields = shown(
        move || (look_of(app, place, |look| (look.is_open, look.linked.is_none())), with(app, |it| it.asked.clone())),
        move |((is_open, is_new), asked)| is_open.then(|| fields(app, place, *is_new, asked)).into(),
    );
    let whom = shown(
        move || look_of(app, place, |look| (look.is_open, look.found.clone(), look.linked.clone())),
        move |(is_open, found, linked)| is_open.then(|| whom(app, place, found, linked.as_ref())).flatten().into(),
    );
    let trouble = some(
        move || look_of(app, place, |look| look.trouble.clone()),
        move |trouble| trouble_note(trouble, move || app.look_for(place, true)),
    );
    let status = el("div").attr("role", "status").child(status);
    el("li").class("candidate").child(head).child(status).child(whom).child(fields).child(trouble)
}

/// Tick, name and address of one among several.
fn head(app: App, place: usize, is_out: bool, is_open: bool, step: Step) -> Piece {
    let is_fixed = !matches!(step, Step::Open | Step::Looking);
    let of = move |value: fn(&Candidate) -> &str| {
        words(move || with(app, |adding| adding.rows.get(place).map(|row| value(row).to_owned()).unwrap_or_default()))
    };
    let tick = el("input")
        .attr("type", "checkbox")
        .is("checked", move || !is_out)
        .is("disabled", move || is_fixed)
        .on("change", move |event| app.change_candidate(place, |row| row.look.is_out = !is_checked(&event)));
    let text =
        el("span").child(el("b").child(of(Candidate::shown_name))).child(el("small").child(of(|row| &row.email)));
    let edit = button("button small quiet")
        .attr("aria-expanded", if is_open { "true" } else { "false" })
        .click(move || app.change_candidate(place, |row| row.look.is_open = !is_open))
        .child(Word::AddEdit);
    let line = el("label").class("tick-row").child(tick).child(text);
    el("div").class("candidate-head").child(line).child((!is_fixed).then_some(edit))
}

/// Where it stands, in a line.
fn status(look: &Look, is_alone: bool) -> Option<(&'static str, String)> {
    let found = look.linked.as_ref().and_then(|email| look.found.iter().find(|person| person.email == *email));
    Some(match (look.step, found) {
        (Step::Looking, _) => ("search", Word::AddLooking.text().to_owned()),
        (Step::Queued | Step::Sending, _) => ("cloud", Word::AddSending.text().to_owned()),
        (Step::Done, _) => ("sure", Word::AddDone.text().to_owned()),
        (Step::Waiting, _) => ("cloud", Word::WriteSaved.text().to_owned()),
        (Step::Open, _) if look.is_open && !look.found.is_empty() => return None,
        (Step::Open, Some(person)) => ("users", format!("{} {}", person.name, works_at(person))),
        (Step::Open, None) if is_alone && look.trouble.is_some() => return None,
        (Step::Open, None) => ("users", Word::AddNew.text().to_owned()),
    })
}

fn works_at(person: &FoundPerson) -> String {
    match person.companies.as_slice() {
        [] => Word::AddNoCompany.text().to_owned(),
        companies => format!("· {}", companies.join(", ")),
    }
}

fn fields(app: App, place: usize, is_new: bool, asked: &[AskedField]) -> Piece {
    let name = AskedField {
        name: "name".to_owned(),
        label: Word::AddName.text().to_owned(),
        kind: AskedKind::Text,
        is_required: true,
        options: Vec::new(),
        preset: None,
    };
    let email = AskedField { name: "email".to_owned(), label: Word::PersonEmail.text().to_owned(), ..name.clone() };
    let given = [name, email].into_iter().filter(|_| is_new);
    let of_tenant = asked.iter().filter(|asked| is_new || matches!(asked.name.as_str(), "title" | "role")).cloned();
    let inputs: Piece = given.chain(of_tenant).map(|asked| field(app, place, &asked)).collect();
    let is_busy = move || look_of(app, place, |look| !matches!(look.step, Step::Open | Step::Looking));
    let is_guess = is_new && look_of(app, place, |look| look.is_guess);
    let guess = is_guess.then(|| el("p").class("hint is-warning").child(Word::AddGuess));
    let taken = (!is_new).then(|| el("p").class("hint").child(Word::AddTaken));
    let fieldset = el("fieldset").class("fields").is("disabled", is_busy).child(inputs);
    pieces().child(taken).child(guess).child(fieldset)
}

/// Those who were found, and somebody new.
fn whom(app: App, place: usize, found: &[FoundPerson], linked: Option<&EmailAddress>) -> Option<Piece> {
    if found.is_empty() {
        return None;
    }
    let group = format!("whom-{place}");
    let radio = |name: &str, why: String, is_chosen: bool, is_shut: bool, mean: Rc<dyn Fn()>| {
        let input = el("input")
            .attr("type", "radio")
            .attr("name", &group)
            .is("checked", move || is_chosen)
            .is("disabled", move || is_shut)
            .on("change", move |_| mean());
        let text = el("span").child(el("b").child(name)).child(el("small").child(why));
        el("label").class("choice").child(input).child(text)
    };
    let known = found.iter().map(|person| {
        let note = if person.is_linked {
            Word::AddIsLinked.fill(&[("company", &company(app))])
        } else if person.is_former {
            Word::AddIsFormer.fill(&[("company", &company(app))])
        } else {
            works_at(person)
        };
        let (email, is_chosen) = (person.email.clone(), linked == Some(&person.email));
        let mean = Rc::new(move || app.change_candidate(place, |row| row.mean(Some(email.clone()))));
        radio(&person.name, format!("{} {note}", person.email), is_chosen, person.is_linked, mean)
    });
    let is_taken = found.iter().any(|person| person.is_same_address);
    let new = Rc::new(move || app.change_candidate(place, |row| row.mean(None)));
    let new = (!is_taken).then(|| radio(Word::AddNewAnyway.text(), String::new(), linked.is_none(), false, new));
    let all = el("div").class("choices").attr("role", "radiogroup").label(Word::AddFound.text());
    Some(all.child(el("p").class("field-label").child(Word::AddFound)).child(known.collect::<Piece>()).child(new))
}

fn company(app: App) -> String {
    app.adding.with_untracked(|adding| adding.as_ref().map(|adding| adding.company().to_owned()).unwrap_or_default())
}

fn field(app: App, place: usize, asked: &AskedField) -> Piece {
    let id = format!("candidate-{place}-{}", asked.name);
    let name: Rc<str> = asked.name.as_str().into();
    let (held_name, wrong_name, is_searched) = (Rc::clone(&name), Rc::clone(&name), matches!(&*name, "name" | "email"));
    let held = move || {
        with(app, |adding| adding.rows.get(place).map(|row| row.value(&held_name).to_owned()).unwrap_or_default())
    };
    let error = some(
        move || {
            look_of(app, place, |look| {
                look.errors.iter().find(|error| *error.field == *wrong_name).map(|error| error.message.clone())
            })
        },
        |message| message.as_str().into(),
    );
    let typed = move |event: web_sys::Event| {
        let text = text_of(&event);
        app.change_candidate(place, |row| row.fill(&name, text));
    };
    let input = asked_input(asked, &id, Filling { held: Box::new(held), typed: Box::new(typed) });
    // Looked for once the field is left, never with each letter (`gainsight.md` 4.3).
    let input = if is_searched { input.on("change", move |_| app.look_for(place, true)) } else { input };
    asked_field(asked, &id, input, error)
}

/// The button that writes names where it writes to.
fn actions(app: App) -> Piece {
    let is_over = move || with(app, Adding::is_over);
    let close = move || app.overlay.set(Overlay::None);
    let cancel = words(move || if is_over() { Word::ActionClose } else { Word::ActionCancel }.text().to_owned());
    let tenant = move || {
        let key = app.adding.with(|adding| adding.as_ref().map(|adding| adding.entity.reference.tenant.clone()))?;
        app.tenant(&key)
    };
    let place = words(move || {
        app.adding
            .with(|adding| adding.as_ref().map(|adding| target(&adding.entity, tenant().as_ref()).1))
            .unwrap_or_default()
    });
    let go = button("button primary log")
        .class_if("is-sandbox", move || tenant().is_some_and(|tenant| tenant.is_sandbox))
        .is("disabled", move || with(app, |adding| adding.is_sending() || adding.chosen().next().is_none()))
        .is("hidden", is_over)
        .click(move || app.send_people())
        .child(el("span").child(words(move || with(app, Adding::label))))
        .child(el("small").child(place));
    el("div").class("actions").child(button("button").click(close).child(cancel)).child(go)
}
