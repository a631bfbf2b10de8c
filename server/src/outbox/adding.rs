//! Takes a person in: check, store with its key, send at once, wait a moment for the real answer.

use std::collections::BTreeSet;

use serde_json::json;
use sidelight_api::event::Event;
use sidelight_api::person::AddPerson;
use sidelight_api::{ErrorCode, FieldError};
use sidelight_domain::EntityKind;
use sidelight_domain::access::Action;
use sidelight_domain::ids::Gsid;
use sidelight_domain::person::{MOST_FIELDS, PersonForm, PersonProblem};
use sidelight_domain::words::Word;
use sidelight_store::{Added, Digest, NewWrite, Unit, WriteState};

use super::errand::Errand;
use super::payload::PersonPayload;
use super::submit::{CHECKING, HOLD, Submitted, check_key, known, send, standing, wrong};
use crate::app::App;
use crate::gainsight::{self, Freshness, Portfolio, Resolved};
use crate::http::{Answered, Caller, Refusal, TenantAccess};
use crate::record::Record as _;

/// Stores and sends a person. The same key again is the same write.
///
/// # Errors
/// `invalid_input`, `person_exists` or `person_linked` before anything is stored; `gainsight_refused` with the fields if Gainsight says no
/// while the author waits: then the form waits under "Needs your attention" as well.
pub async fn add_person(app: &App, caller: &Caller, request: AddPerson) -> Answered<Submitted> {
    check_key(&request.key)?;
    let access = caller.enter(app, &request.form.entity.tenant, Action::EditPeople)?;
    if let Some(known) = known(app, caller, &request.key).await? {
        return standing(app, caller, known).await;
    }
    check(&request.form)?;
    let place = place(app, &access, &request.form).await?;
    let is_new = nobody_has(app, &access, &request.form, &place).await?;
    match store(app, caller, request, place, is_new).await? {
        Added::Known(write) => standing(app, caller, write).await,
        Added::New(write) => send(app, caller, write).await,
    }
}

fn check(form: &PersonForm) -> Answered<()> {
    let told = |(field, problem): (sidelight_domain::person::PersonField, PersonProblem)| FieldError {
        field: field.as_str().to_owned(),
        message: match problem {
            PersonProblem::Missing => Word::FieldMissing.text().to_owned(),
            PersonProblem::TooLong(most) => Word::FieldTooLong.fill(&[("most", &most.to_string())]),
            PersonProblem::NoAddress => Word::FieldNotAnAddress.text().to_owned(),
        },
    };
    let mut fields: Vec<_> = form.problems().into_iter().map(told).collect();
    if form.fields.len() > MOST_FIELDS {
        let message = Word::FieldTooMany.fill(&[("most", &MOST_FIELDS.to_string())]);
        fields.push(FieldError { field: "fields".to_owned(), message });
    }
    if fields.is_empty() { Ok(()) } else { Err(Refusal::new(ErrorCode::InvalidInput).with_fields(fields)) }
}

/// Where the person goes.
struct Place {
    company: Gsid,
    name: String,
    portfolio: Option<std::sync::Arc<Portfolio>>,
}

/// Whoever may not see a company adds nobody to it. If the tenant is silent and nothing is at hand, it decides itself when the person is
/// sent, unless nobody's permissions would be applied then.
async fn place(app: &App, access: &TenantAccess, form: &PersonForm) -> Answered<Place> {
    let asked = tokio::time::timeout(CHECKING, gainsight::portfolio(app, access)).await;
    match asked {
        Ok(Ok(held)) => {
            let company = held.value.company_behind(&form.entity).ok_or(ErrorCode::EntityUnknown)?.clone();
            let name = held.value.find(&form.entity).map(|entity| entity.name.clone()).unwrap_or_default();
            Ok(Place { company, name, portfolio: Some(held.value) })
        }
        Ok(Err(error)) if !error.is_transient() => Err(error.into()),
        Ok(Err(_)) | Err(_) if form.entity.kind == EntityKind::Company && !gainsight::needs_proof(access) => {
            Ok(Place { company: form.entity.id.clone(), name: String::new(), portfolio: None })
        }
        Ok(Err(error)) => Err(error.into()),
        Err(_) => Err(ErrorCode::GainsightDown.into()),
    }
}

