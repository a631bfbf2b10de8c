//! A whole world in one process: the real router on a real socket, a real database, and the sandbox beside it over real HTTP.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;

use serde_json::json;
use sidelight::app::App;
use sidelight::chance::SystemIds;
use sidelight::config::Config;
use sidelight_store::Store;
use tokio::net::TcpListener;

use crate::browser::Browser;
pub(crate) use crate::outside::NORTHWIND;
use crate::outside::{Outside, TestClock};

/// Server, database and sandbox.
pub(crate) struct World {
    pub(crate) app: App,
    outside: Outside,
}

impl Deref for World {
    type Target = Outside;

    fn deref(&self) -> &Outside {
        &self.outside
    }
}

impl World {
    /// A world on SQLite.
    pub(crate) async fn start() -> Self {
        Self::with("", None).await
    }

    /// A world with more configuration, or on another database.
    pub(crate) async fn with(extra: &str, database: Option<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let outside = Outside::around(listener.local_addr().unwrap()).await;
        Self::within(outside, listener, extra, database).await
    }

    /// A world with one clock for everybody in it, and the app added as in [`Self::installed`].
    pub(crate) async fn in_one_time() -> Self {
        Self::in_one_time_with("", None).await
    }

    /// The same with more configuration, or on another database.
    pub(crate) async fn in_one_time_with(extra: &str, database: Option<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let outside = Outside::in_one_time(listener.local_addr().unwrap()).await;
        let world = Self::within(outside, listener, extra, database).await;
        world.install("maya-lindqvist").await;
        world
    }

    /// The same, before anybody added the app.
    pub(crate) async fn in_one_time_without_the_app() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let outside = Outside::in_one_time(listener.local_addr().unwrap()).await;
        Self::within(outside, listener, "", None).await
    }

    /// Another server on the same database, which nobody can reach from outside.
    pub(crate) async fn second_server(&self) -> App {
        open(self.app.config.clone(), Arc::clone(&self.clock)).await
    }

    /// The same with other settings.
    pub(crate) async fn second_server_with(&self, change: impl FnOnce(&mut Config)) -> App {
        let mut config = self.app.config.clone();
        change(&mut config);
        open(config, Arc::clone(&self.clock)).await
    }

    async fn within(outside: Outside, listener: TcpListener, extra: &str, database: Option<String>) -> Self {
        let database = database.unwrap_or_else(|| outside.sqlite());
        let config = Config::read(&outside.configuration(&database, extra), &BTreeMap::new()).unwrap();
        let clock = Arc::clone(&outside.clock);
        let app = open(config, clock).await;
        let router = sidelight::serve::router(&app);
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        tokio::spawn(sidelight::jobs::start(&app).join_all());
        Self { app, outside }
    }

    /// The Zoom user behind a key of the sandbox.
    pub(crate) fn zoom_user(person: &str) -> sidelight_domain::ids::ZoomUserId {
        sidelight_domain::ids::ZoomUserId::new(format!("u-{person}"))
    }

    /// A world that several organisations share, each with its own tenant. They share one Zoom app, so the account tells them apart.
    pub(crate) async fn with_organisations(organisations: &str) -> Self {
        Self::with(organisations, None).await
    }

    /// A world in which the demo's host has added the app before the meeting began, and everybody's arrival was told.
    pub(crate) async fn installed() -> Self {
        let world = Self::start().await;
        world.install("maya-lindqvist").await;
        world
    }

    /// Adds the app for somebody, and waits until the meeting's arrivals are in the roster.
    pub(crate) async fn install(&self, person: &str) {
        let page = Browser::new(self).install(person).await;
        assert!(page.contains("Sidelight is added"), "{page}");
        self.zoom_control(&format!("meetings/{NORTHWIND}/replay"), json!({})).await;
        self.until("the roster is complete", async || self.panel("maya-lindqvist").await.meeting_is_reported()).await;
        self.settle_webhooks().await;
    }

    /// Waits until no webhook is on its way or unread.
    pub(crate) async fn settle_webhooks(&self) {
        self.zoom_control("webhooks/settle", json!({})).await;
        self.until("webhooks are worked off", async || {
            let mut is_empty = true;
            for organisation in self.app.organisation_ids() {
                sidelight::zoom::inbox::drain(&self.app, organisation).await.unwrap();
                // The server's own job may be in the middle of some.
                let mut unit = self.app.store.read(organisation).await.unwrap();
                is_empty &= unit.inbox().waiting().await.unwrap() == 0;
            }
            is_empty
        })
        .await;
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.app.shutdown.cancel();
    }
}

/// A server that nobody can reach from outside.
pub(crate) async fn open(config: Config, clock: Arc<TestClock>) -> App {
    let ids = Arc::new(SystemIds);
    let options = sidelight_store::Options {
        url: config.database.url.clone(),
        master_keys: config.security.master_keys.clone(),
        clock: clock.clone(),
        ids: ids.clone(),
        max_connections: 8,
        // No route may change what belongs to a person without a row in the audit log.
        strict_audit: true,
    };
    let store = Store::open(options).await.unwrap();
    App::new(config, store, clock, ids).await.unwrap()
}
