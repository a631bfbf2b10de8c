//! The People tab.

use leptos::prelude::*;
use sidelight_api::people::Gap;
use sidelight_domain::words::Word;

use crate::app::{App, Seen, seen};
use crate::state::people::{Section, explanation, heading, sections};
use crate::ui::icon::{Icon, IconButton};
use crate::ui::person::Person;
use crate::ui::piece::{Piece, dynamic};
use crate::ui::sentinel::Sentinel;
use crate::ui::states::{Empty, Loading, TroubleNote};

/// How many rows are drawn at first, and with each step down.
const STEP: usize = 30;

/// Everybody in the meeting, by group.
#[component]
pub(super) fn People(app: App) -> impl IntoView {
    let has_meeting = seen(move || app.meeting.with(Option::is_some));
    let is_loaded = seen(move || app.people.with(|people| people.is_loaded));
    let is_empty = seen(move || app.room.with(|room| room.rows().is_empty()));
    pieces! {
        {dynamic(move || {
            if !has_meeting.get() {
                return nobody("users", Word::PeopleNoMeeting, Word::PeopleNoMeetingWhy);
            }
            match (is_loaded.get(), is_empty.get()) {
                (false, _) => pieces! { <FirstLoad app /> },
                (true, true) => nobody("users", Word::PeopleEmpty, Word::PeopleEmptyWhy),
                (true, false) => pieces! { <Groups app /> },
            }
        })}
    }
}

fn nobody(icon: &'static str, title: Word, text: Word) -> Piece {
    pieces! { <Empty icon title=title.text().to_owned() text=text.text().to_owned() /> }
}

#[component]
fn FirstLoad(app: App) -> impl IntoView {
    dynamic(move || match app.people.with(|people| people.trouble.clone()) {
        Some(trouble) => pieces! { <TroubleNote trouble on_step=move || app.load_people(false) /> },
        None => pieces! { <Loading rows=6 /> },
    })
}

#[component]
fn Groups(app: App) -> impl IntoView {
    let limit = RwSignal::new(STEP);
    let shown = seen(move || app.room.with(|room| sections(room, limit.get())));
    let total = seen(move || app.room.with(|room| room.rows().len()));
    let length = Signal::derive(move || limit.get().min(total.get()));
    let grow = move || {
        if limit.get_untracked() < total.get_untracked() {
            limit.update(|limit| *limit += STEP);
        }
    };
    let opened = RwSignal::new(None);
    pieces! {
        <div class="toolbar">
            <span class="muted">
                {dynamic(move || {
                    let present = app.room.with(crate::state::people::Room::present);
                    Word::PeopleCount.fill(&[("count", &present.to_string())])
                })}
            </span>
            <IconButton name="refresh" label=Word::PeopleRefresh.text() on_press=move || app.refresh() />
        </div>
        {dynamic(move || gaps(app))}
        <For each=move || shown.get() key=|section| section.group let:section>
            <Group app section=section.clone() shown opened />
        </For>
        <Sentinel length on_near=grow />
    }
}

fn gaps(app: App) -> Vec<Piece> {
    let people = app.people.get();
    let sentence = |gap: &Gap| match gap {
        Gap::GainsightDown => Word::GapGainsightDown,
        Gap::GainsightBusy => Word::GapGainsightBusy,
        Gap::HostNotReporting => Word::GapHostNotReporting,
    };
    let mut notes: Vec<Piece> = people
        .gaps
        .iter()
        .map(|gap| piece! { <p class="gap"><Icon name="hint" />{sentence(gap).text()}</p> })
        .collect();
    if let Some(trouble) = people.trouble {
        notes.push(pieces! { <TroubleNote trouble on_step=move || app.load_people(false) /> });
    }
    notes
}

#[component]
fn Group(
    app: App,
    section: Section,
    shown: Seen<Vec<Section>>,
    opened: RwSignal<Option<sidelight_domain::ids::ParticipantId>>,
) -> impl IntoView {
    let group = section.group;
    let current = seen(move || shown.with(|sections| sections.iter().find(|s| s.group == group).cloned()));
    let rows = move || current.get().map(|section| section.rows).unwrap_or_default();
    let count = move || current.with(|section| section.as_ref().map_or(0, |section| section.count));
    let title = move || {
        let company = app.view.with(|view| view.selected.as_ref().map(|e| crate::state::entity::path(e).0));
        heading(group, company.as_deref())
    };
    let host_reports = move || app.meeting.with(|meeting| meeting.as_ref().is_some_and(|m| m.host_reports));
    piece! {
        <section class="group">
            <h2><span>{title}</span><span class="count">{count}</span></h2>
            {dynamic(move || explanation(group, host_reports()).map(|why| piece! { <p class="group-why">{why.text()}</p> }))}
            <ul class="card">
                <For each=rows key=|row| (row.attendee.id, row.revision) let:row>
                    <Person app row opened />
                </For>
            </ul>
        </section>
    }
}
