//! Who the attendees are: at most three calls for a meeting, whatever its size up to 500 addresses (design 4.4).

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use sidelight_domain::attendees::{CompanyLink, Directory, PersonFact, UserFact};
use sidelight_domain::{EmailAddress, Timestamp};
use sidelight_gainsight::{AddressFilter, Addresses, CompanyPerson, Error, MOST_ADDRESSES, Person, Spelling, User};

use super::ask::{AskError, Asker, Turn, ask};
use super::budget::{Urgency, UsedUp};
use super::mirrored::from_mirror;
use super::pace::{Lacks, tell_when_worth_it};
use super::tenants::TenantState;
use super::users::users as mirrored;
use crate::app::App;
use crate::http::{Reader, TenantAccess};

/// What a tenant says about one address.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The user with this address.
    pub user: Option<UserFact>,
    /// The person with this address.
    pub person: Option<PersonFact>,
    /// When the users were last asked: less often than the people.
    pub(super) users_as_of: Timestamp,
}

/// What a tenant says about the addresses of a meeting.
#[derive(Debug, Default)]
pub struct Resolved {
    /// By address.
    pub directory: Directory,
    /// The oldest answer in it; `None` if there was no address.
    pub as_of: Option<Timestamp>,
    /// Why some of it is old or missing.
    pub failure: Option<AskError>,
}

/// How old an answer may be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Freshness {
    /// Whatever is at hand, up to an hour old.
    Cached,
    /// Asked again now, because the viewer said so.
    Renewed,
}

const FRESH_FOR: Duration = Duration::from_hours(1);
/// When somebody new is asked about, those whose answer is older than this are asked about in the same calls.
const RIDES_ALONG_AFTER: Duration = Duration::from_mins(15);
/// Two taps on refresh within this time are one. Users come and go more slowly than people are added: a refresh does not ask for
/// them again.
const SETTLED_FOR: Duration = Duration::from_secs(3);

/// Resolves addresses in one tenant. Never fails as a whole: what cannot be read anew is given as last known.
pub async fn resolve(
    app: &App,
    access: &TenantAccess,
    addresses: &BTreeSet<EmailAddress>,
    freshness: Freshness,
) -> Resolved {
    let Some(state) = app.tenants.state(access.organisation, &access.tenant.key) else { return Resolved::default() };
    let look_ups = state.look_ups.get_with(access.reader(), async { Arc::default() }).await;
    // Held over the calls: a second panel finds the answers of the first.
    let (mut pace, shared) = look_ups.turn().await;
    let mut missing = missing(app, state, access, addresses, freshness).await;
    if freshness == Freshness::Cached {
        missing = from_mirror(app, state, access, missing).await;
    }
    // Meetings that begin at the full hour are no crowd: a panel that opens knows hardly anybody yet.
    let is_crowd = freshness == Freshness::Cached && missing.len() * 2 <= addresses.len();
    let rest = pace.rest(app.clock.now()).filter(|_| is_crowd);
    let failure = match (shared, rest) {
        _ if missing.is_empty() => None,
        (Some(echo), _) => Some(AskError::Echo(echo)),
        (None, Some(wait)) => Some(UsedUp { wait }.into()),
        (None, None) => {
            let failure = look_up_all(app, state, access, &missing).await.err();
            look_ups.end(&mut pace, app.clock.now(), failure.as_ref());
            failure
        }
    };
    drop(pace);
    if let Some(failure) = &failure {
        tell_when_worth_it(app, access, &look_ups, failure, Lacks::Shared);
    }
    gathered(state, access, addresses, failure).await
}

async fn look_up_all(
    app: &App,
    state: &TenantState,
    access: &TenantAccess,
    addresses: &[EmailAddress],
) -> Result<(), AskError> {
    for batch in addresses.chunks(MOST_ADDRESSES) {
        look_up(app, state, access, batch).await?;
    }
    Ok(())
}

