//! The fields around the note, and the button that logs it.

use std::rc::Rc;

use sidelight_api::person::AskedField;
use sidelight_domain::activity::{ActivityForm, DURATION_FIELD, Field};
use sidelight_domain::words::Word;

use crate::app::{App, Slot};
use crate::browser::text_of;
use crate::state::composer::{Composer, Sending};
use crate::state::entity::target;
use crate::state::locale::Locale;
use crate::state::suggestion::{fill, form};
use crate::ui::asked::{Filling, asked_field, asked_input};
use crate::ui::attendees::attendees;
use crate::ui::follow::{shown, some, when};
use crate::ui::icon::{icon, icon_button};
use crate::ui::piece::{Piece, button, el, pieces, words};
use crate::ui::states::trouble_note;

/// What stands above the open note.
pub(super) fn above(app: App) -> Piece {
    pieces().child(conflict(app)).child(subject(app))
}

/// What stands below it.
pub(super) fn below(app: App) -> Piece {
    pieces().child(field_error(app, Field::Notes)).child(asked(app)).child(details(app)).child(log_bar(app))
}

/// What is wrong with a field, at the field.
pub(super) fn field_error(app: App, field: Field) -> Piece {
    let message = move || app.composer.with(|composer| composer.error_at(field.as_str()).map(str::to_owned));
    let id = format!("composer-{}-error", field.as_str());
    let message = some(message, |message| message.as_str().into());
    el("p").class("field-error").id(&id).attr("role", "alert").child(message)
}

/// The form as it stands.
fn current(app: App) -> Option<ActivityForm> {
    let entity = app.view.with(|view| view.selected.clone())?;
    let suggestion = app.suggestion()?;
    let types = app.types.get();
    app.composer.with(|composer| Some(form(&composer.content, &suggestion, &entity, types.as_ref())))
}

/// One line: what the entry will be called.
fn subject(app: App) -> Piece {
    let field = el("input")
        .id("composer-subject")
        .class("subject")
        .attr("type", "text")
        .label(Word::ComposerSubject.text())
        .attr("aria-describedby", "composer-subject-error")
        .attr("placeholder", Word::ComposerSubject.text())
        .attr("autocomplete", "off")
        .is("readOnly", move || app.composer.with(|composer| !composer.is_editable()))
        .value_of(move || current(app).map(|form| form.subject).unwrap_or_default())
        .on("input", move |event| {
            let text = text_of(&event);
            app.edit(|content| content.subject = Some(text));
        });
    pieces().child(field).child(field_error(app, Field::Subject))
}

/// Two texts of one note; the author decides.
fn conflict(app: App) -> Piece {
    let theirs = move || {
        app.composer
            .with(|composer| composer.conflict.as_ref().map(|draft| draft.content.format.plain(&draft.content.notes)))
    };
    let settle = move |word: Word, settle: fn(&mut Composer, sidelight_domain::Timestamp)| {
        button("button small").click(move || app.settle_conflict(settle)).child(word)
    };
    some(theirs, move |theirs| {
        let sentence = format!("{} {}", Word::ComposerConflict.text(), Word::ComposerConflictTheirs.text());
        let actions = el("div")
            .class("row-actions")
            .child(settle(Word::ComposerKeepBoth, Composer::keep_both))
            .child(settle(Word::ComposerKeepMine, Composer::keep_mine))
            .child(settle(Word::ComposerKeepTheirs, |composer, _| composer.take_theirs()));
        el("div")
            .class("conflict")
            .attr("role", "alert")
            .child(el("p").child(sentence))
            .child(el("blockquote").child(theirs.as_str()))
            .child(actions)
    })
}

/// What the tenant's form asks for besides, below the notes.
fn asked(app: App) -> Piece {
    let fields = move |asked: &Vec<AskedField>| {
        let all: Piece = asked.iter().map(|field| one_asked(app, field)).collect();
        let is_shut = move || app.composer.with(|composer| !composer.is_editable());
        (!asked.is_empty()).then(|| el("fieldset").class("fields asked").is("disabled", is_shut).child(all)).into()
    };
    shown(move || app.asked(), fields)
}

