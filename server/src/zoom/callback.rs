//! `GET /zoom/callback`: the way back from Zoom's consent page (`zoom.md` 4.1).

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use secrecy::SecretString;
use serde::Deserialize;
use sidelight_domain::words::Word;
use subtle::ConstantTimeEq;

use super::attach::{Attached, attach};
use super::install::{self, Begun};
use crate::app::{App, zoom_client};
use crate::config::ZoomApp;
use crate::http::{Answered, ClientIp, Query};
use crate::pages;

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
    let (Some(code), Some(state)) = (returned.code, returned.state) else {
        // From the Marketplace's own "Add" button the browser arrives with a code that we did not ask for: a code without our
        // state could be somebody else's, so it is dropped and the flow begun anew (`zoom.md` 4.1).
        return Ok(Redirect::to("/zoom/install").into_response());
    };
    let begun = Begun::read(&jar).filter(|begun| begun.state.as_bytes().ct_eq(state.as_bytes()).into());
    let zoom_app = begun.as_ref().and_then(|begun| app.zoom_app(&begun.client_id));
    let (Some(begun), Some(zoom_app)) = (begun, zoom_app) else {
        // No redirect here: a browser that keeps no cookies would go round in circles.
        return Ok(pages::begin_again());
    };
    let page = exchange(&app, zoom_app, &code, &begun.verifier).await?;
    Ok((jar.add(install::spent()), page).into_response())
}

async fn exchange(app: &App, zoom_app: &ZoomApp, code: &SecretString, verifier: &SecretString) -> Answered<Response> {
    let redirect = app.config.server.link("/zoom/callback");
    let exchanged = app.zoom_oauth.exchange_code(&zoom_client(zoom_app), code, redirect.as_str(), Some(verifier)).await;
    let attached = match exchanged {
        Ok(tokens) => attach(app, zoom_app, tokens, None).await?,
        Err(error) => Attached::Failed(error),
    };
    Ok(match attached {
        Attached::Done { access, declined } => {
            // The link opens the client; without it the page says how to get there by hand.
            let link = app.zoom.deeplink(&access, None).await.ok();
            pages::installed(link.as_ref(), &declined)
        }
        Attached::NotOurs | Attached::SomebodyElse => pages::notice(Word::PageFailedTitle, Word::PageNotOurs.text()),
        Attached::Failed(error) => {
            tracing::warn!(error = %error, "A Zoom installation failed.");
            let text = if error.is_transient() { Word::PageZoomDown } else { Word::PageZoomRefused };
            pages::notice(Word::PageFailedTitle, text.text())
        }
    })
}
