//! One quiet line above the Timeline: words to look for, and what else is wanted.

use std::rc::Rc;

use sidelight_api::timeline::Narrowing;
use sidelight_domain::EntityKind;
use sidelight_domain::ids::Gsid;
use sidelight_domain::words::Word;

use crate::app::{App, Slot};
use crate::browser::text_of;
use crate::state::locale::Locale;
use crate::state::narrowing::{PERIODS, described, edge_of_day, is_narrowed};
use crate::ui::follow::{shown, when};
use crate::ui::icon::icon;
use crate::ui::piece::{Piece, button, el, pieces, words};
use crate::ui::states::empty;

/// The value of the choice "Choose days…".
const DAYS: &str = "days";

/// A choice as the screen offers it: values with their words, and the value that is chosen.
type Offer = (Vec<(String, String)>, String);

/// The line, and below it two days where the viewer chooses them himself.
pub(super) fn bar(app: App) -> Piece {
    let chooses_days = Rc::new(Slot::new(false));
    let chooses = Rc::clone(&chooses_days);
    let has_days = move || {
        chooses.get() || app.timeline.with(|timeline| timeline.narrowing.since.or(timeline.narrowing.until).is_some())
    };
    let is_company = move || {
        app.timeline.with(|timeline| timeline.entity.as_ref().is_some_and(|entity| entity.kind == EntityKind::Company))
    };
    let line = el("div")
        .class("filter")
        .attr("role", "search")
        .label(Word::FilterLabel.text())
        .child(field(app))
        .child(select(
            Word::FilterType,
            Box::new(move || types(app)),
            Box::new(move |name| {
                app.narrow(|narrowing| narrowing.type_name = Some(name).filter(|name| !name.is_empty()));
            }),
        ))
        .child(select(
            Word::FilterWhen,
            Box::new(move || days(app)),
            Box::new(move |value| {
                chooses_days.set(value == DAYS);
                app.narrow(|narrowing| {
                    (narrowing.days, narrowing.since, narrowing.until) = (value.parse().ok(), None, None);
                });
            }),
        ))
        .child(select(Word::FilterAuthor, Box::new(move || authors(app)), Box::new(move |id| choose_author(app, &id))))
        .child(flag(app, Word::FilterOwn, |narrowing| &mut narrowing.is_own))
        .child(when(
            move || app.meeting.with(Option::is_some),
            move || flag(app, Word::FilterMeeting, |narrowing| &mut narrowing.is_of_meeting),
        ))
        .child(flag(app, Word::FilterMilestones, |narrowing| &mut narrowing.is_milestone))
        .child(when(is_company, move || {
            flag(app, Word::FilterCompanyOnly, |narrowing| &mut narrowing.without_relationships)
        }));
    let two_days = when(has_days, move || {
        el("div").class("filter-days").child(day(app, false)).child(el("span").child("–")).child(day(app, true))
    });
    pieces().child(line).child(two_days)
}

fn field(app: App) -> Piece {
    let press = move |event: &web_sys::KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            app.seek(typed(), true);
        }
    };
    let input = el("input")
        .id("timeline-words")
        .attr("type", "search")
        .attr("placeholder", Word::FilterWords.text())
        .attr("autocomplete", "off")
        .label(Word::FilterWordsLabel.text())
        .value_of(move || app.timeline.with(|timeline| timeline.narrowing.words.clone()))
        .on("input", move |event| app.seek(text_of(&event), false))
        .key(press);
    el("label").class("chip filter-words").child(icon("search")).child(input)
}

fn typed() -> String {
    use wasm_bindgen::JsCast as _;
    let field =
        crate::browser::element("timeline-words").and_then(|field| field.dyn_into::<web_sys::HtmlInputElement>().ok());
    field.map(|field| field.value()).unwrap_or_default()
}

fn select(label: Word, offer: Box<dyn Fn() -> Offer>, choose: Box<dyn Fn(String)>) -> Piece {
    let offer = Rc::new(offer);
    let says = Rc::clone(&offer);
    let options = shown(
        move || offer(),
        |(offered, chosen)| {
            let option = |(value, name): &(String, String)| {
                let option = el("option").attr("value", value).child(name.as_str());
                if value == chosen { option.attr("selected", "") } else { option }
            };
            offered.iter().map(option).collect()
        },
    );
    el("select")
        .class("chip")
        .label(label.text())
        .class_if("is-on", move || !says().1.is_empty())
        .child(options)
        .on("change", move |event| choose(text_of(&event)))
}

fn any(word: Word) -> (String, String) {
    (String::new(), word.text().to_owned())
}

fn types(app: App) -> Offer {
    let mut names = app.offered_types();
    let chosen = app.timeline.with(|timeline| timeline.narrowing.type_name.clone()).unwrap_or_default();
    if !chosen.is_empty() && !names.contains(&chosen) {
        names.push(chosen.clone());
    }
    let offered = [any(Word::FilterType)].into_iter().chain(names.into_iter().map(|name| (name.clone(), name)));
    (offered.collect(), chosen)
}

