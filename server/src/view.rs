//! What a person chose in a meeting: entity, tab, theme. Kept here, so that a pop-out, a reload and a second device find it again.

use serde::{Deserialize, Serialize};
use serde_json::json;
use sidelight_api::ErrorCode;
use sidelight_api::entity::{Entity, Facts};
use sidelight_api::event::Event;
use sidelight_api::session::{ChosenBy, Tab, Theme, View, ViewChange};
use sidelight_domain::access::Action;
use sidelight_domain::ids::MeetingUuid;
use sidelight_store::{PersonKey, Unit};

use crate::app::App;
use crate::gainsight;
use crate::http::{Answered, Caller};
use crate::record::Record as _;

/// A row of the store. The theme belongs to the person, the rest to the person in one meeting.
#[derive(Default, Deserialize, Serialize)]
struct Kept {
    #[serde(default)]
    selected: Option<Entity>,
    #[serde(default)]
    chosen_by: Option<ChosenBy>,
    #[serde(default)]
    tab: Tab,
    #[serde(default)]
    theme: Theme,
}

/// What the caller chose here earlier, with the entity's facts as fresh as they are at hand. Guests have nothing kept.
///
/// # Errors
/// A refusal of the database.
pub async fn load(app: &App, caller: &Caller) -> Answered<View> {
    let Some(person) = caller.session.person.as_ref() else { return Ok(View::default()) };
    let mut unit = app.store.read(caller.organisation).await?;
    let mut view = read(&mut unit, person, caller.meeting()).await?;
    drop(unit);
    view.selected = match view.selected {
        Some(entity) => refreshed(app, caller, entity).await,
        None => None,
    };
    Ok(view)
}

/// An entity as it is known now. One in a tenant that the caller has left, or that his list does not show any more, is customer data
/// that is no longer for him.
async fn refreshed(app: &App, caller: &Caller, entity: Entity) -> Option<Entity> {
    let access = caller.enter(app, &entity.reference.tenant, Action::SearchEntities).ok()?;
    match gainsight::at_hand(app, &access).await {
        Some(portfolio) => portfolio.find(&entity.reference).cloned(),
        None => Some(entity),
    }
}

/// What is kept of an entity: which one, and its name. Figures are Gainsight's and are not kept (design 5).
fn without_facts(entity: &Entity) -> Entity {
    Entity { facts: Facts::default(), ..entity.clone() }
}

async fn read(unit: &mut Unit, person: &PersonKey, meeting: Option<&MeetingUuid>) -> Answered<View> {
    let own = kept(unit, person, None).await?;
    let theme = own.theme;
    let here = if meeting.is_some() { kept(unit, person, meeting).await? } else { own };
    Ok(View { selected: here.selected, chosen_by: here.chosen_by, tab: here.tab, theme })
}

async fn kept(unit: &mut Unit, person: &PersonKey, meeting: Option<&MeetingUuid>) -> Answered<Kept> {
    let text = unit.views().find(person, meeting).await?;
    // A row of an older version that cannot be read any more is no reason to show nothing.
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

async fn keep(unit: &mut Unit, person: &PersonKey, meeting: Option<&MeetingUuid>, kept: &Kept) -> Answered<()> {
    let text = serde_json::to_string(kept).map_err(crate::http::Refusal::internal)?;
    unit.views().save(person, meeting, &text).await?;
    Ok(())
}

/// Keeps what the viewer chose.
///
/// # Errors
/// `entity_unknown` for a company or relationship that the viewer may not see.
pub async fn change(app: &App, caller: &Caller, change: ViewChange) -> Answered<View> {
    let person = *caller.person()?;
    let chosen = match &change.select {
        Some(reference) => Some(find(app, caller, reference).await?),
        None => None,
    };
    let mut unit = app.store.begin(caller.organisation).await?;
    if let Some(theme) = change.theme {
        let own = kept(&mut unit, &person, None).await?;
        keep(&mut unit, &person, None, &Kept { theme, ..own }).await?;
    }
    let mut here = kept(&mut unit, &person, caller.meeting()).await?;
    if let Some(entity) = &chosen {
        unit.views().note_chosen(&person, &entity.reference, &entity.name).await?;
        here.selected = Some(without_facts(entity));
        here.chosen_by = Some(ChosenBy::Viewer);
    }
    here.tab = change.tab.unwrap_or(here.tab);
    keep(&mut unit, &person, caller.meeting(), &here).await?;
    unit.note(Some(&person), "view.changed", &caller.session.id, &json!({ "select": change.select }));
    unit.tell(&person, &Event::View);
    let view = read(&mut unit, &person, caller.meeting()).await?;
    unit.commit().await?;
    Ok(view)
}

async fn find(app: &App, caller: &Caller, reference: &sidelight_domain::EntityRef) -> Answered<Entity> {
    let access = caller.enter(app, &reference.tenant, Action::SearchEntities)?;
    let held = gainsight::portfolio(app, &access).await?;
    if let Some(entity) = held.value.find(reference) {
        return Ok(entity.clone());
    }
    // Made a moment ago, perhaps: look once more before saying no.
    let renewed =
        gainsight::renew_portfolio(app, &access, std::time::Duration::from_secs(5), gainsight::Urgency::Interactive)
            .await?;
    renewed.value.find(reference).cloned().ok_or_else(|| ErrorCode::EntityUnknown.into())
}

/// Selects a clear suggestion, once: never over a choice that is there already, whoever made it.
///
/// # Errors
/// A refusal of the database.
pub async fn suggest(app: &App, caller: &Caller, entity: &Entity, chosen_by: ChosenBy) -> Answered<()> {
    let person = *caller.person()?;
    let mut unit = app.store.begin(caller.organisation).await?;
    let mut here = kept(&mut unit, &person, caller.meeting()).await?;
    if here.selected.is_some() {
        return Ok(());
    }
    here.selected = Some(without_facts(entity));
    here.chosen_by = Some(chosen_by);
    keep(&mut unit, &person, caller.meeting(), &here).await?;
    unit.views().note_chosen(&person, &entity.reference, &entity.name).await?;
    unit.note(None, "view.suggested", &caller.session.id, &json!({ "select": entity.reference }));
    unit.tell(&person, &Event::View);
    unit.commit().await?;
    Ok(())
}
