//! `GET /zoom/install`: begins the Marketplace (web) installation (`zoom.md` 4.1).

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sidelight_api::ErrorCode;
use sidelight_domain::ids::ZoomClientId;
use sidelight_outbound::Pkce;
use url::Url;

use crate::app::{App, zoom_client};
use crate::chance::secret_text;
use crate::http::{Answered, ClientIp, Query};

/// Ties the callback to the browser that began. The prefix keeps other hosts and plain http from planting it (RFC 6265bis, 4.1.3.2).
pub(super) const COOKIE: &str = "__Host-sidelight-install";

/// What may stand in the address.
#[derive(Deserialize)]
pub(crate) struct Wanted {
    /// Which of our apps: development and production have client ids of their own. The first one, if it is not said.
    client_id: Option<ZoomClientId>,
}

/// What the browser keeps for us on the way to Zoom and back.
pub(super) struct Begun {
    pub(super) state: String,
    pub(super) verifier: SecretString,
    pub(super) client_id: ZoomClientId,
}

/// Where to install the app that a panel was opened with.
#[must_use]
pub fn link(app: &App, client_id: &ZoomClientId) -> Url {
    let mut link = app.config.server.link("/zoom/install");
    if app.config.zoom.apps.first().is_some_and(|first| first.client_id != *client_id) {
        link.query_pairs_mut().append_pair("client_id", client_id.as_str());
    }
    link
}

/// Sends the browser to Zoom's consent page.
///
/// State and PKCE verifier stay in the browser's cookie rather than with us: whoever calls back without it began nothing.
pub(crate) async fn begin(
    State(app): State<App>,
    ip: ClientIp,
    jar: CookieJar,
    Query(wanted): Query<Wanted>,
) -> Answered<Response> {
    app.limits.addresses.take(&ip)?;
    let zoom_app = match &wanted.client_id {
        Some(client_id) => app.zoom_app(client_id),
        None => app.config.zoom.apps.first(),
    };
    let zoom_app = zoom_app.ok_or(ErrorCode::NotFound)?;
    let mut entropy = [0; 32];
    app.ids.fill(&mut entropy);
    let pkce = Pkce::s256(entropy);
    let begun =
        Begun { state: secret_text(app.ids.as_ref()), verifier: pkce.verifier, client_id: zoom_app.client_id.clone() };
    let redirect = app.config.server.link("/zoom/callback");
    let target = app.zoom_oauth.authorize_url(&zoom_client(zoom_app), &redirect, &begun.state, Some(&pkce.challenge));
    Ok((jar.add(cookie(begun.write())), Redirect::to(target.as_str())).into_response())
}

impl Begun {
    /// Neither base64url nor what a cookie may hold has a dot of its own; the client id comes last and may have some.
    fn write(&self) -> String {
        format!("{}.{}.{}", self.state, self.verifier.expose_secret(), self.client_id)
    }

    /// What this browser began, if it began anything.
    pub(super) fn read(jar: &CookieJar) -> Option<Self> {
        let mut parts = jar.get(COOKIE)?.value().splitn(3, '.').map(str::to_owned);
        let (state, verifier, client_id) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self { state, verifier: verifier.into(), client_id: ZoomClientId::new(client_id) })
    }
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
