//! `GET /signin/{one-time}`: who asks for the sign-in, and the way on to the tenant.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use sidelight_api::event::Event;
use sidelight_domain::ids::OrganisationId;
use sidelight_domain::words::Word;
use sidelight_gainsight::oauth::authorize_url;
use sidelight_outbound::Pkce;
use sidelight_store::{Digest, SignIn, Unit};
use url::Url;

use super::step::LINK_OPENED;
use crate::app::App;
use crate::chance::secret_text;
use crate::config::Tenant;
use crate::gainsight::application;
use crate::http::{Answered, ClientIp};
use crate::pages::{self, Asking};
use crate::record::Record as _;

/// Ties the callback to the browser that opened the link.
pub(super) const COOKIE: &str = "__Host-sidelight-signin";

/// Opens a link, once. The same browser may reload the page.
pub(crate) async fn open(
    State(app): State<App>,
    ip: ClientIp,
    jar: CookieJar,
    Path(link): Path<String>,
) -> Answered<Response> {
    app.limits.addresses.take(&ip)?;
    let digest = Digest::of(&link);
    let Some(organisation) = app.store.locate_link(&digest).await? else { return Ok(dead()) };
    let cookie = secret_text(app.ids.as_ref());
    let mut unit = app.store.begin(organisation).await?;
    if let Some(mut row) = unit.sign_ins().open_link(&digest, &Digest::of(&cookie)).await? {
        let Some((page, tenant)) = asking(&app, &mut unit, &row).await? else { return Ok(dead()) };
        let authorize = prepare(&app, &tenant, &mut row, &cookie);
        unit.sign_ins().save(&row).await?;
        unit.note(Some(&row.person), "sign_in.link_opened", &row.id, &json!({}));
        unit.tell(&row.person, &Event::SignIn { id: row.id });
        unit.commit().await?;
        return Ok((jar.add(kept(cookie)), page.shown(&authorize)).into_response());
    }
    Ok(again(&app, unit, &jar, organisation).await?.unwrap_or_else(used))
}

/// The way to the tenant. State and cookie are one secret, so that a reload finds the state without our keeping it.
fn prepare(app: &App, tenant: &Tenant, row: &mut SignIn, cookie: &str) -> Url {
    let state = state_of(cookie);
    let pkce = tenant.pkce.then(|| {
        let mut entropy = [0; 32];
        app.ids.fill(&mut entropy);
        Pkce::s256(entropy)
    });
    row.state = Some(Digest::of(&state));
    row.verifier = pkce.as_ref().map(|pkce| pkce.verifier.clone());
    LINK_OPENED.clone_into(&mut row.step);
    let challenge = pkce.as_ref().map(|pkce| pkce.challenge.as_str());
    authorize_url(&tenant.base, &application(app, tenant), &state, challenge)
}

/// The OAuth `state` that belongs to a cookie: nobody who sees the one can tell the other.
pub(super) fn state_of(cookie: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::new().chain_update("sidelight-state:").chain_update(cookie).finalize())
}

/// The page once more, for the browser that opened the link. The PKCE challenge is made again from the kept verifier.
async fn again(app: &App, mut unit: Unit, jar: &CookieJar, organisation: OrganisationId) -> Answered<Option<Response>> {
    use secrecy::ExposeSecret as _;
    let Some(cookie) = jar.get(COOKIE).map(|cookie| cookie.value().to_owned()) else { return Ok(None) };
    let state = state_of(&cookie);
    let Some(row) = unit.sign_ins().find_by_state(&Digest::of(&state)).await? else { return Ok(None) };
    if !row.is_open(app.clock.now()) || row.step != LINK_OPENED || unit.organisation() != organisation {
        return Ok(None);
    }
    let Some((page, tenant)) = asking(app, &mut unit, &row).await? else { return Ok(None) };
    let challenge =
        row.verifier.as_ref().map(|verifier| URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.expose_secret())));
    let authorize = authorize_url(&tenant.base, &application(app, &tenant), &state, challenge.as_deref());
    Ok(Some(page.shown(&authorize)))
}

/// What the page says; owned, since it outlives the unit.
struct Page {
    name: String,
    email: Option<String>,
    organisation: String,
    tenant: String,
    host: String,
    environment: String,
}

impl Page {
    fn shown(&self, authorize: &Url) -> Response {
        let asking = Asking {
            name: &self.name,
            email: self.email.as_deref(),
            organisation: &self.organisation,
            tenant: &self.tenant,
            host: &self.host,
            environment: &self.environment,
        };
        pages::asking(&asking, authorize)
    }
}

/// Who asks: the installation, which Zoom proved; else the name that the panel sent, which proves nothing and is shown as that.
async fn asking(app: &App, unit: &mut Unit, row: &SignIn) -> Answered<Option<(Page, std::sync::Arc<Tenant>)>> {
    let organisation = unit.organisation();
    let Some(tenant) = app.tenant(organisation, &row.tenant) else { return Ok(None) };
    let installation =
        unit.installations().find(&row.person).await?.filter(|installation| installation.removed_at.is_none());
    let (name, email) = match installation {
        Some(installation) => (installation.name, installation.email.map(|email| email.to_string())),
        None => (unproven_name(unit, row).await?, None),
    };
    let page = Page {
        name,
        email,
        organisation: app.organisation_name(organisation).to_owned(),
        tenant: tenant.name.clone(),
        host: tenant.host.clone(),
        environment: tenant.environment.clone(),
    };
    Ok(Some((page, tenant)))
}

/// Any panel sends any name, a colleague's too.
async fn unproven_name(unit: &mut Unit, row: &SignIn) -> Answered<String> {
    let session = unit.sessions().find(row.session).await?;
    let shown = session.map(|session| session.screen_name).filter(|name| !name.trim().is_empty());
    Ok(shown.map_or_else(unnamed, |name| Word::PageSignInClaimed.fill(&[("name", &name)])))
}

fn unnamed() -> String {
    Word::PageSignInUnnamed.text().to_owned()
}

fn kept(value: String) -> Cookie<'static> {
    // The tenant sends the browser back by a cross-site navigation: `Strict` would withhold the cookie there.
    Cookie::build((COOKIE, value)).path("/").secure(true).http_only(true).same_site(SameSite::Lax).build()
}

fn used() -> Response {
    pages::notice(Word::PageFailedTitle, Word::PageLinkUsed.text())
}

fn dead() -> Response {
    pages::notice(Word::PageFailedTitle, Word::PageLinkDead.text())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_tells_nothing_about_the_cookie_and_differs_for_each() {
        assert_ne!(state_of("a"), state_of("b"));
        assert!(!state_of("cookie").contains("cookie"));
        assert_eq!(state_of("a").len(), 43);
    }
}
