//! `GET /zoom/callback`: the way back from Zoom's consent page (`zoom.md` 4.1).

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use sidelight_api::event::Event;
use sidelight_domain::ids::{OrganisationId, ZoomAccountId};
use sidelight_domain::words::Word;
use sidelight_store::NewInstallation;
use sidelight_zoom::rest::Me;
use sidelight_zoom::{Error, Tokens};
use subtle::ConstantTimeEq;

use super::install;
use crate::app::{App, zoom_client};
use crate::config::ZoomApp;
use crate::http::{Answered, ClientIp, Query};
use crate::pages;
use crate::record::Record as _;

/// What Zoom sends the browser back with.
#[derive(Deserialize)]
pub(crate) struct Returned {
    code: Option<SecretString>,
    state: Option<String>,
    error: Option<String>,
}

/// Finishes the installation that this browser began.
pub(crate) async fn finish(
    State(app): State<App>,
    ip: ClientIp,
    jar: CookieJar,
    Query(returned): Query<Returned>,
) -> Answered<Response> {
    app.limits.addresses.take(&ip)?;
    if returned.error.is_some() {
        return Ok((jar.add(install::spent()), pages::notice(Word::PageDeclinedTitle, Word::PageDeclinedText.text()))
            .into_response());
    }
    let (Some(code), Some(verifier)) = (returned.code, verifier(&jar, returned.state.as_deref())) else {
        // From the Marketplace's own "Add" button the browser arrives with a code that we did not ask for: a code without our
        // state could be somebody else's, so it is dropped and the flow begun anew (`zoom.md` 4.1).
        return Ok(Redirect::to("/zoom/install").into_response());
    };
    let Some(zoom_app) = app.config.zoom.apps.first() else {
        return Err(sidelight_api::ErrorCode::NotFound.into());
    };
    let page = match exchange(&app, zoom_app, &code, &verifier).await {
        Ok((me, tokens)) => remember(&app, zoom_app, me, tokens).await?,
        Err(error) => {
            tracing::warn!(error = %error, "A Zoom installation failed.");
            let text = if error.is_transient() { Word::PageZoomDown } else { Word::PageZoomRefused };
            pages::notice(Word::PageFailedTitle, text.text())
        }
    };
    Ok((jar.add(install::spent()), page).into_response())
}

/// The PKCE verifier, if this browser began the flow with exactly this state.
fn verifier(jar: &CookieJar, state: Option<&str>) -> Option<SecretString> {
    let (expected, verifier) = jar.get(install::COOKIE)?.value().split_once('.')?;
    let is_same: bool = expected.as_bytes().ct_eq(state?.as_bytes()).into();
    is_same.then(|| SecretString::from(verifier))
}

async fn exchange(
    app: &App,
    zoom_app: &ZoomApp,
    code: &SecretString,
    verifier: &SecretString,
) -> Result<(Me, Tokens), Error> {
    let redirect = app.config.server.link("/zoom/callback");
    let tokens = app.zoom_oauth.exchange_code(&zoom_client(zoom_app), code, redirect.as_str(), Some(verifier)).await?;
    let me = app.zoom.me(&tokens.access).await?;
    Ok((me, tokens))
}

async fn remember(app: &App, zoom_app: &ZoomApp, me: Me, tokens: Tokens) -> Answered<Response> {
    let Some(organisation) = app.organisation_of(&zoom_app.client_id, me.account.as_ref()) else {
        return Ok(pages::notice(Word::PageFailedTitle, Word::PageNotOurs.text()));
    };
    let access = tokens.access.clone();
    store(app, organisation, zoom_app, me, tokens).await?;
    // The link opens the client; without it the page says how to get there by hand.
    let link = app.zoom.deeplink(&access, None).await.ok();
    Ok(pages::installed(link.as_ref()))
}

async fn store(app: &App, organisation: OrganisationId, zoom_app: &ZoomApp, me: Me, tokens: Tokens) -> Answered<()> {
    let mut unit = app.store.begin(organisation).await?;
    let person = unit.installations().save_install(installation(app, zoom_app, me, tokens)).await?;
    unit.note(Some(&person), "zoom.installed", &person, &json!({}));
    unit.tell(&person, &Event::Standing);
    unit.commit().await?;
    app.sessions.forget_person(&person);
    metrics::counter!("zoom_installations_total").increment(1);
    Ok(())
}

fn installation(app: &App, zoom_app: &ZoomApp, me: Me, tokens: Tokens) -> NewInstallation {
    NewInstallation {
        zoom_user: me.id,
        account: me.account.unwrap_or_else(|| ZoomAccountId::new("")),
        name: me.name,
        // An address that Zoom did not verify proves nothing.
        email: me.email.filter(|_| me.is_verified),
        client_id: zoom_app.client_id.clone(),
        scope: tokens.scopes.join(" "),
        api_url: tokens.api_url.map(String::from).unwrap_or_default(),
        tokens: sidelight_store::Tokens {
            access: tokens.access,
            refresh: Some(tokens.refresh),
            expires_at: app.clock.now().after(tokens.expires_in),
        },
    }
}