async fn missing(
    app: &App,
    state: &TenantState,
    access: &TenantAccess,
    addresses: &BTreeSet<EmailAddress>,
    freshness: Freshness,
) -> Vec<EmailAddress> {
    let now = app.clock.now();
    let (mut missing, mut ageing) = (Vec::new(), Vec::new());
    for address in addresses {
        let held = state.known.peek(&(access.reader(), address.clone())).await;
        let is_user = held.as_ref().is_some_and(|held| held.value.user.is_some());
        let limit = if freshness == Freshness::Renewed && !is_user { SETTLED_FOR } else { FRESH_FOR };
        let age = held.map(|held| now.since(if is_user { held.value.users_as_of } else { held.as_of }));
        if age.is_none_or(|age| age >= limit) {
            missing.push(address.clone());
        } else if age >= Some(RIDES_ALONG_AFTER) {
            ageing.push(address.clone());
        }
    }
    // Only as many as the calls have room for, which are made anyway.
    let room = missing.len().next_multiple_of(MOST_ADDRESSES) - missing.len();
    missing.extend(ageing.into_iter().take(room));
    missing
}

/// Asks for users and links at once, then for persons without a link: three calls at most.
async fn look_up(
    app: &App,
    state: &TenantState,
    access: &TenantAccess,
    batch: &[EmailAddress],
) -> Result<(), AskError> {
    let now = app.clock.now();
    let before = held(state, access, batch).await;
    let users_age = |address: &EmailAddress| before.get(address).map(|known| now.since(known.users_as_of));
    let is_asked = batch.iter().any(|address| users_age(address).is_none_or(|age| age >= FRESH_FOR));
    let settled_for = if is_asked { RIDES_ALONG_AFTER } else { FRESH_FOR };
    let is_settled = |known: &Arc<Known>| now.since(known.users_as_of) < settled_for;
    let unsettled: Vec<_> =
        batch.iter().filter(|address| !before.get(*address).is_some_and(is_settled)).cloned().collect();
    // Who was no user an hour ago is hardly one now: a refresh saves that call.
    let (mut users, links) = tokio::try_join!(colleagues(app, state, access, &unsettled), links(app, access, batch))?;
    let settled = before.iter().filter(|(_, known)| is_settled(known));
    users.extend(settled.filter_map(|(address, known)| Some((address.clone(), known.user.clone()?))));
    let mut people = people(links);
    let is_unknown = |address: &&EmailAddress| !users.contains_key(*address) && !people.contains_key(*address);
    let unknown: Vec<_> = batch.iter().filter(is_unknown).cloned().collect();
    people.extend(persons(app, access, &unknown).await?.into_iter().map(without_links));
    for address in batch {
        let users_as_of = before.get(address).filter(|known| is_settled(known)).map_or(now, |known| known.users_as_of);
        let known = Known { user: users.remove(address), person: people.remove(address), users_as_of };
        state.known.put((access.reader(), address.clone()), known).await;
    }
    Ok(())
}

async fn held(state: &TenantState, access: &TenantAccess, batch: &[EmailAddress]) -> HashMap<EmailAddress, Arc<Known>> {
    let mut held = HashMap::new();
    for address in batch {
        if let Some(known) = state.known.peek(&(access.reader(), address.clone())).await {
            held.insert(address.clone(), known.value);
        }
    }
    held
}

/// The users among these addresses: from the mirror where there is one, else by a call.
async fn colleagues(
    app: &App,
    state: &TenantState,
    access: &TenantAccess,
    of: &[EmailAddress],
) -> Result<HashMap<EmailAddress, UserFact>, AskError> {
    if access.reader() != Reader::Everybody {
        return Ok(users(app, access, of).await?.iter().filter_map(fact).collect());
    }
    let mirror = mirrored(app, state, Urgency::Interactive).await?.value;
    Ok(of.iter().filter_map(|address| fact(mirror.with_address(address)?)).collect())
}

async fn users(app: &App, access: &TenantAccess, of: &[EmailAddress]) -> Result<Vec<User>, AskError> {
    let call = |turn: Turn, some: Addresses| async move { turn.gainsight.users_by_email(&turn.access(), &some).await };
    by_address(app, access, of, call).await
}

pub(super) async fn links(
    app: &App,
    access: &TenantAccess,
    of: &[EmailAddress],
) -> Result<Vec<CompanyPerson>, AskError> {
    let call = |turn: Turn, some: Addresses| async move { turn.gainsight.links_by_email(&turn.access(), &some).await };
    by_address(app, access, of, call).await
}

async fn persons(app: &App, access: &TenantAccess, of: &[EmailAddress]) -> Result<Vec<Person>, AskError> {
    let call =
        |turn: Turn, some: Addresses| async move { turn.gainsight.persons_by_email(&turn.access(), &some).await };
    by_address(app, access, of, call).await
}

