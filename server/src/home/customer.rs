//! Which customer a meeting is about, before anybody is in it: what was chosen, what the topic names, who was invited.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use sidelight_api::entity::Entity;
use sidelight_api::session::{ChosenBy, View};
use sidelight_domain::access::Action;
use sidelight_domain::ids::{MeetingUuid, ParticipantId, ParticipantUuid};
use sidelight_domain::roster::{Connection, Participant, Source};
use sidelight_domain::suggestion::{Guests, TenantFacts, candidates};
use sidelight_domain::topic::companies_in_topic;
use sidelight_domain::{EmailAddress, EntityKind, EntityRef};
use sidelight_store::{PersonKey, SeriesChoice};
use uuid::Uuid;

use super::Row;
use crate::app::App;
use crate::gainsight::{self, Freshness, Portfolio};
use crate::http::{Answered, Caller, TenantAccess};
use crate::series::{self, Chooser, Occasion};
use crate::view;

/// A list of companies that takes longer is there at the next look.
const PATIENCE: Duration = Duration::from_secs(3);

/// Everything that tells, read once for all meetings.
pub(super) struct Customers {
    viewer: PersonKey,
    tenants: Vec<(TenantAccess, Option<Arc<Portfolio>>)>,
    views: HashMap<MeetingUuid, View>,
    choices: Vec<SeriesChoice>,
    names: HashMap<PersonKey, String>,
}

impl Customers {
    /// Reads what tells of these meetings.
    pub(super) async fn gather(app: &App, caller: &Caller, rows: &[Row]) -> Answered<Self> {
        let viewer = *caller.person()?;
        let meetings: Vec<_> = rows.iter().filter_map(|row| row.shown.uuid.clone()).collect();
        let numbers: BTreeSet<_> = rows.iter().filter_map(|row| row.shown.number.clone()).collect();
        let mut unit = app.store.read(caller.organisation).await?;
        let views = view::list_of(&mut unit, &viewer, &meetings).await?;
        let choices = unit.series().list(&numbers.into_iter().collect::<Vec<_>>()).await?;
        let mut names = HashMap::new();
        for colleague in choices.iter().map(|choice| choice.person).collect::<BTreeSet<_>>() {
            if let Some(name) = view::name_of(&mut unit, &colleague).await? {
                names.insert(colleague, name);
            }
        }
        drop(unit);
        Ok(Self { viewer, tenants: tenants(app, caller).await, views, choices, names })
    }

    /// The company or relationship, if the viewer may see it. What he sees of a tenant that does not answer now is its name.
    pub(super) fn shown(&self, entity: &Entity) -> Option<Entity> {
        let (_, portfolio) = self.tenants.iter().find(|(access, _)| access.tenant.key == entity.reference.tenant)?;
        portfolio.as_ref().map_or_else(|| Some(entity.clone()), |portfolio| portfolio.find(&entity.reference).cloned())
    }

    /// The same for one of which only the reference is known.
    pub(super) fn find(&self, reference: &EntityRef) -> Option<Entity> {
        let (_, portfolio) = self.tenants.iter().find(|(access, _)| access.tenant.key == reference.tenant)?;
        portfolio.as_ref()?.find(reference).cloned()
    }

    /// What is told without asking anybody: chosen in the meeting, chosen before, named by the topic.
    pub(super) fn known(&self, row: &Row) -> Option<(Entity, ChosenBy)> {
        self.selected(row).or_else(|| self.recalled(row)).or_else(|| self.named(row))
    }

    /// What is selected in a meeting.
    pub(super) fn selected_in(&self, meeting: &MeetingUuid) -> Option<Entity> {
        self.shown(self.views.get(meeting)?.selected.as_ref()?)
    }

    fn selected(&self, row: &Row) -> Option<(Entity, ChosenBy)> {
        let view = self.views.get(row.shown.uuid.as_ref()?)?;
        Some((self.shown(view.selected.as_ref()?)?, view.chosen_by.clone()?))
    }

