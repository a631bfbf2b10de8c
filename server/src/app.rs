//! Everything that handlers and jobs share.

use std::collections::{BTreeSet, HashMap};
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use sidelight_domain::ids::{OrganisationId, OrganisationKey, SessionId, TenantKey, ZoomAccountId, ZoomClientId};
use sidelight_domain::{Clock, IdSource};
use sidelight_gainsight::Gainsight;
use sidelight_outbound::{Gate, Origin, Rules};
use sidelight_store::{MasterKeys, PersonKey, Store};
use sidelight_zoom::context::{ContextReader, Leeway};
use sidelight_zoom::{Oauth, Rest};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::{Config, Tenant, ZoomApp};
use crate::gainsight::Tenants;
use crate::home::Plans;
use crate::http::{ClientIp, Limiter};
use crate::session::{SessionCache, Streams, Tokens};
use crate::zoom::Refreshes;

/// Clocks may be two minutes apart, either way. Zoom's own margin is seconds (`zoom.md` 5.4), but a server whose clock runs ahead would
/// find every context expired on arrival; a context is good for one use anyway, and its digest is kept for longer than this.
const LEEWAY: Leeway = Leeway { expiry: Duration::from_mins(2), future: Duration::from_mins(2) };

/// More people than will ever have their tokens refreshed at the same moment.
const MOST_REFRESHES: u64 = 10_000;

/// The application. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What the application is made of.
pub struct Parts {
    /// What the operator told.
    pub config: Config,
    /// Everything kept.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Ids and secrets.
    pub ids: Arc<dyn IdSource>,
    /// Bearer tokens.
    pub tokens: Tokens,
    /// Live sessions.
    pub sessions: SessionCache,
    /// Their event streams.
    pub streams: Streams,
    /// Opens app contexts.
    pub contexts: ContextReader,
    /// Zoom's authorisation server.
    pub zoom_oauth: Oauth,
    /// Zoom's API.
    pub zoom: Rest,
    /// Gainsight's API.
    pub gainsight: Gainsight,
    /// Salesforce's login, for tenants that are entered from there.
    pub salesforce: sidelight_salesforce::Oauth,
    /// What is known of each tenant while we run: budgets, caches.
    pub tenants: Tenants,
    /// How often somebody may ask.
    pub limits: Limits,
    /// Refreshes of Zoom tokens that are under way.
    pub zoom_refreshes: Refreshes,
    /// What Zoom told lately of people's own plans.
    pub plans: Plans,
    /// Wakes the jobs before their time.
    pub wake: Wake,
    /// Work that outlives the request that began it; the shutdown waits for it.
    pub tasks: TaskTracker,
    /// Ends streams, then jobs, at shutdown.
    pub shutdown: CancellationToken,
    organisations: Organisations,
}

/// Wakes jobs when there is something to do.
#[derive(Debug, Default)]
pub struct Wake {
    /// A webhook arrived.
    pub inbox: Notify,
    /// A write waits.
    pub outbox: Notify,
}

/// How often somebody may ask.
#[derive(Debug)]
pub struct Limits {
    /// For each session, so that one broken page does not shut out the person's others.
    pub sessions: Limiter<SessionId>,
    /// For each person.
    pub people: Limiter<PersonKey>,
    /// For each address, where nobody is known yet: app contexts, sign-in pages, installation.
    pub addresses: Limiter<ClientIp>,
    /// Sign-in look-ups and codes of a person: few, since each is a guess.
    pub guesses: Limiter<PersonKey>,
}

impl Limits {
    fn new(per_minute: u32) -> Self {
        Self {
            sessions: Limiter::per_minute(per_minute),
            people: Limiter::per_minute(per_minute.saturating_mul(2)),
            addresses: Limiter::per_minute(per_minute),
            guesses: Limiter::per_minute(20),
        }
    }

    /// Gives memory back.
    pub fn forget_idle(&self) {
        self.sessions.forget_idle();
        self.people.forget_idle();
        self.addresses.forget_idle();
        self.guesses.forget_idle();
    }
}

/// Which organisation somebody belongs to.
#[derive(Debug)]
struct Organisations {
    names: HashMap<OrganisationId, String>,
    by_key: HashMap<OrganisationKey, OrganisationId>,
    by_account: HashMap<ZoomAccountId, OrganisationId>,
}

