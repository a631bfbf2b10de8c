//! Takes a write in: check, store with its key, send at once, wait a moment for the real answer.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::json;
use sidelight_api::activity::{LogActivity, unfit};
use sidelight_api::event::Event;
use sidelight_api::{ErrorCode, FieldError};
use sidelight_domain::access::Action;
use sidelight_domain::activity::{ActivityForm, DURATION_FIELD, LONGEST_FIELD, Problem};
use sidelight_domain::person::MOST_FIELDS;
use sidelight_domain::words::Word;
use sidelight_domain::{EmailAddress, EntityRef, NotesFormat};
use sidelight_gainsight::is_custom;
use sidelight_store::{Added, BroughtBack, Digest, NewWrite, Write, WriteState};

use super::deliver::{Delivered, deliver};
use super::payload::{Earlier, Payload, Task, Verdict};
use crate::app::App;
use crate::gainsight::{self, Freshness, Urgency};
use crate::http::{Answered, Caller, Refusal, TenantAccess};
use crate::record::Record as _;

/// How a submitted write stands when its author is answered.
#[derive(Debug)]
pub enum Submitted {
    /// In Gainsight.
    Done(Write),
    /// Saved here, will reach Gainsight.
    Waiting(Write),
}

/// A tenant that hangs must not keep a note from being stored: what it would have said before, it says when the note is sent.
pub(super) const CHECKING: Duration = Duration::from_secs(2);
/// How long the author waits for the real answer (design 4.5).
pub const PATIENCE: Duration = Duration::from_secs(3);
/// Whoever stores a write sends it; if he dies on it, the job takes over after this time. Longer than a delivery may take.
pub const HOLD: Duration = Duration::from_mins(1);
/// Idempotency keys are short random texts; a longer one is a mistake.
const LONGEST_KEY: usize = 100;

/// Stores and sends an activity. The same key again is the same write.
///
/// # Errors
/// `invalid_input` before anything is stored; `gainsight_refused` with the fields if Gainsight says no while the author waits, in
/// which case the draft is back.
pub async fn submit(app: &App, caller: &Caller, mut request: LogActivity) -> Answered<Submitted> {
    check_key(&request.key)?;
    let access = caller.enter(app, &request.form.entity.tenant, Action::LogActivity)?;
    if let Some(known) = known(app, caller, &request.key).await? {
        return standing(app, caller, known).await;
    }
    if request.form.format == NotesFormat::Html {
        request.form.notes = gainsight::cleaned_note(&request.form.notes);
    }
    request.form.fields.retain(|filled| !filled.value.trim().is_empty());
    check(app, &access, &request.form).await?;
    let entity_name = entity_name(app, &access, &request.form.entity).await?;
    match store(app, caller, request, entity_name).await? {
        Added::Known(write) => standing(app, caller, write).await,
        Added::New(write) => send(app, caller, write).await,
    }
}

/// # Errors
/// `invalid_input` for a key that is none.
pub(super) fn check_key(key: &str) -> Answered<()> {
    if key.is_empty() {
        return Err(wrong("key", Word::FieldMissing.text().to_owned()));
    }
    if key.len() > LONGEST_KEY {
        return Err(wrong("key", Word::FieldTooLong.fill(&[("most", &LONGEST_KEY.to_string())])));
    }
    Ok(())
}

/// Looks the key up before anything is checked: a repeat must succeed even if a form like it would not pass any more.
pub(super) async fn known(app: &App, caller: &Caller, key: &str) -> Answered<Option<Write>> {
    let person = *caller.person()?;
    let mut unit = app.store.read(caller.organisation).await?;
    Ok(unit.writes().find_by_key(&person, &Digest::of(key)).await?)
}

/// A repeated request gets what became of the first one; if that is still waiting, it is not sent by two.
pub(super) async fn standing(app: &App, caller: &Caller, write: Write) -> Answered<Submitted> {
    match write.state {
        WriteState::Done => Ok(Submitted::Done(write)),
        WriteState::Refused | WriteState::Discarded => Err(refused(&Verdict::of(&write))),
        WriteState::Queued => {
            let mut unit = app.store.begin(caller.organisation).await?;
            let claimed = unit.writes().claim(write.id, HOLD).await?;
            unit.commit().await?;
            match claimed {
                Some(claimed) => send(app, caller, claimed).await,
                None => Ok(Submitted::Waiting(write)),
            }
        }
        WriteState::Sending | WriteState::NeedsSignIn | WriteState::Kept => Ok(Submitted::Waiting(write)),
    }
}