    fn recalled(&self, row: &Row) -> Option<(Entity, ChosenBy)> {
        let number = row.shown.number.as_ref()?;
        let occasion = Occasion { number, kind: row.kind, starts_at: row.shown.starts_at };
        let (entity, chooser) =
            series::recall(occasion, &self.viewer, &self.choices, |reference| self.find(reference))?;
        let chosen_by = match chooser {
            Chooser::Viewer => ChosenBy::Before,
            Chooser::ViewerBeforehand => ChosenBy::Viewer,
            Chooser::Colleague(person) => ChosenBy::Colleague { name: self.names.get(&person).cloned() },
        };
        Some((entity, chosen_by))
    }

    /// The one company that the topic names, or its relationship.
    fn named(&self, row: &Row) -> Option<(Entity, ChosenBy)> {
        let topic = row.shown.topic.as_deref()?;
        let named = self.tenants.iter().filter_map(|(_, portfolio)| portfolio.as_ref()).flat_map(|portfolio| {
            let named = companies_in_topic(topic, portfolio.companies());
            named.into_iter().map(move |(company, _)| (portfolio, company))
        });
        let named: Vec<_> = named.collect();
        let [(portfolio, company)] = named.as_slice() else { return None };
        Some((portfolio.meant(company, topic)?.clone(), ChosenBy::Topic))
    }

    /// The one company that those who were invited work for: at most three calls for a tenant, whatever the number of meetings.
    pub(super) async fn invited(&self, app: &App, meetings: &[Vec<EmailAddress>]) -> Vec<Option<(Entity, ChosenBy)>> {
        let addresses: BTreeSet<_> = meetings.iter().flatten().cloned().collect();
        if addresses.is_empty() {
            return vec![None; meetings.len()];
        }
        let resolve = |access| {
            let asked = gainsight::resolve(app, access, &addresses, Freshness::Cached);
            async move { (access, tokio::time::timeout(PATIENCE, asked).await.unwrap_or_default().directory) }
        };
        let directories = join_all(self.tenants.iter().map(|(access, _)| resolve(access))).await;
        let facts: Vec<_> = directories
            .iter()
            .map(|(access, directory)| TenantFacts { tenant: &access.tenant.key, directory, named: Vec::new() })
            .collect();
        let told = |invited: &[EmailAddress]| {
            let expected: Vec<_> = invited.iter().map(expected).collect();
            let first = candidates(Guests { present: &expected, expected: invited }, &facts)
                .into_iter()
                .next()
                .filter(|first| first.is_clear)?;
            let (matched, outsiders) = (first.matched, first.outsiders);
            let reference = EntityRef { tenant: first.tenant, kind: EntityKind::Company, id: first.company };
            Some((self.find(&reference)?, ChosenBy::Invited { matched, outsiders }))
        };
        meetings.iter().map(|invited| told(invited)).collect()
    }
}

/// Every tenant that the viewer may search, with his list of it where that is at hand soon enough.
async fn tenants(app: &App, caller: &Caller) -> Vec<(TenantAccess, Option<Arc<Portfolio>>)> {
    let enter = |grant: &sidelight_store::Grant| caller.enter(app, &grant.tenant, Action::SearchEntities).ok();
    let read = async |access: TenantAccess| {
        let asked = tokio::time::timeout(PATIENCE, gainsight::portfolio_shown(app, &access)).await;
        let portfolio = asked.ok().and_then(Result::ok).map(|held| held.value);
        (access, portfolio)
    };
    join_all(caller.grants.iter().filter_map(enter).map(read)).await
}

/// Somebody who was invited, as if he were there.
fn expected(email: &EmailAddress) -> Participant {
    let seat = Connection {
        uuid: ParticipantUuid::new(""),
        former: Vec::new(),
        join_number: None,
        joined_at: None,
        left_at: None,
        source: Source::SdkList,
    };
    Participant {
        id: ParticipantId::new(Uuid::nil()),
        name: String::new(),
        email: Some((email.clone(), Source::SdkList)),
        zoom_user: None,
        registrant: None,
        role: None,
        phone: false,
        whereabouts: None,
        connections: vec![seat],
    }
}
