//! `GET /zoom/install`: begins the Marketplace (web) installation (`zoom.md` 4.1).

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use secrecy::ExposeSecret;
use sidelight_outbound::Pkce;

use crate::app::{App, zoom_client};
use crate::chance::secret_text;
use crate::http::{Answered, ClientIp};

/// Ties the callback to the browser that began. The prefix keeps other hosts and plain http from planting it (RFC 6265bis, 4.1.3.2).
pub(super) const COOKIE: &str = "__Host-sidelight-install";

/// Sends the browser to Zoom's consent page.
///
/// State and PKCE verifier stay in the browser's cookie rather than with us: whoever calls back without it began nothing.
pub(crate) async fn begin(State(app): State<App>, ip: ClientIp, jar: CookieJar) -> Answered<Response> {
    app.limits.addresses.take(&ip)?;
    let Some(zoom_app) = app.config.zoom.apps.first() else {
        return Err(sidelight_api::ErrorCode::NotFound.into());
    };
    let mut entropy = [0; 32];
    app.ids.fill(&mut entropy);
    let pkce = Pkce::s256(entropy);
    let state = secret_text(app.ids.as_ref());
    let redirect = app.config.server.link("/zoom/callback");
    let target = app.zoom_oauth.authorize_url(&zoom_client(zoom_app), &redirect, &state, Some(&pkce.challenge));
    let jar = jar.add(cookie(format!("{state}.{}", pkce.verifier.expose_secret())));
    Ok((jar, Redirect::to(target.as_str())).into_response())
}

fn cookie(value: String) -> Cookie<'static> {
    Cookie::build((COOKIE, value))
        .path("/")
        .secure(true)
        .http_only(true)
        // The way back from Zoom is a cross-site navigation: `Strict` would withhold the cookie there.
        .same_site(SameSite::Lax)
        .build()
}

/// Takes the cookie away once it has served.
pub(super) fn spent() -> Cookie<'static> {
    let mut cookie = cookie(String::new());
    cookie.make_removal();
    cookie
}