fn one_asked(app: App, asked: &AskedField) -> Piece {
    let (id, name) = (format!("composer-{}", asked.name), Rc::<str>::from(asked.name.as_str()));
    if asked.name == DURATION_FIELD {
        return asked_field(asked, &id, duration(app).attr("aria-required", "true"), error_text(app, name));
    }
    let (of, told) = (Rc::clone(&name), Rc::clone(&name));
    let held = move || {
        let form = current(app);
        let filled = form.iter().flat_map(|form| &form.fields).find(|filled| *filled.name == *of);
        filled.map(|filled| filled.value.clone()).unwrap_or_default()
    };
    let typed = move |event: web_sys::Event| {
        let text = text_of(&event);
        app.edit(|content| fill(content, &told, text));
    };
    let input = asked_input(asked, &id, Filling { held: Box::new(held), typed: Box::new(typed) });
    asked_field(asked, &id, input, error_text(app, name))
}

fn error_text(app: App, name: Rc<str>) -> Piece {
    some(
        move || app.composer.with(|composer| composer.error_at(&name).map(str::to_owned)),
        |message| message.as_str().into(),
    )
}

fn asks_for_duration(app: App) -> bool {
    app.asked().iter().any(|asked| asked.name == DURATION_FIELD)
}

fn duration(app: App) -> Piece {
    let id = format!("composer-{DURATION_FIELD}");
    el("input")
        .id(&id)
        .attr("aria-describedby", &format!("{id}-error"))
        .attr("type", "number")
        .attr("min", "0")
        .attr("max", "1440")
        .attr("inputmode", "numeric")
        .value_of(move || {
            current(app).and_then(|form| form.duration_minutes).map(|minutes| minutes.to_string()).unwrap_or_default()
        })
        .on("change", move |event| {
            let minutes = text_of(&event).trim().parse().ok();
            app.edit(|content| content.duration_minutes = minutes);
        })
}

/// Type, date, duration and attendees as one line that unfolds.
fn details(app: App) -> Piece {
    let wants = Rc::new(Slot::new(false));
    let unfold = Rc::clone(&wants);
    let is_open = Rc::new(move || {
        let folded = [Field::TypeName, Field::HeldAt, Field::Attendees].into_iter();
        let fields = folded.chain((!asks_for_duration(app)).then_some(Field::DurationMinutes));
        wants.get()
            || app.composer.with(|composer| fields.into_iter().any(|field| composer.error_at(field.as_str()).is_some()))
    });
    let says = Rc::clone(&is_open);
    let line = button("details-line")
        .attr("title", Word::ComposerEditDetails.text())
        .says("aria-expanded", move || says())
        .click(move || unfold.update(|wants| *wants = !*wants))
        .child(icon("calendar"))
        .child(el("span").child(words(move || summary(app))))
        .child(icon("chevron"));
    pieces().child(line).child(when(move || is_open(), move || fields(app)))
}

