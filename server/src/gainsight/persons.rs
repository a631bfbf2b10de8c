//! Who somebody may be, before he is added: found by address and by name (`gainsight.md` 14.4).

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::Ordering;

use sidelight_api::ErrorCode;
use sidelight_api::person::{AskedField, AskedKind, AskedOption, FindPeople, FoundPeople, FoundPerson, Sought};
use sidelight_domain::EmailAddress;
use sidelight_domain::attendees::{Directory, PersonFact};
use sidelight_domain::ids::Gsid;
use sidelight_gainsight::metadata::FieldDescription;
use sidelight_gainsight::{AddressFilter, Addresses, CompanyPerson, Error, Kind, Person, Schema, Spelling};

use super::ask::{AskError, Asker, Turn, ask, ask_knowing, state_of};
use super::budget::Urgency;
use super::meeting::keep_proven;
use super::people::{Known, Resolved, links, people};
use super::portfolio::{Portfolio, portfolio_shown};
use crate::app::App;
use crate::http::{Answered, Reader, TenantAccess};

/// As many addresses and names as one call takes where a tenant wants each in a term of its own.
pub const MOST_SOUGHT: usize = 12;
/// Shorter texts find half of the tenant.
const SHORTEST_NAME: usize = 3;
/// As many as somebody looks through, for everybody who is looked for together.
const MOST_FOUND: u32 = 60;
/// The same for each of them.
const MOST_SHOWN: usize = 8;

/// Looks for people in a tenant, in two calls: whoever has one of the addresses or names, and where they work.
///
/// # Errors
/// `entity_unknown` for a company that the viewer may not see; [`AskError`] if Gainsight cannot be asked.
pub async fn find(app: &App, access: &TenantAccess, request: &FindPeople) -> Answered<FoundPeople> {
    let portfolio = portfolio_shown(app, access).await?.value;
    let company = portfolio.company_behind(&request.entity).ok_or(ErrorCode::EntityUnknown)?;
    let (persons, asked) = persons(app, access, &request.sought).await?;
    let is_cut_off = u32::try_from(persons.len()).unwrap_or(u32::MAX) >= MOST_FOUND;
    let addresses: Vec<_> = persons.iter().map(|person| person.email.address().clone()).collect();
    let mut known = people(links(app, access, &addresses).await?);
    for person in persons {
        let alone = || PersonFact { id: person.id, name: person.name, links: Vec::new() };
        known.entry(person.email.address().clone()).or_insert_with(alone);
    }
    let hidden: BTreeSet<_> = known.iter().filter(|(_, one)| !one.links.is_empty()).map(|(to, _)| to.clone()).collect();
    let mut directory = Directory { people: known, ..Directory::default() };
    keep_proven(access, &mut directory, Some(&portfolio));
    let found = request.sought.iter().map(|sought| matches(sought, &directory.people, &hidden, company)).collect();
    Ok(FoundPeople { found, asked, is_cut_off })
}

/// Whoever may be meant: the one with this address, then those with this name. Somebody of whom the viewer may see no company is found by
/// his address alone: nobody goes through another one's people by their names.
fn matches(
    sought: &Sought,
    people: &HashMap<EmailAddress, PersonFact>,
    employed: &BTreeSet<EmailAddress>,
    company: &Gsid,
) -> Vec<FoundPerson> {
    let address = EmailAddress::parse(&sought.email).ok();
    let name = sought.name.trim().to_lowercase();
    let is_meant = |(email, person): &(&EmailAddress, &PersonFact)| {
        let is_shown = !person.links.is_empty() || !employed.contains(*email);
        let has_name = name.chars().count() >= SHORTEST_NAME && person.name.to_lowercase().contains(&name);
        address.as_ref() == Some(*email) || (is_shown && has_name)
    };
    let mut found: Vec<_> = people
        .iter()
        .filter(is_meant)
        .map(|(email, person)| found_person(email, person, address.as_ref() == Some(email), company))
        .collect();
    found.sort_by_cached_key(|person| (!person.is_same_address, person.name.to_lowercase(), person.email.clone()));
    found.truncate(MOST_SHOWN);
    found
}

