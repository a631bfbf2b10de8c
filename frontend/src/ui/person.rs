//! One attendee: a row that opens in place.

use leptos::prelude::*;
use sidelight_api::people::Attendee;
use sidelight_domain::attendees::Group;
use sidelight_domain::ids::ParticipantId;
use sidelight_domain::roster::Role;
use sidelight_domain::words::Word;

use crate::app::{App, seen};
use crate::state::locale::Locale;
use crate::state::people::{Row, certainty, colour, initials, second_line};
use crate::ui::icon::Icon;
use crate::ui::piece::{Piece, dynamic, handler, nothing};

/// Avatar, name, what is known, how sure it is; a tap shows the rest.
#[component]
pub(super) fn Person(
    app: App,
    row: Row,
    /// Which row lies open.
    opened: RwSignal<Option<ParticipantId>>,
) -> impl IntoView {
    let Row { attendee, left_at, .. } = row;
    let id = attendee.id;
    let is_open = seen(move || opened.get() == Some(id));
    let toggle = move |_| opened.update(|opened| *opened = (*opened != Some(id)).then_some(id));
    let has_left = left_at.is_some();
    let face = face(&attendee);
    let also =
        (!attendee.also_at.is_empty()).then(|| Word::PersonAlsoAt.fill(&[("companies", &attendee.also_at.join(", "))]));
    let detail = StoredValue::new(attendee.clone());
    piece! {
        <li class="person" class:has-left=has_left>
            <button
                type="button"
                class="person-row"
                aria-expanded=dynamic(move || if is_open.get() { "true" } else { "false" })
                on:click=handler(toggle)
            >
                {face}
                <span class="person-text">
                    <span class="person-name">
                        <b>{attendee.name.clone()}</b>
                        {tags(&attendee, has_left)}
                    </span>
                    <small>{second_line(&attendee)}{also.map(|also| format!(" · {also}"))}</small>
                </span>
                {mark(&attendee)}
            </button>
            {dynamic(move || is_open.get().then(|| pieces! { <Detail app attendee=detail.get_value() /> }))}
        </li>
    }
}

fn face(attendee: &Attendee) -> Piece {
    match attendee.group {
        Group::Device => piece! { <span class="avatar plain"><Icon name="device" /></span> },
        Group::Customer | Group::OtherCompany | Group::NotInGainsight | Group::NeedsEmail | Group::Colleague => {
            let class = format!("avatar soft-{}", colour(attendee));
            piece! { <span class=class aria-hidden="true">{initials(&attendee.name)}</span> }
        }
    }
}

fn tags(attendee: &Attendee, has_left: bool) -> Vec<Piece> {
    let tag = |text: String| piece! { <span class="tag">{text}</span> };
    let role = match attendee.role {
        Some(Role::Host) => Some(Word::PersonHost),
        Some(Role::CoHost) => Some(Word::PersonCoHost),
        Some(Role::Attendee) | None => None,
    };
    let words = [attendee.is_viewer.then_some(Word::PersonYou), role, has_left.then_some(Word::PersonLeft)];
    let devices = attendee.devices.filter(|count| *count > 1);
    let devices = devices.map(|count| Word::PersonDevices.fill(&[("count", &count.to_string())]));
    words.into_iter().flatten().map(|word| word.text().to_owned()).chain(devices).map(tag).collect()
}

/// How sure we are, in a mark with words behind it.
fn mark(attendee: &Attendee) -> Piece {
    let marked = |icon: &'static str, class: &'static str, label: String| {
        piece! { <span class=class title=label.clone() role="img" aria-label=label><Icon name=icon /></span> }
    };
    if attendee.is_hint {
        return marked("hint", "mark is-hint", Word::PersonHint.text().to_owned());
    }
    match (attendee.group, certainty(attendee)) {
        (Group::NeedsEmail, _) => marked("no-mail", "mark", Word::PersonNoEmail.text().to_owned()),
        (Group::Customer | Group::OtherCompany | Group::Colleague, Some(source)) => {
            marked("sure", "mark is-sure", format!("{} {}", Word::PersonSource.text(), source.text()))
        }
        (Group::Customer | Group::OtherCompany | Group::Colleague | Group::NotInGainsight | Group::Device, _) => {
            nothing()
        }
    }
}

#[component]
fn Detail(app: App, attendee: Attendee) -> impl IntoView {
    let companies: Vec<String> = attendee.company.iter().chain(&attendee.also_at).cloned().collect();
    let entries = [
        (Word::PersonEmail, attendee.email.as_ref().map(ToString::to_string)),
        (Word::PersonSource, certainty(&attendee).map(|source| source.text().to_owned())),
        (Word::PersonCompanies, (!companies.is_empty()).then(|| companies.join(", "))),
        (Word::PersonShownAs, attendee.shown_as.clone()),
        (Word::PersonJoined, attendee.joined_at.map(|at| app.locale().clock(at))),
    ];
    pieces! {
        <dl class="person-detail">
            {entries
                .into_iter()
                .filter_map(|(word, value)| Some((word, value?)))
                .map(|(word, value)| piece! { <div><dt>{word.text()}</dt><dd>{value}</dd></div> })
                .collect_view()}
        </dl>
        {attendee.is_hint.then(|| piece! { <p class="group-why">{Word::PersonHint.text()}</p> })}
    }
}
