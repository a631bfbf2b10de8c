//! What a person chose in a meeting: entity, tab, theme. Kept here, so that a pop-out, a reload and a second device find it again.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use serde_json::json;
use sidelight_api::ErrorCode;
use sidelight_api::entity::{Entity, Facts};
use sidelight_api::event::Event;
use sidelight_api::session::{ChosenBy, Tab, Theme, View, ViewChange};
use sidelight_api::timeline::Narrowing;
use sidelight_domain::access::Action;
use sidelight_domain::ids::MeetingUuid;
use sidelight_store::{Error, PersonKey, Unit};

use crate::app::App;
use crate::gainsight;
use crate::http::{Answered, Caller};
use crate::record::Record as _;
use crate::series::{self, Chooser};

/// A row of the store. The theme belongs to the person, the rest to the person in one meeting.
#[derive(Default, Deserialize, Serialize)]
struct Kept {
    #[serde(default)]
    selected: Option<Entity>,
    #[serde(default)]
    chosen_by: Option<ChosenBy>,
    /// Which colleague; his name is looked up when it is shown, so that it goes when he does.
    #[serde(default)]
    colleague: Option<String>,
    #[serde(default)]
    tab: Tab,
    #[serde(default)]
    theme: Theme,
    /// The call needs no note.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    needs_no_note: bool,
    #[serde(default)]
    narrowing: Narrowing,
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
    let chosen_by = named(unit, here.chosen_by, here.colleague).await?;
    Ok(View { selected: here.selected, chosen_by, tab: here.tab, theme, narrowing: here.narrowing })
}

/// What the viewer chose in each of these meetings.
///
/// # Errors
/// A refusal of the database.
pub async fn list_of(
    unit: &mut Unit,
    person: &PersonKey,
    meetings: &[MeetingUuid],
) -> Answered<HashMap<MeetingUuid, View>> {
    let mut views = HashMap::new();
    for (meeting, content) in unit.views().list_of(person, meetings).await? {
        let Ok(kept) = serde_json::from_str::<Kept>(&content) else { continue };
        let chosen_by = named(unit, kept.chosen_by, kept.colleague).await?;
        views.insert(meeting, View { selected: kept.selected, chosen_by, ..View::default() });
    }
    Ok(views)
}

/// Which of these meetings the viewer said need no note.
///
/// # Errors
/// A refusal of the database.
pub async fn set_aside(
    unit: &mut Unit,
    person: &PersonKey,
    meetings: &[MeetingUuid],
) -> Result<HashSet<MeetingUuid>, Error> {
    let views = unit.views().list_of(person, meetings).await?.into_iter();
    let needs_none = |text: &str| serde_json::from_str::<Kept>(text).is_ok_and(|kept| kept.needs_no_note);
    Ok(views.filter(|(_, text)| needs_none(text)).map(|(meeting, _)| meeting).collect())
}

/// Keeps whether a meeting needs a note.
///
/// # Errors
/// A refusal of the database.
pub async fn keep_need(unit: &mut Unit, person: &PersonKey, meeting: &MeetingUuid, is_needed: bool) -> Answered<()> {
    let here = kept(unit, person, Some(meeting)).await?;
    keep(unit, person, Some(meeting), &Kept { needs_no_note: !is_needed, ..here }).await
}

/// Puts the colleague's name in.
async fn named(unit: &mut Unit, chosen_by: Option<ChosenBy>, colleague: Option<String>) -> Answered<Option<ChosenBy>> {
    let colleague = colleague.and_then(|person| person.parse().ok());
    Ok(match (chosen_by, colleague) {
        (Some(ChosenBy::Colleague { .. }), Some(person)) => {
            Some(ChosenBy::Colleague { name: name_of(unit, &person).await? })
        }
        (chosen_by, _) => chosen_by,
    })
}

