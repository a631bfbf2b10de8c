//! Reading a Timeline: pages by key rather than by offset, so that nothing is skipped when somebody logs meanwhile.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sidelight_api::timeline::{Activity, ActivitySummary, Narrowing, OwnField, TimelinePage};
use sidelight_domain::access::Reason;
use sidelight_domain::ids::{ExternalId, Gsid};
use sidelight_domain::{EntityKind, EntityRef, Timestamp};
use sidelight_gainsight::{ActivityPage, ActivityRow, Error, Scope, Search, TimelineFilter, Wanted};

use super::ask::{AskError, Asker, Turn, ask_knowing, state_of};
use super::budget::Urgency;
use super::notes;
use super::portfolio::{Portfolio, at_hand};
use super::proof::{self, Proof, proof};
use super::shelf::Held;
use super::tenants::TenantState;
use crate::app::App;
use crate::http::{Reader, TenantAccess};
use crate::outbox::{Seen, is_author};

/// A page of rows as Gainsight gave them.
pub(super) type Page = ActivityPage;

/// Rows on a page: about three screens of the panel.
pub(super) const PAGE_SIZE: u32 = 30;
const FIRST_PAGE_FRESH_FOR: Duration = Duration::from_secs(30);
/// Older pages hardly change; "Refresh App" begins again at the first one.
const LATER_PAGES_FRESH_FOR: Duration = Duration::from_mins(10);
const ACTIVITY_FRESH_FOR: Duration = Duration::from_mins(1);
/// Two taps on refresh within this time are one.
const SETTLED_FOR: Duration = Duration::from_secs(2);
const HOUR: i64 = 3_600_000;
/// Nobody remembers more of what he looks for.
const MOST_WORDS: usize = 8;

/// A text that is not a cursor of ours.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a cursor")]
pub struct InvalidCursor;

/// What a page of a Timeline is to hold.
#[derive(Debug, Default)]
pub struct Asked {
    /// Which activities.
    pub wanted: Wanted,
    /// Only those older than this one.
    pub after: Option<(Timestamp, Gsid)>,
    /// Whether it is read anew.
    pub renew: bool,
}

/// A page of an entity's Timeline, newest first.
///
/// # Errors
/// [`AskError`] if nothing is at hand and Gainsight cannot be asked.
pub async fn page(
    app: &App,
    access: &TenantAccess,
    entity: &EntityRef,
    asked: Asked,
) -> Result<TimelinePage, AskError> {
    let state = state_of(app, access)?;
    let proof = needed_proof(app, state, access).await?;
    if proof.as_ref().is_some_and(|proof| !proof.shows(entity)) {
        return Err(AskError::Unproven);
    }
    let fresh_for = match (asked.renew, &asked.after) {
        (true, _) => SETTLED_FOR,
        (false, None) => FIRST_PAGE_FRESH_FOR.min(unchanged_for(app, access, entity).await),
        (false, Some(_)) => LATER_PAGES_FRESH_FOR,
    };
    let kinds = asked.wanted.kinds();
    let held = match within_what_is_held(app, state, access, entity, &asked, fresh_for).await {
        Some(held) => held,
        None => read(app, state, access, entity, asked, fresh_for).await?,
    };
    let next = held.value.reached.as_ref().filter(|_| !held.value.is_last);
    let portfolio = at_hand(app, access).await;
    let shown = held.value.activities.iter().filter(|row| is_proven(row, proof.as_deref()));
    let activities = shown.map(|row| summary(access, entity.kind, row, portfolio.as_deref())).collect();
    let reach = next.filter(|_| state.search(kinds) == Search::Here).map(|(held_at, _)| *held_at);
    Ok(TimelinePage { activities, next: next.map(cursor), as_of: held.as_of, is_stale: held.is_stale, reach })
}

