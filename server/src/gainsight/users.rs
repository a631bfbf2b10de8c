//! A tenant's users, read for everybody once an hour: colleagues in a meeting are found without a call, and a licence that was taken
//! away counts within the hour (design 4.6).

use std::collections::HashMap;
use std::time::Duration;

use sidelight_domain::EmailAddress;
use sidelight_domain::ids::Gsid;
use sidelight_gainsight::User;

use super::ask::{AskError, Asker, Turn, ask_knowing};
use super::budget::Urgency;
use super::shelf::Held;
use super::tenants::TenantState;
use crate::app::App;
use crate::http::Reader;

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

    /// The user with this record.
    #[must_use]
    pub fn with_id(&self, id: &Gsid) -> Option<&User> {
        self.all.get(*self.by_id.get(id)?)
    }

    /// The user with this address.
    #[must_use]
    pub fn with_address(&self, address: &EmailAddress) -> Option<&User> {
        self.all.get(*self.by_address.get(address)?)
    }
}

const FRESH_FOR: Duration = Duration::from_hours(1);
const PAGE: u32 = 5_000;
/// Fifty thousand users; a tenant has hundreds.
const MOST_PAGES: usize = 10;

/// The users, read anew where they are older than an hour.
///
/// # Errors
/// [`AskError`] if there are none at hand and the tenant cannot be asked.
pub(super) async fn users(app: &App, state: &TenantState, urgency: Urgency) -> Result<Held<Users>, AskError> {
    state.users.get(&Reader::Everybody, FRESH_FOR, || read(app, state, urgency)).await
}

async fn read(app: &App, state: &TenantState, urgency: Urgency) -> Result<Users, AskError> {
    let mut all: Vec<User> = Vec::new();
    for _ in 0..MOST_PAGES {
        let after = all.last().map(|user| user.id.clone());
        let after = after.as_ref();
        let call = |turn: Turn| async move { turn.gainsight.users(&turn.access(), after, PAGE).await };
        let page = ask_knowing(app, Asker::Tenant(state), urgency, call).await?;
        let is_last = page.len() < PAGE as usize;
        all.extend(page);
        if is_last {
            break;
        }
    }
    Ok(Users::new(all))
}
