//! What every write leaves behind: a row in the audit log, and an event for those who look at what changed.

use std::fmt::Display;

use serde_json::Value;
use sidelight_api::event::Event;
use sidelight_domain::EntityRef;
use sidelight_domain::ids::{MeetingUuid, OrganisationId};
use sidelight_store::{Audience, Error, PersonKey, Unit};

use crate::app::App;

/// Writes into the logs of the unit that makes the change, so that neither exists without the other.
pub trait Record {
    /// Adds to the audit log: who did what to which thing. `details` are personal data and can be erased.
    fn note(&mut self, actor: Option<&PersonKey>, action: &str, object: &impl Display, details: &Value);

    /// Tells a person's panels.
    fn tell(&mut self, person: &PersonKey, event: &Event);

    /// Tells the panels that show a Timeline.
    fn tell_watchers(&mut self, of: &EntityRef, event: &Event);

    /// Tells the panels in a meeting.
    fn tell_meeting(&mut self, meeting: &MeetingUuid, event: &Event);
}

impl Record for Unit {
    fn note(&mut self, actor: Option<&PersonKey>, action: &str, object: &impl Display, details: &Value) {
        self.audit().add(actor, action, object, details.to_string());
    }

    fn tell(&mut self, person: &PersonKey, event: &Event) {
        add(self, &Audience::Person(*person), event);
    }

    fn tell_watchers(&mut self, of: &EntityRef, event: &Event) {
        add(self, &Audience::Timeline(of.clone()), event);
    }

    fn tell_meeting(&mut self, meeting: &MeetingUuid, event: &Event) {
        add(self, &Audience::Meeting(meeting.clone()), event);
    }
}

/// Tells a person's panels of something that changed in memory alone.
///
/// # Errors
/// What the store says.
pub async fn tell_alone(
    app: &App,
    organisation: OrganisationId,
    person: &PersonKey,
    event: &Event,
) -> Result<(), Error> {
    let mut unit = app.store.begin(organisation).await?;
    unit.tell(person, event);
    unit.commit().await
}

fn add(unit: &mut Unit, audience: &Audience, event: &Event) {
    // An event is an enum of ids, which always has a JSON form.
    if let Ok(payload) = serde_json::to_string(event) {
        unit.events().add(audience, payload);
    }
}
