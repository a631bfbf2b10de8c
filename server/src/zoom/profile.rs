//! Asks Zoom again who somebody is, when his token has run out since the last time: names and addresses change, and an
//! authorisation may have been taken back without a webhook reaching us.

use serde_json::json;
use sidelight_api::event::Event;
use sidelight_domain::ids::OrganisationId;
use sidelight_store::PersonKey;

use super::keeper::{KeeperError, access_token};
use crate::app::App;
use crate::record::Record as _;

/// Renews the profile in the background, if it is due. The verified address decides whether a sign-in needs a code, so it must not
/// grow old.
pub fn renew(app: &App, organisation: OrganisationId, person: PersonKey) {
    let app = app.clone();
    app.tasks.clone().spawn(async move {
        match renewed(&app, organisation, &person).await {
            Ok(()) => {}
            Err(error) if error.needs_authorisation() => {}
            Err(error) => tracing::info!(error = %error, "A Zoom profile could not be renewed."),
        }
    });
}

async fn renewed(app: &App, organisation: OrganisationId, person: &PersonKey) -> Result<(), KeeperError> {
    let mut unit = app.store.read(organisation).await?;
    let Some(held) = unit.installations().find(person).await? else { return Ok(()) };
    drop(unit);
    if held.tokens.as_ref().is_none_or(|tokens| tokens.expires_at > app.clock.now()) {
        return Ok(());
    }
    let token = access_token(app, organisation, person).await?;
    let me = app.zoom.me(&token).await.map_err(KeeperError::Zoom)?;
    let email = me.email.filter(|_| me.is_verified);
    if me.id != held.zoom_user || (me.name == held.name && email == held.email) {
        return Ok(());
    }
    let mut unit = app.store.begin(organisation).await?;
    if !unit.installations().renew_profile(person, &me.name, email.as_ref()).await? {
        return Ok(());
    }
    unit.note(None, "zoom.profile_renewed", person, &json!({}));
    unit.tell(person, &Event::Standing);
    unit.commit().await?;
    Ok(())
}