async fn read(
    app: &App,
    state: &TenantState,
    access: &TenantAccess,
    entity: &EntityRef,
    Asked { wanted, after, .. }: Asked,
    fresh_for: Duration,
) -> Result<Held<Page>, AskError> {
    let key = (access.reader(), entity.clone(), (wanted.clone(), after.as_ref().map(cursor)));
    let scope = match entity.kind {
        EntityKind::Company => Scope::Company(entity.id.clone()),
        EntityKind::Relationship => Scope::Relationship(entity.id.clone()),
    };
    let kinds = wanted.kinds();
    let upstream = TimelineFilter { scope, wanted, search: state.search(kinds), before: after, limit: PAGE_SIZE };
    let here = TimelineFilter { search: Search::Here, ..upstream.clone() };
    let (upstream, here, asker) = (&upstream, &here, Asker::reading(app, access)?);
    let ask = |filter| {
        let call = move |turn: Turn| async move { turn.gainsight.activities(&turn.access(), filter).await };
        ask_knowing(app, asker, Urgency::Interactive, call)
    };
    let read = || async {
        match ask(upstream).await {
            Err(AskError::Call(Error::Invalid { .. })) if upstream.search != here.search && !here.wanted.is_all() => {
                let page = ask(here).await?;
                // Only now it is known that it was for the conditions' sake, not for something else in the question.
                state.leave_unsearched(kinds);
                Ok(page)
            }
            answer => answer,
        }
    };
    state.pages.get(&key, fresh_for, read).await
}

/// The page without a question: where all that there is lies here, or all of what was wanted a few letters ago.
async fn within_what_is_held(
    app: &App,
    state: &TenantState,
    access: &TenantAccess,
    entity: &EntityRef,
    asked: &Asked,
    fresh_for: Duration,
) -> Option<Held<Page>> {
    if asked.wanted.is_all() || asked.after.is_some() {
        return None;
    }
    for wider in wider(&asked.wanted) {
        let held = state.pages.peek(&(access.reader(), entity.clone(), (wider, None))).await;
        let is_whole = |held: &Held<Page>| held.value.is_last && app.clock.now().since(held.as_of) < fresh_for;
        if let Some(held) = held.filter(is_whole) {
            let fitting = held.value.activities.iter().filter(|row| asked.wanted.matches(row));
            let page = Page { activities: fitting.cloned().collect(), is_last: true, reached: None };
            return Some(Held { value: Arc::new(page), ..held });
        }
    }
    None
}

/// What was probably asked for before this: everything, or the same with its last word not yet typed to the end.
fn wider(wanted: &Wanted) -> impl Iterator<Item = Wanted> {
    let before_last = wanted.words.len().saturating_sub(1);
    let last = wanted.words.last().cloned().unwrap_or_default();
    let cut = move |length: usize| {
        let shorter = Some(last.chars().take(length).collect::<String>()).filter(|word| !word.is_empty());
        let words = wanted.words.iter().take(before_last).cloned().chain(shorter).collect();
        Wanted { words, ..wanted.clone() }
    };
    let letters = wanted.words.last().map_or(0, |word| word.chars().count());
    [Wanted::default()].into_iter().chain((0..letters).rev().map(cut))
}

/// What a viewer's choice means in this tenant, for these names of whoever is in the meeting.
#[must_use]
pub fn wanted(app: &App, access: &TenantAccess, narrowing: Narrowing, names: Option<Vec<String>>) -> Wanted {
    let narrowing = narrowing.cut();
    // By the hour, so that what is wanted stays the same while its pages are read.
    let now = Timestamp::from_millis(app.clock.now().as_millis() / HOUR * HOUR);
    let past = narrowing.days.map(|days| now.before(Duration::from_hours(24) * days));
    Wanted {
        words: narrowing.words.split_whitespace().take(MOST_WORDS).map(str::to_owned).collect(),
        type_name: narrowing.type_name.filter(|name| !name.is_empty()),
        is_milestone: narrowing.is_milestone,
        author: if narrowing.is_own { Some(access.grant.user.clone()) } else { narrowing.author },
        since: narrowing.since.max(past),
        until: narrowing.until,
        people: names,
        without_relationships: narrowing.without_relationships,
    }
}