/// Somebody as he is shown to whoever is about to add him.
pub(super) fn found_person(
    email: &EmailAddress,
    person: &PersonFact,
    is_same_address: bool,
    company: &Gsid,
) -> FoundPerson {
    let mut active: Vec<_> = person.links.iter().filter(|link| link.is_active).collect();
    active.sort_by_key(|link| !link.is_primary);
    let here = person.links.iter().filter(|link| link.company == *company);
    let is_linked = here.clone().any(|link| link.is_active);
    FoundPerson {
        email: email.clone(),
        name: person.name.clone(),
        companies: active.into_iter().map(|link| link.company_name.clone()).collect(),
        is_same_address,
        is_linked,
        is_former: !is_linked && here.count() > 0,
    }
}

/// Who has this address in a tenant, as he is shown to whoever is about to add him: of companies that the viewer may not see he hears
/// nothing, but that the address is taken he has to.
#[must_use]
pub fn holder(
    access: &TenantAccess,
    portfolio: Option<&Portfolio>,
    resolved: &Resolved,
    email: &EmailAddress,
    company: &Gsid,
) -> Option<FoundPerson> {
    let person = resolved.directory.people.get(email)?;
    let mut shown = Directory { people: HashMap::from([(email.clone(), person.clone())]), ..Directory::default() };
    keep_proven(access, &mut shown, portfolio);
    let unnamed = PersonFact { name: email.to_string(), links: Vec::new(), ..person.clone() };
    Some(found_person(email, shown.people.get(email).unwrap_or(&unnamed), true, company))
}

async fn persons(
    app: &App,
    access: &TenantAccess,
    sought: &[Sought],
) -> Result<(Vec<Person>, Vec<AskedField>), AskError> {
    let state = state_of(app, access)?;
    let how = state.address_filter();
    match persons_by(app, access, sought, how).await {
        Err(AskError::Call(Error::Invalid { .. })) if how == AddressFilter::In => {
            let found = persons_by(app, access, sought, AddressFilter::Chain).await?;
            state.refuses_in.store(true, Ordering::Relaxed);
            Ok(found)
        }
        answer => answer,
    }
}

async fn persons_by(
    app: &App,
    access: &TenantAccess,
    sought: &[Sought],
    how: AddressFilter,
) -> Result<(Vec<Person>, Vec<AskedField>), AskError> {
    let addresses: Vec<_> = sought.iter().filter_map(|one| EmailAddress::parse(&one.email).ok()).collect();
    let addresses = spelt(&addresses, how).into_iter().next();
    let names = sought.iter().map(|one| one.name.trim()).filter(|name| name.chars().count() >= SHORTEST_NAME);
    let names: Vec<String> = names.map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect();
    let (addresses, names) = (addresses.as_ref(), names.as_slice());
    let call = |turn: Turn| async move {
        let asked = asked(turn.schema());
        if addresses.is_none() && names.is_empty() {
            return Ok((Vec::new(), asked));
        }
        let found = turn.gainsight.find_persons(&turn.access(), addresses, names, MOST_FOUND).await?;
        Ok((found, asked))
    };
    ask_knowing(app, Asker::reading(app, access)?, Urgency::Interactive, call).await
}

fn spelt(addresses: &[EmailAddress], how: AddressFilter) -> Vec<Addresses> {
    let spellings = addresses.iter().flat_map(|address| match how {
        AddressFilter::In => vec![Spelling::from(address.clone()), Spelling::capitalised(address.clone())],
        AddressFilter::Chain => vec![Spelling::from(address.clone())],
    });
    Addresses::of(spellings, how)
}

