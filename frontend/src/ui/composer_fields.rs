//! The fields around the note, and the button that logs it.

use leptos::prelude::*;
use sidelight_domain::EmailAddress;
use sidelight_domain::activity::Field;
use sidelight_domain::words::Word;

use crate::app::{App, seen};
use crate::state::composer::{Composer, Sending};
use crate::state::entity::target;
use crate::state::locale::Locale;
use crate::state::suggestion::{Named, form, toggled};
use crate::ui::icon::{Icon, IconButton};
use crate::ui::piece::{dynamic, handler};
use crate::ui::states::TroubleNote;

/// What is wrong with a field, at the field.
#[component]
pub(super) fn FieldError(app: App, field: Field) -> impl IntoView {
    let message = move || app.composer.with(|composer| composer.error_at(field).map(str::to_owned));
    piece! {
        <p class="field-error" id=format!("composer-{}-error", field.as_str()) role="alert">
            {message}
        </p>
    }
}

/// The form as it stands.
fn current(app: App) -> Option<sidelight_domain::activity::ActivityForm> {
    let entity = app.view.with(|view| view.selected.clone())?;
    let suggestion = app.suggestion()?;
    app.composer.with(|composer| Some(form(&composer.content, &suggestion, &entity)))
}

/// One line: what the entry will be called.
#[component]
pub(super) fn Subject(app: App) -> impl IntoView {
    let value = seen(move || current(app).map(|form| form.subject).unwrap_or_default());
    pieces! {
        <input
            id="composer-subject"
            class="subject"
            type="text"
            aria-label=Word::ComposerSubject.text()
            aria-describedby="composer-subject-error"
            placeholder=Word::ComposerSubject.text()
            autocomplete="off"
            readonly=dynamic(move || app.composer.with(|composer| !composer.is_editable()))
            prop:value=dynamic(move || value.get())
            on:input=handler(move |event| {
                let text = event_target_value(&event);
                app.edit(|content| content.subject = Some(text));
            })
        />
        <FieldError app field=Field::Subject />
    }
}

/// Two texts of one note; the author decides.
#[component]
pub(super) fn Conflict(app: App) -> impl IntoView {
    let theirs =
        seen(move || app.composer.with(|composer| composer.conflict.as_ref().map(|draft| draft.content.notes.clone())));
    let button = move |word: Word, settle: fn(&mut Composer, sidelight_domain::Timestamp)| {
        piece! {
            <button type="button" class="button small" on:click=handler(move |_| app.settle_conflict(settle))>
                {word.text()}
            </button>
        }
    };
    dynamic(move || {
        theirs.get().map(|theirs| {
            piece! {
                <div class="conflict" role="alert">
                    <p>{Word::ComposerConflict.text()}" "{Word::ComposerConflictTheirs.text()}</p>
                    <blockquote>{theirs}</blockquote>
                    <div class="row-actions">
                        {button(Word::ComposerKeepBoth, Composer::keep_both)}
                        {button(Word::ComposerKeepMine, Composer::keep_mine)}
                        {button(Word::ComposerKeepTheirs, |composer, _| composer.take_theirs())}
                    </div>
                </div>
            }
        })
    })
}

/// Type, date, duration and attendees as one line that unfolds.
#[component]
pub(super) fn Details(app: App) -> impl IntoView {
    let wants = RwSignal::new(false);
    let has_error = seen(move || {
        let fields = [Field::TypeName, Field::HeldAt, Field::DurationMinutes, Field::Attendees];
        app.composer.with(|composer| fields.into_iter().any(|field| composer.error_at(field).is_some()))
    });
    let is_open = seen(move || wants.get() || has_error.get());
    let summary = seen(move || summary(app));
    pieces! {
        <button
            type="button"
            class="details-line"
            title=Word::ComposerEditDetails.text()
            aria-expanded=dynamic(move || if is_open.get() { "true" } else { "false" })
            on:click=handler(move |_| wants.update(|wants| *wants = !*wants))
        >
            <Icon name="calendar" />
            <span>{dynamic(move || summary.get())}</span>
            <Icon name="chevron" />
        </button>
        {dynamic(move || is_open.get().then(|| pieces! { <Fields app /> }))}
    }
}

