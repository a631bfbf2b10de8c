//! The panel in the main Zoom client: the day's meetings, notes that were begun, calls of which nothing was logged (design 4.1).

mod customer;
mod plan;

use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use serde_json::json;
use sidelight_api::ErrorCode;
use sidelight_api::activity::DraftContent;
use sidelight_api::home::{ChooseCompany, Home, HomeMeeting, NoteNeed, Stage};
use sidelight_domain::attendees::is_device;
use sidelight_domain::ids::{MeetingUuid, OrganisationId};
use sidelight_domain::roster::Roster;
use sidelight_domain::{MeetingKind, Timestamp};
use sidelight_store::{Draft, Meeting, PersonKey};
use sidelight_zoom::rest::PlannedMeeting;

use self::customer::Customers;
pub use self::plan::Plans;
use crate::app::App;
use crate::http::{Answered, Caller};
use crate::record::Record as _;
use crate::series::{self, Occasion};
use crate::view;

/// How far back calls without a note are looked for.
const LOOK_BACK: Duration = Duration::from_hours(7 * 24);
const MOST_SEEN: u32 = 200;
const MOST_UNLOGGED: usize = 20;
/// Where no webhook tells of the end: nothing was seen of the meeting for so long.
const SILENCE: Duration = Duration::from_hours(6);
/// How much of a note is shown.
const BEGINNING: usize = 80;

/// The viewer's day: from his midnight to the next one, which his browser knows.
#[derive(Clone, Copy, Debug)]
pub struct Day {
    /// When it begins.
    pub from: Timestamp,
    /// When the next one does.
    pub to: Timestamp,
}

/// A meeting that is to be shown.
struct Row {
    shown: HomeMeeting,
    kind: MeetingKind,
}

/// Everything that the viewer has to do today.
///
/// # Errors
/// A refusal of the database. Zoom's and Gainsight's silence leaves gaps instead.
pub async fn home(app: &App, caller: &Caller, day: Day) -> Answered<Home> {
    let now = app.clock.now();
    let told = plan::told(app, caller).await?;
    let person = *caller.person()?;
    let mut unit = app.store.read(caller.organisation).await?;
    let seen = unit.meetings().list_of(&person, now.before(LOOK_BACK), MOST_SEEN).await?;
    let drafts: Vec<_> = unit.drafts().list_open(&person).await?.into_iter().filter_map(begun).collect();
    let logged = unit.writes().list_meetings(&person, now.before(LOOK_BACK)).await?.into_iter().collect();
    drop(unit);
    let mut seen: Vec<Row> = seen.iter().map(|(meeting, seen_at)| seen_row(meeting, *seen_at, now)).collect();
    let mut today: Vec<Row> = told.meetings.iter().map(|planned| planned_row(planned, now)).collect();
    today.retain(|row| overlaps(day, &row.shown));
    join(&mut today, &mut seen);
    let (also_today, earlier): (Vec<_>, Vec<_>) = seen.into_iter().partition(|row| overlaps(day, &row.shown));
    today.extend(also_today);
    today.sort_by(|a, b| (a.shown.starts_at, &a.shown.topic).cmp(&(b.shown.starts_at, &b.shown.topic)));
    let count = today.len();
    let mut rows: Vec<Row> = today.into_iter().chain(earlier).collect();
    let customers = Customers::gather(app, caller, &rows).await?;
    mark(&mut rows, &customers, &logged, &drafts);
    let (today, _) = rows.split_at_mut(count);
    ask_invited(app, caller, &customers, today).await?;
    let (unlogged, set_aside) = unlogged(app, caller, &rows).await?;
    rows.truncate(count);
    Ok(Home {
        meetings: rows.into_iter().map(|row| row.shown).collect(),
        plan: told.plan,
        plan_as_of: told.as_of,
        unlogged,
        set_aside,
        drafts: topics(app, caller, &customers, drafts).await?,
    })
}

/// How old a plan may be that nobody looks at.
const PLAN_TOLERATED_FOR: Duration = Duration::from_mins(30);

/// When somebody's next planned meeting begins, as far as Zoom tells.
///
/// # Errors
/// What the database says.
pub async fn next_meeting(
    app: &App,
    organisation: OrganisationId,
    person: &PersonKey,
) -> Result<Option<Timestamp>, sidelight_store::Error> {
    let told = plan::told_before(app, organisation, person, PLAN_TOLERATED_FOR).await?;
    let now = app.clock.now();
    Ok(told.meetings.iter().map(|planned| planned.starts_at).filter(|starts_at| *starts_at > now).min())
}

