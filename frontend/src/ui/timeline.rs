//! The Timeline tab.

use leptos::prelude::*;
use sidelight_api::timeline::ActivitySummary;
use sidelight_domain::words::Word;

use crate::app::{App, Opened, seen};
use crate::state::age::age;
use crate::state::locale::Locale;
use crate::state::timeline::{Line, Load, type_icon};
use crate::ui::activity::OpenActivity;
use crate::ui::icon::{Icon, IconButton};
use crate::ui::piece::{Piece, dynamic, handler};
use crate::ui::sentinel::Sentinel;
use crate::ui::states::{Empty, Loading, TroubleNote};

/// The activities of the selection, or the one that lies open.
#[component]
pub(super) fn Timeline(app: App) -> impl IntoView {
    let is_open = seen(move || app.opened.with(|opened| *opened != Opened::None));
    pieces! {
        <div class="timeline" class:is-hidden=dynamic(move || is_open.get())>
            {dynamic(move || content(app))}
        </div>
        {dynamic(move || is_open.get().then(|| pieces! { <OpenActivity app /> }))}
    }
}

fn content(app: App) -> Piece {
    let state = seen(move || {
        app.timeline.with(|timeline| (timeline.entity.is_none(), timeline.as_of.is_none(), timeline.items.is_empty()))
    });
    match state.get() {
        (true, ..) => pieces! {
            <Empty
                icon="building"
                title=Word::TimelineNothingSelected.text().to_owned()
                text=Word::ShellChooseWhy.text().to_owned()
            >
                <button type="button" class="button primary" on:click=handler(move |_| app.open_search())>
                    {Word::ShellSearch.text()}
                </button>
            </Empty>
        },
        (false, true, _) => pieces! { <FirstLoad app /> },
        (false, false, true) => pieces! {
            <Toolbar app />
            <Empty
                icon="inbox"
                title=Word::TimelineEmpty.text().to_owned()
                text=Word::TimelineEmptyWhy.text().to_owned()
            />
        },
        (false, false, false) => pieces! { <List app /> },
    }
}

#[component]
fn FirstLoad(app: App) -> impl IntoView {
    dynamic(move || match app.timeline.with(|timeline| timeline.load.clone()) {
        Load::Failed(trouble) => pieces! { <TroubleNote trouble on_step=move || app.load_timeline(false) /> },
        Load::First | Load::More | Load::Idle => pieces! { <Loading rows=5 /> },
    })
}

#[component]
fn Toolbar(app: App) -> impl IntoView {
    // By the half minute: a list that is drawn each second would not be calm.
    let now = seen(move || app.now.get().as_millis() / 30_000);
    let asked = seen(move || app.timeline.with(|timeline| (timeline.as_of, timeline.is_stale)));
    let text = move || {
        now.track();
        let (as_of, is_stale) = asked.get();
        as_of.map(|at| {
            let word = if is_stale { Word::TimelineStale } else { Word::TimelineAsOf };
            word.fill(&[("age", &age(app.now.get_untracked(), at))])
        })
    };
    piece! {
        <div class="toolbar" class:is-stale=dynamic(move || asked.get().1)>
            <span class="muted">{text}</span>
            <IconButton name="refresh" label=Word::TimelineRefresh.text() on_press=move || app.refresh() />
        </div>
    }
}

#[component]
fn List(app: App) -> impl IntoView {
    let locale = app.locale();
    let today = seen(move || locale.day_number(app.now.get()));
    let lines = move || {
        today.track();
        let now = app.now.get_untracked();
        app.timeline.with(|timeline| timeline.lines(now, locale))
    };
    let length = Signal::derive(move || app.timeline.with(|timeline| timeline.items.len()));
    pieces! {
        <News app />
        <Toolbar app />
        <div class="entries">
            <For each=lines key=Line::key let:line>
                {match line {
                    Line::Day(name) => piece! { <h2 class="day">{name}</h2> },
                    Line::Item(item) => pieces! { <Entry app item /> },
                }}
            </For>
        </div>
        <Sentinel length on_near=move || app.load_more() />
        <End app />
    }
}

#[component]
fn News(app: App) -> impl IntoView {
    let count = seen(move || app.timeline.with(|timeline| timeline.news.len()));
    let text = move |count: usize| match count {
        1 => Word::TimelineNewsOne.text().to_owned(),
        count => Word::TimelineNews.fill(&[("count", &count.to_string())]),
    };
    let show = move |_| {
        app.show_news();
        if let Some(body) = crate::browser::element("tab-panel") {
            body.set_scroll_top(0);
        }
    };
    dynamic(move || {
        (count.get() > 0).then(|| {
            piece! {
                <div class="news">
                    <button type="button" class="pill" on:click=handler(show)>
                        <Icon name="chevron" />
                        {text(count.get())}
                    </button>
                </div>
            }
        })
    })
}

#[component]
fn Entry(app: App, item: ActivitySummary) -> impl IntoView {
    let locale = app.locale();
    let author = if item.is_own { Word::TimelineYou.text().to_owned() } else { item.author.clone() };
    let foot = [Some(item.type_name.clone()), Some(author), item.relationship.clone()];
    let ours = item.is_ours.then(|| {
        let label = Word::TimelineOurs.text();
        piece! { <span class="ours" role="img" aria-label=label title=label><Icon name="sidelight" /></span> }
    });
    let open = item.clone();
    piece! {
        <button type="button" class="entry" on:click=handler(move |_| app.open_activity(open.clone()))>
            <span class=format!("type type-{}", type_icon(&item.type_name))><Icon name=type_icon(&item.type_name) /></span>
            <span class="entry-text">
                <span class="entry-head">
                    <b>{item.subject}</b>
                    <time title=locale.exact(item.held_at)>{locale.clock(item.held_at)}</time>
                </span>
                {(!item.preview.is_empty()).then(|| piece! { <span class="preview">{item.preview}</span> })}
                <span class="entry-foot">
                    <span>{foot.into_iter().flatten().collect::<Vec<_>>().join(" · ")}</span>
                    {ours}
                </span>
            </span>
        </button>
    }
}

#[component]
fn End(app: App) -> impl IntoView {
    let end = seen(move || app.timeline.with(|timeline| (timeline.load.clone(), timeline.next.is_some())));
    dynamic(move || match end.get() {
        (Load::Failed(trouble), _) => pieces! { <TroubleNote trouble on_step=move || app.load_more() /> },
        (_, true) => pieces! { <Loading rows=2 /> },
        (_, false) => piece! { <p class="hint">{Word::TimelineEnd.text()}</p> },
    })
}
