//! From fresh Zoom tokens to an installation: whose they are, which organisation that is, and what may be asked with them.

use secrecy::SecretString;
use serde_json::json;
use sidelight_api::event::Event;
use sidelight_domain::ids::{OrganisationId, ZoomAccountId, ZoomUserId};
use sidelight_domain::permission::{self, Permission};
use sidelight_store::NewInstallation;
use sidelight_zoom::rest::Me;
use sidelight_zoom::{Error, Tokens};

use crate::app::{App, zoom_client};
use crate::config::ZoomApp;
use crate::http::Answered;
use crate::record::Record as _;

/// What came of it.
pub(super) enum Attached {
    /// The app is installed for its person.
    Done {
        /// Opens Zoom's API.
        access: SecretString,
        /// What the person did not allow.
        declined: Vec<Permission>,
    },
    /// The person's account belongs to no organisation here.
    NotOurs,
    /// The tokens are not those of the person who should have brought them.
    SomebodyElse,
    /// Zoom did not say whose they are.
    Failed(Error),
}

/// Asks whose the tokens are and keeps them. Where somebody is `expected`, nobody else's are taken: a panel must not end up with an
/// authorisation of another Zoom user.
pub(super) async fn attach(
    app: &App,
    zoom_app: &ZoomApp,
    tokens: Tokens,
    expected: Option<&ZoomUserId>,
) -> Answered<Attached> {
    let me = match app.zoom.me(&tokens.access).await {
        Ok(me) => me,
        Err(error) => return Ok(Attached::Failed(error)),
    };
    if expected.is_some_and(|expected| *expected != me.id) {
        // They are of no use to us, so they should be of none to anybody. If that fails they run out by themselves.
        drop(app.zoom_oauth.revoke(&zoom_client(zoom_app), &tokens.access).await);
        return Ok(Attached::SomebodyElse);
    }
    let Some(organisation) = app.organisation_of(&zoom_app.client_id, me.account.as_ref()) else {
        return Ok(Attached::NotOurs);
    };
    let access = tokens.access.clone();
    let declined = permission::declined(tokens.scopes.iter().map(String::as_str));
    keep(app, organisation, zoom_app, me, tokens, &declined).await?;
    Ok(Attached::Done { access, declined })
}

async fn keep(
    app: &App,
    organisation: OrganisationId,
    zoom_app: &ZoomApp,
    me: Me,
    tokens: Tokens,
    declined: &[Permission],
) -> Answered<()> {
    let mut unit = app.store.begin(organisation).await?;
    let person = unit.installations().save_install(installation(app, zoom_app, me, tokens)).await?;
    unit.note(Some(&person), "zoom.installed", &person, &json!({ "declined": declined }));
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
