//! "Tick who is here": the selected company's people, where Zoom does not tell.

use sidelight_api::people::Contact;
use sidelight_domain::EntityRef;
use sidelight_domain::ids::TenantKey;
use sidelight_domain::roster::Source;
use sidelight_domain::words::Word;

use crate::app::App;
use crate::browser::{folded, is_checked, text_of};
use crate::state::age::age;
use crate::state::ticks::{Ticks, presence};
use crate::ui::follow::{shown, when};
use crate::ui::icon::icon;
use crate::ui::late::{TICKS, late};
use crate::ui::piece::{Piece, button, el, pieces};
use crate::ui::states::{loading, trouble_note};

/// More are found by typing.
const MOST: usize = 50;

/// A line that opens the list; it lies open where nobody is known.
pub(super) fn ticks(app: App, nobody_is_known: bool) -> Piece {
    let is_open = move || app.ticks.with(|ticks| ticks.is_open.unwrap_or(nobody_is_known));
    let line = button("tick-line")
        .says("aria-expanded", is_open)
        .click(move || app.ticks.update(|ticks| ticks.is_open = Some(!ticks.is_open.unwrap_or(nobody_is_known))))
        .child(icon("check"))
        .child(el("span").child(Word::TicksTitle))
        .child(icon("chevron"));
    el("section").class("tick-list").child(line).child(when(is_open, move || late(app, &TICKS, 3)))
}

/// The list itself.
pub(super) fn list_of_selected(app: App) -> Piece {
    let selected = move || app.view.with(|view| view.selected.as_ref().map(|entity| entity.reference.clone()));
    shown(selected, move |selected| {
        if let Some(entity) = selected {
            return people_of(app, entity.clone());
        }
        let choose = button("button small").click(move || app.open_search()).child(Word::ShellChoose);
        pieces().child(el("p").class("hint").child(Word::TicksChoose)).child(choose)
    })
}

fn people_of(app: App, entity: EntityRef) -> Piece {
    app.load_contacts(entity.clone());
    let field = el("input")
        .attr("type", "search")
        .label(Word::TicksSearch.text())
        .attr("placeholder", Word::TicksSearch.text())
        .attr("autocomplete", "off")
        .on("input", move |event| app.ticks.update(|ticks| ticks.ask(text_of(&event))));
    let found = shown(
        move || app.ticks.with(|ticks| ticks.revision),
        move |_| app.ticks.with_untracked(|ticks| choices(app, &entity, ticks)),
    );
    pieces().child(field).child(found)
}

fn choices(app: App, entity: &EntityRef, ticks: &Ticks) -> Piece {
    if let Some(trouble) = &ticks.trouble {
        let entity = entity.clone();
        return trouble_note(trouble, move || {
            app.ticks.update(Ticks::forget);
            app.load_contacts(entity.clone());
        });
    }
    if !ticks.is_loaded {
        return loading(3);
    }
    let found = ticks.found(folded);
    let rest = match found.len() {
        0 if ticks.people.is_empty() => Word::TicksEmpty.text().to_owned(),
        0 => Word::SearchNone.fill(&[("query", ticks.query())]),
        count if count > MOST => Word::SearchMore.fill(&[("count", &(count - MOST).to_string())]),
        _ => String::new(),
    };
    let age = |at| age(app.now.get_untracked(), at);
    let old = ticks.old_since.map(|at| el("p").class("hint").child(Word::TimelineStale.fill(&[("age", &age(at))])));
    let rows: Piece = found.into_iter().take(MOST).map(|person| row(app, &entity.tenant, person)).collect();
    pieces()
        .child(old)
        .child(el("ul").class("card").child(rows))
        .child(el("p").class("hint").attr("role", "status").child(rest))
}

fn row(app: App, tenant: &TenantKey, person: &Contact) -> Piece {
    let (here, told) = (person.clone(), person.clone());
    let source = move |person: &Contact| app.room.with(|room| presence(room.attendees(), person));
    let (tenant, email) = (tenant.clone(), person.email.clone());
    let field = el("input")
        .attr("type", "checkbox")
        .is("checked", move || source(&here).is_some())
        // What Zoom told is not the viewer's to take back.
        .is("disabled", move || source(&told).is_some_and(|source| source != Source::Ticked))
        .on("change", move |event| app.tick(tenant.clone(), email.clone(), is_checked(&event)));
    let second = person.title.as_deref().unwrap_or(person.email.as_str());
    let text = el("span").child(el("b").child(person.name.as_str())).child(el("small").child(second));
    el("li").child(el("label").class("tick-row").child(field).child(text))
}
