//! The top: which customer, in which tenant, and what matters now.

use sidelight_api::entity::Entity;
use sidelight_api::session::Tenant;
use sidelight_domain::words::Word;

use crate::app::{App, Overlay, Place};
use crate::state::entity::{facts, path, reason, score_share};
use crate::state::people::initials;
use crate::ui::cover::cover_button;
use crate::ui::follow::{shown, some, when};
use crate::ui::icon::{icon, icon_button};
use crate::ui::piece::{Piece, button, el, pieces, svg, words};

/// Entity switch, score, search, menu; below them the facts, the reason and the tenant.
pub(super) fn header(app: App) -> Piece {
    let entity = move || app.view.with(|view| view.selected.clone());
    let score = move || app.view.with(|view| view.selected.as_ref().and_then(|entity| entity.facts.score.clone()));
    let tenant = move || entity().and_then(|entity| app.tenant(&entity.reference.tenant));
    let why =
        move || app.view.with(|view| view.selected.as_ref().and_then(|entity| reason(entity, view.chosen_by.as_ref())));
    let back = move || icon_button("back", Word::HomeTitle.text(), move || app.leave_customer());
    let switch = button("switch")
        .attr("title", Word::ShellSwitch.text())
        .click(move || app.open_search())
        .child(shown(entity, move |entity| entity.as_ref().map_or_else(|| nothing_chosen(app), named)));
    let row = el("div")
        .class("top-row")
        .child(when(move || app.place.get() == Place::Customer, back))
        .child(el("h1").child(switch))
        .child(some(score, |score| score_ring(score)))
        .child(cover_button(app))
        .child(icon_button("search", Word::ShellSearch.text(), move || app.open_search()))
        .child(icon_button("menu", Word::ShellMenu.text(), move || app.overlay.set(Overlay::Menu)));
    let context = el("div")
        .class("context")
        .child(some(tenant, tenant_chip))
        .child(some(why, |why| el("span").class("why").child(why.as_str())));
    el("header")
        .class("top")
        .class_if("sandbox", move || tenant().is_some_and(|tenant| tenant.is_sandbox))
        .child(row)
        .child(some(entity, move |entity| facts_line(app, entity)))
        .child(context)
}

fn nothing_chosen(app: App) -> Piece {
    let word = words(move || if app.is_deciding() { Word::StateLoading } else { Word::ShellChoose }.text().to_owned());
    let name = el("span").class("switch-name").child(el("strong").child(word).child(chevron()));
    pieces().child(el("span").class("badge-square").child(icon("building"))).child(name)
}

fn named(entity: &Entity) -> Piece {
    let (company, relationship) = path(entity);
    let square = name_square(&company);
    let (above, name) = match relationship {
        Some(relationship) => (Some(company), relationship),
        None => (None, company),
    };
    let name = el("span")
        .class("switch-name")
        .child(above.map(|above| el("small").child(format!("{above} ▸"))))
        .child(el("strong").child(name).child(chevron()))
        .child(inactive_tag(entity));
    pieces().child(square).child(name)
}

/// Stays on the line of the last word, which the style sheet joins it to.
fn chevron() -> Piece {
    el("span").class("chevron").attr("aria-hidden", "true").child(icon("chevron"))
}

/// A company's initials on a colour of its own, stable as an avatar's is.
pub(super) fn name_square(name: &str) -> Piece {
    let colour = name.bytes().fold(7_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(u32::from(byte))) % 8;
    let class = format!("badge-square soft-{colour}");
    el("span").class(&class).attr("aria-hidden", "true").child(initials(name))
}

/// Marks what is inactive.
pub(super) fn inactive_tag(entity: &Entity) -> Option<Piece> {
    entity.is_inactive.then(|| el("span").class("tag").child(Word::ShellInactive))
}

/// The overall score: a ring where it is a number of a hundred, else as the tenant writes it.
fn score_ring(score: &str) -> Piece {
    let label = Word::EntityScore.fill(&[("score", score)]);
    let circle = |class: &str| svg("circle").class(class).attr("cx", "18").attr("cy", "18").attr("r", "15.5");
    let ring = score_share(score).map(|share| {
        let value = circle("ring-value").attr("pathLength", "100").attr("stroke-dasharray", &format!("{share} 100"));
        let ring = svg("svg").class("ring").attr("viewBox", "0 0 36 36").attr("aria-hidden", "true");
        ring.child(circle("ring-track")).child(value)
    });
    el("span")
        .class("score")
        .with_class("is-ring", ring.is_some())
        .attr("role", "img")
        .label(&label)
        .attr("title", &label)
        .child(ring)
        .child(el("b").child(score))
}

fn facts_line(app: App, entity: &Entity) -> Piece {
    let facts = facts(&entity.facts, app.now.get_untracked(), app.locale());
    let entries: Vec<_> = facts
        .into_iter()
        .map(|fact| {
            let entry = el("div").child(el("dt").child(fact.label)).child(el("dd").child(fact.value));
            match fact.exact {
                Some(exact) => entry.attr("title", &exact),
                None => entry,
            }
        })
        .collect();
    if entries.is_empty() { pieces() } else { el("dl").class("facts").child(entries.into_iter().collect::<Piece>()) }
}

fn tenant_chip(tenant: &Tenant) -> Piece {
    el("span")
        .class("tenant")
        .with_class("is-sandbox", tenant.is_sandbox)
        .attr("title", &format!("{} · {}", tenant.host, tenant.data_centre))
        .child(format!("{} · {}", tenant.name, tenant.environment))
}
