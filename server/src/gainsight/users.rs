//! A tenant's users, read for everybody once an hour: colleagues in a meeting are found without a call, and a licence that was taken
//! away counts within the hour (design 4.6).

use std::collections::HashMap;
use std::time::Duration;

use sidelight_domain::EmailAddress;
use sidelight_domain::ids::{Gsid, OrganisationId};
use sidelight_gainsight::User;
use sidelight_salesforce::RecordId;

use super::ask::{AskError, Asker, Turn, ask_knowing, state_of};
use super::budget::Urgency;
use super::pages::{PAGE, every_page};
use super::shelf::Held;
use super::tenants::TenantState;
use crate::app::App;
use crate::config::Tenant;
use crate::http::{Reader, TenantAccess};

/// All users of a tenant.
#[derive(Debug)]
pub struct Users {
    all: Vec<User>,
    by_id: HashMap<Gsid, usize>,
    by_address: HashMap<EmailAddress, usize>,
}

impl Users {
    fn new(mut all: Vec<User>) -> Self {
        // Of several with one address the active one counts: the last one that is written into the map.
        all.sort_by_key(|user| user.is_active);
        let by_id = all.iter().enumerate().map(|(at, user)| (user.id.clone(), at)).collect();
        let addressed = all.iter().enumerate();
        let by_address =
            addressed.filter_map(|(at, user)| Some((user.email.as_ref()?.address().clone(), at))).collect();
        Self { all, by_id, by_address }
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &User> {
        self.all.iter()
    }

    /// How many there are, for whoever keeps lists of several readers.
    #[must_use]
    pub fn weight(&self) -> u32 {
        u32::try_from(self.all.len()).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// The user with this record.
    #[must_use]
    pub fn with_id(&self, id: &Gsid) -> Option<&User> {
        self.all.get(*self.by_id.get(id)?)
    }

    /// The one user with this id at Salesforce. Of several the active one counts; two active ones are nobody, since it would be chance who
    /// signs in.
    #[must_use]
    pub fn with_salesforce_id(&self, id: &RecordId) -> Option<&User> {
        let is_meant = |user: &&User| is_of(user, id);
        let mut active = self.all.iter().filter(is_meant).filter(|user| user.is_active);
        match (active.next(), active.next()) {
            (Some(_), Some(_)) => None,
            (Some(only), None) => Some(only),
            (None, _) => self.all.iter().find(is_meant),
        }
    }

    /// The user with this address.
    #[must_use]
    pub fn with_address(&self, address: &EmailAddress) -> Option<&User> {
        self.all.get(*self.by_address.get(address)?)
    }
}

const FRESH_FOR: Duration = Duration::from_hours(1);
/// Somebody who is not in the list does not have it read again and again.
const ASKED_AGAIN_AFTER: Duration = Duration::from_mins(1);

/// The users, read anew where they are older than an hour.
///
/// # Errors
/// [`AskError`] if there are none at hand and the tenant cannot be asked.
pub(super) async fn users(app: &App, state: &TenantState, urgency: Urgency) -> Result<Held<Users>, AskError> {
    state.users.get(&Reader::Everybody, FRESH_FOR, || read(app, Asker::Tenant(state), urgency)).await
}

/// The users as the viewer's reader sees them: his own token, or the tenant's credential.
///
/// # Errors
/// [`AskError`] if there are none at hand and the tenant cannot be asked.
pub(super) async fn users_of_reader(app: &App, access: &TenantAccess) -> Result<Held<Users>, AskError> {
    let asker = Asker::reading(app, access)?;
    let read = || read(app, asker, Urgency::Interactive);
    state_of(app, access)?.users.get(&access.reader(), FRESH_FOR, read).await
}

/// The user of a tenant who has this id at Salesforce, as he stands now: found in the list, which may be an hour old, and read again.
///
/// # Errors
/// [`AskError`] if the tenant cannot be asked.
pub async fn user_from_salesforce(
    app: &App,
    organisation: OrganisationId,
    tenant: &Tenant,
    id: &RecordId,
) -> Result<Option<User>, AskError> {
    let Some(state) = app.tenants.state(organisation, &tenant.key) else { return Ok(None) };
    let mut known = users(app, state, Urgency::Interactive).await?.value;
    if known.with_salesforce_id(id).is_none() {
        // Somebody whom the tenant got to know a moment ago.
        let read = || read(app, Asker::Tenant(state), Urgency::Interactive);
        known = state.users.get(&Reader::Everybody, ASKED_AGAIN_AFTER, read).await?.value;
    }
    let Some(found) = known.with_salesforce_id(id).map(|user| user.id.clone()) else { return Ok(None) };
    let found = &found;
    let call = |turn: Turn| async move { turn.gainsight.user(&turn.access(), found).await };
    let user = ask_knowing(app, Asker::Tenant(state), Urgency::Interactive, call).await?;
    Ok(user.filter(|user| is_of(user, id)))
}

/// Whether a user has this id at Salesforce, in whichever form it is written.
fn is_of(user: &User, id: &RecordId) -> bool {
    user.salesforce_user_id.as_ref().is_some_and(|own| own.parse::<RecordId>().as_ref() == Ok(id))
}

async fn read(app: &App, asker: Asker<'_>, urgency: Urgency) -> Result<Users, AskError> {
    let read = |after: Option<Gsid>| async move {
        let after = after.as_ref();
        let call = |turn: Turn| async move { turn.gainsight.users(&turn.access(), after, PAGE).await };
        ask_knowing(app, asker, urgency, call).await
    };
    Ok(Users::new(every_page(|user: &User| &user.id, read).await?))
}
