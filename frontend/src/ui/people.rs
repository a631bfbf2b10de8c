//! The People tab.

use std::rc::Rc;

use sidelight_api::people::{Attendee, Gap};
use sidelight_domain::attendees::Group;
use sidelight_domain::ids::{ParticipantId, TenantKey};
use sidelight_domain::words::Word;

use crate::app::{App, PeopleState, Slot};
use crate::state::adding::is_addable;
use crate::state::entity::path;
use crate::state::people::{self, Room, explanation, heading, sections};
use crate::ui::adding::add_button;
use crate::ui::follow::{Row, list, shown, some, when};
use crate::ui::icon::{icon, icon_button};
use crate::ui::inquiry::inquiry;
use crate::ui::invitation::invitation;
use crate::ui::person::person;
use crate::ui::piece::{Piece, el, pieces, words};
use crate::ui::sentinel::sentinel;
use crate::ui::states::{empty, loading, trouble_note};
use crate::ui::ticks::ticks;

/// How many rows are drawn at first, and with each step down.
const STEP: usize = 30;

/// More than this nobody reviews at once; the rest follows afterwards.
const MOST_ADDED: usize = 50;

/// Which row lies open, and how far the list is drawn.
#[derive(Clone)]
pub(super) struct Look {
    /// The row that lies open.
    pub(super) opened: Rc<Slot<Option<ParticipantId>>>,
    limit: Rc<Slot<usize>>,
}

/// Everybody in the meeting, by group.
pub(super) fn people(app: App) -> Piece {
    let state = move || {
        let has_meeting = app.meeting.with(Option::is_some);
        let (is_loaded, untold) = app.people.with(|people| (people.is_loaded, untold(people)));
        (has_meeting, is_loaded, app.room.with(|room| room.rows().is_empty()), untold)
    };
    shown(state, move |state| match state {
        (false, ..) => empty("users", Word::PeopleNoMeeting, Word::PeopleNoMeetingWhy),
        (true, false, ..) => first_load(app),
        (true, true, true, untold) => {
            let words = untold.map_or((Word::PeopleEmpty, Word::PeopleEmptyWhy), |why| (Word::PeopleUntold, why));
            pieces()
                .child(empty("users", words.0, words.1))
                .child(ticks(app, untold.is_some()))
                .child(untold.map(|_| invitation(app)))
        }
        (true, true, false, _) => groups(app),
    })
}

fn first_load(app: App) -> Piece {
    shown(
        move || app.people.with(|people| people.trouble.clone()),
        move |trouble| match trouble {
            Some(trouble) => trouble_note(trouble, move || app.load_people(false)),
            None => loading(6),
        },
    )
}

fn groups(app: App) -> Piece {
    let look = Look { opened: Rc::default(), limit: Rc::new(Slot::new(STEP)) };
    let (shown_to, grown) = (Rc::clone(&look.limit), Rc::clone(&look.limit));
    let total = move || app.room.with(|room| room.rows().len());
    let grow = move || {
        if grown.get_untracked() < app.room.with_untracked(|room| room.rows().len()) {
            grown.update(|limit| *limit += STEP);
        }
    };
    let is_over = move || app.meeting.with(|meeting| meeting.as_ref().is_some_and(|m| m.ended_at.is_some()));
    let present = words(move || {
        let word = if is_over() { Word::PeopleAttended } else { Word::PeopleCount };
        word.fill(&[("count", &app.room.with(Room::present).to_string())])
    });
    let needs_ticks = move || {
        let is_incomplete = app.room.with(|room| room.has_unknown() || room.is_lonely());
        is_incomplete || app.people.with(|people| untold(people).is_some())
    };
    let toolbar = el("div").class("toolbar").child(el("span").class("muted").child(present)).child(icon_button(
        "refresh",
        Word::PeopleRefresh.text(),
        move || app.refresh(),
    ));
    let limit = Rc::clone(&look.limit);
    let all = list(move || {
        let row = |group: Group| {
            let look = look.clone();
            Row::new(heading(group, None), move || group_of(app, group, look))
        };
        app.room.with(|room| sections(room, limit.get()).into_iter().map(|section| row(section.group)).collect())
    });
    pieces()
        .child(toolbar)
        .child(shown(move || app.people.get(), move |people| gaps(app, people)))
        .child(when(needs_ticks, move || pieces().child(ticks(app, false)).child(invitation(app))))
        .child(all)
        .child(sentinel(move || shown_to.get().min(total()), grow))
}

