//! Sends one write and writes down how that ended.

use std::time::Duration;

use serde_json::json;
use sidelight_api::event::Event;
use sidelight_api::{ErrorCode, FieldError};
use sidelight_domain::access::{Action, Identity, Standing, decide};
use sidelight_domain::activity::ActivityForm;
use sidelight_domain::ids::OrganisationId;
use sidelight_domain::words::Word;
use sidelight_domain::{EmailAddress, EntityKind, notes_from_plain_text};
use sidelight_gainsight::{Content, Context, Error, FieldProblem, FoundIn, Logged, NewActivity, Spelling};
use sidelight_store::{Error as StoreError, Grant, Write, WriteState};

use super::payload::{Payload, Verdict, next_try};
use crate::app::App;
use crate::gainsight::{AskError, Asker, Customers, KeeperError, Turn, Urgency, ask_knowing, at_hand};
use crate::http::{Refusal, TenantAccess, standing_of};
use crate::record::Record as _;

/// After three days of trying, the author should hear of it: a customer call is no news any more.
const LONGEST_TRY: Duration = Duration::from_hours(72);

/// How a try ended.
#[derive(Debug)]
pub enum Delivered {
    /// In Gainsight.
    Done(Write),
    /// Will be tried again, or waits for its author's sign-in.
    Waiting(Write),
    /// Gainsight will not take it as it is.
    Refused(Write),
}

/// How a try ended, before it is written down.
enum Outcome {
    Done(Logged),
    Later { wait: Option<Duration> },
    NeedsSignIn,
    Refused(Verdict),
}

/// Sends a claimed write. Rights are checked again: between storing and sending a licence may have gone.
///
/// # Errors
/// What the store says when the outcome cannot be written down; the claim then runs out and the job tries again, which Gainsight
/// recognises by the `ExternalId`.
pub async fn deliver(app: App, organisation: OrganisationId, write: Write) -> Result<Delivered, StoreError> {
    let Ok(payload) = serde_json::from_str::<Payload>(&write.payload) else {
        return settle(&app, organisation, write, None, Outcome::Refused(Verdict::saying(ErrorCode::Internal))).await;
    };
    let mut unit = app.store.read(organisation).await?;
    let grant = unit.grants().find(&write.person, &write.tenant).await?;
    drop(unit);
    let outcome = match access(&app, organisation, &write, grant) {
        Ok(access) => send(&app, &access, &write, &payload).await,
        Err(outcome) => outcome,
    };
    settle(&app, organisation, write, Some(&payload), outcome).await
}

fn access(
    app: &App,
    organisation: OrganisationId,
    write: &Write,
    grant: Option<Grant>,
) -> Result<TenantAccess, Outcome> {
    let Some(grant) = grant else { return Err(Outcome::NeedsSignIn) };
    let refused = |code: ErrorCode| Outcome::Refused(Verdict::saying(code));
    let standing = Standing { identity: Identity::Member, tenant: standing_of(&grant) };
    decide(Action::LogActivity, standing).map_err(|reason| refused(reason.into()))?;
    let tenant = app.tenant(organisation, &write.tenant).ok_or_else(|| refused(ErrorCode::TenantUnknown))?;
    Ok(TenantAccess { organisation, tenant, grant })
}

async fn send(app: &App, access: &TenantAccess, write: &Write, payload: &Payload) -> Outcome {
    match log(app, access, write, &payload.form).await {
        Ok(logged) => Outcome::Done(logged),
        Err(AskError::Keeper(KeeperError::SignedOut)) => Outcome::NeedsSignIn,
        Err(AskError::UsedUp(used_up)) => Outcome::Later { wait: Some(used_up.wait) },
        Err(error) if error.is_transient() && app.clock.now().since(write.stored_at) < LONGEST_TRY => {
            Outcome::Later { wait: None }
        }
        Err(error) => {
            let refusal = Refusal::from(error);
            let fields = refusal.fields().iter().cloned().map(in_our_words).collect();
            Outcome::Refused(Verdict { activity: None, message: refusal.message(), fields })
        }
    }
}

