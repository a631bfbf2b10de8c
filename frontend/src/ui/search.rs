//! The search over the panel.

use leptos::html::Input;
use leptos::prelude::*;
use sidelight_domain::EntityKind;
use sidelight_domain::words::Word;

use crate::app::{App, Overlay, seen};
use crate::state::age::age;
use crate::state::people::initials;
use crate::state::search::{Choice, Row, SHORTEST_QUERY};
use crate::ui::header::name_colour;
use crate::ui::icon::{Icon, IconButton};
use crate::ui::piece::{Piece, dynamic, handler};
use crate::ui::states::{Empty, Loading, TroubleNote};

/// A field, what it finds, and the keys to go through it.
#[component]
pub(super) fn SearchPanel(app: App) -> impl IntoView {
    let field = NodeRef::<Input>::new();
    let inactive = seen(move || app.search.with(|search| search.include_inactive));
    let press = move |event: leptos::ev::KeyboardEvent| match event.key().as_str() {
        "ArrowDown" | "ArrowUp" => {
            event.prevent_default();
            app.search.update(|search| search.step(event.key() == "ArrowDown"));
            show_active(app);
        }
        "Enter" => {
            event.prevent_default();
            if let Some(entity) = app.search.with_untracked(crate::state::search::Search::chosen) {
                app.select(entity);
            }
        }
        _ => {}
    };
    let typed = move |event| app.ask_search(event_target_value(&event), inactive.get_untracked());
    let toggled = move |event| {
        let query = app.search.with_untracked(|search| search.query.clone());
        app.ask_search(query, event_target_checked(&event));
    };
    pieces! {
        <div class="search-head">
            <Icon name="search" />
            <input
                node_ref=field
                type="search"
                autofocus
                role="combobox"
                aria-expanded="true"
                aria-controls="search-list"
                aria-autocomplete="list"
                aria-activedescendant=dynamic(move || format!("choice-{}", app.search.with(|search| search.active)))
                aria-label=Word::SearchLabel.text()
                placeholder=Word::SearchHint.text()
                autocomplete="off"
                spellcheck="false"
                on:input=handler(typed)
                on:keydown=handler(press)
            />
            <IconButton name="close" label=Word::ActionClose.text() on_press=move || app.overlay.set(Overlay::None) />
        </div>
        <label class="search-inactive">
            <input type="checkbox" prop:checked=dynamic(move || inactive.get()) on:change=handler(toggled) />
            {Word::SearchInactive.text()}
        </label>
        <div class="search-body" id="search-list" role="listbox" aria-label=Word::SearchLabel.text()>
            {dynamic(move || results(app))}
        </div>
    }
}

fn show_active(app: App) {
    let id = format!("choice-{}", app.search.with_untracked(|search| search.active));
    request_animation_frame(move || {
        if let Some(row) = crate::browser::element(&id) {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            row.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
}

fn results(app: App) -> Piece {
    let search = app.search.get();
    if let Some(trouble) = search.trouble {
        return pieces! { <TroubleNote trouble on_step=move || app.repeat_search() /> };
    }
    let rows = search.rows();
    let letters = search.query.trim().chars().count();
    if search.answer.is_none() {
        return if letters > 0 && letters < SHORTEST_QUERY {
            piece! { <p class="hint">{Word::SearchTypeOn.text()}</p> }
        } else {
            pieces! { <Loading rows=4 /> }
        };
    }
    if rows.is_empty() {
        let (title, text) = match search.searched() {
            Some(query) => (Word::SearchNone.fill(&[("query", &query)]), Word::SearchNoneWhy.text()),
            None => (Word::SearchHint.text().to_owned(), Word::SearchNothingYet.text()),
        };
        return pieces! { <Empty icon="search" title text=text.to_owned() /> };
    }
    let footer = search.answer.as_ref().and_then(|answer| {
        if answer.more > 0 {
            return Some(Word::SearchMore.fill(&[("count", &answer.more.to_string())]));
        }
        answer.as_of.map(|at| Word::SearchAsOf.fill(&[("age", &age(app.now.get_untracked(), at))]))
    });
    let active = search.active;
    pieces! {
        {rows.into_iter().map(|row| result_row(app, row, active)).collect_view()}
        {footer.map(|footer| piece! { <p class="hint">{footer}</p> })}
    }
}

fn result_row(app: App, row: Row, active: usize) -> Piece {
    match row {
        Row::Heading(word) => piece! { <h3 role="presentation">{word.text()}</h3> },
        Row::Choice(choice) => {
            let is_active = choice.index == active;
            pieces! { <ChoiceRow app choice=*choice is_active /> }
        }
    }
}

#[component]
fn ChoiceRow(app: App, choice: Choice, is_active: bool) -> impl IntoView {
    let Choice { index, entity, reason, is_nested } = choice;
    let tenant = app.tenant(&entity.reference.tenant);
    let several = app.tenants.with(|tenants| tenants.len() > 1);
    let place = tenant.filter(|tenant| several || tenant.is_sandbox);
    let is_relationship = entity.reference.kind == EntityKind::Relationship;
    let parent = entity.company.as_ref().filter(|_| !is_nested).map(|company| company.name.clone());
    let picture = if is_relationship {
        piece! { <span class="badge-square plain"><Icon name="layers" /></span> }
    } else {
        let class = format!("badge-square soft-{}", name_colour(&entity.name));
        piece! { <span class=class aria-hidden="true">{initials(&entity.name)}</span> }
    };
    let second: Vec<String> = [parent, reason].into_iter().flatten().collect();
    let score = entity.facts.score.clone();
    let inactive = entity.is_inactive.then(|| piece! { <span class="tag">{Word::ShellInactive.text()}</span> });
    let name = entity.name.clone();
    piece! {
        <div
            class="result"
            class:is-nested=is_nested
            class:is-active=is_active
            role="option"
            id=format!("choice-{index}")
            aria-selected=if is_active { "true" } else { "false" }
            on:click=handler(move |_| app.select(entity.clone()))
        >
            {picture}
            <span class="result-name">
                <b>{name}</b>
                {(!second.is_empty()).then(|| piece! { <small>{second.join(" · ")}</small> })}
            </span>
            {inactive}
            {place
                .map(|tenant| {
                    piece! { <span class="tag" class:is-sandbox=tenant.is_sandbox>{tenant.environment}</span> }
                })}
            {score.map(|score| piece! { <span class="result-score">{score}</span> })}
        </div>
    }
}