async fn check(app: &App, access: &TenantAccess, form: &ActivityForm) -> Answered<()> {
    let problems = form.problems(&access.tenant.activity_types, app.clock.now());
    let mut fields: Vec<_> = problems.into_iter().map(|(field, problem)| told(field.as_str(), problem)).collect();
    fields.extend(unfit_fields(app, access, form).await?);
    if fields.is_empty() {
        fields = unknown_attendees(app, access, form).await;
    }
    if fields.is_empty() { Ok(()) } else { Err(Refusal::new(ErrorCode::InvalidInput).with_fields(fields)) }
}

/// What the type's form does not take. Nothing is written to a field of Gainsight that no form asks for.
async fn unfit_fields(app: &App, access: &TenantAccess, form: &ActivityForm) -> Answered<Vec<FieldError>> {
    let known = gainsight::forms(app, access).await?;
    let asked = known.forms.iter().find(|known| known.type_name == form.type_name);
    let asked = asked.map(|known| known.fields.as_slice()).unwrap_or_default();
    let is_asked = |name: &str| asked.iter().any(|field| field.name == name && name != DURATION_FIELD);
    // A tenant that is silent now may have asked for it before.
    let may_be_asked = |name: &str| is_asked(name) || (!known.is_whole && is_custom(name));
    let strange = form.fields.iter().enumerate().filter(|(place, filled)| {
        let is_twice = form.fields.iter().take(*place).any(|other| other.name == filled.name);
        is_twice || *place >= MOST_FIELDS || !may_be_asked(&filled.name) || filled.value.chars().count() > LONGEST_FIELD
    });
    let strange = strange.map(|(_, filled)| told(&filled.name, Problem::NotOffered));
    let unfit = unfit(form, asked).into_iter().map(|(name, problem)| told(name, problem));
    Ok(unfit.chain(strange).collect())
}

pub(super) fn told(field: &str, problem: Problem) -> FieldError {
    let message = match problem {
        Problem::Missing => Word::FieldMissing.text().to_owned(),
        Problem::TooMuch(most) if field == "duration_minutes" || field == "external_attendees" => {
            Word::FieldTooMany.fill(&[("most", &most.to_string())])
        }
        Problem::TooMuch(most) => Word::FieldTooLong.fill(&[("most", &most.to_string())]),
        Problem::NotOffered => Word::FieldNotOffered.text().to_owned(),
        Problem::UnlikelyDate => Word::FieldUnlikelyDate.text().to_owned(),
    };
    FieldError { field: field.to_owned(), message }
}

/// Attendees must be records of the tenant, or Gainsight refuses the whole activity. Nearly always known from the People tab, so that
/// this asks nothing. If the tenant is silent, it will tell itself.
async fn unknown_attendees(app: &App, access: &TenantAccess, form: &ActivityForm) -> Vec<FieldError> {
    let all: BTreeSet<EmailAddress> = form.internal_attendees.iter().chain(&form.external_attendees).cloned().collect();
    if all.is_empty() {
        return Vec::new();
    }
    let asked = tokio::time::timeout(CHECKING, gainsight::resolve(app, access, &all, Freshness::Cached)).await;
    let Some(known) = asked.ok().filter(|known| known.failure.is_none()) else { return Vec::new() };
    let values = |email: &EmailAddress| [("email", email.to_string()), ("tenant", access.tenant.name.clone())];
    let say = |field: &str, word: Word, email: &EmailAddress| {
        let values = values(email);
        let values: Vec<_> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
        FieldError { field: field.to_owned(), message: word.fill(&values) }
    };
    let users = form.internal_attendees.iter().filter(|email| !known.directory.users.contains_key(*email));
    let people = form.external_attendees.iter().filter(|email| !known.directory.people.contains_key(*email));
    let users = users.map(|email| say("internal_attendees", Word::FieldUnknownUser, email));
    users.chain(people.map(|email| say("external_attendees", Word::FieldUnknownPerson, email))).collect()
}

/// Whoever may not see an entity cannot log to it. If the tenant is silent and nothing is at hand, the tenant decides when it is sent.
async fn entity_name(app: &App, access: &TenantAccess, entity: &EntityRef) -> Answered<String> {
    let Ok(asked) = tokio::time::timeout(CHECKING, gainsight::portfolio(app, access)).await else {
        return Ok(String::new());
    };
    match asked {
        Ok(held) => match held.value.find(entity) {
            Some(found) => Ok(found.name.clone()),
            None => Err(ErrorCode::EntityUnknown.into()),
        },
        Err(error) if error.is_transient() => Ok(String::new()),
        Err(error) => Err(error.into()),
    }
}

