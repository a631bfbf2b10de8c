//! One activity, opened over the list.

use leptos::prelude::*;
use sidelight_api::timeline::{Activity, ActivitySummary};
use sidelight_domain::words::Word;
use wasm_bindgen::JsCast;

use crate::app::{App, Opened};
use crate::state::age::age;
use crate::state::locale::Locale;
use crate::state::timeline::type_icon;
use crate::ui::icon::Icon;
use crate::ui::piece::{dynamic, handler, nothing};
use crate::ui::states::{Loading, TroubleNote};

/// What is known of it at once, its notes as soon as they come.
#[component]
pub(super) fn OpenActivity(app: App) -> impl IntoView {
    let press = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            app.close_activity();
        }
    };
    let back = NodeRef::<leptos::html::Button>::new();
    Effect::new(move |_| {
        if let Some(back) = back.get() {
            drop(back.focus());
        }
    });
    piece! {
        <article class="activity" on:keydown=handler(press)>
            <button type="button" class="back" node_ref=back on:click=handler(move |_| app.close_activity())>
                <Icon name="back" />
                {Word::TabTimeline.text()}
            </button>
            {dynamic(move || match app.opened.get() {
                Opened::None => nothing(),
                Opened::Loading(summary) => {
                    pieces! { <Head app summary=*summary minutes=None /> <Loading rows=3 /> }
                }
                Opened::Failed(summary, trouble) => {
                    let again = (*summary).clone();
                    pieces! {
                        <Head app summary=*summary minutes=None />
                        <TroubleNote trouble on_step=move || app.open_activity(again.clone()) />
                    }
                }
                Opened::Ready(activity) => pieces! { <Whole app activity=*activity /> },
            })}
        </article>
    }
}

#[component]
fn Head(app: App, summary: ActivitySummary, minutes: Option<u32>) -> impl IntoView {
    let locale = app.locale();
    let author = if summary.is_own { Word::TimelineYou.text().to_owned() } else { summary.author };
    let minutes = minutes.map(|minutes| Word::ActivityMinutes.fill(&[("count", &minutes.to_string())]));
    let line = [Some(summary.type_name.clone()), Some(author), summary.relationship, minutes];
    piece! {
        <header class="activity-head">
            <span class=format!("type type-{}", type_icon(&summary.type_name))>
                <Icon name=type_icon(&summary.type_name) />
            </span>
            <div>
                <h2>{summary.subject}</h2>
                <p class="muted">{locale.exact(summary.held_at)}</p>
                <p class="muted">{line.into_iter().flatten().collect::<Vec<_>>().join(" · ")}</p>
            </div>
        </header>
    }
}

#[component]
fn Whole(app: App, activity: Activity) -> impl IntoView {
    // Links lead out of the panel: the client's own browser opens them, this page never goes elsewhere.
    let follow = move |event: leptos::ev::MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let link = target.and_then(|element| element.closest("a[href]").ok().flatten());
        if let Some(url) = link.and_then(|link| link.get_attribute("href")) {
            event.prevent_default();
            app.open_url(url);
        }
    };
    let changed =
        activity.modified_at.map(|at| Word::ActivityModified.fill(&[("age", &age(app.now.get_untracked(), at))]));
    let notes = activity.notes_html;
    pieces! {
        <Head app summary=activity.summary minutes=activity.duration_minutes />
        {if notes.trim().is_empty() {
            piece! { <p class="muted">{Word::ActivityNoNotes.text()}</p> }
        } else {
            piece! { <div class="notes" inner_html=notes on:click=handler(follow)></div> }
        }}
        <Names word=Word::ActivityExternal names=activity.external_attendees />
        <Names word=Word::ActivityInternal names=activity.internal_attendees />
        {changed.map(|changed| piece! { <p class="hint">{changed}</p> })}
    }
}

#[component]
fn Names(word: Word, names: Vec<String>) -> impl IntoView {
    (!names.is_empty()).then(|| {
        piece! {
            <section class="names">
                <h3>{word.text()}</h3>
                <p>{names.join(", ")}</p>
            </section>
        }
    })
}