fn summary(app: App) -> String {
    let Some(form) = current(app) else { return Word::ComposerChooseFirst.text().to_owned() };
    let locale = app.locale();
    let is_today = locale.day_number(form.held_at) == locale.day_number(app.now.get_untracked());
    let clock = locale.clock(form.held_at);
    let when = if is_today { clock } else { format!("{} {clock}", locale.day(form.held_at)) };
    let minutes = form.duration_minutes.map(|minutes| Word::ActivityMinutes.fill(&[("count", &minutes.to_string())]));
    let people = match form.internal_attendees.len() + form.external_attendees.len() {
        0 => Word::ComposerNobody.text().to_owned(),
        1 => Word::ComposerPeopleOne.text().to_owned(),
        count => Word::ComposerPeople.fill(&[("count", &count.to_string())]),
    };
    [Some(form.type_name), Some(when), minutes, Some(people)].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn fields(app: App) -> Piece {
    let held_at = el("input")
        .id("composer-held_at")
        .attr("type", "datetime-local")
        .value_of(move || current(app).map(|form| app.locale().to_field(form.held_at)).unwrap_or_default())
        .on("change", move |event| {
            let at = app.locale().read_field(&text_of(&event));
            app.edit(|content| content.held_at = at);
        });
    let labelled = move |word: Word, input: Piece, field: Field| {
        el("label").child(el("span").child(word)).child(input).child(field_error(app, field))
    };
    // A form that asks for it has it at its own place.
    let own = move || labelled(Word::ComposerDuration, duration(app), Field::DurationMinutes);
    let minutes = when(move || !asks_for_duration(app), own);
    el("fieldset")
        .class("fields")
        .is("disabled", move || app.composer.with(|composer| !composer.is_editable()))
        .child(labelled(Word::ComposerType, types(app), Field::TypeName))
        .child(minutes)
        .child(labelled(Word::ComposerWhen, held_at, Field::HeldAt).class("wide"))
        .child(attendees(app))
}

fn types(app: App) -> Piece {
    let chosen = move || current(app).map(|form| form.type_name).unwrap_or_default();
    let options = shown(
        move || (app.offered_types(), chosen()),
        |(offered, chosen)| {
            let option = |name: &String| {
                let option = el("option").attr("value", name).child(name.as_str());
                if name == chosen { option.attr("selected", "") } else { option }
            };
            offered.iter().map(option).collect()
        },
    );
    el("select").id("composer-type_name").child(options).value_of(chosen).on("change", move |event| {
        let name = text_of(&event);
        app.edit(|content| content.type_name = Some(name));
    })
}

/// Why it was refused, whether the target changed, and the button that writes.
fn log_bar(app: App) -> Piece {
    let refusal = some(
        move || app.composer.with(|composer| composer.refusal.clone().filter(|_| composer.sending == Sending::No)),
        move |trouble| trouble_note(trouble, move || app.log()),
    );
    let discard = when(
        move || app.composer.with(|composer| !composer.is_empty() && composer.is_editable()),
        move || {
            let discard = move || app.settle_conflict(Composer::discard);
            icon_button("discard", Word::ComposerDiscard.text(), discard)
        },
    );
    let bar = el("div").class("log-bar").child(discard).child(log_button(app));
    pieces().child(refusal).child(moved(app)).child(bar)
}

/// The note was begun for another company than the one it would go to now.
fn moved(app: App) -> Piece {
    let moved_to = move || {
        let began = app.composer.with(|composer| composer.content.entity.clone().filter(|_| !composer.is_empty()))?;
        let entity = app.view.with(|view| view.selected.clone()).filter(|entity| entity.reference != began)?;
        Some(target(&entity, None).0)
    };
    some(moved_to, |target| {
        el("p").class("gap").child(icon("alert")).child(Word::ComposerMoved.fill(&[("target", target)]))
    })
}

/// The button that writes names where it writes to.
fn log_button(app: App) -> Piece {
    let tenant = move || {
        let key = app.view.with(|view| view.selected.as_ref().map(|entity| entity.reference.tenant.clone()))?;
        app.tenant(&key)
    };
    let place = move || {
        let entity = app.view.with(|view| view.selected.clone())?;
        Some(target(&entity, tenant().as_ref()))
    };
    let label = shown(place, |place| match place {
        Some((name, place)) => pieces()
            .child(el("span").child(Word::ComposerLogTo.fill(&[("target", name)])))
            .child(el("small").child(place.as_str())),
        None => el("span").child(Word::ComposerChooseFirst),
    });
    let press =
        move || if app.view.with_untracked(|view| view.selected.is_some()) { app.log() } else { app.open_search() };
    button("button primary log")
        .class_if("is-sandbox", move || tenant().is_some_and(|tenant| tenant.is_sandbox))
        .is("disabled", move || app.composer.with(|composer| composer.sending != Sending::No))
        .click(press)
        .child(label)
}
