//! Deletes everything of a person, and leaves the proof that it was done (`zoom.md` 6.5).

use serde_json::{Value, json};
use sidelight_api::event::Event;
use sidelight_domain::ids::{GrantId, OrganisationId, ZoomUserId};
use sidelight_store::{Erased, Unit, VISITORS};

use crate::app::App;
use crate::record::Record as _;

/// What was deleted, for those who have to know once it is certain.
#[derive(Debug)]
pub(super) struct Erasure {
    rows: Erased,
    grants: Vec<GrantId>,
}

/// Deletes in a unit of its own, among the organisation's data and among the visitors'.
pub(super) async fn everything_of(
    app: &App,
    organisation: OrganisationId,
    user: &ZoomUserId,
    action: &str,
    details: Value,
) -> Result<(), sidelight_store::Error> {
    let mut unit = app.store.begin(organisation).await?;
    let erasure = within(&mut unit, user, action, details).await?;
    unit.commit().await?;
    finish(app, organisation, user, erasure).await
}

/// Deletes in the unit of whoever knows why. The audit log keeps how much it was, and whom it was about as a keyed digest.
pub(super) async fn within(
    unit: &mut Unit,
    user: &ZoomUserId,
    action: &str,
    mut details: Value,
) -> Result<Erasure, sidelight_store::Error> {
    let person = unit.person_key(user);
    let grants = unit.grants().list(&person).await?.into_iter().map(|grant| grant.id).collect();
    unit.sessions().end_all_of(&person, "app removed").await?;
    let rows = unit.people().erase(&person).await?;
    details["deleted"] = json!(rows);
    // After the deletion, which takes out what the log said about him before.
    unit.note(None, action, &person, &details);
    unit.tell(&person, &Event::SessionEnded);
    Ok(Erasure { rows, grants })
}

/// Once the unit is committed: what this process remembers goes too, and what he left as a visitor, before anybody knew whose he is.
pub(super) async fn finish(
    app: &App,
    organisation: OrganisationId,
    user: &ZoomUserId,
    erasure: Erasure,
) -> Result<(), sidelight_store::Error> {
    let person = app.store.person_key(organisation, user).await?;
    app.sessions.forget_person(&person);
    app.plans.forget(organisation, &person).await;
    for grant in erasure.grants {
        app.tenants.forget(grant);
    }
    if organisation != VISITORS {
        let mut unit = app.store.begin(VISITORS).await?;
        let visitor = unit.person_key(user);
        let rows = unit.people().erase(&visitor).await?;
        if rows != Erased::default() {
            unit.note(None, "erased.app_removed", &visitor, &json!({ "deleted": rows }));
            unit.commit().await?;
            app.sessions.forget_person(&visitor);
        }
    }
    metrics::counter!("zoom_removals_total").increment(1);
    tracing::info!(rows = ?erasure.rows, "A person removed the app; what belonged to him was deleted.");
    Ok(())
}
