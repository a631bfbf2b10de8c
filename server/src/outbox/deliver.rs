//! Sends one write and writes down how that ended.

use std::time::Duration;

use serde_json::json;
use sidelight_api::ErrorCode;
use sidelight_api::event::Event;
use sidelight_domain::access::{Action, Identity, Standing, decide};
use sidelight_domain::activity::ActivityForm;
use sidelight_domain::ids::{ExternalId, GrantId, OrganisationId};
use sidelight_domain::words::Word;
use sidelight_gainsight::{ActivityKey, Error, Logged};
use sidelight_store::{Error as StoreError, Grant, Write, WriteState};

use super::change::{Changed, change};
use super::note::{activity, context, in_our_words, may_mean_customers};
use super::payload::{Payload, Verdict, next_try};
use crate::app::App;
use crate::gainsight::{AskError, Asker, Customers, KeeperError, Turn, Urgency, ask_knowing, state_of};
use crate::http::{Refusal, TenantAccess, is_approved, standing_of};
use crate::record::Record as _;

/// After three days of trying, the author should hear of it: a customer call is no news any more.
const LONGEST_TRY: Duration = Duration::from_hours(72);

/// Longer than a tenant may take for the calls of one try, and shorter than a claim: whoever takes an expired claim over is alone.
const LONGEST_DELIVERY: Duration = Duration::from_secs(50);

/// How a try ended.
#[derive(Debug)]
pub enum Delivered {
    /// In Gainsight.
    Done(Write),
    /// Will be tried again, waits for its author, or was forgotten at his logout.
    Waiting(Write),
    /// Gainsight will not take it as it is.
    Refused(Write),
}

/// How a try ended, before it is written down.
enum Outcome {
    Done(Logged),
    Later { wait: Option<Duration> },
    NeedsSignIn { used: Option<GrantId> },
    Refused(Verdict),
}

/// Sends a claimed write. Rights are checked again: between storing and sending a licence may have gone.
///
/// # Errors
/// What the store says when the outcome cannot be written down; the claim then runs out and the job tries again, which Gainsight
/// recognises by the `ExternalId`.
pub async fn deliver(
    app: App,
    organisation: OrganisationId,
    mut write: Write,
    urgency: Urgency,
) -> Result<Delivered, StoreError> {
    let Ok(payload) = serde_json::from_str::<Payload>(&write.payload) else {
        return settle(&app, organisation, write, None, Outcome::Refused(Verdict::saying(ErrorCode::Internal))).await;
    };
    // Its sender died after the author had chosen not to have it sent again; settling does what he chose.
    if write.decided.is_some() {
        return settle(&app, organisation, write, Some(&payload), Outcome::NeedsSignIn { used: None }).await;
    }
    let mut unit = app.store.read(organisation).await?;
    let grant = unit.grants().find(&write.person, &write.tenant).await?;
    drop(unit);
    let is_change = payload.task.target().is_some();
    let action = if is_change { Action::ChangeActivity } else { Action::LogActivity };
    let outcome = match access(&app, organisation, &write, action, grant) {
        Ok(access) => send(&app, &access, &mut write, &payload, urgency).await,
        Err(outcome) => outcome,
    };
    settle(&app, organisation, write, Some(&payload), outcome).await
}

fn access(
    app: &App,
    organisation: OrganisationId,
    write: &Write,
    action: Action,
    grant: Option<Grant>,
) -> Result<TenantAccess, Outcome> {
    let Some(grant) = grant else { return Err(Outcome::NeedsSignIn { used: None }) };
    let refused = |code: ErrorCode| Outcome::Refused(Verdict::saying(code));
    let standing = Standing { identity: Identity::Member, tenant: standing_of(&grant) };
    decide(action, standing).map_err(|reason| refused(reason.into()))?;
    let tenant = app.tenant(organisation, &write.tenant).ok_or_else(|| refused(ErrorCode::TenantUnknown))?;
    if !is_approved(&tenant, &grant) {
        return Err(refused(ErrorCode::NotApproved));
    }
    Ok(TenantAccess { organisation, tenant, grant })
}

