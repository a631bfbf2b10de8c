//! Reading a Timeline: pages by key rather than by offset, so that nothing is skipped when somebody logs meanwhile.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sidelight_api::timeline::{Activity, ActivitySummary, TimelinePage};
use sidelight_domain::access::Reason;
use sidelight_domain::ids::{ExternalId, Gsid};
use sidelight_domain::{EntityKind, EntityRef, Timestamp};
use sidelight_gainsight::{ActivityPage, ActivityRow, Scope, TimelineFilter};

use super::ask::{AskError, Asker, Turn, ask_knowing, state_of};
use super::budget::Urgency;
use super::notes;
use super::proof::{self, Proof, proof};
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

/// A text that is not a cursor of ours.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a cursor")]
pub struct InvalidCursor;

/// A page of an entity's Timeline, newest first.
///
/// # Errors
/// [`AskError`] if nothing is at hand and Gainsight cannot be asked.
pub async fn page(
    app: &App,
    access: &TenantAccess,
    entity: &EntityRef,
    after: Option<(Timestamp, Gsid)>,
    renew: bool,
) -> Result<TimelinePage, AskError> {
    let state = state_of(app, access)?;
    let proof = needed_proof(app, state, access).await?;
    if proof.as_ref().is_some_and(|proof| !proof.shows(entity)) {
        return Err(AskError::Unproven);
    }
    let key = (access.reader(), entity.clone(), after.as_ref().map(cursor));
    let fresh_for = match (renew, &after) {
        (true, _) => SETTLED_FOR,
        (false, None) => FIRST_PAGE_FRESH_FOR.min(unchanged_for(app, access, entity).await),
        (false, Some(_)) => LATER_PAGES_FRESH_FOR,
    };
    let scope = match entity.kind {
        EntityKind::Company => Scope::Company(entity.id.clone()),
        EntityKind::Relationship => Scope::Relationship(entity.id.clone()),
    };
    let filter = TimelineFilter { scope, before: after, limit: PAGE_SIZE };
    let filter = &filter;
    let call = |turn: Turn| async move { turn.gainsight.activities(&turn.access(), filter).await };
    let asker = Asker::reading(app, access)?;
    let read = || ask_knowing(app, asker, Urgency::Interactive, call);
    let held = state.pages.get(&key, fresh_for, read).await?;
    let last = held.value.activities.last().filter(|_| !held.value.is_last);
    let next = last.map(|row| cursor(&(row.held_at, row.id.clone())));
    let shown = held.value.activities.iter().filter(|row| is_proven(row, proof.as_deref()));
    let activities = shown.map(|row| summary(access, entity.kind, row)).collect();
    Ok(TimelinePage { activities, next, as_of: held.as_of, is_stale: held.is_stale })
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
    Ok(activity_row(app, access, id).await?.map(|row| opened(access, &row)))
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

fn summary(access: &TenantAccess, looking_at: EntityKind, row: &ActivityRow) -> ActivitySummary {
    // A company's list holds its relationships' entries too and says so; in a relationship's own list that goes without saying.
    let relationship = row.relationship_name.clone().filter(|_| looking_at == EntityKind::Company);
    ActivitySummary {
        id: row.id.clone(),
        type_name: row.type_name.clone().unwrap_or_default(),
        subject: row.subject.clone(),
        preview: notes::preview(row.notes_plain.as_deref(), row.notes_html.as_deref().unwrap_or_default()),
        held_at: row.held_at,
        author: row.author_name.clone().unwrap_or_default(),
        is_own: is_author(access, row),
        is_ours: row.external_id.as_ref().is_some_and(|id| id.as_str().starts_with(ExternalId::PREFIX)),
        relationship,
    }
}

fn opened(access: &TenantAccess, row: &ActivityRow) -> Activity {
    Activity {
        summary: summary(access, EntityKind::Company, row),
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
