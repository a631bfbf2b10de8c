//! `GET /gainsight/callback`: the way back from the tenant's login window.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::json;
use sidelight_api::event::Event;
use sidelight_api::sign_in::{Account, Failure};
use sidelight_domain::EmailAddress;
use sidelight_domain::ids::OrganisationId;
use sidelight_domain::words::Word;
use sidelight_gainsight::{Access, Credential, Error, Tokens};
use sidelight_store::{Digest, SignIn};
use subtle::ConstantTimeEq as _;
use url::Url;

use super::attach::{KeptTokens, attach};
use super::code::Codes;
use super::identity::{Identity, identify};
use super::step::{CODE_NEEDED, EXCHANGING, LINK_OPENED, fail};
use super::way::{COOKIE, state_of};
use crate::app::App;
use crate::chance::code;
use crate::config::Tenant;
use crate::gainsight::application;
use crate::http::{Answered, ClientIp, Query, Refusal};
use crate::pages;
use crate::record::Record as _;

/// What the tenant sends the browser back with (RFC 6749, 4.1.2; RFC 9207).
#[derive(Deserialize)]
pub(crate) struct Returned {
    pub(super) code: Option<SecretString>,
    pub(super) state: Option<String>,
    pub(super) error: Option<String>,
    pub(super) iss: Option<String>,
}

impl Returned {
    /// Whether nothing speaks against this server's having sent it: another authorisation server's answer must not be taken to this one's
    /// token endpoint (RFC 9207, 2.4).
    pub(super) fn is_from(&self, server: &Url) -> bool {
        let is_server = |issuer| Url::parse(issuer).is_ok_and(|issuer| issuer.origin() == server.origin());
        self.iss.as_deref().is_none_or(is_server)
    }
}

/// Takes the code, finds out who signed in, and ties it to the panel that asked.
pub(crate) async fn finish(
    State(app): State<App>,
    ip: ClientIp,
    jar: CookieJar,
    Query(returned): Query<Returned>,
) -> Answered<Response> {
    app.limits.addresses.take(&ip)?;
    let Some(cookie) = own_cookie(&jar, returned.state.as_deref()) else {
        return Ok(notice(Word::PageOtherBrowser, ""));
    };
    let Some(Claimed { organisation, mut row, zoom_email }) = claim(&app, &cookie, Account::Gainsight).await? else {
        return Ok(notice(Word::PageLinkDead, ""));
    };
    let Some(tenant) = app.tenant(organisation, &row.tenant) else { return Ok(notice(Word::PageLinkDead, "")) };
    let outcome = match (&returned.code, &returned.error) {
        (_, Some(_)) => Err(Failure::Declined),
        _ if !returned.is_from(&tenant.base) => Err(Failure::ApplicationRefused),
        (Some(code), None) => exchange(&app, &tenant, &row, code, zoom_email.as_ref()).await,
        (None, None) => Err(Failure::ApplicationRefused),
    };
    match outcome {
        Ok((identity, tokens)) => {
            let kept = Some(KeptTokens::of(&app, tokens));
            welcome(&app, organisation, &mut row, &tenant, identity, kept, zoom_email.as_ref()).await
        }
        Err(why) => {
            let mut unit = app.store.begin(organisation).await?;
            fail(&mut unit, &mut row, why, app.clock.now()).await?;
            unit.commit().await?;
            Ok(notice(explained(why), &tenant.name))
        }
    }
}

/// A sign-in that one callback has to itself.
pub(super) struct Claimed {
    pub(super) organisation: OrganisationId,
    pub(super) row: SignIn,
    /// What Zoom verified for who asked.
    pub(super) zoom_email: Option<EmailAddress>,
}

/// The cookie, if the state belongs to it.
pub(super) fn own_cookie(jar: &CookieJar, state: Option<&str>) -> Option<String> {
    let cookie = jar.get(COOKIE)?.value();
    let is_same: bool = state_of(cookie).as_bytes().ct_eq(state?.as_bytes()).into();
    is_same.then(|| cookie.to_owned())
}