/// Chooses what a meeting of the viewer's own plan is about, before it begins.
///
/// # Errors
/// `not_found` for a meeting that is not in his plan, `entity_unknown` for what he may not see.
pub async fn choose(app: &App, caller: &Caller, choice: ChooseCompany) -> Answered<()> {
    let told = plan::told(app, caller).await?;
    let is_meant = |planned: &&PlannedMeeting| planned.number == choice.number && planned.starts_at == choice.starts_at;
    let planned = told.meetings.iter().find(is_meant).ok_or(ErrorCode::NotFound)?;
    let entity = view::find(app, caller, &choice.select).await?;
    let person = *caller.person()?;
    let mut unit = app.store.begin(caller.organisation).await?;
    let occasion = Occasion { number: &planned.number, kind: planned.kind, starts_at: planned.starts_at };
    series::remember_planned(&mut unit, &person, occasion, &entity.reference).await?;
    unit.views().note_chosen(&person, &entity.reference, &entity.name).await?;
    unit.note(Some(&person), "series.chosen", &caller.session.id, &json!({ "select": entity.reference }));
    unit.commit().await?;
    Ok(())
}

/// A meeting that began before midnight and goes on after it is part of both days.
fn overlaps(day: Day, shown: &HomeMeeting) -> bool {
    shown.starts_at < day.to && (shown.starts_at >= day.from || shown.ends_at.is_some_and(|end| end > day.from))
}

fn planned_row(planned: &PlannedMeeting, now: Timestamp) -> Row {
    let ends_at = planned.starts_at.after(planned.duration);
    let stage = match () {
        () if now < planned.starts_at => Stage::Ahead,
        () if now < ends_at => Stage::Running,
        () => Stage::Over,
    };
    let shown = HomeMeeting {
        number: Some(planned.number.clone()),
        topic: Some(planned.topic.clone()).filter(|topic| !topic.is_empty()),
        ends_at: Some(ends_at),
        ..HomeMeeting::at(planned.starts_at, stage)
    };
    Row { shown, kind: planned.kind }
}

fn seen_row(meeting: &Meeting, seen_at: Timestamp, now: Timestamp) -> Row {
    let is_over = meeting.ended_at.is_some() || seen_at.after(SILENCE) < now;
    let stage = if is_over { Stage::Over } else { Stage::Running };
    let shown = HomeMeeting {
        uuid: Some(meeting.uuid.clone()),
        number: meeting.number.clone(),
        topic: meeting.topic.clone(),
        ends_at: meeting.ended_at,
        ..HomeMeeting::at(meeting.started_at.unwrap_or(seen_at), stage)
    };
    Row { shown, kind: meeting.kind.unwrap_or(MeetingKind::Other) }
}

/// Puts each planned meeting together with the instance of it that was seen, the nearest one.
fn join(planned: &mut [Row], seen: &mut Vec<Row>) {
    for row in planned {
        let distance = |other: &Row| other.shown.starts_at.as_millis().abs_diff(row.shown.starts_at.as_millis());
        let of_number = seen.iter().enumerate().filter(|(_, other)| other.shown.number == row.shown.number);
        let Some((place, nearest)) = of_number.min_by_key(|(_, other)| distance(other)) else { continue };
        if u128::from(distance(nearest)) > series::SLACK.as_millis() {
            continue;
        }
        let instance = seen.remove(place).shown;
        // While it runs, nobody knows better than the plan when it ends.
        let ends_at = instance.ends_at.or(row.shown.ends_at);
        row.shown = HomeMeeting { topic: instance.topic.or(row.shown.topic.take()), ends_at, ..instance };
    }
}

/// Fills in what is known at once.
fn mark(rows: &mut [Row], customers: &Customers, logged: &HashSet<MeetingUuid>, drafts: &[(Draft, DraftContent)]) {
    for row in rows {
        if let Some((entity, chosen_by)) = customers.known(row) {
            (row.shown.entity, row.shown.chosen_by) = (Some(entity), Some(chosen_by));
        }
        let Some(uuid) = &row.shown.uuid else { continue };
        row.shown.is_logged = logged.contains(uuid);
        row.shown.has_draft = drafts.iter().any(|(draft, _)| draft.meeting.as_ref() == Some(uuid));
    }
}

/// Asks who was invited to what is still to come and tells nothing else.
async fn ask_invited(app: &App, caller: &Caller, customers: &Customers, rows: &mut [Row]) -> Answered<()> {
    let is_open = |row: &&Row| row.shown.entity.is_none() && row.shown.stage != Stage::Over;
    let numbers: Vec<_> = rows.iter().filter(is_open).filter_map(|row| row.shown.number.clone()).collect();
    if numbers.is_empty() {
        return Ok(());
    }
    let invited = plan::invitees(app, caller, &numbers).await?;
    let lists = rows.iter().map(|row| match &row.shown.number {
        Some(number) if row.shown.entity.is_none() => invited.get(number).cloned().unwrap_or_default(),
        _ => Vec::new(),
    });
    let lists: Vec<_> = lists.collect();
    for (row, told) in rows.iter_mut().zip(customers.invited(app, &lists).await) {
        if let Some((entity, chosen_by)) = told {
            (row.shown.entity, row.shown.chosen_by) = (Some(entity), Some(chosen_by));
        }
    }
    Ok(())
}

