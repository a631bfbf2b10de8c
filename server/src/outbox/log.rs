//! Logs an activity, once, however often it is tried.

use sidelight_domain::activity::ActivityForm;
use sidelight_domain::ids::ExternalId;
use sidelight_gainsight::{ActivityKey, Error, Logged};
use sidelight_store::Write;

use super::note::{activity, context, may_mean_customers};
use crate::app::App;
use crate::gainsight::{AskError, Asker, Customers, Turn, Urgency, ask_knowing, learn_from, state_of};
use crate::http::TenantAccess;

/// Whether it carries the mark of the write that it was before it was reopened.
pub(super) fn continues_another(write: &Write) -> bool {
    write.external_id != ExternalId::of_write(write.id)
}

/// Logs the activity. Where customers are looked up is not documented: until a tenant took some, a refusal that may be for their sake
/// is answered with the next way, under the same `ExternalId`.
pub(super) async fn log(
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
    match &answer {
        Ok(_) if named => state.remember_customers(way),
        Ok(_) => {}
        Err(error) => learn_from(state, form, error),
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
