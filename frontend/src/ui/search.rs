//! The search over the panel.

use sidelight_domain::EntityKind;
use sidelight_domain::words::Word;

use crate::app::{App, Overlay};
use crate::browser::{is_checked, text_of};
use crate::state::age::age;
use crate::state::search::{Choice, Row, SHORTEST_QUERY, Search};
use crate::ui::follow::shown;
use crate::ui::header::{inactive_tag, name_square};
use crate::ui::icon::{icon, icon_button};
use crate::ui::menu::environment_tag;
use crate::ui::piece::{Piece, el, pieces};
use crate::ui::states::{empty, loading, trouble_note};

/// A field, what it finds, and the keys to go through it.
pub(super) fn search(app: App) -> Piece {
    let inactive = move || app.search.with(|search| search.include_inactive);
    let toggled = move |event: web_sys::Event| {
        let query = app.search.with_untracked(|search| search.query.clone());
        app.ask_search(query, is_checked(&event));
    };
    let close = icon_button("close", Word::ActionClose.text(), move || app.overlay.set(Overlay::None));
    let head = el("div").class("search-head").child(icon("search")).child(field(app)).child(close);
    let tick = el("input").attr("type", "checkbox").is("checked", inactive).on("change", toggled);
    let list =
        el("div").class("search-body").child(shown(move || app.search.get(), move |search| results(app, search)));
    pieces().child(head).child(el("label").class("search-inactive").child(tick).child(Word::SearchInactive)).child(list)
}

fn field(app: App) -> Piece {
    let press = move |event: &web_sys::KeyboardEvent| match event.key().as_str() {
        key @ ("ArrowDown" | "ArrowUp") => {
            event.prevent_default();
            app.search.update(|search| search.step(key == "ArrowDown"));
            show_active(app);
        }
        "Enter" => {
            event.prevent_default();
            if let Some(entity) = app.search.with_untracked(Search::chosen) {
                app.select(entity);
            }
        }
        _ => {}
    };
    let typed = move |event: web_sys::Event| {
        app.ask_search(text_of(&event), app.search.with_untracked(|search| search.include_inactive));
    };
    let has_choices = move || app.search.with(|search| search.chosen().is_some());
    // The first in its dialog, which gives it the focus. `autofocus` would be refused in another site's frame.
    el("input")
        .attr("type", "search")
        .attr("role", "combobox")
        .says("aria-expanded", has_choices)
        .attr("aria-controls", "search-list")
        .attr("aria-autocomplete", "list")
        .attr_of("aria-activedescendant", move || {
            if has_choices() { app.search.with(|search| choice_id(search.active)) } else { String::new() }
        })
        .label(Word::SearchLabel.text())
        .attr("placeholder", Word::SearchHint.text())
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .on("input", typed)
        .key(press)
}

fn choice_id(index: usize) -> String {
    format!("choice-{index}")
}

fn show_active(app: App) {
    let id = choice_id(app.search.with_untracked(|search| search.active));
    leptos::prelude::request_animation_frame(move || {
        if let Some(row) = crate::browser::element(&id) {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            row.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
}

fn results(app: App, search: &Search) -> Piece {
    if let Some(trouble) = &search.trouble {
        return trouble_note(trouble, move || app.repeat_search());
    }
    let letters = search.query.trim().chars().count();
    let Some(answer) = &search.answer else {
        let is_short = letters > 0 && letters < SHORTEST_QUERY;
        return if is_short { el("p").class("hint").child(Word::SearchTypeOn) } else { loading(4) };
    };
    let rows = search.rows();
    if rows.is_empty() {
        let nothing = match search.searched() {
            Some(query) => empty("search", Word::SearchNone.fill(&[("query", &query)]), Word::SearchNoneWhy),
            None => empty("search", Word::SearchHint, Word::SearchNothingYet),
        };
        return nothing.attr("role", "status");
    }
    let footer = if answer.more > 0 {
        Some(Word::SearchMore.fill(&[("count", &answer.more.to_string())]))
    } else {
        answer.as_of.map(|at| Word::SearchAsOf.fill(&[("age", &age(app.now.get_untracked(), at))]))
    };
    let rows: Piece = rows
        .into_iter()
        .map(|row| match row {
            Row::Heading(word) => el("h3").attr("role", "presentation").child(word),
            Row::Choice(choice) => choice_row(app, *choice, search.active),
        })
        .collect();
    let list = el("div").id("search-list").attr("role", "listbox").label(Word::SearchLabel.text()).child(rows);
    pieces().child(list).child(footer.map(|footer| el("p").class("hint").child(footer)))
}

fn choice_row(app: App, choice: Choice, active: usize) -> Piece {
    let Choice { index, entity, reason, is_nested } = choice;
    let is_active = index == active;
    let several = app.tenants.with(|tenants| tenants.len() > 1);
    let place = app.tenant(&entity.reference.tenant).filter(|tenant| several || tenant.is_sandbox);
    let parent = entity.company.as_ref().filter(|_| !is_nested).map(|company| company.name.clone());
    let picture = if entity.reference.kind == EntityKind::Relationship {
        el("span").class("badge-square plain").child(icon("layers"))
    } else {
        name_square(&entity.name)
    };
    let second: Vec<String> = [parent, reason].into_iter().flatten().collect();
    let second = (!second.is_empty()).then(|| el("small").child(second.join(" · ")));
    let name = el("span").class("result-name").child(el("b").child(entity.name.as_str())).child(second);
    let score = entity.facts.score.as_deref().map(|score| el("span").class("result-score").child(score));
    el("div")
        .class("result")
        .with_class("is-nested", is_nested)
        .with_class("is-active", is_active)
        .attr("role", "option")
        .id(&choice_id(index))
        .attr("aria-selected", if is_active { "true" } else { "false" })
        .child(picture)
        .child(name)
        .child(inactive_tag(&entity))
        .child(place.as_ref().map(environment_tag))
        .child(score)
        .click(move || app.select(entity.clone()))
}