/// Whether nobody in Gainsight has the address, as far as it says; refuses what would add somebody twice or under another one's address.
async fn nobody_has(app: &App, access: &TenantAccess, form: &PersonForm, place: &Place) -> Answered<bool> {
    let Some(email) = form.address() else { return Ok(false) };
    let addresses = BTreeSet::from([email.clone()]);
    let asked = tokio::time::timeout(CHECKING, gainsight::resolve(app, access, &addresses, Freshness::Renewed)).await;
    // A silent tenant is asked again before anything is sent.
    let Some(resolved) = asked.ok().filter(|resolved| resolved.failure.is_none()) else { return Ok(false) };
    if resolved.directory.users.contains_key(&email) && !resolved.directory.people.contains_key(&email) {
        let values = [("email", email.as_str()), ("tenant", access.tenant.name.as_str())];
        return Err(wrong("email", Word::PageFieldColleague.fill(&values)));
    }
    refuse_twice(access, form, place, &resolved)?;
    let is_there = resolved.directory.people.contains_key(&email);
    if !is_there && form.name.is_none() {
        return Err(wrong("name", Word::FieldMissing.text().to_owned()));
    }
    Ok(!is_there)
}

/// Who it is goes with the refusal, so that the panel can offer what helps.
fn refuse_twice(access: &TenantAccess, form: &PersonForm, place: &Place, resolved: &Resolved) -> Answered<()> {
    let Some(email) = form.address() else { return Ok(()) };
    let holder = gainsight::holder(access, place.portfolio.as_deref(), resolved, &email, &place.company);
    let Some(person) = holder else { return Ok(()) };
    let say = |code: ErrorCode| {
        let message = code.word().fill(&[("name", &person.name), ("company", &place.name)]);
        Err(Refusal::new(code).saying(message).with("person", &person))
    };
    match (person.is_linked, &form.name) {
        (true, _) => say(ErrorCode::PersonLinked),
        (false, Some(_)) => say(ErrorCode::PersonExists),
        (false, None) => Ok(()),
    }
}

async fn store(app: &App, caller: &Caller, request: AddPerson, place: Place, is_new: bool) -> Answered<Added> {
    let person = *caller.person()?;
    let tenant = request.form.entity.tenant.clone();
    let payload = PersonPayload {
        person: request.form,
        company: place.company,
        entity_name: place.name,
        meeting: caller.meeting().cloned(),
        is_new,
    };
    let text = serde_json::to_string(&payload).map_err(Refusal::internal)?;
    let new = NewWrite {
        person,
        session: Some(caller.session.id),
        tenant: &tenant,
        // Nothing was written down of the meeting by adding somebody.
        meeting: None,
        key: Digest::of(&request.key),
        payload: &text,
        continues: None,
    };
    let mut unit = app.store.begin(caller.organisation).await?;
    let added = unit.writes().add(new, HOLD).await?;
    if let Added::New(write) = &added {
        replace_refused(&mut unit, caller, &payload.person).await?;
        unit.note(Some(&person), "person.stored", &write.id, &json!({ "tenant": tenant }));
        unit.tell(&person, &Event::Write { id: write.id });
        // Only now is it acknowledged: what is stored here outlives a kill.
        unit.commit().await?;
    }
    Ok(added)
}

/// A mended form takes the place of the one that was refused.
async fn replace_refused(unit: &mut Unit, caller: &Caller, form: &PersonForm) -> Answered<()> {
    let person = *caller.person()?;
    for write in unit.writes().list_open(&person).await? {
        let is_resting = matches!(write.state, WriteState::Refused | WriteState::Kept);
        let Some(Errand::Add(earlier)) = Errand::of(&write).filter(|_| is_resting) else { continue };
        if earlier.person.entity == form.entity && earlier.person.address() == form.address() {
            unit.writes().discard(&person, write.id).await?;
            unit.note(Some(&person), "person.replaced", &write.id, &json!({}));
            unit.tell(&person, &Event::Write { id: write.id });
        }
    }
    Ok(())
}