fn summary(app: App) -> String {
    let Some(form) = current(app) else { return Word::ComposerChooseFirst.text().to_owned() };
    let locale = app.locale();
    let is_today = locale.day_number(form.held_at) == locale.day_number(app.now.get_untracked());
    let clock = locale.clock(form.held_at);
    let when = if is_today { clock } else { format!("{} {clock}", locale.day(form.held_at)) };
    let minutes = form.duration_minutes.map(|minutes| Word::ActivityMinutes.fill(&[("count", &minutes.to_string())]));
    let people = match form.internal_attendees.len() + form.external_attendees.len() {
        0 => Word::ComposerNobody.text().to_owned(),
        1 => Word::ComposerPeopleOne.text().to_owned(),
        count => Word::ComposerPeople.fill(&[("count", &count.to_string())]),
    };
    [Some(form.type_name), Some(when), minutes, Some(people)].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[component]
fn Fields(app: App) -> impl IntoView {
    let form = seen(move || current(app));
    let type_name = move || form.with(|form| form.as_ref().map(|form| form.type_name.clone()).unwrap_or_default());
    let held_at = move || form.with(|form| form.as_ref().map(|form| app.locale().to_field(form.held_at)));
    let minutes = move || form.with(|form| form.as_ref().and_then(|form| form.duration_minutes).map(|m| m.to_string()));
    let change_time = move |event| {
        let at = app.locale().read_field(&event_target_value(&event));
        app.edit(|content| content.held_at = at);
    };
    let change_minutes = move |event| {
        let minutes = event_target_value(&event).trim().parse().ok();
        app.edit(|content| content.duration_minutes = minutes);
    };
    piece! {
        <fieldset class="fields" disabled=dynamic(move || app.composer.with(|composer| !composer.is_editable()))>
            <label>
                <span>{Word::ComposerType.text()}</span>
                <select
                    id="composer-type_name"
                    prop:value=type_name
                    on:change=handler(move |event| {
                        let name = event_target_value(&event);
                        app.edit(|content| content.type_name = Some(name));
                    })
                >
                    {dynamic(move || {
                        let chosen = type_name();
                        let option = |name: String| {
                            let is_chosen = name == chosen;
                            piece! { <option value=name.clone() selected=is_chosen>{name.clone()}</option> }
                        };
                        app.offered_types().into_iter().map(option).collect_view()
                    })}
                </select>
                <FieldError app field=Field::TypeName />
            </label>
            <label>
                <span>{Word::ComposerDuration.text()}</span>
                <input
                    id="composer-duration_minutes"
                    type="number"
                    min="0"
                    max="1440"
                    inputmode="numeric"
                    prop:value=minutes
                    on:change=handler(change_minutes)
                />
                <FieldError app field=Field::DurationMinutes />
            </label>
            <label class="wide">
                <span>{Word::ComposerWhen.text()}</span>
                <input id="composer-held_at" type="datetime-local" prop:value=held_at on:change=handler(change_time) />
                <FieldError app field=Field::HeldAt />
            </label>
            <Attendees app />
        </fieldset>
    }
}

#[component]
fn Attendees(app: App) -> impl IntoView {
    let suggestion = seen(move || app.suggestion());
    let named = move || suggestion.get().map(|suggestion| suggestion.attendees).unwrap_or_default();
    let unknown = move || match suggestion.with(|suggestion| suggestion.as_ref().map_or(0, |s| s.unknown)) {
        0 => None,
        1 => Some(Word::ComposerUnknownOne.text().to_owned()),
        count => Some(Word::ComposerUnknown.fill(&[("count", &count.to_string())])),
    };
    let toggle = move |email: &EmailAddress| {
        if let Some(suggestion) = suggestion.get_untracked() {
            app.edit(|content| content.attendees = Some(toggled(content, &suggestion, email)));
        }
    };
    piece! {
        <div class="wide attendees" id="composer-external_attendees" tabindex="-1">
            <span>{Word::ComposerAttendees.text()}</span>
            <div class="ticks">
                <For each=named key=|named| named.email.clone() let:named>
                    <Tick app named on_toggle=toggle />
                </For>
            </div>
            {dynamic(move || unknown().map(|unknown| piece! { <p class="hint">{unknown}</p> }))}
            <FieldError app field=Field::Attendees />
        </div>
    }
}

#[component]
fn Tick(app: App, named: Named, on_toggle: impl Fn(&EmailAddress) + 'static) -> impl IntoView {
    let Named { email, name, .. } = named;
    let (address, title) = (email.clone(), email.to_string());
    let is_picked = move || {
        app.composer.with(|composer| composer.content.attendees.as_ref().is_none_or(|picked| picked.contains(&address)))
    };
    piece! {
        <label class="tick" title=title>
            <input type="checkbox" prop:checked=is_picked on:change=handler(move |_| on_toggle(&email)) />
            {name}
        </label>
    }
}

/// Why it was refused, whether the target changed, and the button that writes.
#[component]
pub(super) fn LogBar(app: App) -> impl IntoView {
    let refusal = seen(move || {
        app.composer.with(|composer| composer.refusal.clone().filter(|_| composer.sending == Sending::No))
    });
    let has_text = seen(move || app.composer.with(|composer| !composer.is_empty() && composer.is_editable()));
    pieces! {
        {dynamic(move || refusal.get().map(|trouble| pieces! { <TroubleNote trouble on_step=move || app.log() /> }))}
        <Moved app />
        <div class="log-bar">
            {dynamic(move || {
                has_text
                    .get()
                    .then(|| {
                        pieces! {
                            <IconButton
                                name="discard"
                                label=Word::ComposerDiscard.text()
                                on_press=move || app.settle_conflict(Composer::discard)
                            />
                        }
                    })
            })}
            <LogButton app />
        </div>
    }
}

/// The note was begun for another company than the one it would go to now.
#[component]
fn Moved(app: App) -> impl IntoView {
    let moved_to = seen(move || {
        let began = app.composer.with(|composer| composer.content.entity.clone().filter(|_| !composer.is_empty()))?;
        let entity = app.view.with(|view| view.selected.clone()).filter(|entity| entity.reference != began)?;
        Some(target(&entity, None).0)
    });
    dynamic(move || {
        moved_to.get().map(|target| {
            piece! { <p class="gap"><Icon name="alert" />{Word::ComposerMoved.fill(&[("target", &target)])}</p> }
        })
    })
}

/// The button that writes names where it writes to.
#[component]
fn LogButton(app: App) -> impl IntoView {
    let place = seen(move || {
        let entity = app.view.with(|view| view.selected.clone())?;
        let tenant = app.tenant(&entity.reference.tenant);
        Some((target(&entity, tenant.as_ref()), tenant.is_some_and(|tenant| tenant.is_sandbox)))
    });
    let sending = seen(move || app.composer.with(|composer| composer.sending != Sending::No));
    let label = move || match place.get() {
        Some(((name, place), _)) => pieces! {
            <span>{Word::ComposerLogTo.fill(&[("target", &name)])}</span>
            <small>{place}</small>
        },
        None => piece! { <span>{Word::ComposerChooseFirst.text()}</span> },
    };
    let press = move |_| if place.get_untracked().is_some() { app.log() } else { app.open_search() };
    piece! {
        <button
            type="button"
            class="button primary log"
            class:is-sandbox=dynamic(move || place.get().is_some_and(|(_, is_sandbox)| is_sandbox))
            disabled=dynamic(move || sending.get())
            on:click=handler(press)
        >
            {dynamic(label)}
        </button>
    }
}
