//! The authorisation inside the Zoom client (`zoom.md` 4.3): the panel asks for a challenge, the client for consent, and the code comes
//! back through the panel.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use sidelight_api::ErrorCode;
use sidelight_api::session::{AuthorizationChallenge, AuthorizationCode};
use sidelight_domain::ids::ZoomUserId;
use sidelight_outbound::Pkce;
use sidelight_store::Digest;
use sidelight_zoom::Error;

use super::attach::{Attached, attach};
use crate::app::{App, zoom_client};
use crate::chance::secret_text;
use crate::config::{InClientPkce, ZoomApp};
use crate::http::{Answered, Caller, Refusal};

/// As long as a code lives (`zoom.md` 4.1).
const LIFETIME: Duration = Duration::from_mins(5);

/// Begins an authorisation for a panel. The verifier stays here, sealed in the session's row.
///
/// # Errors
/// `guest`: the client has no `authorize` for guests, who climb its ladder first (`zoom.md` 4.4).
pub(crate) async fn begin(app: &App, caller: &Caller) -> Answered<AuthorizationChallenge> {
    whose(app, caller)?;
    let mut entropy = [0; 32];
    app.ids.fill(&mut entropy);
    let pkce = Pkce::s256(entropy);
    let code_challenge = match app.config.zoom.in_client_pkce {
        InClientPkce::S256 => pkce.challenge,
        // The page sees the verifier then: what protects is the client secret, the state and that only one user's code is taken.
        InClientPkce::Plain => pkce.verifier.expose_secret().to_owned(),
    };
    let state = secret_text(app.ids.as_ref());
    let until = app.clock.now().after(LIFETIME);
    let mut unit = app.store.begin(caller.organisation).await?;
    unit.sessions().begin_authorization(caller.session.id, &Digest::of(&state), &pkce.verifier, until).await?;
    unit.commit().await?;
    Ok(AuthorizationChallenge { state, code_challenge })
}

/// Turns the code into an installation of the session's own person.
///
/// # Errors
/// `zoom_refused` for a state that this session did not begin, an address that is not ours, a code that Zoom does not take or that is
/// somebody else's; `zoom_down`; `no_organisation`.
pub(crate) async fn finish(app: &App, caller: &Caller, returned: AuthorizationCode) -> Answered<()> {
    let (zoom_app, user) = whose(app, caller)?;
    let mut unit = app.store.begin(caller.organisation).await?;
    let verifier = unit.sessions().take_authorization(caller.session.id, &Digest::of(&returned.state)).await?;
    unit.commit().await?;
    let verifier = verifier.filter(|_| is_ours(app, &returned.redirect_uri)).ok_or(ErrorCode::ZoomRefused)?;
    let code = SecretString::from(returned.code);
    let client = zoom_client(zoom_app);
    let exchanged = app.zoom_oauth.exchange_code(&client, &code, &returned.redirect_uri, Some(&verifier)).await;
    let tokens = exchanged.map_err(refused)?;
    match attach(app, zoom_app, tokens, Some(user)).await? {
        Attached::Done { .. } => Ok(()),
        Attached::NotOurs => Err(ErrorCode::NoOrganisation.into()),
        Attached::SomebodyElse => Err(ErrorCode::ZoomRefused.into()),
        Attached::Failed(error) => Err(refused(error)),
    }
}

/// Which app the panel was opened with, and who opened it.
fn whose<'a>(app: &'a App, caller: &'a Caller) -> Answered<(&'a ZoomApp, &'a ZoomUserId)> {
    let user = caller.session.zoom_user.as_ref().ok_or(ErrorCode::Guest)?;
    let zoom_app = app.zoom_app(&caller.session.client_id).ok_or(ErrorCode::NotFound)?;
    Ok((zoom_app, user))
}

/// The Home URL, from which the panel calls, or the registered one: samples and types disagree on which the client names.
fn is_ours(app: &App, redirect: &str) -> bool {
    ["/panel", "/zoom/callback"].iter().any(|path| app.config.server.link(path).as_str() == redirect)
}

fn refused(error: Error) -> Refusal {
    let code = if error.is_transient() { ErrorCode::ZoomDown } else { ErrorCode::ZoomRefused };
    Refusal::new(code).because(error)
}
