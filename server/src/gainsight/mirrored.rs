//! Who the attendees are, as the directory mirror says: no call, whatever their number (design 4.6).

use std::collections::HashMap;
use std::sync::Arc;

use sidelight_api::event::Event;
use sidelight_domain::EmailAddress;
use sidelight_domain::attendees::{CompanyLink, PersonFact};
use sidelight_domain::ids::Gsid;
use sidelight_gainsight::{Addresses, Spelling};
use sidelight_store::MirroredPerson;

use super::ask::{AskError, Asker, Turn, ask};
use super::budget::Urgency;
use super::keeper::KeeperError;
use super::people::{Known, fact, people};
use super::portfolio::{SHOWN_FOR, book_for_everybody};
use super::tenants::TenantState;
use super::users::users;
use crate::app::App;
use crate::http::{Reader, TenantAccess};
use crate::record::tell_alone;

/// Of so many known people at once names, titles and roles are asked for afterwards: nobody reads the titles of a webinar.
const DETAILED_UP_TO: usize = 100;

/// Says of each address what the mirror says. Gives back those that somebody has to ask about: all of them, where there is no mirror yet.
pub(super) async fn from_mirror(
    app: &App,
    state: &Arc<TenantState>,
    access: &TenantAccess,
    missing: Vec<EmailAddress>,
) -> Vec<EmailAddress> {
    let is_mirrored = state.tenant.shared.as_ref().is_some_and(|shared| shared.mirrors_directory);
    if missing.is_empty() || !is_mirrored {
        return missing;
    }
    match look_up(app, state, access, &missing).await {
        Ok(Some(known)) => {
            detail_later(app, state, access, known);
            Vec::new()
        }
        Ok(None) => missing,
        Err(error) => {
            tracing::info!(error = %error, tenant = %state.tenant.key, "The directory mirror could not be asked.");
            missing
        }
    }
}

/// Puts everybody on the shelf; tells who is a known person. `None` before the mirror was complete once: a gap in it says nothing.
async fn look_up(
    app: &App,
    state: &TenantState,
    access: &TenantAccess,
    addresses: &[EmailAddress],
) -> Result<Option<Vec<EmailAddress>>, AskError> {
    let Some(mut found) = read(app, access, addresses).await.map_err(KeeperError::Store)? else { return Ok(None) };
    let colleagues = users(app, state, Urgency::Interactive).await?.value;
    let book = book_for_everybody(app, state, SHOWN_FOR, Urgency::Interactive).await?.value;
    let companies = book.company_names();
    let (mut known, now) = (Vec::new(), app.clock.now());
    for address in addresses {
        let user = colleagues.with_address(address).and_then(fact).map(|(_, fact)| fact);
        let person = found.remove(address).map(|person| without_name(person, &companies));
        known.extend(person.is_some().then(|| address.clone()));
        state.known.put((access.reader(), address.clone()), Known { user, person, users_as_of: now }).await;
    }
    Ok(Some(known))
}

async fn read(
    app: &App,
    access: &TenantAccess,
    addresses: &[EmailAddress],
) -> Result<Option<HashMap<EmailAddress, MirroredPerson>>, sidelight_store::Error> {
    let mut unit = app.store.read(access.organisation).await?;
    let mirror = unit.directory().mirror(&access.tenant.key).await?;
    if mirror.is_none_or(|mirror| mirror.completed_at.is_none()) {
        return Ok(None);
    }
    unit.directory().find(&access.tenant.key, addresses).await.map(Some)
}

/// The name that he shows in the meeting stands in for the one that is not mirrored.
fn without_name(person: MirroredPerson, companies: &HashMap<&Gsid, &str>) -> PersonFact {
    let link = |link: sidelight_store::MirroredLink| CompanyLink {
        company_name: companies.get(&link.company).map(|name| (*name).to_owned()).unwrap_or_default(),
        company: link.company,
        title: None,
        role: None,
        is_primary: link.is_primary,
        is_active: link.is_active,
    };
    PersonFact { id: person.record, name: String::new(), links: person.links.into_iter().map(link).collect() }
}

/// Asks for names, titles and roles once nobody waits, and has the viewer's panels look again.
fn detail_later(app: &App, state: &Arc<TenantState>, access: &TenantAccess, known: Vec<EmailAddress>) {
    if known.is_empty() || known.len() > DETAILED_UP_TO {
        return;
    }
    let (app, state, access) = (app.clone(), Arc::clone(state), access.clone());
    app.tasks.clone().spawn(async move {
        let Ok(true) = detail(&app, &state, &known).await else { return };
        let _ = tell_alone(&app, access.organisation, &access.grant.person, &Event::People).await;
    });
}

async fn detail(app: &App, state: &TenantState, known: &[EmailAddress]) -> Result<bool, AskError> {
    let spellings = known.iter().cloned().map(Spelling::from);
    let mut links = Vec::new();
    for addresses in Addresses::of(spellings, state.address_filter()) {
        let addresses = &addresses;
        let call = |turn: Turn| async move { turn.gainsight.links_by_email(&turn.access(), addresses).await };
        links.extend(ask(app, Asker::Tenant(state), Urgency::Background, call).await?);
    }
    let mut is_new = false;
    for (address, person) in people(links) {
        let key = (Reader::Everybody, address);
        let Some(held) = state.known.peek(&key).await else { continue };
        is_new = true;
        let (user, users_as_of) = (held.value.user.clone(), held.value.users_as_of);
        state.known.put(key, Known { user, person: Some(person), users_as_of }).await;
    }
    Ok(is_new)
}