/// Asks about addresses in as few calls as they need: none, or one for each five hundred. A tenant that refuses `IN` on addresses is
/// asked by chains of `OR` from then on (`gainsight.md` 5.2).
async fn by_address<T, F>(
    app: &App,
    access: &TenantAccess,
    addresses: &[EmailAddress],
    call: impl Fn(Turn, Addresses) -> F,
) -> Result<Vec<T>, AskError>
where
    F: Future<Output = Result<Vec<T>, Error>>,
{
    let Some(state) = app.tenants.state(access.organisation, &access.tenant.key) else { return Ok(Vec::new()) };
    let how = state.address_filter();
    match cut(app, access, addresses, how, &call).await {
        // Another call may have found out meanwhile: what counts is how this one asked.
        Err(AskError::Call(Error::Invalid { .. })) if how == AddressFilter::In => {
            let rows = cut(app, access, addresses, AddressFilter::Chain, &call).await?;
            // Only now it is known that it was for the filter's sake, not for something else in the question.
            state.refuses_in.store(true, Ordering::Relaxed);
            Ok(rows)
        }
        answer => answer,
    }
}

async fn cut<T, F>(
    app: &App,
    access: &TenantAccess,
    addresses: &[EmailAddress],
    how: AddressFilter,
    call: &impl Fn(Turn, Addresses) -> F,
) -> Result<Vec<T>, AskError>
where
    F: Future<Output = Result<Vec<T>, Error>>,
{
    let asker = Asker::reading(app, access)?;
    let mut rows = Vec::new();
    let spellings = addresses.iter().flat_map(|address| match how {
        // A second spelling costs nothing here, and finds people in a tenant that minds upper and lower case (`gainsight.md` 19.6).
        AddressFilter::In => vec![Spelling::from(address.clone()), Spelling::capitalised(address.clone())],
        AddressFilter::Chain => vec![Spelling::from(address.clone())],
    });
    for some in Addresses::of(spellings, how) {
        rows.extend(ask(app, asker, Urgency::Interactive, |turn| call(turn, some.clone())).await?);
    }
    Ok(rows)
}

pub(super) fn fact(user: &User) -> Option<(EmailAddress, UserFact)> {
    let address = user.email.as_ref()?.address().clone();
    Some((address, UserFact { id: user.id.clone(), name: user.name.clone(), title: user.title.clone() }))
}

/// One person for each address, with all companies.
pub(super) fn people(links: Vec<CompanyPerson>) -> HashMap<EmailAddress, PersonFact> {
    let mut people: HashMap<EmailAddress, PersonFact> = HashMap::new();
    for row in links {
        let person = people.entry(row.email.address().clone()).or_insert_with(|| PersonFact {
            id: row.person,
            name: row.name,
            links: Vec::new(),
        });
        person.links.push(CompanyLink {
            company: row.company,
            company_name: row.company_name.unwrap_or_default(),
            title: row.title,
            role: row.role,
            is_primary: row.is_primary,
            is_active: row.is_active,
        });
    }
    people
}

fn without_links(person: Person) -> (EmailAddress, PersonFact) {
    (person.email.address().clone(), PersonFact { id: person.id, name: person.name, links: Vec::new() })
}

/// What is known of these addresses without asking.
pub(super) async fn at_hand(app: &App, access: &TenantAccess, addresses: &BTreeSet<EmailAddress>) -> Resolved {
    match app.tenants.state(access.organisation, &access.tenant.key) {
        Some(state) => gathered(state, access, addresses, None).await,
        None => Resolved::default(),
    }
}

async fn gathered(
    state: &TenantState,
    access: &TenantAccess,
    addresses: &BTreeSet<EmailAddress>,
    failure: Option<AskError>,
) -> Resolved {
    let mut resolved = Resolved { failure, ..Resolved::default() };
    for address in addresses {
        let Some(held) = state.known.peek(&(access.reader(), address.clone())).await else {
            resolved.directory.unsaid.insert(address.clone());
            continue;
        };
        resolved.as_of = Some(resolved.as_of.map_or(held.as_of, |oldest| oldest.min(held.as_of)));
        if let Some(user) = &held.value.user {
            resolved.directory.users.insert(address.clone(), user.clone());
        }
        if let Some(person) = &held.value.person {
            resolved.directory.people.insert(address.clone(), person.clone());
        }
    }
    resolved
}
