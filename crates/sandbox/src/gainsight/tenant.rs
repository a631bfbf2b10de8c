//! A tenant: its records, its sign-ins and its call budget, behind one lock.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

use sidelight_domain::Timestamp;

use crate::Shared;
use crate::chance::Chance;
use crate::control::locked;
use crate::world::{VENDORS, Vendor, World};

use super::limits::Windows;
use super::oauth::Grants;
use super::oauth::single_sign_on::SignOns;
use super::seed::seeded;
use super::store::{Store, gsid};
use super::timeline::Demands;

/// A tenant of a data centre.
pub(crate) struct Tenant {
    pub(crate) vendor: Vendor,
    shared: Arc<Shared>,
    /// Filled by the first call: who tests Zoom does not wait for four thousand activities.
    state: OnceLock<Mutex<State>>,
}

/// What changes about a tenant.
pub(crate) struct State {
    pub(crate) store: Store,
    /// What an admin made mandatory.
    pub(crate) demands: Demands,
    pub(crate) grants: Grants,
    pub(crate) windows: Windows,
    ids: Chance,
}

impl State {
    fn at_start(shared: &Shared, tenant: &'static str) -> Self {
        Self {
            store: records_at_start(&shared.world, tenant),
            demands: Demands::at_start(tenant),
            grants: Grants::default(),
            windows: Windows::default(),
            ids: Chance::new(shared.world.seed, &format!("new records of {tenant}")),
        }
    }

    /// The id of a record to be.
    pub(crate) fn fresh_gsid(&mut self, prefix: &str) -> String {
        gsid(prefix, &mut self.ids)
    }
}

/// The records of a tenant as everything begins.
///
/// A world of the standard size is kept: each reset goes back to it, and tests start dozens of sandboxes that begin alike.
fn records_at_start(world: &World, tenant: &'static str) -> Store {
    type Beginning = (&'static str, u64, Timestamp);
    static KEPT: Mutex<Vec<(Beginning, Store)>> = Mutex::new(Vec::new());
    if world.scale > 1 {
        return seeded(world, tenant);
    }
    let beginning = (tenant, world.seed, world.started_at);
    let kept = locked(&KEPT).iter().find(|(of, _)| *of == beginning).map(|(_, store)| store.clone());
    kept.unwrap_or_else(|| {
        let store = seeded(world, tenant);
        let mut kept = locked(&KEPT);
        kept.retain(|((other, _, _), _)| *other != tenant);
        kept.push((beginning, store.clone()));
        store
    })
}

impl Tenant {
    fn new(shared: &Arc<Shared>, vendor: Vendor) -> Self {
        Self { vendor, shared: Arc::clone(shared), state: OnceLock::new() }
    }

    /// The state; nobody awaits anything while holding it.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        locked(self.state.get_or_init(|| Mutex::new(State::at_start(&self.shared, self.vendor.key))))
    }

    /// An active user of the list, by address.
    pub(crate) fn user_by_email(&self, email: &str) -> Option<Arc<str>> {
        let state = self.state();
        let users = state.store.table("GsUser")?;
        let user = users.find("Email", email).next()?;
        let is_active = users.value(user, "IsActiveUser").as_flag() == Some(true);
        is_active.then(|| Arc::from(users.gsid(user)))
    }

    fn reset(&self) {
        if self.state.get().is_some() {
            *self.state() = State::at_start(&self.shared, self.vendor.key);
        }
    }

    /// The one access key (`gainsight.md` 2.1).
    pub(crate) fn access_key(&self) -> String {
        access_key_of(self.vendor.key)
    }

    /// Where browsers and programs find it.
    pub(crate) fn url(&self) -> String {
        format!("http://{}:{}", self.vendor.host(), self.shared.addresses.of(self.vendor.centre).port())
    }

    /// Client id and secret for the tenant's own calls (2.2).
    pub(crate) fn machine_client(&self) -> (String, String) {
        (format!("{}-m2m", self.vendor.key), format!("{}-m2m-secret", self.vendor.key))
    }

    /// Client id and secret of the one OAuth application (2.3).
    pub(crate) fn application(&self) -> (String, String) {
        application_of(self.vendor.key)
    }
}

/// All data centres.
pub(crate) struct Cloud {
    pub(crate) shared: Arc<Shared>,
    tenants: Vec<Tenant>,
    /// Who is on his way to or from an identity provider.
    pub(crate) sign_ons: Mutex<SignOns>,
}

impl Cloud {
    /// The data centres with everything as it starts; goes back there on each reset.
    pub(crate) fn open(shared: &Arc<Shared>) -> Arc<Self> {
        let tenants = VENDORS.iter().map(|vendor| Tenant::new(shared, *vendor)).collect();
        let cloud = Arc::new(Self { shared: Arc::clone(shared), tenants, sign_ons: Mutex::default() });
        // Weak: the control belongs to what the cloud holds on to.
        let reset = Arc::downgrade(&cloud);
        shared.control.on_reset(move || {
            if let Some(cloud) = reset.upgrade() {
                cloud.tenants.iter().for_each(Tenant::reset);
                *locked(&cloud.sign_ons) = SignOns::default();
            }
        });
        cloud
    }

    pub(crate) fn tenant(&self, key: &str) -> Option<&Tenant> {
        self.tenants.iter().find(|tenant| tenant.vendor.key == key)
    }

    pub(crate) fn tenants(&self) -> &[Tenant] {
        &self.tenants
    }
}

/// A tenant's one access key.
pub(crate) fn access_key_of(key: &str) -> String {
    format!("{key}-access-key")
}

/// Client id and secret of a tenant's one OAuth application.
pub(crate) fn application_of(key: &str) -> (String, String) {
    (format!("{key}-sidelight"), format!("{key}-demo-application-secret"))
}