/// Logs the activity. Where customers are looked up is not documented: until a tenant took some, a refusal that may be for their sake
/// is answered with the next way, under the same `ExternalId`.
async fn log(app: &App, access: &TenantAccess, write: &Write, form: &ActivityForm) -> Result<Logged, AskError> {
    let state = app.tenants.state(access.organisation, &access.tenant.key).ok_or(KeeperError::SignedOut)?;
    let named = !form.external_attendees.is_empty();
    let (mut way, others) = match state.customers() {
        Some(known) => (known, &[][..]),
        None => (Customers::ALL[0], &Customers::ALL[1..]),
    };
    let mut answer = log_as(app, access, write, form, way).await;
    for next in others.iter().filter(|_| named) {
        // Refused is not applied, so another way may be tried.
        if !matches!(&answer, Err(AskError::Call(Error::Invalid { fields, .. })) if may_mean_customers(fields)) {
            break;
        }
        way = *next;
        answer = log_as(app, access, write, form, way).await;
    }
    if answer.is_ok() && named {
        state.remember_customers(way);
    }
    answer
}

/// Gainsight names its own fields; the form that the author sees has others. What the form does not have keeps Gainsight's name.
fn in_our_words(told: FieldError) -> FieldError {
    let name = match told.field.to_ascii_lowercase().as_str() {
        "subject" => "subject",
        "notes" | "content" => "notes",
        "typename" | "typeid" => "type_name",
        "activitydate" => "held_at",
        "duration" | "durationinmins" | "ant__duration__c" => "duration_minutes",
        "internalattendees" => "internal_attendees",
        "externalattendees" => "external_attendees",
        _ => return told,
    };
    FieldError { field: name.to_owned(), ..told }
}

/// Whether a refusal leaves open that it was for the customers' sake.
fn may_mean_customers(fields: &[FieldProblem]) -> bool {
    let of_attendees = |field: &String| field.to_ascii_lowercase().contains("attendee");
    fields.iter().all(|problem| problem.field.as_ref().is_none_or(of_attendees))
}

async fn log_as(
    app: &App,
    access: &TenantAccess,
    write: &Write,
    form: &ActivityForm,
    customers: Customers,
) -> Result<Logged, AskError> {
    let context = context(app, access, form).await;
    let call = |turn: Turn| {
        let activity = activity(&turn, access, write, form, context.clone(), customers);
        async move { turn.gainsight.log(&turn.access(), &activity).await }
    };
    ask_knowing(app, Asker::Person(access), Urgency::Interactive, call).await
}

fn activity(
    turn: &Turn,
    access: &TenantAccess,
    write: &Write,
    form: &ActivityForm,
    context: Context,
    customers: Customers,
) -> NewActivity {
    let spelt = |addresses: &[EmailAddress]| addresses.iter().cloned().map(Spelling::from).collect();
    let mut notes_html = notes_from_plain_text(&form.notes);
    // A tenant without a column for minutes would drop them in silence.
    if let Some(minutes) = form.duration_minutes.filter(|_| !turn.keeps_duration()) {
        let note = Word::PageNoteDuration.fill(&[("minutes", &minutes.to_string())]);
        notes_html.extend(["<p>", &note, "</p>"]);
    }
    // A tenant that cannot look customers up would refuse the note for their sake: then they stand in it.
    let found_in = match customers {
        Customers::In(object) => object,
        Customers::InTheNotes => {
            let names = form.external_attendees.iter().map(EmailAddress::as_str).collect::<Vec<_>>().join(", ");
            notes_html.push_str(&notes_from_plain_text(&Word::PageNoteCustomers.fill(&[("addresses", &names)])));
            FoundIn::default()
        }
    };
    NewActivity {
        external_id: write.external_id.clone(),
        context,
        // Stamped here: whoever signed in is the author, whatever a browser says.
        author: Spelling::parse(&access.grant.email_spelling).unwrap_or_else(|| access.grant.email.clone().into()),
        content: Content {
            type_name: form.type_name.clone(),
            subject: form.subject.trim().to_owned(),
            notes_html,
            held_at: form.held_at,
            duration_minutes: form.duration_minutes,
            internal_attendees: spelt(&form.internal_attendees),
            external_attendees: if customers == Customers::InTheNotes {
                Vec::new()
            } else {
                spelt(&form.external_attendees)
            },
            found_in,
        },
        custom_fields: Vec::new(),
    }
}

