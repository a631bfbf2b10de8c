//! `GET /signin/{one-time}`: who asks for the sign-in, and the way on to the tenant.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use serde_json::json;
use sidelight_api::event::Event;
use sidelight_domain::ids::OrganisationId;
use sidelight_domain::words::Word;
use sidelight_store::{Digest, SignIn, Unit};
use url::Url;

use super::directory::entered_from_salesforce;
use super::step::LINK_OPENED;
use super::way::{COOKIE, is_salesforce, prepare, state_of, ways};
use crate::app::App;
use crate::chance::secret_text;
use crate::config::Tenant;
use crate::http::{Answered, ClientIp};
use crate::pages::{self, Asking};
use crate::record::Record as _;

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
        prepare(&app, &tenant, &mut row, &cookie);
        let ways = ways(&app, &tenant, &row, &cookie);
        unit.sign_ins().save(&row).await?;
        unit.note(Some(&row.person), "sign_in.link_opened", &row.id, &json!({}));
        unit.tell(&row.person, &Event::SignIn { id: row.id });
        unit.commit().await?;
        return Ok((jar.add(kept(cookie)), page.shown(&ways)).into_response());
    }
    Ok(again(&app, unit, &jar, organisation).await?.unwrap_or_else(used))
}

/// The page once more, for the browser that opened the link.
async fn again(app: &App, mut unit: Unit, jar: &CookieJar, organisation: OrganisationId) -> Answered<Option<Response>> {
    let Some(cookie) = jar.get(COOKIE).map(|cookie| cookie.value().to_owned()) else { return Ok(None) };
    let Some(row) = unit.sign_ins().find_by_state(&Digest::of(state_of(&cookie))).await? else { return Ok(None) };
    if !row.is_open(app.clock.now()) || row.step != LINK_OPENED || unit.organisation() != organisation {
        return Ok(None);
    }
    let Some((page, tenant)) = asking(app, &mut unit, &row).await? else { return Ok(None) };
    Ok(Some(page.shown(&ways(app, &tenant, &row, &cookie))))
}

/// What the page says; owned, since it outlives the unit.
struct Page {
    name: String,
    email: Option<String>,
    organisation: String,
    tenant: String,
    /// Host and environment of each tenant that it may lead to.
    domains: Vec<String>,
}

impl Page {
    fn shown(&self, ways: &[Url]) -> Response {
        let asking = Asking {
            name: &self.name,
            email: self.email.as_deref(),
            organisation: &self.organisation,
            tenant: &self.tenant,
            domains: &self.domains,
        };
        pages::asking(&asking, ways)
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
    // Which of several tenants it is, only the login at Salesforce tells.
    let tenants = if is_salesforce(row) {
        entered_from_salesforce(app, organisation)
    } else {
        vec![std::sync::Arc::clone(&tenant)]
    };
    let names: Vec<_> = tenants.iter().map(|tenant| tenant.name.as_str()).collect();
    let page = Page {
        name,
        email,
        organisation: app.organisation_name(organisation).to_owned(),
        tenant: names.join(", "),
        domains: tenants.iter().map(|tenant| format!("{} ({})", tenant.host, tenant.environment)).collect(),
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