/// What the form asks for besides address and name: title and role, and what the tenant requires.
fn asked(schema: Option<&Schema>) -> Vec<AskedField> {
    let field = |name: &str, field: &FieldDescription, kind| {
        let options = field.options.iter().filter(|option| option.is_active);
        let option = |option: &sidelight_gainsight::metadata::PicklistOption| AskedOption {
            value: option.value.clone(),
            label: option.label.clone(),
        };
        AskedField {
            name: name.to_owned(),
            label: field.label.clone(),
            kind: asked_kind(kind),
            is_required: !field.may_be_empty,
            options: options.map(option).collect(),
            preset: None,
        }
    };
    let given = ["Title", "Role"].map(|name| {
        let described = schema.and_then(|schema| schema.link_field(name));
        let described = described.and_then(|it| Some(field(&name.to_lowercase(), it, it.kind()?)));
        described.unwrap_or_else(|| AskedField {
            name: name.to_lowercase(),
            label: name.to_owned(),
            kind: AskedKind::Text,
            is_required: false,
            options: Vec::new(),
            preset: None,
        })
    });
    let required = schema.into_iter().flat_map(Schema::required_of_people);
    given.into_iter().chain(required.map(|(_, kind, it)| field(&it.name, it, kind))).collect()
}

pub(super) const fn asked_kind(kind: Kind) -> AskedKind {
    match kind {
        Kind::Text => AskedKind::Text,
        Kind::Number => AskedKind::Number,
        Kind::Flag => AskedKind::Flag,
        Kind::Date => AskedKind::Date,
        Kind::Choice => AskedKind::Choice,
    }
}

/// The links of whoever has this address, read now, by whoever writes.
///
/// # Errors
/// [`AskError`]
pub async fn links_of(
    app: &App,
    access: &TenantAccess,
    address: &EmailAddress,
    urgency: Urgency,
) -> Result<Vec<CompanyPerson>, AskError> {
    let call = |turn: Turn, some: Addresses| async move { turn.gainsight.links_by_email(&turn.access(), &some).await };
    read_now(app, access, address, urgency, call).await
}

/// Whoever has this address, linked or not, read now, by whoever writes.
///
/// # Errors
/// [`AskError`]
pub async fn person_at(
    app: &App,
    access: &TenantAccess,
    address: &EmailAddress,
    urgency: Urgency,
) -> Result<Option<Person>, AskError> {
    let call =
        |turn: Turn, some: Addresses| async move { turn.gainsight.persons_by_email(&turn.access(), &some).await };
    Ok(read_now(app, access, address, urgency, call).await?.into_iter().next())
}

async fn read_now<T, F>(
    app: &App,
    access: &TenantAccess,
    address: &EmailAddress,
    urgency: Urgency,
    call: impl Fn(Turn, Addresses) -> F,
) -> Result<Vec<T>, AskError>
where
    F: Future<Output = Result<Vec<T>, Error>>,
{
    let asker = Asker::writing(app, access)?;
    let mut rows = Vec::new();
    // A single address needs no `IN`; a tenant that minds upper and lower case holds most in one of these spellings.
    let spellings = [Spelling::from(address.clone()), Spelling::capitalised(address.clone())];
    for some in Addresses::of(spellings, AddressFilter::Chain) {
        rows.extend(ask(app, asker, urgency, |turn| call(turn, some.clone())).await?);
    }
    Ok(rows)
}

/// Puts what was just read of an address where panels look; every other reader reads it anew.
///
/// # Errors
/// None in practice: only `Caller::enter` makes an access, and only for a registered tenant.
pub async fn learn_person(
    app: &App,
    access: &TenantAccess,
    address: &EmailAddress,
    links: Vec<CompanyPerson>,
) -> Result<(), AskError> {
    let state = state_of(app, access)?;
    let (own, email) = (access.reader(), address.clone());
    state.known.forget_where(move |(reader, of)| *of == email && *reader != own);
    let key = (own, address.clone());
    let before = state.known.peek(&key).await.map(|held| held.value);
    let (user, users_as_of) = before.map_or((None, app.clock.now()), |held| (held.user.clone(), held.users_as_of));
    let person = people(links).remove(address);
    state.known.put(key, Known { user, person, users_as_of }).await;
    Ok(())
}

/// Whether a viewer's list applies nobody's permissions, so that only his own shows what he may see.
#[must_use]
pub fn needs_proof(access: &TenantAccess) -> bool {
    access.reader() == Reader::Everybody
}