fn days(app: App) -> Offer {
    let chosen = app.timeline.with(|timeline| {
        let Narrowing { days, since, until, .. } = &timeline.narrowing;
        let is_between = since.or(*until).is_some();
        if is_between { DAYS.to_owned() } else { days.map(|days| days.to_string()).unwrap_or_default() }
    });
    let periods = PERIODS.iter().map(|(days, word)| (days.to_string(), word.text().to_owned()));
    let between = (DAYS.to_owned(), Word::FilterChooseDays.text().to_owned());
    ([any(Word::FilterWhen)].into_iter().chain(periods).chain([between]).collect(), chosen)
}

fn authors(app: App) -> Offer {
    app.timeline.with(|timeline| {
        let Narrowing { author, author_name, .. } = &timeline.narrowing;
        let chosen = author.as_ref().map(|id| (id.clone(), author_name.clone().unwrap_or_default()));
        let mut known = timeline.authors.clone();
        known.extend(chosen.into_iter().filter(|(id, _)| timeline.authors.iter().all(|(one, _)| one != id)));
        known.sort_by(|(_, one), (_, other)| one.cmp(other));
        let offered = known.into_iter().map(|(id, name)| (id.to_string(), name));
        let id = author.as_ref().map(ToString::to_string).unwrap_or_default();
        ([any(Word::FilterAuthor)].into_iter().chain(offered).collect(), id)
    })
}

fn choose_author(app: App, id: &str) {
    let (offered, _) = leptos::prelude::untrack(|| authors(app));
    let name = offered.into_iter().find(|(one, _)| one == id && !id.is_empty()).map(|(_, name)| name);
    app.narrow(|narrowing| {
        (narrowing.author, narrowing.is_own) = (name.is_some().then(|| Gsid::new(id)), false);
        narrowing.author_name = name;
    });
}

fn flag(app: App, word: Word, field: fn(&mut Narrowing) -> &mut bool) -> Piece {
    let is_on = move || app.timeline.with(|timeline| *field(&mut timeline.narrowing.clone()));
    let toggle = move || {
        app.narrow(|narrowing| {
            let flag = field(narrowing);
            *flag = !*flag;
            // Nobody is two authors.
            if narrowing.is_own {
                (narrowing.author, narrowing.author_name) = (None, None);
            }
        });
    };
    button("chip").class_if("is-on", is_on).says("aria-pressed", is_on).click(toggle).child(word)
}

/// The first or the last day.
fn day(app: App, is_end: bool) -> Piece {
    let held =
        move || app.timeline.with(|timeline| if is_end { timeline.narrowing.until } else { timeline.narrowing.since });
    let value = move || held().map(|at| app.locale().to_field(at).chars().take(10).collect()).unwrap_or_default();
    let label = if is_end { Word::FilterUntil } else { Word::FilterSince };
    el("input").attr("type", "date").label(label.text()).value_of(value).on("change", move |event| {
        let at = edge_of_day(&text_of(&event), is_end, app.locale());
        app.narrow(|narrowing| {
            narrowing.days = None;
            *(if is_end { &mut narrowing.until } else { &mut narrowing.since }) = at;
        });
    })
}

/// Nothing is as wanted: what that was, and one tap to see everything.
pub(super) fn nothing_wanted(app: App) -> Piece {
    let wanted = app.timeline.with_untracked(|timeline| described(&timeline.narrowing, app.locale()));
    empty("search", Word::FilterNothing, wanted).child(everything(app))
}

fn everything(app: App) -> Piece {
    button("button").click(move || app.narrow(|narrowing| *narrowing = Narrowing::default())).child(Word::FilterClear)
}

/// Says that the list is not the whole Timeline, with the way back.
pub(super) fn summary(app: App) -> Piece {
    let is = move || app.timeline.with(|timeline| is_narrowed(&timeline.narrowing));
    when(is, move || {
        let clear = button("link").click(move || app.narrow(|narrowing| *narrowing = Narrowing::default()));
        let wanted = words(move || app.timeline.with(|timeline| described(&timeline.narrowing, app.locale())));
        el("p").class("filter-summary").child(el("span").child(wanted)).child(clear.child(Word::FilterClear))
    })
}

/// How far back the list was looked through, where the tenant does not search, and the way further.
pub(super) fn reach(app: App) -> Piece {
    shown(
        move || {
            app.timeline.with(|timeline| (timeline.reach.filter(|_| timeline.next.is_some()), timeline.entity.clone()))
        },
        move |(reach, entity)| {
            let (Some(reach), Some(entity)) = (reach, entity) else { return pieces() };
            let tenant =
                leptos::prelude::untrack(|| app.tenant(&entity.tenant)).map(|tenant| tenant.name).unwrap_or_default();
            let said = Word::FilterReach.fill(&[("day", &app.locale().day(*reach)), ("tenant", &tenant)]);
            let on = button("button small").click(move || app.load_more()).child(Word::FilterFurther);
            el("div").class("filter-reach").child(el("p").class("hint").child(said)).child(on)
        },
    )
}
