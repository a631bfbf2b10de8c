//! Takes in a change to, or the deletion of, something that is in Gainsight already.

use std::time::Duration;

use serde_json::json;
use sidelight_api::ErrorCode;
use sidelight_api::event::Event;
use sidelight_api::timeline::{ChangeActivity, DeleteActivity};
use sidelight_domain::access::{Action, Reason};
use sidelight_domain::activity::{ActivityForm, Field};
use sidelight_domain::ids::{Gsid, TenantKey};
use sidelight_domain::words::Word;
use sidelight_domain::{EntityKind, EntityRef, NotesFormat, Timestamp};
use sidelight_gainsight::ActivityRow;
use sidelight_store::{Added, Digest, NewWrite, Write};

use super::change::{Seen, is_author};
use super::payload::{Changes, Payload, Task};
use super::submit::{HOLD, Submitted, check_key, known, send, standing, told, wrong};
use crate::app::App;
use crate::gainsight;
use crate::http::{Answered, Caller, Refusal, TenantAccess};
use crate::record::Record as _;

/// How long a deletion waits, so that it can be taken back before anything is gone.
const UNDO: Duration = Duration::from_secs(6);

/// Stores and sends a change. The same key again is the same change.
///
/// # Errors
/// `not_author`, `invalid_input`; while the author waits also `activity_conflict` and `gainsight_refused`. Nothing was changed then.
pub async fn submit_change(
    app: &App,
    caller: &Caller,
    (tenant, id): (TenantKey, Gsid),
    request: ChangeActivity,
) -> Answered<Submitted> {
    let access = begin(app, caller, &tenant, &request.key)?;
    if let Some(write) = known(app, caller, &request.key).await? {
        return standing(app, caller, write).await;
    }
    let row = own(app, &access, &id).await?;
    let changes = Changes {
        type_name: request.type_name,
        subject: request.subject.map(|subject| subject.trim().to_owned()),
        notes: request.notes.map(|notes| gainsight::cleaned_note(&notes)),
        held_at: request.held_at,
        duration_minutes: request.duration_minutes,
    };
    let form = form_of(&access, &row, &changes)?;
    check(app, &access, &form, &changes)?;
    let task = Task::Change { activity: id, seen: Seen::read(&request.seen), changes };
    match store(app, caller, &access, (form, task), &request.key, None).await? {
        Added::Known(write) => standing(app, caller, write).await,
        Added::New(write) => send(app, caller, write).await,
    }
}

/// Stores a deletion, which begins after a moment in which it can be taken back.
///
/// # Errors
/// `not_author`, `not_found`.
pub async fn submit_deletion(
    app: &App,
    caller: &Caller,
    (tenant, id): (TenantKey, Gsid),
    request: DeleteActivity,
) -> Answered<Write> {
    let access = begin(app, caller, &tenant, &request.key)?;
    if let Some(write) = known(app, caller, &request.key).await? {
        return Ok(write);
    }
    let row = own(app, &access, &id).await?;
    let form = form_of(&access, &row, &Changes::default())?;
    let task = Task::Delete { activity: id, seen: Seen::read(&request.seen) };
    let due_at = app.clock.now().after(UNDO);
    let (Added::Known(write) | Added::New(write)) =
        store(app, caller, &access, (form, task), &request.key, Some(due_at)).await?;
    Ok(write)
}

fn begin(app: &App, caller: &Caller, tenant: &TenantKey, key: &str) -> Answered<TenantAccess> {
    check_key(key)?;
    caller.enter(app, tenant, Action::ChangeActivity)
}

/// The activity as Gainsight has it, if the viewer may see it and wrote it.
async fn own(app: &App, access: &TenantAccess, id: &Gsid) -> Answered<ActivityRow> {
    let row = gainsight::activity_row(app, access, id).await?.ok_or(ErrorCode::NotFound)?;
    if is_author(access, &row) { Ok(row) } else { Err(Reason::NotAuthor.into()) }
}