fn gaps(app: App, people: &PeopleState) -> Piece {
    // Of a single tenant it goes without saying which.
    let is_one_of_several = app.tenants.with(|tenants| tenants.len() > 1);
    let note = |gap: &Gap| {
        let is_asking = *gap == Gap::StillAsking;
        let is_silence = is_one_of_several && matches!(gap, Gap::GainsightDown | Gap::GainsightBusy);
        let (word, tenants) =
            if is_silence { (Word::GapSilent, &people.silent) } else { (sentence(*gap), &people.asking) };
        let said = word.fill(&[("tenants", &names(app, tenants))]);
        el("p").class("gap").with_class("is-late", is_asking).child(icon("hint")).child(said)
    };
    let notes: Piece = people.gaps.iter().map(note).collect();
    notes.child(people.trouble.as_ref().map(|trouble| trouble_note(trouble, move || app.load_people(false))))
}

fn names<'a>(app: App, tenants: impl IntoIterator<Item = &'a TenantKey>) -> String {
    let names: Vec<_> = tenants.into_iter().filter_map(|key| app.tenant(key)).map(|tenant| tenant.name).collect();
    names.join(", ")
}

const fn sentence(gap: Gap) -> Word {
    match gap {
        Gap::StillAsking => Word::GapStillAsking,
        Gap::GainsightDown => Word::GapGainsightDown,
        Gap::GainsightBusy => Word::GapGainsightBusy,
        Gap::NotApproved => Word::GapNotApproved,
        Gap::HostNotReporting => Word::GapHostNotReporting,
        Gap::HostUnauthorised => Word::GapHostUnauthorised,
        Gap::HostAbsent => Word::GapHostAbsent,
        Gap::OtherOwner => Word::GapOtherOwner,
    }
}

/// Why Zoom tells no addresses, if so.
fn untold(people: &PeopleState) -> Option<Word> {
    let is_about_host =
        |gap: &&Gap| matches!(gap, Gap::HostNotReporting | Gap::HostUnauthorised | Gap::HostAbsent | Gap::OtherOwner);
    people.gaps.iter().find(is_about_host).copied().map(sentence)
}

/// Whom one can add at once.
fn addable(app: App, group: Group) -> Vec<Attendee> {
    let is_new =
        |attendee: &&Attendee| group == Group::NotInGainsight && attendee.group == group && is_addable(attendee);
    app.room.with(|room| room.attendees().filter(is_new).take(MOST_ADDED).cloned().collect())
}

fn group_of(app: App, group: Group, look: Look) -> Piece {
    let title = words(move || {
        let company = app.view.with(|view| view.selected.as_ref().map(|entity| path(entity).0));
        heading(group, company.as_deref())
    });
    let count = words(move || app.room.with(|room| room.present_in(group)).to_string());
    let why = some(
        move || {
            let host_reports = app.meeting.with(|meeting| meeting.as_ref().is_some_and(|m| m.host_reports));
            let waited = app.people.with(|people| names(app, people.silent.iter().chain(&people.asking)));
            Some(explanation(group, host_reports)?.fill(&[("tenants", &waited)]))
        },
        |why| el("p").class("group-why").child(why.as_str()),
    );
    let rows = list(move || {
        let row = |row: &people::Row| {
            let (opened, row) = (Rc::clone(&look.opened), row.clone());
            Row::new(format!("{} {}", row.attendee.id, row.revision), move || person(app, &row, opened))
        };
        app.room.with(|room| {
            let mine = sections(room, look.limit.get()).into_iter().find(|section| section.group == group);
            mine.into_iter().flat_map(|section| section.rows).map(row).collect()
        })
    });
    let head = el("h2").child(el("span").child(title)).child(el("span").class("count").child(count));
    let several = shown(
        move || addable(app, group),
        move |who| {
            let (count, who) = (who.len(), who.clone());
            let label = move |_: &str| Word::AddAll.fill(&[("count", &count.to_string())]);
            let all = || el("div").class("group-action").child(add_button(app, "button small", label, who));
            (count > 1).then(all).into()
        },
    );
    let is_late = group == Group::NotLookedUp;
    el("section")
        .class("group")
        .with_class("is-late", is_late)
        .child(head)
        .child(why)
        .child(several)
        .child((group == Group::NeedsEmail).then(|| inquiry(app)))
        .child(el("ul").class("card").child(rows))
}
