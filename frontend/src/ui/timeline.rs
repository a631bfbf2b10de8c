//! The Timeline tab.

use sidelight_api::timeline::ActivitySummary;
use sidelight_domain::words::Word;

use crate::app::{App, Opened};
use crate::state::age::age;
use crate::state::locale::Locale;
use crate::state::narrowing::is_narrowed;
use crate::state::timeline::{Line, Load, Timeline};
use crate::ui::activity::type_mark;
use crate::ui::follow::{Row, list, shown, when};
use crate::ui::icon::{icon, icon_button};
use crate::ui::late::{ACTIVITY, late};
use crate::ui::narrowing::{bar, nothing_wanted, reach, summary};
use crate::ui::piece::{Piece, button, el, pieces};
use crate::ui::sentinel::sentinel;
use crate::ui::states::{empty, loading, trouble_note};

/// The activities of the selection, or the one that lies open.
pub(super) fn timeline(app: App) -> Piece {
    let is_open = move || app.opened.with(|opened| *opened != Opened::None);
    let state = move || {
        app.timeline.with(|timeline| {
            let is_deciding = timeline.entity.is_none().then(|| app.is_deciding());
            let is_empty = timeline.items.is_empty().then(|| is_narrowed(&timeline.narrowing));
            (is_deciding, timeline.as_of.is_none(), is_empty, timeline.next.is_some())
        })
    };
    let content = shown(state, move |state| match state {
        (Some(true), ..) => loading(5),
        (Some(false), ..) => empty("building", Word::TimelineNothingSelected, Word::ShellChooseWhy)
            .child(button("button primary").click(move || app.open_search()).child(Word::ShellSearch)),
        (None, true, ..) => first_load(app),
        (None, false, Some(true), false) => nothing_wanted(app),
        (None, false, Some(false), false) => {
            let nothing = empty("inbox", Word::TimelineEmpty, Word::TimelineEmptyWhy);
            pieces().child(toolbar(app)).child(nothing)
        }
        (None, false, ..) => entries(app),
    });
    let has_entity = move || app.timeline.with(|timeline| timeline.entity.is_some());
    let list = el("div")
        .class("timeline")
        .class_if("is-hidden", is_open)
        .class_if("is-turning", move || app.timeline.with(Timeline::is_turning));
    pieces()
        .child(list.child(when(has_entity, move || bar(app))).child(content))
        .child(when(is_open, move || late(app, &ACTIVITY, 3)))
}

fn first_load(app: App) -> Piece {
    shown(
        move || app.timeline.with(|timeline| timeline.load.clone()),
        move |load| match load {
            Load::Failed(trouble) => trouble_note(trouble, move || app.load_timeline(false)),
            Load::First | Load::More | Load::Idle => loading(5),
        },
    )
}

fn toolbar(app: App) -> Piece {
    let state = move || {
        // By the half minute: a list that is drawn each second would not be calm.
        let now = app.now.with(|now| now.as_millis() / 30_000);
        app.timeline.with(|timeline| (timeline.as_of, timeline.is_stale, now))
    };
    let as_of = shown(state, move |(as_of, is_stale, _)| {
        let word = if *is_stale { Word::TimelineStale } else { Word::TimelineAsOf };
        as_of.map(|at| word.fill(&[("age", &age(app.now.get_untracked(), at))])).unwrap_or_default().into()
    });
    el("div")
        .class("toolbar")
        .class_if("is-stale", move || app.timeline.with(|timeline| timeline.is_stale))
        .child(el("span").class("muted").child(as_of))
        .child(icon_button("refresh", Word::TimelineRefresh.text(), move || app.refresh()))
}

fn entries(app: App) -> Piece {
    // The words for days are those of today.
    let lines = shown(
        move || app.locale().day_number(app.now.get()),
        move |_| {
            list(move || {
                let now = app.now.get_untracked();
                let lines = app.timeline.with(|timeline| timeline.lines(now, app.locale()));
                lines.into_iter().map(|line| Row::new(line.key(), move || entry_or_day(app, line))).collect()
            })
        },
    );
    pieces()
        .child(news(app))
        .child(toolbar(app))
        .child(summary(app))
        .child(el("div").class("entries").child(lines))
        .child(sentinel(move || app.timeline.with(|timeline| timeline.items.len()), move || further(app)))
        .child(reach(app))
        .child(end(app))
}

/// What the tenant does not find for us is looked through further when the viewer says so: each page is a call.
fn further(app: App) {
    if app.timeline.with_untracked(|timeline| timeline.reach.is_none()) {
        app.load_more();
    }
}

fn news(app: App) -> Piece {
    let show = move || {
        app.show_news();
        if let Some(body) = crate::browser::element("tab-panel") {
            body.set_scroll_top(0);
        }
    };
    shown(
        move || app.timeline.with(|timeline| timeline.news.len()),
        move |count| {
            let text = match count {
                0 => return pieces(),
                1 => Word::TimelineNewsOne.text().to_owned(),
                count => Word::TimelineNews.fill(&[("count", &count.to_string())]),
            };
            el("div").class("news").child(button("pill").click(show).child(icon("chevron")).child(text))
        },
    )
}

fn entry_or_day(app: App, line: Line) -> Piece {
    match line {
        Line::Day(name) => el("h2").class("day").child(name),
        Line::Item(item) => entry(app, item),
    }
}

fn entry(app: App, item: ActivitySummary) -> Piece {
    let locale = app.locale();
    let author = if item.is_own { Word::TimelineYou.text() } else { &item.author };
    let foot = [Some(item.type_name.as_str()), Some(author), item.relationship.as_deref()];
    let foot = foot.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let time = el("time").attr("title", &locale.exact(item.held_at)).child(locale.clock(item.held_at));
    let head = el("span").class("entry-head").child(el("b").child(item.subject.as_str())).child(time);
    let preview = (!item.preview.is_empty()).then(|| el("span").class("preview").child(item.preview.as_str()));
    let foot = el("span").class("entry-foot").child(el("span").child(foot)).child(item.is_ours.then(ours));
    let text = el("span").class("entry-text").child(head).child(preview).child(foot);
    let mark = type_mark(&item.type_name);
    button("entry").click(move || app.open_activity(item.clone())).child(mark).child(text)
}

/// Marks what was logged from here.
fn ours() -> Piece {
    let label = Word::TimelineOurs.text();
    el("span").class("ours").attr("role", "img").label(label).attr("title", label).child(icon("sidelight"))
}

fn end(app: App) -> Piece {
    shown(
        move || {
            app.timeline.with(|timeline| (timeline.load.clone(), timeline.next.is_some(), timeline.reach.is_some()))
        },
        move |end| match end {
            (Load::Failed(trouble), ..) => trouble_note(trouble, move || app.load_more()),
            (Load::Idle, true, true) => pieces(),
            (_, true, _) => loading(2),
            (_, false, _) => el("p").class("hint").child(Word::TimelineEnd),
        },
    )
}