async fn store(app: &App, caller: &Caller, request: LogActivity, entity_name: String) -> Answered<Added> {
    let person = *caller.person()?;
    let entity = request.form.entity.clone();
    let tenant = entity.tenant.clone();
    let payload = Payload { form: request.form, entity_name, from_draft: request.draft.is_some(), task: Task::Log };
    let payload = serde_json::to_string(&payload).map_err(Refusal::internal)?;
    let new = NewWrite {
        person,
        session: Some(caller.session.id),
        tenant: &tenant,
        meeting: caller.meeting(),
        key: Digest::of(&request.key),
        payload: &payload,
        continues: None,
    };
    let mut unit = app.store.begin(caller.organisation).await?;
    let draft = match request.draft {
        Some(draft) => unit.drafts().find(&person, draft).await?,
        None => None,
    };
    // Logged to something else, it is another note.
    let earlier = draft.as_ref().and_then(|draft| serde_json::from_str::<Earlier>(draft.earlier.as_deref()?).ok());
    let earlier = earlier.filter(|earlier| earlier.entity == entity).map(|earlier| earlier.external_id);
    let added = unit.writes().add(NewWrite { continues: earlier.as_ref(), ..new }, HOLD).await?;
    if let Added::New(write) = &added {
        if let Some(draft) = &draft {
            unit.drafts().put_away(&person, draft.id, write.id).await?;
            unit.tell(&person, &Event::Draft);
        }
        unit.note(Some(&person), "activity.stored", &write.id, &json!({ "tenant": tenant }));
        unit.tell(&person, &Event::Write { id: write.id });
        // Only now is it acknowledged: what is stored here outlives a kill.
        unit.commit().await?;
    }
    Ok(added)
}

/// Sends without losing the write if the author goes away: the delivery runs on by itself.
pub(super) async fn send(app: &App, caller: &Caller, write: Write) -> Answered<Submitted> {
    let delivery = app.tasks.spawn(deliver(app.clone(), caller.organisation, write.clone(), Urgency::Interactive));
    let Ok(Ok(delivered)) = tokio::time::timeout(PATIENCE, delivery).await else {
        return Ok(Submitted::Waiting(write));
    };
    match delivered {
        Ok(Delivered::Done(write)) => Ok(Submitted::Done(write)),
        Ok(Delivered::Waiting(write)) => Ok(Submitted::Waiting(write)),
        Ok(Delivered::Refused(write)) => {
            let verdict = Verdict::of(&write);
            hand_back(app, caller, &write).await?;
            Err(refused(&verdict))
        }
        // Stored, but how far it came could not be written down: the job finds out.
        Err(error) => {
            tracing::warn!(error = %error, "A delivery could not be written down.");
            Ok(Submitted::Waiting(write))
        }
    }
}

/// The author hears the refusal himself: if his draft is back, the write is over. If he has begun another note meanwhile, or there was no
/// draft, the text is nowhere else, and the write waits under "Needs your attention".
async fn hand_back(app: &App, caller: &Caller, write: &Write) -> Answered<()> {
    let person = *caller.person()?;
    let mut unit = app.store.begin(caller.organisation).await?;
    let payload = serde_json::from_str::<Payload>(&write.payload).ok();
    if payload.as_ref().is_some_and(|payload| payload.task.target().is_some()) {
        // What he wanted to change is before his eyes, with his text in it.
        unit.writes().discard(&person, write.id).await?;
        unit.note(Some(&person), "activity_change.handed_back", &write.id, &json!({}));
        unit.tell(&person, &Event::Write { id: write.id });
        return Ok(unit.commit().await?);
    }
    let BroughtBack::Open(draft) = unit.drafts().bring_back(write.id).await? else { return Ok(()) };
    if let Some(earlier) = payload.and_then(|payload| Earlier::of(write, &payload)) {
        let earlier = serde_json::to_string(&earlier).map_err(Refusal::internal)?;
        unit.drafts().note_earlier(draft.id, &earlier).await?;
    }
    unit.writes().discard(&person, write.id).await?;
    unit.note(Some(&person), "activity.handed_back", &write.id, &json!({}));
    unit.tell(&person, &Event::Draft);
    unit.tell(&person, &Event::Write { id: write.id });
    unit.commit().await?;
    Ok(())
}

fn refused(verdict: &Verdict) -> Refusal {
    let code = verdict
        .code
        .filter(|code| matches!(code, ErrorCode::ActivityConflict | ErrorCode::NotAuthor | ErrorCode::NotFound));
    let refusal = Refusal::new(code.unwrap_or(ErrorCode::GainsightRefused)).with_fields(verdict.fields.clone());
    if verdict.message.is_empty() { refusal } else { refusal.saying(verdict.message.clone()) }
}

pub(super) fn wrong(field: &str, message: String) -> Refusal {
    Refusal::new(ErrorCode::InvalidInput).with_fields(vec![FieldError { field: field.to_owned(), message }])
}
