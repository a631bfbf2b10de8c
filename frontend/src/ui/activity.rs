//! One activity, opened over the list.

use sidelight_api::timeline::{Activity, ActivitySummary, OwnField};
use sidelight_domain::words::Word;
use wasm_bindgen::JsCast;

use crate::app::{App, Opened};
use crate::browser::soon;
use crate::state::age::age;
use crate::state::locale::Locale;
use crate::state::timeline::type_icon;
use crate::ui::edit::{actions, edit_form};
use crate::ui::follow::shown;
use crate::ui::icon::icon;
use crate::ui::piece::{Piece, button, el, pieces};
use crate::ui::states::{loading, trouble_note};

/// What is known of it at once, its notes as soon as they come.
pub(super) fn open_activity(app: App) -> Piece {
    let back = button("back").click(move || app.close_activity()).child(icon("back")).child(Word::TabTimeline);
    let to_focus = back.clone();
    soon(move || to_focus.focus());
    let content = shown(
        move || app.opened.get(),
        move |opened| match opened {
            Opened::None => pieces(),
            Opened::Loading(summary) => pieces().child(head(app, summary, None)).child(loading(3)),
            Opened::Failed(summary, trouble) => {
                let again = summary.clone();
                let note = trouble_note(trouble, move || app.open_activity((*again).clone()));
                pieces().child(head(app, summary, None)).child(note)
            }
            Opened::Ready(activity) => ready(app, activity),
        },
    );
    let press = move |event: &web_sys::KeyboardEvent| {
        if event.key() == "Escape" {
            app.close_activity();
        }
    };
    el("article").class("activity").key(press).child(back).child(content)
}

/// The picture of an activity's type.
pub(super) fn type_mark(type_name: &str) -> Piece {
    let name = type_icon(type_name);
    el("span").class(&format!("type type-{name}")).child(icon(name))
}

fn head(app: App, summary: &ActivitySummary, minutes: Option<u32>) -> Piece {
    let author = if summary.is_own { Word::TimelineYou.text() } else { &summary.author };
    let minutes = minutes.map(|minutes| Word::ActivityMinutes.fill(&[("count", &minutes.to_string())]));
    let line = [Some(summary.type_name.as_str()), Some(author), summary.relationship.as_deref(), minutes.as_deref()];
    let line: Vec<_> = line.into_iter().flatten().collect();
    let text = el("div")
        .child(el("h2").child(summary.subject.as_str()))
        .child(el("p").class("muted").child(app.locale().exact(summary.held_at)))
        .child(el("p").class("muted").child(line.join(" · ")));
    el("header").class("activity-head").child(type_mark(&summary.type_name)).child(text)
}

/// The activity, or the form that changes it.
fn ready(app: App, activity: &Activity) -> Piece {
    let id = activity.summary.id.clone();
    let is_edited = move || app.edit.with(|edit| edit.as_ref().is_some_and(|edit| edit.activity.summary.id == id));
    let activity = activity.clone();
    let draw = move |is_edited: &bool| if *is_edited { edit_form(app) } else { whole(app, &activity) };
    shown(is_edited, draw)
}

fn whole(app: App, activity: &Activity) -> Piece {
    let changed =
        activity.modified_at.map(|at| Word::ActivityModified.fill(&[("age", &age(app.now.get_untracked(), at))]));
    let notes = if activity.notes_html.trim().is_empty() {
        el("p").class("muted").child(Word::ActivityNoNotes)
    } else {
        el("div").class("notes prose").html(&activity.notes_html).on("click", move |event| follow_link(app, &event))
    };
    pieces()
        .child(head(app, &activity.summary, activity.duration_minutes))
        .child(actions(app, activity))
        .child(notes)
        .child(names(Word::ActivityExternal, &activity.external_attendees))
        .child(names(Word::ActivityInternal, &activity.internal_attendees))
        .child(own_fields(app, activity))
        .child(activity.link.is_some().then(|| el("p").class("hint").child(Word::ActivityBeyond)))
        .child(changed.map(|changed| el("p").class("hint").child(changed)))
}

/// What stands in the tenant's own fields, under its own words.
fn own_fields(app: App, activity: &Activity) -> Option<Piece> {
    let field = |field: &OwnField| {
        let value = field.at.map_or_else(|| field.value.clone(), |at| app.locale().day(at));
        el("div").child(el("dt").child(field.label.as_str())).child(el("dd").child(value))
    };
    let list = || el("dl").class("own-fields").child(activity.fields.iter().map(field).collect::<Piece>());
    (!activity.fields.is_empty()).then(list)
}

/// Links lead out of the panel: the client's own browser opens them, this page never goes elsewhere.
fn follow_link(app: App, event: &web_sys::Event) {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let link = target.and_then(|element| element.closest("a[href]").ok().flatten());
    if let Some(url) = link.and_then(|link| link.get_attribute("href")) {
        event.prevent_default();
        app.open_url(&url);
    }
}

fn names(word: Word, names: &[String]) -> Option<Piece> {
    let section = || el("section").class("names").child(el("h3").child(word)).child(el("p").child(names.join(", ")));
    (!names.is_empty()).then(section)
}