/// How long nobody has noticed a change, whichever server that was. A database that is away makes no page old.
async fn unchanged_for(app: &App, access: &TenantAccess, entity: &EntityRef) -> Duration {
    let changed_at = async || app.store.read(access.organisation).await?.timelines().changed_at(entity).await;
    match changed_at().await {
        Ok(Some(changed_at)) => app.clock.now().since(changed_at),
        Ok(None) | Err(_) => Duration::MAX,
    }
}

/// One activity; `None` if it is gone or not for this person.
///
/// # Errors
/// [`AskError`]
pub async fn activity(app: &App, access: &TenantAccess, id: &Gsid) -> Result<Option<Activity>, AskError> {
    let portfolio = at_hand(app, access).await;
    Ok(activity_row(app, access, id).await?.map(|row| opened(access, &row, portfolio.as_deref())))
}

/// The same as Gainsight gave it.
///
/// # Errors
/// [`AskError`]
pub async fn activity_row(app: &App, access: &TenantAccess, id: &Gsid) -> Result<Option<ActivityRow>, AskError> {
    let state = state_of(app, access)?;
    let (asker, proof) = (Asker::reading(app, access)?, needed_proof(app, state, access).await?);
    let call = |turn: Turn| async move { turn.gainsight.activity(&turn.access(), id).await };
    let read = || ask_knowing(app, asker, Urgency::Interactive, call);
    let held = state.activities.get(&(access.reader(), id.clone()), ACTIVITY_FRESH_FOR, read).await?;
    let row = held.value.as_ref().as_ref();
    Ok(row.filter(|row| is_proven(row, proof.as_deref())).cloned())
}

/// What the viewer has to be shown, where Gainsight did not apply his permissions.
async fn needed_proof(app: &App, state: &TenantState, access: &TenantAccess) -> Result<Option<Arc<Proof>>, AskError> {
    match access.reader() {
        Reader::Viewer(_) => Ok(None),
        Reader::Everybody => proof(app, state, access, proof::FRESH_FOR, Urgency::Interactive).await.map(Some),
    }
}

/// An activity is shown to whoever may see everything it belongs to; one that belongs to nothing, to nobody.
fn is_proven(row: &ActivityRow, proof: Option<&Proof>) -> bool {
    let Some(proof) = proof else { return true };
    let company = row.company.as_ref().map(|id| proof.shows_company(id));
    let relationship = row.relationship.as_ref().map(|id| proof.shows_relationship(id));
    match (company, relationship) {
        (None, None) => false,
        (company, relationship) => company.unwrap_or(true) && relationship.unwrap_or(true),
    }
}

fn summary(
    access: &TenantAccess,
    looking_at: EntityKind,
    row: &ActivityRow,
    portfolio: Option<&Portfolio>,
) -> ActivitySummary {
    let named = || {
        let id = row.relationship.clone()?;
        let reference = EntityRef { tenant: access.tenant.key.clone(), kind: EntityKind::Relationship, id };
        portfolio?.find(&reference).map(|entity| entity.name.clone())
    };
    // A company's list holds its relationships' entries too and says so; in a relationship's own list that goes without saying.
    let relationship = row.relationship_name.clone().or_else(named).filter(|_| looking_at == EntityKind::Company);
    ActivitySummary {
        id: row.id.clone(),
        type_name: row.type_name.clone().unwrap_or_default(),
        subject: row.subject.clone(),
        preview: notes::preview(row.notes_plain.as_deref(), row.notes_html.as_deref().unwrap_or_default()),
        held_at: row.held_at,
        author: row.author_name.clone().unwrap_or_default(),
        author_id: row.author.clone(),
        is_own: is_author(access, row),
        is_ours: row.external_id.as_ref().is_some_and(|id| id.as_str().starts_with(ExternalId::PREFIX)),
        relationship,
    }
}