async fn send(app: &App, access: &TenantAccess, write: &mut Write, payload: &Payload, urgency: Urgency) -> Outcome {
    let is_in_time = app.clock.now().since(write.stored_at) < LONGEST_TRY;
    let (app_too, access_too, write_too, payload) = (app.clone(), access.clone(), write.clone(), payload.clone());
    // Never cut short: a token that is being refreshed would be lost. Whatever comes of it later, comes under the same `ExternalId`.
    let logging = app.tasks.spawn(async move { carry_out(&app_too, &access_too, &write_too, &payload, urgency).await });
    let Ok(Ok(answer)) = tokio::time::timeout(LONGEST_DELIVERY, logging).await else {
        write.in_doubt = true;
        return if is_in_time {
            Outcome::Later { wait: None }
        } else {
            Outcome::Refused(Verdict::saying(ErrorCode::GainsightDown))
        };
    };
    match answer {
        Ok(Ok(logged)) => Outcome::Done(logged),
        Ok(Err(code)) => Outcome::Refused(Verdict::saying(code)),
        Err(AskError::Keeper(KeeperError::SignedOut)) => Outcome::NeedsSignIn { used: Some(access.grant.id) },
        Err(AskError::UsedUp(used_up)) if is_in_time => Outcome::Later { wait: Some(used_up.wait) },
        Err(error) => {
            write.in_doubt |= may_have_been_applied(&error);
            if is_in_time && error.is_transient() {
                return Outcome::Later { wait: None };
            }
            let refusal = Refusal::from(error);
            let fields = refusal.fields().iter().cloned().map(in_our_words).collect();
            let message = if continues_another(write) {
                Word::PageNoteEarlier.fill(&[("why", &refusal.message())])
            } else {
                refusal.message()
            };
            Outcome::Refused(Verdict { message, fields, ..Verdict::default() })
        }
    }
}

/// Does what the write is for; or says why it was left alone.
async fn carry_out(
    app: &App,
    access: &TenantAccess,
    write: &Write,
    payload: &Payload,
    urgency: Urgency,
) -> Result<Result<Logged, ErrorCode>, AskError> {
    let Some((activity, _)) = payload.task.target() else {
        return log(app, access, write, &payload.form, urgency).await.map(Ok);
    };
    let logged = Logged { id: Some(activity.clone()), activity_id: None, was_known: true };
    Ok(match change(app, access, &payload.task, urgency).await? {
        Changed::Done => Ok(logged),
        Changed::Left(code) => Err(code),
    })
}

fn may_have_been_applied(error: &AskError) -> bool {
    matches!(error, AskError::Call(error) if error.may_have_been_applied())
}

/// Whether it carries the mark of the write that it was before it was reopened.
fn continues_another(write: &Write) -> bool {
    write.external_id != ExternalId::of_write(write.id)
}

/// Logs the activity. Where customers are looked up is not documented: until a tenant took some, a refusal that may be for their sake
/// is answered with the next way, under the same `ExternalId`.
async fn log(
    app: &App,
    access: &TenantAccess,
    write: &Write,
    form: &ActivityForm,
    urgency: Urgency,
) -> Result<Logged, AskError> {
    let state = state_of(app, access)?;
    let named = !form.external_attendees.is_empty();
    let (mut way, others) = match state.customers() {
        Some(known) => (known, &[][..]),
        None => (Customers::ALL[0], &Customers::ALL[1..]),
    };
    let mut answer = log_as(app, access, write, form, way, urgency).await;
    for next in others.iter().filter(|_| named) {
        // Refused is not applied, so another way may be tried.
        if !matches!(&answer, Err(AskError::Call(Error::Invalid { fields, .. })) if may_mean_customers(fields)) {
            break;
        }
        way = *next;
        answer = log_as(app, access, write, form, way, urgency).await;
    }
    if answer.is_ok() && named {
        state.remember_customers(way);
    }
    answer
}

async fn log_as(
    app: &App,
    access: &TenantAccess,
    write: &Write,
    form: &ActivityForm,
    customers: Customers,
    urgency: Urgency,
) -> Result<Logged, AskError> {
    let context = context(app, access, form).await;
    let call = |turn: Turn| {
        let activity = activity(&turn, access, write, form, context.clone(), customers);
        async move { turn.gainsight.log(&turn.access(), &activity).await }
    };
    let logged = ask_knowing(app, Asker::writing(app, access)?, urgency, call).await?;
    if continues_another(write) {
        // Whether the tenant took this text or recognised the earlier one cannot be told from every answer.
        let key = ActivityKey::External(write.external_id.clone());
        let replace = |turn: Turn| {
            let (key, activity) = (key.clone(), activity(&turn, access, write, form, context.clone(), customers));
            async move { turn.gainsight.update_activity(&turn.access(), &key, &activity.content).await }
        };
        ask_knowing(app, Asker::writing(app, access)?, urgency, replace).await?;
    }
    Ok(logged)
}

