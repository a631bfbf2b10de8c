//! Who took part: everybody recognised in the meeting, to be ticked off, and whoever is added by name.

use std::rc::Rc;

use sidelight_api::activity::OtherAttendee;
use sidelight_domain::activity::Field;
use sidelight_domain::words::Word;

use crate::app::{App, Slot};
use crate::browser::{element, focus, text_of};
use crate::state::suggestion::{Named, add_other, others_of, remove_other, toggled};
use crate::ui::composer_fields::field_error;
use crate::ui::follow::{Row, list, shown};
use crate::ui::icon::icon;
use crate::ui::piece::{Piece, button, el, pieces};

/// The id of the field in which somebody is looked for.
const SEARCH: &str = "composer-attendee-search";
/// The id of those who were found.
const FOUND: &str = "composer-attendees-found";

/// Ticks, names and the field that finds more.
pub(super) fn attendees(app: App) -> Piece {
    let ticks = list(move || {
        let named = app.suggestion().map(|suggestion| suggestion.attendees).unwrap_or_default();
        named.into_iter().map(|named| Row::new(named.email.to_string(), move || tick(app, named))).collect()
    });
    let others = list(move || {
        let Some(suggestion) = app.suggestion() else { return Vec::new() };
        let others =
            app.composer.with(|composer| others_of(&composer.content, &suggestion).cloned().collect::<Vec<_>>());
        others.into_iter().map(|other| Row::new(other.email.to_string(), move || added(app, &other))).collect()
    });
    let unknown = shown(
        move || app.suggestion().map_or(0, |suggestion| suggestion.unknown),
        |unknown| {
            let text = match unknown {
                0 => return pieces(),
                1 => Word::ComposerUnknownOne.text().to_owned(),
                count => Word::ComposerUnknown.fill(&[("count", &count.to_string())]),
            };
            el("p").class("hint").child(text)
        },
    );
    el("div")
        .class("wide attendees")
        .id("composer-external_attendees")
        .attr("tabindex", "-1")
        .child(el("span").child(Word::ComposerAttendees))
        .child(el("div").class("ticks").child(ticks).child(others))
        .child(search(app))
        .child(unknown)
        .child(field_error(app, Field::Attendees))
}

fn tick(app: App, named: Named) -> Piece {
    let (title, name, picked) = (named.email.to_string(), named.name.clone(), named.email.clone());
    let is_picked = move || {
        app.composer.with(|composer| composer.content.attendees.as_ref().is_none_or(|all| all.contains(&picked)))
    };
    let toggle = move |_| {
        if let Some(suggestion) = leptos::prelude::untrack(|| app.suggestion()) {
            app.edit(|content| content.attendees = Some(toggled(content, &suggestion, &named.email)));
        }
    };
    let field = el("input").attr("type", "checkbox").is("checked", is_picked).on("change", toggle);
    el("label").class("tick").attr("title", &title).child(field).child(name)
}

fn added(app: App, other: &OtherAttendee) -> Piece {
    let (email, label) = (other.email.clone(), Word::ComposerRemoveAttendee.fill(&[("name", &other.name)]));
    let remove = move || {
        app.edit(|content| remove_other(content, &email));
        focus(SEARCH);
    };
    button("tick")
        .label(&label)
        .attr("title", other.email.as_str())
        .click(remove)
        .child(el("span").child(other.name.as_str()))
        .child(icon("close"))
}

/// What was looked for, and who was found.
#[derive(Default)]
struct Finding {
    query: String,
    found: Vec<OtherAttendee>,
    is_answered: bool,
}

fn search(app: App) -> Piece {
    let finding = Rc::new(Slot::new(Finding::default()));
    let (typed, held, looked) = (Rc::clone(&finding), Rc::clone(&finding), Rc::clone(&finding));
    let look = move |event: web_sys::Event| {
        let query = text_of(&event);
        typed.set(Finding { query: query.clone(), ..Finding::default() });
        let answered = Rc::clone(&typed);
        app.find_attendees(query.clone(), move |found| {
            answered.update(|finding| {
                if finding.query == query {
                    (finding.found, finding.is_answered) = (found, query.trim().chars().count() > 1);
                }
            });
            // Below the field lies the button that logs; and whoever was found is drawn a moment later.
            leptos::prelude::request_animation_frame(|| {
                if let Some(found) = element(FOUND) {
                    found.scroll_into_view_with_bool(false);
                }
            });
        });
    };
    let field = el("input")
        .id(SEARCH)
        .attr("type", "search")
        .label(Word::ComposerAddAttendee.text())
        .attr("placeholder", Word::ComposerAddAttendee.text())
        .attr("autocomplete", "off")
        .value_of(move || held.with(|finding| finding.query.clone()))
        .on("input", look);
    let found = shown(
        move || looked.with(|finding| (finding.found.clone(), finding.is_answered.then(|| finding.query.clone()))),
        move |(found, query)| {
            let nobody = query.as_ref().filter(|_| found.is_empty());
            let nobody =
                nobody.map(|query| el("p").class("hint").child(Word::SearchNone.fill(&[("query", query.trim())])));
            let rows: Piece = found.iter().map(|other| candidate(app, &finding, other)).collect();
            pieces().child(nobody).child(rows)
        },
    );
    pieces().child(field).child(el("div").id(FOUND).class("found").attr("role", "status").child(found))
}

fn candidate(app: App, finding: &Rc<Slot<Finding>>, other: &OtherAttendee) -> Piece {
    let (finding, chosen) = (Rc::clone(finding), other.clone());
    let add = move || {
        if let Some(suggestion) = leptos::prelude::untrack(|| app.suggestion()) {
            app.edit(|content| add_other(content, &suggestion, chosen.clone()));
        }
        finding.set(Finding::default());
        focus(SEARCH);
    };
    let second = if other.is_internal { Word::ComposerColleague.text() } else { other.email.as_str() };
    button("found-row").click(add).child(el("b").child(other.name.as_str())).child(el("small").child(second))
}
