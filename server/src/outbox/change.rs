//! Changing and deleting what is in Gainsight already, without overwriting what nobody has seen (design 4.5).
//!
//! Whoever asks names what he saw. Before each try the activity is read: if it says what is wanted, an earlier try has arrived; if a
//! field that shall change says neither that nor what was seen, somebody else was faster, and nothing is sent.

use serde::{Deserialize, Serialize};
use sidelight_api::ErrorCode;
use sidelight_domain::ids::Gsid;
use sidelight_gainsight::{ActivityId, ActivityKey, ActivityRow, Change, Error};
use sidelight_store::Digest;

use super::payload::{Changes, Task};
use crate::app::App;
use crate::gainsight::{AskError, Asker, Turn, Urgency, ask_knowing, note_for_gainsight, state_of};
use crate::http::TenantAccess;

/// How an attempt to change something ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Changed {
    /// It is as it was wanted.
    Done,
    /// It was not touched.
    Left(ErrorCode),
}

/// What the fields of an activity said, as a text that tells nothing of them.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Seen(Vec<String>);

/// Digits of each field's digest: enough to notice a change, which nobody has a reason to fake.
const DIGITS: usize = 16;

impl Seen {
    /// Notes what an activity says.
    #[must_use]
    pub fn of(row: &ActivityRow) -> Self {
        let minutes = row.duration_minutes.map(|minutes| minutes.to_string()).unwrap_or_default();
        let held_at = row.held_at.as_millis().to_string();
        let fields = [
            row.type_name.as_deref().unwrap_or_default(),
            &row.subject,
            row.notes_html.as_deref().unwrap_or_default(),
            &held_at,
            &minutes,
        ];
        Self(fields.iter().map(|field| Digest::of(field).to_string()[..DIGITS].to_owned()).collect())
    }

    /// Reads the text; a strange one is like nothing that anybody saw.
    #[must_use]
    pub fn read(text: &str) -> Self {
        Self(text.split('.').map(str::to_owned).collect())
    }

    fn field(&self, index: usize) -> Option<&String> {
        self.0.get(index)
    }
}

impl std::fmt::Display for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

/// Whether the viewer wrote it. Who else may change it, Gainsight tells by no documented way, so that nobody else may
/// (`gainsight.md` 15.3).
#[must_use]
pub fn is_author(access: &TenantAccess, row: &ActivityRow) -> bool {
    row.author.as_ref() == Some(&access.grant.user) || row.author_email.as_ref() == Some(&access.grant.email)
}

/// Tries to do what is wanted.
pub(super) async fn change(
    app: &App,
    access: &TenantAccess,
    task: &Task,
    urgency: Urgency,
) -> Result<Changed, AskError> {
    let Some((id, seen)) = task.target() else { return Ok(Changed::Done) };
    let asker = Asker::writing(app, access)?;
    let read = |turn: Turn| async move { turn.gainsight.activity(&turn.access(), id).await };
    let row = ask_knowing(app, asker, urgency, read).await?;
    let outcome = match (task, row) {
        (Task::Delete { .. }, None) | (Task::Log, _) => Ok(Changed::Done),
        (Task::Change { .. }, None) => Ok(Changed::Left(ErrorCode::NotFound)),
        (_, Some(row)) if !is_author(access, &row) => Ok(Changed::Left(ErrorCode::NotAuthor)),
        (Task::Delete { .. }, Some(row)) if Seen::of(&row) != *seen => Ok(Changed::Left(ErrorCode::ActivityConflict)),
        (Task::Delete { .. }, Some(row)) => delete(app, asker, &row, urgency).await,
        (Task::Change { changes, .. }, Some(row)) => match to_send(changes, seen, &row) {
            Ok(None) => Ok(Changed::Done),
            Ok(Some(change)) => put(app, asker, id, &change, urgency).await,
            Err(conflict) => Ok(Changed::Left(conflict)),
        },
    };
    // Whatever came of it: what is at hand is not what stands there.
    let (state, gone) = (state_of(app, access)?, id.clone());
    state.activities.forget_where(move |(_, held)| *held == gone);
    outcome
}

async fn put(app: &App, asker: Asker<'_>, id: &Gsid, change: &Change, urgency: Urgency) -> Result<Changed, AskError> {
    let key = &ActivityKey::Record(id.clone());
    let put = |turn: Turn| async move { turn.gainsight.change_activity(&turn.access(), key, change).await };
    ask_knowing(app, asker, urgency, put).await.map(|()| Changed::Done)
}

async fn delete(app: &App, asker: Asker<'_>, row: &ActivityRow, urgency: Urgency) -> Result<Changed, AskError> {
    // Where describe shows no number of its own, the record's is the activity's.
    let id = &row.activity_id.clone().unwrap_or_else(|| ActivityId::new(row.id.as_str()));
    let call = |turn: Turn| async move { turn.gainsight.delete_activity(&turn.access(), id).await };
    match ask_knowing(app, asker, urgency, call).await {
        // An earlier try has arrived, and queries lag behind.
        Ok(()) | Err(AskError::Call(Error::NotFound(_))) => Ok(Changed::Done),
        Err(error) => Err(error),
    }
}

/// What still has to be sent so that the activity says what is wanted.
///
/// # Errors
/// A conflict, if a field says neither what is wanted nor what was seen.
fn to_send(changes: &Changes, seen: &Seen, row: &ActivityRow) -> Result<Option<Change>, ErrorCode> {
    let now = Seen::of(row);
    let notes = changes.notes.as_deref().map(note_for_gainsight);
    let is_untouched = |index: usize| now.field(index) == seen.field(index);
    let mut is_conflict = false;
    let mut wanted = |index: usize, is_there: bool| {
        is_conflict |= !is_there && !is_untouched(index);
        !is_there
    };
    let change = Change {
        type_name: changes.type_name.clone().filter(|name| wanted(0, row.type_name.as_ref() == Some(name))),
        subject: changes.subject.clone().filter(|subject| wanted(1, row.subject == *subject)),
        notes_html: notes.filter(|notes| wanted(2, row.notes_html.as_ref() == Some(notes))),
        held_at: changes.held_at.filter(|at| wanted(3, row.held_at == *at)),
        duration_minutes: changes.duration_minutes.filter(|minutes| wanted(4, row.duration_minutes == Some(*minutes))),
    };
    match (is_conflict, change == Change::default()) {
        (true, _) => Err(ErrorCode::ActivityConflict),
        (false, true) => Ok(None),
        (false, false) => Ok(Some(change)),
    }
}

#[cfg(test)]
#[path = "change_tests.rs"]
mod tests;
