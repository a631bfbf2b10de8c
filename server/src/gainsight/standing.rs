//! How a viewer stands in his tenant, read again now and then: a licence that was taken away must not last until the next sign-in.

use std::time::Duration;

use serde_json::json;
use sidelight_api::event::Event;
use sidelight_domain::Licence;
use sidelight_gainsight::{AddressFilter, Addresses, Spelling, User};

use super::ask::{AskError, Asker, Turn, ask_knowing};
use super::budget::Urgency;
use super::keeper::KeeperError;
use super::users::users;
use crate::app::App;
use crate::http::{Caller, Reader, TenantAccess};
use crate::record::Record as _;

/// A licence that was withdrawn counts for this long at most while its owner opens panels; Gainsight itself refuses at once.
const EVERY: Duration = Duration::from_hours(1);

/// Reads what is due in the background, one call for each tenant.
pub fn renew_standing(app: &App, caller: &Caller) {
    let now = app.clock.now();
    for grant in caller.grants.iter().filter(|grant| now.since(grant.checked_at) >= EVERY) {
        let Some(tenant) = app.tenant(caller.organisation, &grant.tenant) else { continue };
        let (app, access) =
            (app.clone(), TenantAccess { organisation: caller.organisation, tenant, grant: grant.clone() });
        app.tasks.clone().spawn(async move {
            if let Err(error) = renewed(&app, &access).await {
                tracing::info!(error = %error, tenant = %access.tenant.key, "How a user stands could not be read.");
            }
        });
    }
}

async fn renewed(app: &App, access: &TenantAccess) -> Result<(), AskError> {
    let (licence, is_active) = match own_record(app, access).await? {
        Some(user) => (user.licence, user.is_active),
        // Without a token there is nobody else who would notice that the user was deleted.
        None if access.is_without_token() => (None, false),
        // Somebody without a record that he may read stands as he did at his sign-in.
        None => return Ok(()),
    };
    note(app, access, licence, is_active).await.map_err(KeeperError::from)?;
    app.sessions.forget_person(&access.grant.person);
    Ok(())
}

async fn note(
    app: &App,
    access: &TenantAccess,
    licence: Option<Licence>,
    is_active: bool,
) -> Result<(), sidelight_store::Error> {
    let grant = &access.grant;
    let mut unit = app.store.begin(access.organisation).await?;
    if unit.grants().note_standing(grant.id, licence, is_active).await? {
        let standing = json!({ "licence": licence, "active": is_active });
        unit.note(None, "gainsight.standing_changed", &grant.id, &standing);
        unit.tell(&grant.person, &Event::Standing);
    }
    unit.commit().await
}

async fn own_record(app: &App, access: &TenantAccess) -> Result<Option<User>, AskError> {
    let is_listed = access.reader() == Reader::Everybody;
    if access.is_without_token() && !is_listed {
        return Ok(None);
    }
    if is_listed && let Some(state) = app.tenants.state(access.organisation, &access.tenant.key) {
        return Ok(users(app, state, Urgency::Background).await?.value.with_id(&access.grant.user).cloned());
    }
    let Some(spelling) = Spelling::parse(&access.grant.email_spelling) else { return Ok(None) };
    for addresses in Addresses::of([spelling], AddressFilter::Chain) {
        let call = |turn: Turn| {
            let addresses = addresses.clone();
            async move { turn.gainsight.users_by_email(&turn.access(), &addresses).await }
        };
        let found = ask_knowing(app, Asker::Person(access), Urgency::Background, call).await?;
        if let Some(own) = found.into_iter().find(|user| user.id == access.grant.user) {
            return Ok(Some(own));
        }
    }
    Ok(None)
}
