//! `GET /salesforce/callback`: the way back from Salesforce, which proves who somebody is and nothing more (`salesforce.md`).

use axum::extract::State;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use secrecy::SecretString;
use serde_json::json;
use sidelight_api::event::Event;
use sidelight_api::sign_in::{Account, Failure};
use sidelight_domain::words::Word;
use sidelight_salesforce::{Person, RecordId};
use sidelight_store::SignIn;
use url::Url;

use super::callback::{Claimed, Returned, claim, explained, notice, own_cookie, welcome};
use super::directory::entered_from_salesforce;
use super::identity::{Identity, admitted};
use super::step::fail;
use super::way::{connected_app, host_in, nonce_of};
use crate::app::App;
use crate::config::{Salesforce, Tenant};
use crate::gainsight::user_from_salesforce;
use crate::http::{Answered, ClientIp, Query};
use crate::record::Record as _;

/// What a browser came back with, whose it is, and where it had been.
struct Login<'a> {
    salesforce: &'a Salesforce,
    host: &'a Url,
    cookie: &'a str,
    code: &'a SecretString,
}

/// Takes the code, finds out which user of which tenant logged in, and ties him to the panel that asked.
pub(crate) async fn finish(
    State(app): State<App>,
    ip: ClientIp,
    jar: CookieJar,
    Query(returned): Query<Returned>,
) -> Answered<Response> {
    app.limits.addresses.take(&ip)?;
    let Some(salesforce) = &app.config.salesforce else { return Ok(notice(Word::PageLinkDead, "")) };
    let found = host_in(salesforce, returned.state.as_deref().unwrap_or_default());
    let cookie = found.as_ref().and_then(|(state, _)| own_cookie(&jar, Some(state)));
    let (Some((_, host)), Some(cookie)) = (found, cookie) else { return Ok(notice(Word::PageOtherBrowser, "")) };
    let Some(claimed) = claim(&app, &cookie, Account::Salesforce).await? else {
        return Ok(notice(Word::PageLinkDead, ""));
    };
    match (&returned.code, &returned.error) {
        (_, Some(_)) => refuse(&app, claimed, Failure::Declined).await,
        _ if !returned.is_from(host) => refuse(&app, claimed, Failure::ApplicationRefused).await,
        (Some(code), None) => {
            let login = Login { salesforce, host, cookie: &cookie, code };
            identified(&app, claimed, &login).await
        }
        (None, None) => refuse(&app, claimed, Failure::ApplicationRefused).await,
    }
}

async fn identified(app: &App, mut claimed: Claimed, login: &Login<'_>) -> Answered<Response> {
    let person = match person(app, &claimed.row, login).await {
        Ok(person) => person,
        Err(why) => return refuse(app, claimed, why).await,
    };
    // Anybody can make an organisation and write any address into it: only a pinned one is believed.
    let pinned = |tenant: &&std::sync::Arc<Tenant>| is_pinned(tenant, &person.organisation);
    let tenants = entered_from_salesforce(app, claimed.organisation);
    let Some(tenant) = tenants.iter().find(pinned) else { return refuse(app, claimed, Failure::UnknownUser).await };
    if claimed.row.tenant != tenant.key && !lead_to(app, &mut claimed, tenant).await? {
        return Ok(notice(Word::PageLinkDead, ""));
    }
    let user = user_from_salesforce(app, claimed.organisation, tenant, &person.user).await;
    let identity = match user {
        Ok(user) => user.and_then(Identity::of).ok_or(Failure::UnknownUser),
        Err(error) => {
            tracing::warn!(error = %error, tenant = %tenant.key, "The users of a tenant could not be read.");
            Err(Failure::TenantDown)
        }
    };
    // The tenant's own record says who it is: it was found by an id that Salesforce vouches for.
    let identity = identity.map(|identity| Identity { is_told: true, ..identity }).and_then(admitted);
    match identity {
        Ok(identity) => {
            let Claimed { organisation, mut row, zoom_email } = claimed;
            welcome(app, organisation, &mut row, tenant, identity, None, zoom_email.as_ref()).await
        }
        Err(why) => refuse(app, claimed, why).await,
    }
}

fn is_pinned(tenant: &Tenant, organisation: &RecordId) -> bool {
    tenant.salesforce.as_ref().is_some_and(|entry| entry.organisation == *organisation)
}

/// Whom Salesforce proves.
async fn person(app: &App, row: &SignIn, login: &Login<'_>) -> Result<Person, Failure> {
    let Some(verifier) = &row.verifier else { return Err(Failure::ApplicationRefused) };
    let nonce = nonce_of(login.cookie);
    let returned = sidelight_salesforce::Returned { host: login.host, code: login.code, verifier, nonce: &nonce };
    let client = connected_app(app, login.salesforce);
    match app.salesforce.identify(&client, &returned, app.clock.now()).await {
        Ok(person) if person.is_active => Ok(person),
        Ok(_) => Err(Failure::Inactive),
        Err(error) => {
            tracing::warn!(error = %error, "A Salesforce sign-in failed.");
            Err(if error.is_transient() { Failure::TenantDown } else { Failure::ApplicationRefused })
        }
    }
}

/// Leads the sign-in to the tenant that its organisation enters.
async fn lead_to(app: &App, claimed: &mut Claimed, tenant: &Tenant) -> Answered<bool> {
    let mut unit = app.store.begin(claimed.organisation).await?;
    let (is_open, replaced) = unit.sign_ins().lead_to(&mut claimed.row, &tenant.key).await?;
    if let Some(replaced) = replaced {
        unit.tell(&replaced.person, &Event::SignIn { id: replaced.id });
    }
    unit.note(Some(&claimed.row.person), "sign_in.led", &claimed.row.id, &json!({ "tenant": tenant.key }));
    unit.commit().await?;
    Ok(is_open)
}

async fn refuse(app: &App, claimed: Claimed, why: Failure) -> Answered<Response> {
    let Claimed { organisation, mut row, .. } = claimed;
    let mut unit = app.store.begin(organisation).await?;
    fail(&mut unit, &mut row, why, app.clock.now()).await?;
    unit.commit().await?;
    let tenant = app.tenant(organisation, &row.tenant);
    let name = tenant.as_ref().map_or("", |tenant| tenant.name.as_str());
    let word = match why {
        Failure::ApplicationRefused => Word::PageSalesforceRefused,
        Failure::TenantDown => Word::PageSalesforceDown,
        Failure::UnknownUser => Word::PageSalesforceUnknown,
        Failure::Declined
        | Failure::Inactive
        | Failure::NoLicence
        | Failure::IdentityUnproven
        | Failure::Expired
        | Failure::WrongCode
        | Failure::Replaced => explained(why),
    };
    Ok(notice(word, name))
}
