//! One attendee: a row that opens in place.

use std::rc::Rc;

use sidelight_api::people::Attendee;
use sidelight_domain::attendees::Group;
use sidelight_domain::ids::ParticipantId;
use sidelight_domain::roster::{Role, Source};
use sidelight_domain::words::Word;

use crate::app::{App, Slot};
use crate::state::adding::is_addable;
use crate::state::locale::Locale;
use crate::state::people::{Row, advice, certainty, colour, initials, is_guess, second_line};
use crate::ui::adding::add_button;
use crate::ui::card::card;
use crate::ui::correction::correction;
use crate::ui::follow::when;
use crate::ui::icon::icon;
use crate::ui::late::{PERSON, late_of};
use crate::ui::piece::{Piece, button, el, pieces};

/// Avatar, name, what is known, how sure it is; a tap shows the rest. `opened` tells which row lies open.
pub(super) fn person(app: App, row: &Row, opened: Rc<Slot<Option<ParticipantId>>>) -> Piece {
    let attendee = &row.attendee;
    let id = attendee.id;
    let has_left = row.left_at.is_some();
    let mut second = second_line(attendee);
    if !attendee.also_at.is_empty() {
        let also = Word::PersonAlsoAt.fill(&[("companies", &attendee.also_at.join(", "))]);
        second.extend([" · ", &also]);
    }
    let name = el("span").class("person-name").child(el("b").child(attendee.name.as_str())).child(tags(row));
    let (is_open, shows) = (Rc::clone(&opened), Rc::clone(&opened));
    let line = button("person-row")
        .says("aria-expanded", move || is_open.get() == Some(id))
        .click(move || opened.update(|opened| *opened = (*opened != Some(id)).then_some(id)))
        .child(face(attendee))
        .child(el("span").class("person-text").child(name).child(el("small").child(second)))
        .child(mark(attendee));
    let all = attendee.clone();
    el("li")
        .class("person")
        .with_class("has-left", has_left)
        .with_class("is-late", attendee.group == Group::NotLookedUp && row.revision == 0)
        .child(line)
        .child(when(move || shows.get() == Some(id), move || late_of(app, &PERSON, all.clone())))
}

fn face(attendee: &Attendee) -> Piece {
    if attendee.group == Group::Device {
        return el("span").class("avatar plain").child(icon("device"));
    }
    let class = format!("avatar soft-{}", colour(attendee));
    el("span").class(&class).attr("aria-hidden", "true").child(initials(&attendee.name))
}

fn tags(row: &Row) -> Piece {
    let attendee = &row.attendee;
    let role = match attendee.role {
        Some(Role::Host) => Some(Word::PersonHost),
        Some(Role::CoHost) => Some(Word::PersonCoHost),
        Some(Role::Attendee) | None => None,
    };
    let you = attendee.is_viewer.then_some(Word::PersonYou);
    let devices = attendee.devices.filter(|count| *count > 1);
    let devices = devices.map(|count| Word::PersonDevices.fill(&[("count", &count.to_string())]).into());
    let aside = attendee.is_aside.then_some(Word::PersonAside);
    let words = [you, role, aside, row.left_at.map(|_| Word::PersonLeft)].into_iter().flatten().map(Piece::from);
    words.chain(devices).map(|text: Piece| el("span").class("tag").child(text)).collect()
}

/// How sure we are, in a mark with words behind it.
fn mark(attendee: &Attendee) -> Piece {
    let marked = |picture: &str, class: &str, label: &str| {
        el("span").class(class).attr("title", label).attr("role", "img").label(label).child(icon(picture))
    };
    match (attendee.group, certainty(attendee)) {
        (_, Some(source)) if is_guess(attendee) => marked("hint", "mark is-hint", &source),
        _ if attendee.is_hint && attendee.email_source.is_none() => {
            marked("hint", "mark is-hint", Word::PersonHint.text())
        }
        (Group::NeedsEmail, _) => marked("no-mail", "mark", Word::PersonNoEmail.text()),
        (Group::Customer | Group::OtherCompany | Group::Colleague, Some(source)) => {
            marked("sure", "mark is-sure", &format!("{} {source}", Word::PersonSource.text()))
        }
        _ => pieces(),
    }
}

/// What is below the row.
pub(super) fn detail(app: App, attendee: &Attendee) -> Piece {
    let entries = [
        (Word::PersonEmail, attendee.email.as_ref().map(ToString::to_string)),
        (Word::PersonSource, certainty(attendee)),
        (Word::PersonShownAs, attendee.shown_as.clone()),
        (Word::PersonJoined, attendee.joined_at.map(|at| app.locale().clock(at))),
    ];
    let one = |(word, value): (Word, Option<String>)| {
        value.map(|value| el("div").child(el("dt").child(word)).child(el("dd").child(value)))
    };
    let list = el("dl").class("person-detail").child(entries.into_iter().filter_map(one).collect::<Piece>());
    let why = attendee.untold.map(|why| el("p").class("group-why").child(advice(why)));
    let hint = (attendee.is_hint && why.is_none()).then(|| el("p").class("group-why").child(Word::PersonHint));
    let add = is_addable(attendee).then(|| {
        let is_known = attendee.group == Group::OtherCompany;
        let word = if is_known { Word::AddLink } else { Word::AddOne };
        let label = move |company: &str| word.fill(&[("company", company)]);
        el("div").class("person-settle").child(add_button(app, "button small", label, vec![attendee.clone()]))
    });
    pieces()
        .child(list)
        .child(why)
        .child(hint)
        .child(card(app, attendee))
        .child(settle(app, attendee))
        .child(add)
        .child(correction(app, attendee))
}

/// Confirms a guess, or takes a tick back.
fn settle(app: App, attendee: &Attendee) -> Option<Piece> {
    let is_ticked = attendee.email_source == Some(Source::Ticked);
    let (tenant, email) = (attendee.tenant.clone()?, attendee.email.clone()?);
    let label = if is_guess(attendee) {
        Word::PersonConfirm.fill(&[("name", &attendee.name)])
    } else if is_ticked {
        Word::PersonUndo.text().to_owned()
    } else {
        return None;
    };
    let press = move || app.tick(tenant.clone(), email.clone(), !is_ticked);
    Some(el("div").class("person-settle").child(button("button small").click(press).child(label)))
}
