//! The people of a company, for whoever has to say himself who is there (design 4.2).

use std::collections::BTreeSet;
use std::time::Duration;

use sidelight_api::ErrorCode;
use sidelight_api::people::{Contact, Contacts};
use sidelight_domain::ids::Gsid;
use sidelight_domain::{EmailAddress, EntityRef};
use sidelight_gainsight::{CompanyPerson, MOST_ADDRESSES};

use super::ask::{AskError, Asker, Turn, ask_knowing, state_of};
use super::budget::Urgency;
use super::meeting::keep_proven;
use super::people::{Freshness, resolve};
use super::portfolio::portfolio_shown;
use crate::app::App;
use crate::http::{Answered, TenantAccess};

/// People are added seldom; whoever is missing is found after this time.
const FRESH_FOR: Duration = Duration::from_mins(30);
/// Who has more contacts is searched by name in Gainsight itself.
const MOST: usize = 1_000;

/// The people of a company, or of the company that a relationship belongs to, by name.
///
/// # Errors
/// `entity_unknown` for one that the viewer may not see; [`AskError`] if nothing is at hand and Gainsight cannot be asked.
pub async fn contacts(app: &App, access: &TenantAccess, entity: &EntityRef) -> Answered<Contacts> {
    let held = portfolio_shown(app, access).await?;
    let company = held.value.company_behind(entity).ok_or(ErrorCode::EntityUnknown)?.clone();
    let state = state_of(app, access)?;
    let key = (access.reader(), company.clone());
    let held = state.contacts.get(&key, FRESH_FOR, || read(app, access, &company)).await?;
    look_ahead(app, access, &held.value);
    Ok(Contacts { people: held.value.to_vec(), as_of: held.as_of, is_stale: held.is_stale })
}

async fn read(app: &App, access: &TenantAccess, company: &Gsid) -> Result<Vec<Contact>, AskError> {
    let asker = Asker::reading(app, access)?;
    let call = |turn: Turn| async move { turn.gainsight.links_of_company(&turn.access(), company, None).await };
    let mut links = ask_knowing(app, asker, Urgency::Interactive, call).await?;
    links.retain(|link| link.is_active);
    links.sort_by_cached_key(|link| (link.name.to_lowercase(), link.email.address().clone()));
    links.dedup_by(|a, b| a.email.address() == b.email.address());
    links.truncate(MOST);
    Ok(links.into_iter().map(contact).collect())
}

fn contact(link: CompanyPerson) -> Contact {
    Contact { email: link.email.address().clone(), name: link.name, title: link.title, role: link.role }
}

/// Whoever opens the list is about to tick some: looked up together they cost two calls, one by one two calls each.
fn look_ahead(app: &App, access: &TenantAccess, people: &[Contact]) {
    let addresses: BTreeSet<_> = people.iter().take(MOST_ADDRESSES).map(|person| person.email.clone()).collect();
    let (app, access) = (app.clone(), access.clone());
    app.tasks.clone().spawn(async move { resolve(&app, &access, &addresses, Freshness::Cached).await });
}

/// Whether the viewer may see a person with this address who works for some company.
///
/// # Errors
/// [`AskError`] if that cannot be told.
pub async fn knows(app: &App, access: &TenantAccess, email: &EmailAddress) -> Result<bool, AskError> {
    let mut resolved = resolve(app, access, &BTreeSet::from([email.clone()]), Freshness::Cached).await;
    let portfolio = portfolio_shown(app, access).await?;
    keep_proven(access, &mut resolved.directory, Some(&portfolio.value));
    let person = resolved.directory.people.get(email);
    match resolved.failure {
        Some(failure) if person.is_none() => Err(failure),
        _ => Ok(person.is_some_and(|person| person.links.iter().any(|link| link.is_active))),
    }
}
