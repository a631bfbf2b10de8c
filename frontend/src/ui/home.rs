//! Home: the day's meetings, calls of which nothing was logged, notes that were begun.

use std::rc::Rc;

use sidelight_api::home::{Home, HomeMeeting, Plan, Stage};
use sidelight_domain::words::Word;

use crate::app::{App, Overlay};
use crate::state::age::age;
use crate::state::entity::path;
use crate::state::home::reason;
use crate::state::locale::Locale;
use crate::ui::banner::banners;
use crate::ui::cover::cover_button;
use crate::ui::follow::shown;
use crate::ui::header::name_square;
use crate::ui::icon::{icon, icon_button};
use crate::ui::piece::{Piece, button, el, pieces, words};
use crate::ui::states::{empty, loading};
use crate::ui::writes::writes;

/// The whole screen.
pub(super) fn home(app: App) -> Piece {
    let day = words(move || app.locale().day(app.now.get()));
    let row = el("div")
        .class("top-row")
        .child(el("h1").class("home-title").child(Word::HomeTitle).child(el("small").child(day)))
        .child(cover_button(app))
        .child(icon_button("search", Word::ShellSearch.text(), move || app.open_search()))
        .child(icon_button("menu", Word::ShellMenu.text(), move || app.overlay.set(Overlay::Menu)));
    // An answer that says the same as before is the same one.
    let answer = move || app.home.with(|home| home.as_ref().map_or(0, |home| Rc::as_ptr(home).addr()));
    let lists = shown(answer, move |_| app.home.get_untracked().map_or_else(|| loading(5), |home| lists(app, &home)));
    let body = el("div").class("body home").child(lists);
    el("div")
        .class("app")
        .child(el("header").class("top").child(row))
        .child(banners(app))
        .child(el("main").class("main").child(body).child(writes(app)))
}

fn lists(app: App, home: &Rc<Home>) -> Piece {
    let is_over = |meeting: &HomeMeeting| meeting.stage == Stage::Over;
    let nothing = home.meetings.is_empty() && home.unlogged.is_empty() && home.drafts.is_empty();
    let list = |heading: Option<Word>,
                all: &'static dyn Fn(&Home) -> &[HomeMeeting],
                wanted: &dyn Fn(&HomeMeeting) -> bool| {
        let places = all(home).iter().enumerate().filter(|(_, meeting)| wanted(meeting)).map(|(place, _)| place);
        section(heading, places.map(|place| row(app, &Entry { home: Rc::clone(home), all, place })).collect())
    };
    pieces()
        .child(plan_note(app, home))
        .child(nothing.then(|| empty("calendar", Word::HomeNothing, Word::HomeNothingWhy)))
        .child(list(None, &|home| &home.meetings, &|meeting| !is_over(meeting)))
        .child(list(Some(Word::HomeUnlogged), &|home| &home.unlogged, &|_| true))
        .child(list(Some(Word::HomeDrafts), &|home| &home.drafts, &|_| true))
        .child(list(Some(Word::HomeEarlier), &|home| &home.meetings, &is_over))
        .child(list(Some(Word::HomeNotNeeded), &|home| &home.set_aside, &|_| true))
}

/// One meeting of an answer, which its handlers share instead of copying.
#[derive(Clone)]
struct Entry {
    home: Rc<Home>,
    all: &'static dyn Fn(&Home) -> &[HomeMeeting],
    place: usize,
}

impl Entry {
    fn with(&self, act: impl FnOnce(&HomeMeeting)) {
        if let Some(meeting) = (self.all)(&self.home).get(self.place) {
            act(meeting);
        }
    }
}

/// A list under its heading; nothing where it is empty. The meetings to come stand under the heading of the page.
fn section(heading: Option<Word>, rows: Vec<Piece>) -> Piece {
    if rows.is_empty() {
        return pieces();
    }
    let count = el("span").class("count").child(rows.len().to_string());
    let heading = heading.map(|word| el("h2").child(word).child(count));
    let list = el("ul").class("home-list").child(rows.into_iter().collect::<Piece>());
    el("section").child(heading).child(list)
}

