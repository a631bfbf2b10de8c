//! `app_deauthorized`: the person removed the app, so what we keep of him goes (`zoom.md` 6.5).

use serde_json::json;
use sidelight_api::event::Event;
use sidelight_domain::ids::OrganisationId;
use sidelight_store::Delivery;
use sidelight_zoom::webhook::Deauthorization;

use crate::app::App;
use crate::record::Record as _;

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
    let installation = unit.installations().find(&person).await?;
    // Retries come for more than an hour: one that arrives after a new installation is about the old one.
    let is_meant = installation.as_ref().is_some_and(|installation| {
        installation.client_id == removed.client_id
            && installation.account == removed.account
            && installation.installed_at <= delivery.event_at
    });
    if !is_meant && installation.is_some() {
        unit.note(None, "zoom.removal_ignored", &person, &json!({}));
        return unit.commit().await;
    }
    let grants = unit.grants().list(&person).await?;
    unit.sessions().end_all_of(&person, "app removed").await?;
    let erased = unit.people().erase(&person).await?;
    unit.note(None, "zoom.removed", &person, &json!({}));
    unit.tell(&person, &Event::SessionEnded);
    unit.commit().await?;
    app.sessions.forget_person(&person);
    for grant in grants {
        app.tenants.forget(grant.id);
    }
    metrics::counter!("zoom_removals_total").increment(1);
    tracing::info!(
        installations = erased.installations,
        sign_ins = erased.grants,
        drafts = erased.drafts,
        writes = erased.writes,
        "A person removed the app; what belonged to him was deleted."
    );
    Ok(())
}
