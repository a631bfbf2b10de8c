//! Adds a person, or links one who is there: an upsert by address, and whoever repeats it reads the link first (design 4.5).

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use sidelight_api::FieldError;
use sidelight_domain::EmailAddress;
use sidelight_gainsight::{AskedOf, CompanyPerson, CompanyRole, Error, LinkKey, PersonUpsert, Schema, Spelling};
use sidelight_store::Write;

use super::payload::{PersonPayload, Verdict};
use crate::app::App;
use crate::gainsight::{AskError, Asker, Turn, Urgency, ask_knowing, learn_person, links_of, person_at, state_of};
use crate::http::TenantAccess;

/// Makes the link, unless it is there. `None` if Gainsight took it, but does not show it yet.
pub(super) async fn add(
    app: &App,
    access: &TenantAccess,
    write: &Write,
    payload: &PersonPayload,
    urgency: Urgency,
) -> Result<Option<Verdict>, AskError> {
    let Some(address) = payload.person.address() else { return Ok(Some(Verdict::default())) };
    // What was read a moment ago, when it was stored, counts for the first try alone.
    let is_new = payload.is_new && write.tries <= 1 && !write.in_doubt;
    let mut before = Before::default();
    if !is_new {
        let links = links_of(app, access, &address, urgency).await?;
        if is_linked(&links, payload) {
            learn_person(app, access, &address, links).await?;
            return Ok(Some(Verdict::default()));
        }
        before = found_before(app, access, &address, &links, payload, urgency).await?;
    }
    let state = state_of(app, access)?;
    let keys = match state.link_key() {
        Some(known) => vec![known],
        None => LinkKey::ALL.to_vec(),
    };
    for (position, key) in keys.iter().copied().enumerate() {
        match upsert(app, access, payload, &before, key, urgency).await {
            // Whoever speaks of a duplicate has the link, as the next look will show.
            Ok(()) | Err(AskError::Call(Error::Duplicate(_))) => {}
            // A refusal that names no field may be for the key's sake.
            Err(AskError::Call(Error::Invalid { fields, .. }))
                if position + 1 < keys.len() && fields.iter().all(|problem| problem.field.is_none()) =>
            {
                continue;
            }
            Err(error) => return Err(error),
        }
        // What the answer says is not documented, so that only a look can tell (`gainsight.md` 8.3).
        let links = links_of(app, access, &address, urgency).await?;
        if is_linked(&links, payload) {
            state.remember_link_key(key);
            learn_person(app, access, &address, links).await?;
            return Ok(Some(Verdict::default()));
        }
    }
    Ok(None)
}

fn is_linked(links: &[CompanyPerson], payload: &PersonPayload) -> bool {
    links.iter().any(|link| link.company == payload.company && link.is_active)
}

/// How an address stands in Gainsight.
#[derive(Default)]
struct Before {
    /// The spelling of whoever has it.
    spelling: Option<Spelling>,
    /// Whether his link to the company is switched off.
    is_former: bool,
}

async fn found_before(
    app: &App,
    access: &TenantAccess,
    address: &EmailAddress,
    links: &[CompanyPerson],
    payload: &PersonPayload,
    urgency: Urgency,
) -> Result<Before, AskError> {
    if let Some(link) = links.first() {
        let is_former = links.iter().any(|link| link.company == payload.company);
        return Ok(Before { spelling: Some(link.email.clone()), is_former });
    }
    let person = person_at(app, access, address, urgency).await?;
    Ok(Before { spelling: person.map(|person| person.email), is_former: false })
}

async fn upsert(
    app: &App,
    access: &TenantAccess,
    payload: &PersonPayload,
    before: &Before,
    key: LinkKey,
    urgency: Urgency,
) -> Result<(), AskError> {
    let form = &payload.person;
    let typed = || Spelling::parse(&form.email);
    let Some(email) = before.spelling.clone().or_else(typed) else { return Ok(()) };
    let told =
        |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let call = |turn: Turn| {
        let is_new = before.spelling.is_none();
        let (fields, link_fields) = filled(turn.schema(), payload);
        let person = PersonUpsert {
            email: email.clone(),
            // Nothing about somebody who is there is changed without being asked.
            name: told(&form.name).filter(|_| is_new),
            fields: if is_new { fields } else { Map::new() },
            company: Some(CompanyRole {
                company: payload.company.clone(),
                title: told(&form.title),
                role: told(&form.role),
                is_active: before.is_former.then_some(true),
                fields: link_fields,
            }),
            key,
        };
        async move { turn.gainsight.upsert_person(&turn.access(), &person).await }
    };
    ask_knowing(app, Asker::writing(app, access)?, urgency, call).await
}

/// What was filled in besides, as values of the person and of the link.
fn filled(schema: Option<&Schema>, payload: &PersonPayload) -> (Map<String, Value>, Map<String, Value>) {
    let (mut of_person, mut of_link) = (Map::new(), Map::new());
    let names: BTreeSet<&str> = payload.person.fields.iter().map(|field| field.name.as_str()).collect();
    let required = schema.into_iter().flat_map(Schema::required_of_people);
    for (of, _, field) in required.filter(|(_, _, field)| names.contains(field.name.as_str())) {
        let text = payload.person.fields.iter().find(|filled| filled.name == field.name);
        if let Some(value) = text.and_then(|filled| field.value_of(&filled.value)) {
            let target = if of == AskedOf::Person { &mut of_person } else { &mut of_link };
            target.insert(field.name.clone(), value);
        }
    }
    (of_person, of_link)
}

/// Gainsight names its own fields; the form has the same in lower case, and whatever else the tenant asks for under its own name.
pub(super) fn in_our_words(told: FieldError) -> FieldError {
    let name = match told.field.to_ascii_lowercase().as_str() {
        "email" => "email",
        "name" => "name",
        "title" => "title",
        "role" => "role",
        _ => return told,
    };
    FieldError { field: name.to_owned(), ..told }
}