/// Where it goes; with the company of a relationship where it is at hand.
async fn context(app: &App, access: &TenantAccess, form: &ActivityForm) -> Context {
    match form.entity.kind {
        EntityKind::Company => Context::Company(form.entity.id.clone()),
        EntityKind::Relationship => {
            let portfolio = at_hand(app, access).await;
            let entity = portfolio.as_ref().and_then(|portfolio| portfolio.find(&form.entity));
            let company = entity.and_then(|entity| entity.company.as_ref()).map(|company| company.id.clone());
            Context::Relationship { id: form.entity.id.clone(), company }
        }
    }
}

async fn settle(
    app: &App,
    organisation: OrganisationId,
    mut write: Write,
    payload: Option<&Payload>,
    outcome: Outcome,
) -> Result<Delivered, StoreError> {
    let (state, verdict, wait) = match outcome {
        Outcome::Done(logged) => (WriteState::Done, Verdict { activity: logged.id, ..Verdict::default() }, None),
        Outcome::Refused(verdict) => (WriteState::Refused, verdict, None),
        Outcome::NeedsSignIn => (WriteState::NeedsSignIn, Verdict::saying(ErrorCode::SignedOut), None),
        Outcome::Later { wait } => (WriteState::Queued, Verdict::saying(ErrorCode::GainsightDown), wait),
    };
    let answer = serde_json::to_string(&verdict).ok();
    let mut unit = app.store.begin(organisation).await?;
    if state == WriteState::Queued {
        let due_at = next_try(app.clock.now(), write.tries, wait);
        unit.writes().retry_later(&write, due_at, answer.as_deref()).await?;
        write.due_at = Some(due_at);
    } else {
        unit.writes().settle(&write, state, answer.as_deref()).await?;
    }
    (write.state, write.answer) = (state, answer);
    record(&mut unit, &write, payload);
    unit.commit().await?;
    metrics::counter!("writes_total", "state" => state.as_str()).increment(1);
    Ok(match state {
        WriteState::Done => {
            forget_pages(app, organisation, payload);
            Delivered::Done(write)
        }
        WriteState::Refused => Delivered::Refused(write),
        WriteState::Queued
        | WriteState::Sending
        | WriteState::NeedsSignIn
        | WriteState::Kept
        | WriteState::Discarded => Delivered::Waiting(write),
    })
}

/// Whoever looks at this Timeline next reads it anew.
fn forget_pages(app: &App, organisation: OrganisationId, payload: Option<&Payload>) {
    let Some(entity) = payload.map(|payload| payload.form.entity.clone()) else { return };
    if let Some(state) = app.tenants.state(organisation, &entity.tenant) {
        state.pages.forget_where(move |(_, shown, _)| *shown == entity);
    }
}

fn record(unit: &mut sidelight_store::Unit, write: &Write, payload: Option<&Payload>) {
    unit.note(None, &format!("activity.{}", write.state.as_str()), &write.id, &json!({ "tries": write.tries }));
    unit.tell(&write.person, &Event::Write { id: write.id });
    if let (WriteState::Done, Some(payload)) = (write.state, payload) {
        let logged = Event::Timeline { entity: payload.form.entity.clone() };
        unit.tell(&write.person, &logged);
        if let Some(meeting) = &write.meeting {
            unit.tell_meeting(meeting, &logged);
        }
    }
}
