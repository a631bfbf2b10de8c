//! Sends one write and writes down how that ended.

use std::time::Duration;

use serde_json::json;
use sidelight_api::ErrorCode;
use sidelight_api::event::Event;
use sidelight_domain::access::{Action, Identity, Standing, decide};
use sidelight_domain::ids::{GrantId, OrganisationId};
use sidelight_domain::words::Word;
use sidelight_store::{Error as StoreError, Grant, Write, WriteState};

use super::errand::{Errand, Ran};
use super::log::continues_another;
use super::payload::{Verdict, next_try};
use crate::app::App;
use crate::gainsight::{AskError, KeeperError, Urgency};
use crate::http::{Refusal, TenantAccess, is_approved, standing_of};
use crate::record::Record as _;

/// After three days of trying, the author should hear of it: a customer call is no news any more.
const LONGEST_TRY: Duration = Duration::from_hours(72);

/// Gainsight took it, but does not show it yet: queries may lag. Looked for again so often, with the pauses of a repeat.
const MOST_LOOKS: u32 = 8;

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
    Done(Verdict),
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
    let Some(errand) = Errand::of(&write) else {
        return settle(&app, organisation, write, None, Outcome::Refused(Verdict::saying(ErrorCode::Internal))).await;
    };
    // Its sender died after the author had chosen not to have it sent again; settling does what he chose.
    if write.decided.is_some() {
        return settle(&app, organisation, write, Some(&errand), Outcome::NeedsSignIn { used: None }).await;
    }
    let mut unit = app.store.read(organisation).await?;
    let grant = unit.grants().find(&write.person, &write.tenant).await?;
    drop(unit);
    let outcome = match access(&app, organisation, &write, errand.action(), grant) {
        Ok(access) => send(&app, &access, &mut write, &errand, urgency).await,
        Err(outcome) => outcome,
    };
    settle(&app, organisation, write, Some(&errand), outcome).await
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

async fn send(app: &App, access: &TenantAccess, write: &mut Write, errand: &Errand, urgency: Urgency) -> Outcome {
    let is_in_time = app.clock.now().since(write.stored_at) < LONGEST_TRY;
    let (app_too, access_too, write_too, errand_too) = (app.clone(), access.clone(), write.clone(), errand.clone());
    // Never cut short: a token that is being refreshed would be lost. Whatever comes of it later, comes under the same `ExternalId`, or
    // to the person with the same address.
    let running = app.tasks.spawn(async move { errand_too.run(&app_too, &access_too, &write_too, urgency).await });
    let Ok(Ok(answer)) = tokio::time::timeout(LONGEST_DELIVERY, running).await else {
        write.in_doubt = true;
        return if is_in_time {
            Outcome::Later { wait: None }
        } else {
            Outcome::Refused(Verdict::saying(ErrorCode::GainsightDown))
        };
    };
    match answer {
        Ok(Ran::Done(verdict)) => Outcome::Done(verdict),
        Ok(Ran::Left(code)) => Outcome::Refused(Verdict::saying(code)),
        Ok(Ran::NotShown) => {
            write.in_doubt = true;
            let is_patient = is_in_time && write.tries < MOST_LOOKS;
            if is_patient {
                Outcome::Later { wait: None }
            } else {
                Outcome::Refused(Verdict::in_words(Word::PageWriteNotShown))
            }
        }
        Err(AskError::Keeper(KeeperError::SignedOut)) => Outcome::NeedsSignIn { used: Some(access.grant.id) },
        Err(AskError::UsedUp(used_up)) if is_in_time => Outcome::Later { wait: Some(used_up.wait) },
        Err(error) => {
            write.in_doubt |= may_have_been_applied(&error);
            if is_in_time && error.is_transient() {
                return Outcome::Later { wait: None };
            }
            let refusal = Refusal::from(error);
            let fields = refusal.fields().iter().cloned().map(errand.in_our_words()).collect();
            let message = if continues_another(write) {
                Word::PageNoteEarlier.fill(&[("why", &refusal.message())])
            } else {
                refusal.message()
            };
            Outcome::Refused(Verdict { message, fields, ..Verdict::default() })
        }
    }
}

fn may_have_been_applied(error: &AskError) -> bool {
    matches!(error, AskError::Call(error) if error.may_have_been_applied())
}

async fn settle(
    app: &App,
    organisation: OrganisationId,
    mut write: Write,
    errand: Option<&Errand>,
    outcome: Outcome,
) -> Result<Delivered, StoreError> {
    let (state, verdict) = match &outcome {
        Outcome::Done(verdict) => (WriteState::Done, verdict.clone()),
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
    let name = errand.map_or("write", Errand::name);
    unit.note(None, &format!("{name}.{}", write.state.as_str()), &write.id, &json!({ "tries": write.tries }));
    unit.tell(&write.person, &Event::Write { id: write.id });
    let done = errand.filter(|_| write.state == WriteState::Done);
    if let Some(errand) = done {
        errand.record(&mut unit, &write).await?;
    }
    unit.commit().await?;
    metrics::counter!("writes_total", "state" => write.state.as_str()).increment(1);
    if let Some(errand) = done {
        errand.forget(app, organisation);
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