/// Takes the sign-in for this one callback: the browser's back button must not spend the code twice.
pub(super) async fn claim(app: &App, cookie: &str, account: Account) -> Answered<Option<Claimed>> {
    let state = Digest::of(state_of(cookie));
    let Some(organisation) = app.store.locate_state(&state).await? else { return Ok(None) };
    let mut unit = app.store.begin(organisation).await?;
    let Some(mut row) = unit.sign_ins().find_by_state(&state).await? else { return Ok(None) };
    // Another authorisation server's way back is not this one's (RFC 9700, 4.4).
    let is_meant = row.cookie == Some(Digest::of(cookie)) && row.account == account.as_str();
    if !row.is_open(app.clock.now()) || row.step != LINK_OPENED || !is_meant {
        return Ok(None);
    }
    let installation =
        unit.installations().find(&row.person).await?.filter(|installation| installation.removed_at.is_none());
    EXCHANGING.clone_into(&mut row.step);
    unit.sign_ins().save(&row).await?;
    unit.note(Some(&row.person), "sign_in.returned", &row.id, &json!({}));
    unit.commit().await?;
    let zoom_email = installation.and_then(|installation| installation.email);
    Ok(Some(Claimed { organisation, row, zoom_email }))
}

async fn exchange(
    app: &App,
    tenant: &Tenant,
    row: &SignIn,
    code: &SecretString,
    zoom_email: Option<&EmailAddress>,
) -> Result<(Identity, Tokens), Failure> {
    let tokens =
        app.gainsight.exchange_code(&tenant.base, &application(app, tenant), code, row.verifier.as_ref()).await;
    let tokens = tokens.map_err(|error| told(&error))?;
    let credential = Credential::User(tokens.access.clone());
    let gainsight = Access::new(&tenant.base, &credential);
    let identity = identify(app, &gainsight, &row.username, zoom_email).await.map_err(|error| told(&error))??;
    Ok((identity, tokens))
}

fn told(error: &Error) -> Failure {
    tracing::warn!(error = %error, "A Gainsight sign-in failed.");
    if error.is_transient() { Failure::TenantDown } else { Failure::ApplicationRefused }
}

/// Signs in at once where the tenant and Zoom both name the same person; else shows the code that the panel asks for.
pub(super) async fn welcome(
    app: &App,
    organisation: OrganisationId,
    row: &mut SignIn,
    tenant: &Tenant,
    identity: Identity,
    kept: Option<KeptTokens>,
    zoom_email: Option<&EmailAddress>,
) -> Answered<Response> {
    let mut unit = app.store.begin(organisation).await?;
    let name = identity.name.clone();
    let (stands, shown) = if identity.is_proven_for(zoom_email) {
        (attach(app, &mut unit, row, identity, kept.as_ref()).await?, None)
    } else {
        let code = code(app.ids.as_ref());
        row.code = Some(Codes::of(app).digest(row.id, &code));
        row.identity = Some(serde_json::to_string(&identity).map_err(Refusal::internal)?);
        row.tokens = kept.as_ref().map(KeptTokens::sealed).transpose().map_err(Refusal::internal)?;
        CODE_NEEDED.clone_into(&mut row.step);
        let stands = unit.sign_ins().save(row).await?;
        unit.note(Some(&row.person), "sign_in.code_shown", &row.id, &json!({}));
        unit.tell(&row.person, &Event::SignIn { id: row.id });
        (stands, Some(code))
    };
    if !stands {
        return Ok(notice(Word::PageLinkDead, ""));
    }
    unit.commit().await?;
    app.sessions.forget_person(&row.person);
    app.wake.outbox.notify_one();
    Ok(pages::signed_in(&name, &tenant.name, shown.as_deref()).into_response())
}

pub(super) fn notice(text: Word, tenant: &str) -> Response {
    pages::notice(Word::PageFailedTitle, &text.fill(&[("tenant", tenant)]))
}

pub(super) fn explained(why: Failure) -> Word {
    match why {
        Failure::Declined => Word::PageSignInDeclined,
        Failure::UnknownUser => Word::PageUnknownUser,
        Failure::Inactive => Word::PageInactive,
        Failure::NoLicence => Word::PageNoLicence,
        Failure::IdentityUnproven => Word::PageIdentityUnproven,
        Failure::TenantDown => Word::PageTenantDown,
        Failure::ApplicationRefused => Word::PageApplicationRefused,
        Failure::Expired | Failure::WrongCode | Failure::Replaced => Word::PageLinkDead,
    }
}

/// The refresh token is as secret as the access token; both leave this module sealed or not at all.
impl KeptTokens {
    fn of(app: &App, tokens: Tokens) -> Self {
        Self {
            access: tokens.access.expose_secret().to_owned(),
            refresh: tokens.refresh.map(|token| token.expose_secret().to_owned()),
            expires_at: crate::gainsight::expiry(app, tokens.expires_in),
        }
    }
}