fn opened(access: &TenantAccess, row: &ActivityRow, portfolio: Option<&Portfolio>) -> Activity {
    let own = |field: &sidelight_gainsight::OwnField| OwnField {
        label: field.label.clone(),
        value: field.value.clone(),
        at: field.at,
    };
    Activity {
        summary: summary(access, EntityKind::Company, row, portfolio),
        fields: row.own_fields.iter().map(own).collect(),
        link: link(access, row),
        tenant: access.tenant.key.clone(),
        notes_html: notes::safe_html(row.notes_html.as_deref().unwrap_or_default()),
        internal_attendees: row.internal_attendees.clone(),
        external_attendees: row.external_attendees.clone(),
        duration_minutes: row.duration_minutes,
        modified_at: row.modified_at.filter(|modified| row.created_at.is_none_or(|created| *modified > created)),
        seen: Seen::of(row).to_string(),
        locked: (!is_author(access, row)).then_some(Reason::NotAuthor),
    }
}

/// The page in Gainsight on which an activity stands: that of its relationship or company. None leads to the entry itself.
fn link(access: &TenantAccess, row: &ActivityRow) -> Option<String> {
    let (kind, id) = match (&row.relationship, &row.company) {
        (Some(id), _) => (EntityKind::Relationship, id),
        (None, company) => (EntityKind::Company, company.as_ref()?),
    };
    link_of(access, &EntityRef { tenant: access.tenant.key.clone(), kind, id: id.clone() })
}

/// The page of a company or relationship in Gainsight (`gainsight.md` 7.2).
pub(super) fn link_of(access: &TenantAccess, entity: &EntityRef) -> Option<String> {
    let (page, name) = match entity.kind {
        EntityKind::Relationship => ("v1/ui/Relationship360", "rid"),
        EntityKind::Company => ("v1/ui/customersuccess360", "cid"),
    };
    let mut url = access.tenant.base.join(page).ok()?;
    url.query_pairs_mut().append_pair(name, entity.id.as_str());
    Some(url.into())
}

/// How many activities of an entity are newer, as far as its first page lies here: nobody is asked for that.
pub(super) async fn logged_since(
    app: &App,
    access: &TenantAccess,
    entity: &EntityRef,
    since: Timestamp,
) -> Result<Option<u32>, AskError> {
    let state = state_of(app, access)?;
    let proof = needed_proof(app, state, access).await?;
    let held = state.pages.peek(&(access.reader(), entity.clone(), (Wanted::default(), None))).await;
    Ok(held.and_then(|held| {
        let shown = held.value.activities.iter().filter(|row| is_proven(row, proof.as_deref()));
        u32::try_from(shown.filter(|row| row.held_at > since).count()).ok()
    }))
}

/// Where a page ends, as an opaque text.
fn cursor((held_at, id): &(Timestamp, Gsid)) -> String {
    URL_SAFE_NO_PAD.encode(format!("{}:{id}", held_at.as_millis()))
}

/// Reads a cursor.
///
/// # Errors
/// The text is none of ours.
pub fn read_cursor(text: &str) -> Result<(Timestamp, Gsid), InvalidCursor> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidCursor)?;
    let text = String::from_utf8(bytes).map_err(|_| InvalidCursor)?;
    let (millis, id) = text.split_once(':').ok_or(InvalidCursor)?;
    let millis = millis.parse().map_err(|_| InvalidCursor)?;
    Ok((Timestamp::from_millis(millis), Gsid::new(id)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_its_text_and_anything_else_is_refused() {
        let place = (Timestamp::from_millis(1_780_000_000_000), Gsid::new("1P02"));
        assert_eq!(read_cursor(&cursor(&place)), Ok(place));
        let no_time = URL_SAFE_NO_PAD.encode(":a");
        for text in ["", "x", "MTIz", &no_time, "!!!"] {
            assert_eq!(read_cursor(text), Err(InvalidCursor), "{text}");
        }
    }
}