async fn settle(
    app: &App,
    organisation: OrganisationId,
    mut write: Write,
    payload: Option<&Payload>,
    outcome: Outcome,
) -> Result<Delivered, StoreError> {
    let (state, verdict) = match &outcome {
        Outcome::Done(logged) => (WriteState::Done, Verdict { activity: logged.id.clone(), ..Verdict::default() }),
        Outcome::Refused(verdict) => (WriteState::Refused, verdict.clone()),
        Outcome::NeedsSignIn { .. } => (WriteState::NeedsSignIn, Verdict::saying(ErrorCode::SignedOut)),
        Outcome::Later { .. } => (WriteState::Queued, Verdict::saying(ErrorCode::GainsightDown)),
    };
    write.answer = serde_json::to_string(&verdict).ok();
    let mut unit = app.store.begin(organisation).await?;
    let settled = if let Outcome::Later { wait } = outcome {
        let due_at = next_try(app.clock.now(), write.tries, wait);
        write.due_at = Some(due_at);
        unit.writes().retry_later(&write, due_at, write.answer.as_deref()).await?
    } else {
        unit.writes().settle(&write, state, write.answer.as_deref()).await?
    };
    let Some(settled) = settled else {
        // Somebody else has taken it up since, so how it ends is his to write down.
        let current = unit.writes().find(write.id).await?;
        return Ok(delivered(current.unwrap_or(write)));
    };
    write.state = settled;
    if let (WriteState::NeedsSignIn, Outcome::NeedsSignIn { used }) = (settled, &outcome)
        && unit.grants().find(&write.person, &write.tenant).await?.is_some_and(|grant| Some(grant.id) != *used)
    {
        // Its author signed in again while it failed with the old sign-in, too early for this one to be revived.
        unit.writes().revive(&write.person, &write.tenant).await?;
        (write.state, write.due_at) = (WriteState::Queued, Some(app.clock.now()));
        app.wake.outbox.notify_one();
    }
    record(&mut unit, &write, payload);
    if let (WriteState::Done, Some(payload)) = (write.state, payload) {
        unit.timelines().note_changed(&payload.form.entity).await?;
    }
    unit.commit().await?;
    metrics::counter!("writes_total", "state" => write.state.as_str()).increment(1);
    if write.state == WriteState::Done {
        forget_pages(app, organisation, payload);
    }
    Ok(delivered(write))
}

fn delivered(write: Write) -> Delivered {
    match write.state {
        WriteState::Done => Delivered::Done(write),
        WriteState::Refused => Delivered::Refused(write),
        WriteState::Queued
        | WriteState::Sending
        | WriteState::NeedsSignIn
        | WriteState::Kept
        | WriteState::Discarded => Delivered::Waiting(write),
    }
}

/// Whoever looks at this Timeline next reads it anew.
fn forget_pages(app: &App, organisation: OrganisationId, payload: Option<&Payload>) {
    let Some(entity) = payload.map(|payload| payload.form.entity.clone()) else { return };
    if let Some(state) = app.tenants.state(organisation, &entity.tenant) {
        state.pages.forget_where(move |(_, shown, _)| *shown == entity);
    }
}

fn record(unit: &mut sidelight_store::Unit, write: &Write, payload: Option<&Payload>) {
    let what =
        if payload.is_some_and(|payload| payload.task.target().is_some()) { "activity_change" } else { "activity" };
    unit.note(None, &format!("{what}.{}", write.state.as_str()), &write.id, &json!({ "tries": write.tries }));
    unit.tell(&write.person, &Event::Write { id: write.id });
    if let (WriteState::Done, Some(payload)) = (write.state, payload) {
        let entity = &payload.form.entity;
        let logged = Event::Timeline { entity: entity.clone() };
        unit.tell(&write.person, &logged);
        // Colleagues elsewhere, too; and nobody who may not see it.
        unit.tell_watchers(entity, &logged);
    }
}
