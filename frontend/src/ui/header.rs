//! The top: which customer, in which tenant, and what matters now.

use leptos::prelude::*;
use sidelight_api::entity::Entity;
use sidelight_api::session::Tenant;
use sidelight_domain::words::Word;

use crate::app::{App, Overlay, seen};
use crate::state::entity::{facts, path, reason, score_share};
use crate::state::people::initials;
use crate::ui::icon::{Icon, IconButton};
use crate::ui::piece::{Piece, dynamic, handler};

/// Entity switch, score, search, menu; below them the facts, the reason and the tenant.
#[component]
pub(super) fn Header(app: App) -> impl IntoView {
    let entity = seen(move || app.view.with(|view| view.selected.clone()));
    let tenant = seen(move || entity.get().and_then(|entity| app.tenant(&entity.reference.tenant)));
    let why = move || entity.get().and_then(|entity| app.view.with(|view| reason(&entity, view.chosen_by.as_ref())));
    piece! {
        <header class="top" class:sandbox=dynamic(move || tenant.get().is_some_and(|tenant| tenant.is_sandbox))>
            <div class="top-row">
                <button type="button" class="switch" title=Word::ShellSwitch.text() on:click=handler(move |_| app.open_search())>
                    {dynamic(move || entity.get().map_or_else(|| pieces! { <NothingChosen /> }, |entity| named(&entity)))}
                    <Icon name="chevron" />
                </button>
                {dynamic(move || entity.get().and_then(|entity| entity.facts.score).map(|score| pieces! { <Score score /> }))}
                <IconButton name="search" label=Word::ShellSearch.text() on_press=move || app.open_search() />
                <IconButton name="menu" label=Word::ShellMenu.text() on_press=move || app.overlay.set(Overlay::Menu) />
            </div>
            {dynamic(move || entity.get().map(|entity| pieces! { <FactsLine app entity /> }))}
            <div class="context">
                {dynamic(move || tenant.get().map(|tenant| pieces! { <TenantChip tenant /> }))}
                {dynamic(move || why().map(|why| piece! { <span class="why">{why}</span> }))}
            </div>
        </header>
    }
}

#[component]
fn NothingChosen() -> impl IntoView {
    pieces! {
        <span class="badge-square"><Icon name="building" /></span>
        <span class="switch-name">
            <strong>{Word::ShellChoose.text()}</strong>
        </span>
    }
}

fn named(entity: &Entity) -> Piece {
    let (company, relationship) = path(entity);
    let (above, name) = match relationship {
        Some(relationship) => (Some(company.clone()), relationship),
        None => (None, company.clone()),
    };
    let colour = name_colour(&company);
    let inactive = entity.is_inactive.then(|| piece! { <span class="tag">{Word::ShellInactive.text()}</span> });
    pieces! {
        <span class=format!("badge-square soft-{colour}") aria-hidden="true">{initials(&company)}</span>
        <span class="switch-name">
            {above.map(|above| piece! { <small>{above}" ▸"</small> })}
            <strong>{name}</strong>
            {inactive}
        </span>
    }
}

/// The colour of a company's square, stable as an avatar's is.
pub(super) fn name_colour(name: &str) -> u32 {
    name.bytes().fold(7_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(u32::from(byte))) % 8
}

/// The overall score: a ring where it is a number of a hundred, else as the tenant writes it.
#[component]
fn Score(score: String) -> impl IntoView {
    let label = Word::EntityScore.fill(&[("score", &score)]);
    let ring = score_share(&score).map(|share| {
        piece! {
            <svg class="ring" viewBox="0 0 36 36" aria-hidden="true">
                <circle class="ring-track" cx="18" cy="18" r="15.5" />
                <circle
                    class="ring-value"
                    cx="18"
                    cy="18"
                    r="15.5"
                    pathLength="100"
                    stroke-dasharray=format!("{share} 100")
                />
            </svg>
        }
    });
    let is_ring = ring.is_some();
    piece! {
        <span class="score" class:is-ring=is_ring role="img" aria-label=label.clone() title=label>
            {ring}
            <b>{score}</b>
        </span>
    }
}

#[component]
fn FactsLine(app: App, entity: Entity) -> impl IntoView {
    let facts = facts(&entity.facts, app.now.get_untracked(), app.locale());
    (!facts.is_empty()).then(|| {
        piece! {
            <dl class="facts">
                {facts
                    .into_iter()
                    .map(|fact| piece! { <div title=fact.exact><dt>{fact.label}</dt><dd>{fact.value}</dd></div> })
                    .collect_view()}
            </dl>
        }
    })
}

#[component]
fn TenantChip(tenant: Tenant) -> impl IntoView {
    let title = format!("{} · {}", tenant.host, tenant.data_centre);
    let sandbox = tenant.is_sandbox;
    piece! {
        <span class="tenant" class:is-sandbox=sandbox title=title>
            {tenant.name}" · "{tenant.environment}
        </span>
    }
}