/// What a colleague is called, as Zoom proved it or else as Gainsight knows him.
///
/// # Errors
/// What the store says.
pub async fn name_of(unit: &mut Unit, person: &PersonKey) -> Result<Option<String>, Error> {
    let proven = unit.installations().find(person).await?.map(|installation| installation.name);
    if let Some(name) = proven.filter(|name| !name.is_empty()) {
        return Ok(Some(name));
    }
    Ok(unit.grants().list(person).await?.into_iter().next().map(|grant| grant.name))
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
        // Types and authors are of one tenant, and whoever turns to another customer wants to see what there is.
        if here.selected.as_ref().is_none_or(|before| before.reference != entity.reference) {
            here.narrowing = Narrowing::default();
        }
        here.selected = Some(without_facts(entity));
        (here.chosen_by, here.colleague) = (Some(ChosenBy::Viewer), None);
        if let Some(meeting) = caller.meeting() {
            series::remember(&mut unit, &person, meeting, &entity.reference).await?;
        }
    }
    here.tab = change.tab.unwrap_or(here.tab);
    here.narrowing = change.narrowing.map_or(here.narrowing, Narrowing::cut);
    keep(&mut unit, &person, caller.meeting(), &here).await?;
    unit.note(Some(&person), "view.changed", &caller.session.id, &json!({ "select": change.select }));
    unit.tell(&person, &Event::View);
    let view = read(&mut unit, &person, caller.meeting()).await?;
    unit.commit().await?;
    Ok(view)
}

/// What the viewer may choose.
///
/// # Errors
/// `entity_unknown` for a company or relationship that he may not see.
pub async fn find(app: &App, caller: &Caller, reference: &sidelight_domain::EntityRef) -> Answered<Entity> {
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

/// Remembers for the series what its people chose before it was known to be one: webhooks may be late (`zoom.md` 6.3).
///
/// # Errors
/// What the store says.
pub async fn remember_for_series(unit: &mut Unit, meeting: &MeetingUuid) -> Result<(), Error> {
    for (person, content) in unit.views().list_in(meeting).await? {
        let Ok(Kept { selected: Some(entity), chosen_by: Some(ChosenBy::Viewer), .. }) = serde_json::from_str(&content)
        else {
            continue;
        };
        series::remember(unit, &person, meeting, &entity.reference).await?;
        unit.note(Some(&person), "series.chosen", meeting, &json!({ "select": entity.reference }));
    }
    Ok(())
}

/// Why something is selected that the viewer did not select here.
#[derive(Clone, Debug)]
pub enum Cause {
    /// The attendees.
    Attendees {
        /// How many of them work there.
        matched: u32,
        /// How many could.
        outsiders: u32,
    },
    /// An earlier choice.
    Series(Chooser),
}

/// Selects a clear suggestion, once: never over a choice that is there already, whoever made it.
///
/// # Errors
/// A refusal of the database.
pub async fn suggest(app: &App, caller: &Caller, entity: &Entity, cause: Cause) -> Answered<()> {
    let person = *caller.person()?;
    let mut unit = app.store.begin(caller.organisation).await?;
    let mut here = kept(&mut unit, &person, caller.meeting()).await?;
    if here.selected.is_some() {
        return Ok(());
    }
    here.selected = Some(without_facts(entity));
    (here.chosen_by, here.colleague) = match cause {
        Cause::Attendees { matched, outsiders } => (Some(ChosenBy::Attendees { matched, outsiders }), None),
        Cause::Series(Chooser::Viewer) => (Some(ChosenBy::Before), None),
        Cause::Series(Chooser::ViewerBeforehand) => (Some(ChosenBy::Viewer), None),
        Cause::Series(Chooser::Colleague(person)) => {
            (Some(ChosenBy::Colleague { name: None }), Some(person.to_string()))
        }
    };
    keep(&mut unit, &person, caller.meeting(), &here).await?;
    unit.views().note_chosen(&person, &entity.reference, &entity.name).await?;
    unit.note(None, "view.suggested", &caller.session.id, &json!({ "select": entity.reference }));
    unit.tell(&person, &Event::View);
    unit.commit().await?;
    Ok(())
}