/// Why the plan is not all there, and what helps.
fn plan_note(app: App, home: &Home) -> Piece {
    let word = match home.plan {
        Plan::Known => return pieces(),
        Plan::NotAuthorised => Word::HomeNotAuthorised,
        Plan::Declined => Word::HomeDeclined,
        Plan::Busy => Word::HomeBusy,
        Plan::Down => Word::HomeDown,
    };
    let plan = home.plan;
    let act = move || if plan == Plan::Declined { app.open_install() } else { app.authorize() };
    let label = match plan {
        Plan::NotAuthorised => Some(Word::ZoomAuthorise),
        Plan::Declined => Some(Word::MenuAllow),
        Plan::Known | Plan::Busy | Plan::Down => None,
    };
    let step = label.map(|label| button("button small").click(act).child(label));
    let as_of = home.plan_as_of.map(|at| Word::TimelineAsOf.fill(&[("age", &age(app.now.get_untracked(), at))]));
    let text = el("p").child(word).child(as_of.map(|text| el("small").child(text))).child(step);
    el("div").class("home-note").attr("role", "status").child(icon("calendar")).child(text)
}

fn row(app: App, entry: &Entry) -> Piece {
    let whole = el("li");
    let Some(meeting) = (entry.all)(&entry.home).get(entry.place) else { return whole };
    let (opened, planned) = (entry.clone(), entry.clone());
    let title = meeting.note.as_deref().or(meeting.topic.as_deref()).unwrap_or(Word::HomeNoTopic.text());
    let tags = [
        (meeting.stage == Stage::Running, Word::HomeNow, "tag is-now"),
        (meeting.has_draft && meeting.note.is_none(), Word::HomeDraft, "tag"),
        (meeting.is_logged, Word::HomeLogged, "tag is-done"),
    ];
    let tags = tags.into_iter().filter(|(is, ..)| *is).map(|(_, word, class)| el("span").class(class).child(word));
    let what = el("span")
        .class("home-what")
        .child(el("b").child(title))
        .child(about(meeting))
        .child(el("span").class("home-tags").child(tags.collect::<Piece>()));
    let open = button("home-row")
        .click(move || opened.with(|meeting| app.open_meeting(meeting)))
        .child(time(app, meeting))
        .child(what);
    let is_planned = meeting.uuid.is_none() && meeting.number.is_some() && meeting.entity.is_some();
    let choose = move || planned.with(|meeting| app.choose_for(meeting));
    let change = is_planned.then(|| icon_button("building", Word::HomeChange.text(), choose));
    whole.with_class("is-over", meeting.is_logged).child(open).child(change).child(need(app, entry, meeting))
}

/// Sets a call aside that nobody has to log, and takes that back.
fn need(app: App, entry: &Entry, meeting: &HomeMeeting) -> Option<Piece> {
    let is_in = |list: &[HomeMeeting]| list.iter().any(|other| std::ptr::eq(other, meeting));
    let (name, word, is_needed) = match () {
        () if is_in(&entry.home.unlogged) => ("check", Word::HomeNotNeeded, false),
        () if is_in(&entry.home.set_aside) => ("note", Word::HomeNeeded, true),
        () => return None,
    };
    let entry = entry.clone();
    Some(icon_button(name, word.text(), move || entry.with(|meeting| app.need_note(meeting, is_needed))))
}

/// The customer and why, or what to do.
fn about(meeting: &HomeMeeting) -> Piece {
    let Some(entity) = &meeting.entity else {
        return el("small").class("home-choose").child(Word::ShellChoose);
    };
    let (company, relationship) = path(entity);
    let square = name_square(&company);
    let topic =
        meeting.note.as_ref().map(|_| meeting.topic.clone().unwrap_or_else(|| Word::HomeNoMeeting.text().to_owned()));
    let text =
        [Some(relationship.unwrap_or(company)), topic, reason(meeting)].into_iter().flatten().collect::<Vec<_>>();
    el("small").child(square).child(el("span").child(text.join(" · ")))
}

/// From when to when, or on which day where that is not today.
fn time(app: App, meeting: &HomeMeeting) -> Piece {
    let (locale, from) = (app.locale(), meeting.starts_at);
    let is_today = locale.day_number(from) == locale.day_number(app.now.get_untracked());
    let second = if is_today { meeting.ends_at.map(|to| locale.clock(to)) } else { Some(locale.day(from)) };
    let second = second.map(|second| el("small").child(second));
    el("span").class("home-time").attr("title", &locale.exact(from)).child(locale.clock(from)).child(second)
}
