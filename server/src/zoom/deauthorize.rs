//! `app_deauthorized`: the person removed the app, so what we keep of him goes (`zoom.md` 6.5).

use std::time::Duration;

use serde_json::json;
use sidelight_domain::ids::OrganisationId;
use sidelight_store::{Delivery, PersonKey, Unit};
use sidelight_zoom::webhook::Deauthorization;

use super::erase;
use crate::app::App;
use crate::record::Record as _;

/// A context from before the removal opens panels for about two minutes more; one that is opened later proves that its person has
/// the app again (`zoom.md` 5.3).
const CONTEXT_LIFE: Duration = Duration::from_mins(5);

/// Deletes, unless the app was installed again since, or the message is about another app or account.
pub(super) async fn erase(
    app: &App,
    organisation: OrganisationId,
    delivery: &Delivery,
    removed: &Deauthorization,
) -> Result<(), sidelight_store::Error> {
    let mut unit = app.store.begin(organisation).await?;
    unit.inbox().done(&delivery.digest).await?;
    let person = unit.person_key(&removed.user);
    if let Some(why) = reason_to_keep(&mut unit, &person, delivery, removed).await? {
        unit.note(None, "zoom.removal_ignored", &person, &json!({ "because": why }));
        return unit.commit().await;
    }
    let erasure = erase::within(&mut unit, &removed.user, "erased.app_removed", json!({})).await?;
    unit.commit().await?;
    erase::finish(app, organisation, &removed.user, erasure).await
}

/// Retries come for more than an hour: what arrives after a new installation is about the old one.
async fn reason_to_keep(
    unit: &mut Unit,
    person: &PersonKey,
    delivery: &Delivery,
    removed: &Deauthorization,
) -> Result<Option<&'static str>, sidelight_store::Error> {
    if let Some(held) = unit.installations().find(person).await? {
        if held.client_id != removed.client_id {
            return Ok(Some("it is about another app"));
        }
        if held.account != removed.account {
            return Ok(Some("it is about another account"));
        }
        if held.installed_at > delivery.event_at {
            return Ok(Some("the app was installed again since"));
        }
    }
    // Added again in the client there is a panel, and no new authorisation yet.
    let since = delivery.event_at.after(CONTEXT_LIFE);
    let is_used = unit.sessions().was_opened_since(person, &removed.client_id, since).await?;
    Ok(is_used.then_some("the app is used again since"))
}