/// What it says after the change.
fn form_of(access: &TenantAccess, row: &ActivityRow, changes: &Changes) -> Answered<ActivityForm> {
    let place = |kind: EntityKind, id: &Gsid| EntityRef { tenant: access.tenant.key.clone(), kind, id: id.clone() };
    let relationship = row.relationship.as_ref().map(|id| place(EntityKind::Relationship, id));
    let company = || row.company.as_ref().map(|id| place(EntityKind::Company, id));
    let or = |new: &Option<String>, old: &str| new.clone().unwrap_or_else(|| old.to_owned());
    Ok(ActivityForm {
        entity: relationship.or_else(company).ok_or(ErrorCode::NotFound)?,
        type_name: or(&changes.type_name, row.type_name.as_deref().unwrap_or_default()),
        subject: or(&changes.subject, &row.subject),
        notes: or(&changes.notes, row.notes_html.as_deref().unwrap_or_default()),
        format: NotesFormat::Html,
        held_at: changes.held_at.unwrap_or(row.held_at),
        duration_minutes: changes.duration_minutes.or(row.duration_minutes),
        internal_attendees: Vec::new(),
        external_attendees: Vec::new(),
        fields: Vec::new(),
    })
}

/// Only what is changed has to be right: what stands there is Gainsight's.
fn check(app: &App, access: &TenantAccess, form: &ActivityForm, changes: &Changes) -> Answered<()> {
    if *changes == Changes::default() {
        return Err(wrong("subject", Word::FieldMissing.text().to_owned()));
    }
    let is_changed = |field: Field| match field {
        Field::TypeName => changes.type_name.is_some(),
        Field::Subject => changes.subject.is_some(),
        Field::Notes => changes.notes.is_some(),
        Field::HeldAt => changes.held_at.is_some(),
        Field::DurationMinutes => changes.duration_minutes.is_some(),
        Field::Attendees => false,
    };
    let problems = form.problems(&access.tenant.activity_types, app.clock.now());
    let problems = problems.into_iter().filter(|(field, _)| is_changed(*field));
    let fields: Vec<_> = problems.map(|(field, problem)| told(field.as_str(), problem)).collect();
    if fields.is_empty() { Ok(()) } else { Err(Refusal::new(ErrorCode::InvalidInput).with_fields(fields)) }
}

/// `due_at` is when it may begin, where that is not at once: whatever happens to the server, it never begins before.
async fn store(
    app: &App,
    caller: &Caller,
    access: &TenantAccess,
    (form, task): (ActivityForm, Task),
    key: &str,
    due_at: Option<Timestamp>,
) -> Answered<Added> {
    let person = *caller.person()?;
    let tenant = access.tenant.key.clone();
    let entity_name = match gainsight::at_hand(app, access).await {
        Some(portfolio) => portfolio.find(&form.entity).map(|entity| entity.name.clone()).unwrap_or_default(),
        None => String::new(),
    };
    let payload = Payload { form, entity_name, from_draft: false, task };
    let payload = serde_json::to_string(&payload).map_err(Refusal::internal)?;
    let new = NewWrite {
        person,
        session: Some(caller.session.id),
        tenant: &tenant,
        meeting: caller.meeting(),
        key: Digest::of(key),
        payload: &payload,
        continues: None,
    };
    let mut unit = app.store.begin(caller.organisation).await?;
    let mut added = unit.writes().add(new, HOLD).await?;
    if let Added::New(write) = &mut added {
        if let Some(due_at) = due_at
            && let Some(state) = unit.writes().retry_later(write, due_at, None).await?
        {
            (write.state, write.due_at) = (state, Some(due_at));
        }
        unit.note(Some(&person), "activity_change.stored", &write.id, &json!({ "tenant": tenant }));
        unit.tell(&person, &Event::Write { id: write.id });
        unit.commit().await?;
    }
    Ok(added)
}