/// Calls that are over, with a customer and somebody from outside, of which nothing was written; and those that need no note. Those with a
/// draft are listed as that.
async fn unlogged(app: &App, caller: &Caller, rows: &[Row]) -> Answered<(Vec<HomeMeeting>, Vec<HomeMeeting>)> {
    let is_open = |shown: &&HomeMeeting| {
        shown.stage == Stage::Over
            && shown.uuid.is_some()
            && shown.entity.is_some()
            && !shown.is_logged
            && !shown.has_draft
    };
    let mut open: Vec<_> = rows.iter().map(|row| &row.shown).filter(is_open).collect();
    open.sort_by_key(|shown| std::cmp::Reverse(shown.starts_at));
    let own = own_domains(app, caller).await?;
    let mut unit = app.store.read(caller.organisation).await?;
    let uuids: Vec<_> = open.iter().filter_map(|shown| shown.uuid.clone()).collect();
    let needless = view::set_aside(&mut unit, caller.person()?, &uuids).await?;
    let (mut unlogged, mut set_aside) = (Vec::new(), Vec::new());
    for shown in open {
        let Some(uuid) = &shown.uuid else { continue };
        let list = if needless.contains(uuid) { &mut set_aside } else { &mut unlogged };
        if list.len() < MOST_UNLOGGED && has_outsider(&*unit.meetings().roster(uuid).await?, &own) {
            list.push(shown.clone());
        }
    }
    Ok((unlogged, set_aside))
}

/// Keeps whether a call that the viewer was in needs a note.
///
/// # Errors
/// `not_found` for a meeting that was not his.
pub async fn need_note(app: &App, caller: &Caller, need: NoteNeed) -> Answered<()> {
    let person = *caller.person()?;
    let mut unit = app.store.begin(caller.organisation).await?;
    let seen = unit.meetings().list_of(&person, app.clock.now().before(LOOK_BACK), MOST_SEEN).await?;
    if !seen.iter().any(|(meeting, _)| meeting.uuid == need.meeting) {
        return Err(ErrorCode::NotFound.into());
    }
    view::keep_need(&mut unit, &person, &need.meeting, need.is_needed).await?;
    unit.note(Some(&person), "home.note_need", &need.meeting, &json!({ "is_needed": need.is_needed }));
    unit.commit().await?;
    Ok(())
}

/// The domains at which the viewer's colleagues have their addresses: those of his own.
async fn own_domains(app: &App, caller: &Caller) -> Answered<BTreeSet<String>> {
    let installation = app.store.read(caller.organisation).await?.installations().find(caller.person()?).await?;
    let at_zoom = installation.and_then(|installation| installation.email);
    let own = caller.grants.iter().map(|grant| &grant.email).chain(&at_zoom).filter(|email| !email.is_consumer());
    Ok(own.map(|email| email.domain().to_owned()).collect())
}

/// Whether anybody but colleagues and devices was there. A meeting of which nobody told who was in it counts: its company was chosen.
fn has_outsider(roster: &Roster, own: &BTreeSet<String>) -> bool {
    let is_outsider = |person: &sidelight_domain::roster::Participant| match &person.email {
        Some((email, _)) => !own.contains(email.domain()),
        None => !is_device(person),
    };
    roster.participants.is_empty() || roster.participants.iter().any(is_outsider)
}

/// A draft that says something.
fn begun(draft: Draft) -> Option<(Draft, DraftContent)> {
    let content: DraftContent = serde_json::from_str(&draft.content).ok()?;
    let says_something = !content.format.is_blank(&content.notes) || content.subject.is_some();
    says_something.then_some((draft, content))
}

async fn topics(
    app: &App,
    caller: &Caller,
    customers: &Customers,
    drafts: Vec<(Draft, DraftContent)>,
) -> Answered<Vec<HomeMeeting>> {
    let mut unit = app.store.read(caller.organisation).await?;
    let mut shown = Vec::new();
    for (draft, content) in drafts {
        let topic = match &draft.meeting {
            Some(uuid) => unit.meetings().find(uuid).await?.and_then(|meeting| meeting.topic),
            None => None,
        };
        let chosen = content.entity.as_ref().and_then(|reference| customers.find(reference));
        let entity = chosen.or_else(|| customers.selected_in(draft.meeting.as_ref()?));
        let subject = content.subject.filter(|subject| !subject.trim().is_empty());
        let beginning = subject.unwrap_or_else(|| content.format.plain(&content.notes));
        let beginning = beginning.trim().lines().next().unwrap_or_default().chars().take(BEGINNING).collect();
        shown.push(HomeMeeting {
            uuid: draft.meeting,
            topic,
            entity,
            note: Some(beginning),
            has_draft: true,
            ..HomeMeeting::at(draft.saved_at, Stage::Over)
        });
    }
    Ok(shown)
}