/// Why the application cannot be put together.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A configured address cannot be called.
    #[error("a configured address cannot be called")]
    Address(#[from] sidelight_outbound::InvalidOrigin),
    /// The HTTP client cannot be made.
    #[error("the outbound gate cannot be opened")]
    Gate(#[from] sidelight_outbound::Error),
    /// The organisations cannot be written.
    #[error("the database refused the configured organisations")]
    Store(#[from] sidelight_store::Error),
}

impl App {
    /// Puts the application together. The store is open already.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn new(
        config: Config,
        store: Store,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdSource>,
    ) -> Result<Self, StartError> {
        let gate = gate(&config)?;
        let organisations = Organisations::settle(&config, &store).await?;
        let apps = config.zoom.apps.iter().map(|app| (&app.client_id, &app.client_secret));
        let parts = Parts {
            tokens: session_tokens(&config.security.master_keys),
            sessions: SessionCache::new(),
            streams: Streams::default(),
            contexts: ContextReader::new(apps, LEEWAY),
            zoom_oauth: Oauth::new(gate.clone(), config.zoom.oauth_url.clone()),
            zoom: Rest::new(gate.clone(), config.zoom.api_url.clone()),
            salesforce: sidelight_salesforce::Oauth::new(gate.clone()),
            gainsight: Gainsight::new(gate),
            tenants: Tenants::new(&config.tenants, &organisations.by_key, &clock),
            limits: Limits::new(config.server.requests_per_minute),
            zoom_refreshes: Refreshes::new(MOST_REFRESHES),
            plans: Plans::new(),
            wake: Wake::default(),
            tasks: TaskTracker::new(),
            shutdown: CancellationToken::new(),
            organisations,
            config,
            store,
            clock,
            ids,
        };
        Ok(Self(Arc::new(parts)))
    }

    /// A registered tenant of an organisation; a tenant of another one does not exist for it.
    #[must_use]
    pub fn tenant(&self, organisation: OrganisationId, key: &TenantKey) -> Option<Arc<Tenant>> {
        self.tenants.find(organisation, key)
    }

    /// The organisation behind an app and, where several share it, the person's Zoom account.
    #[must_use]
    pub fn organisation_of(&self, client_id: &ZoomClientId, account: Option<&ZoomAccountId>) -> Option<OrganisationId> {
        let organisations = &self.organisations;
        let pinned = self.zoom_app(client_id)?.organisation.as_ref();
        let by_app = pinned.and_then(|key| organisations.by_key.get(key));
        by_app.or_else(|| account.and_then(|account| organisations.by_account.get(account))).copied()
    }

    /// Name of an organisation.
    #[must_use]
    pub fn organisation_name(&self, organisation: OrganisationId) -> &str {
        self.organisations.names.get(&organisation).map_or("", String::as_str)
    }

    /// Every organisation that owns data, visitors included.
    pub fn organisation_ids(&self) -> impl Iterator<Item = OrganisationId> {
        self.organisations.names.keys().copied().chain([sidelight_store::VISITORS])
    }

    /// The Zoom app with this client id.
    #[must_use]
    pub fn zoom_app(&self, client_id: &ZoomClientId) -> Option<&ZoomApp> {
        self.config.zoom.apps.iter().find(|app| app.client_id == *client_id)
    }
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("App")
    }
}

/// Tokens under the current master key; those under a previous one are still read.
fn session_tokens(keys: &MasterKeys) -> Tokens {
    const PURPOSE: &str = "session-token";
    let previous: Vec<_> = keys.previous.iter().map(|key| key.derive(PURPOSE)).collect();
    Tokens::new(&keys.current.derive(PURPOSE), &previous)
}

/// Lets calls go to Zoom, to Salesforce's login and to the registered tenants, and nowhere else.
fn gate(config: &Config) -> Result<Gate, StartError> {
    let zoom = [&config.zoom.oauth_url, &config.zoom.api_url];
    let tenants = config.tenants.iter().map(|tenant| &tenant.base);
    let salesforce = config.salesforce.iter().flat_map(|salesforce| &salesforce.hosts);
    let origins =
        zoom.into_iter().chain(tenants).chain(salesforce).map(Origin::of).collect::<Result<BTreeSet<_>, _>>()?;
    Ok(Gate::new(Rules { origins, ..Rules::default() })?)
}

impl Organisations {
    async fn settle(config: &Config, store: &Store) -> Result<Self, StartError> {
        let (mut names, mut by_key, mut by_account) = (HashMap::new(), HashMap::new(), HashMap::new());
        for organisation in &config.organisations {
            let id = store.ensure_organisation(&organisation.key, &organisation.name).await?;
            names.insert(id, organisation.name.clone());
            by_key.insert(organisation.key.clone(), id);
            by_account.extend(organisation.zoom_accounts.iter().map(|account| (account.clone(), id)));
        }
        Ok(Self { names, by_key, by_account })
    }
}

/// The OAuth client of one of our Zoom apps.
#[must_use]
pub fn zoom_client(app: &ZoomApp) -> sidelight_zoom::App {
    sidelight_zoom::App { client_id: app.client_id.clone(), client_secret: app.client_secret.clone() }
}
