//! What a sandbox is started with.

use std::sync::Arc;

use sidelight_domain::{Clock, IdSource};
use url::Url;

/// Which ports to listen on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ports {
    /// Zoom and the simulator on this port, Gainsight US1, US2 and EU on the next three, Salesforce on the sixth after it, the native
    /// client's way to the panel on the seventh (design 6).
    Base(u16),
    /// Whatever is free: for tests, which run side by side.
    Free,
}

/// What the Zoom Marketplace and the Gainsight tenants know about Sidelight.
#[derive(Clone)]
pub struct AppRegistration {
    /// OAuth client id of the Zoom app (`zoom.md` 2.1).
    pub client_id: String,
    /// Its secret; app contexts are encrypted with it (`zoom.md` 5.2).
    pub client_secret: String,
    /// The webhook secret token (`zoom.md` 6.2).
    pub webhook_secret: String,
    /// Home URL: what the meeting client shows as the panel.
    pub home_url: Url,
    /// Redirect URL of the Zoom app.
    pub redirect_url: Url,
    /// Event notification endpoint.
    pub webhook_url: Url,
    /// Callback URL that the tenants' OAuth applications carry (`gainsight.md` 2.3).
    pub gainsight_callback: Url,
    /// Consumer key of the connected app in Salesforce (`salesforce.md`, client).
    pub salesforce_client_id: String,
    /// Its secret.
    pub salesforce_client_secret: String,
    /// Callback URL of the connected app.
    pub salesforce_callback: Url,
}

impl AppRegistration {
    /// The registration of `sidelight demo`, for a server that is reached at `public_url`.
    #[must_use]
    pub fn demo(public_url: &Url) -> Self {
        let at = |path: &str| {
            let mut url = public_url.clone();
            url.set_path(path);
            url
        };
        Self {
            client_id: "sidelight-demo-client".to_owned(),
            client_secret: "sidelight-demo-secret-not-for-production".to_owned(),
            webhook_secret: "sidelight-demo-webhook-secret".to_owned(),
            home_url: at("/panel"),
            redirect_url: at("/zoom/callback"),
            webhook_url: at("/zoom/webhook"),
            gainsight_callback: at("/gainsight/callback"),
            salesforce_client_id: "sidelight-connected-app".to_owned(),
            salesforce_client_secret: "sidelight-connected-app-demo-secret".to_owned(),
            salesforce_callback: at("/salesforce/callback"),
        }
    }
}

/// How to start a sandbox.
#[derive(Clone)]
pub struct Options {
    /// Where to listen.
    pub ports: Ports,
    /// What the outside systems know about Sidelight.
    pub app: AppRegistration,
    /// 1 is the standard book of business; N multiplies companies, people and activities.
    pub scale: u32,
    /// The same seed gives the same world.
    pub seed: u64,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Draws ids and secrets.
    pub ids: Arc<dyn IdSource>,
}

impl Options {
    /// The port that `sidelight demo` starts from (design 6).
    pub const DEMO_PORT: u16 = 8090;
    /// The seed of the standard world.
    pub const DEMO_SEED: u64 = 7;
}
