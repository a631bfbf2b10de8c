//! The stand-in world: what Sidelight talks to, on loopback ports, over real HTTP.
//!
//! Behaviour follows `gainsight.md`, `salesforce.md` and `zoom.md` section by section. Each fact that the product relies on stands in
//! `facts.toml` and is cited by a contract test; each fact that those documents mark as unknown is a switch that can be set both
//! ways. Nothing here uses Sidelight's own clients or wire types, so that a mistake in them cannot hide in a shared type.
//!
//! - `server`: ports, connections, an orderly end.
//! - `control`: faults, call counters and switches under `/_control`, the same on each port.
//! - `world`: the people, companies and meetings that the stand-ins start with.
//! - `corpus`: labelled meetings, by which recognition is measured.
//! - `gainsight`, `salesforce`, `zoom`, `simulator`: the stand-ins.

mod chance;
pub(crate) mod control;
pub mod corpus;
pub mod facts;
pub(crate) mod gainsight;
mod options;
mod registration;
pub(crate) mod salesforce;
mod server;
pub(crate) mod simulator;
pub(crate) mod world;
pub(crate) mod zoom;

use std::sync::Arc;

use sidelight_domain::{Clock, IdSource};

pub use options::{AppRegistration, Options, Ports};
pub use registration::{DataCentreRegistration, TenantRegistration, tenants};
pub use server::{Addresses, Running, StartError};

use control::Control;
use server::Routers;
use world::{Centre, World};

/// What all parts of one running sandbox share.
pub(crate) struct Shared {
    /// What the outside systems know about Sidelight.
    pub(crate) app: AppRegistration,
    /// Where the ports are.
    pub(crate) addresses: Addresses,
    /// Tells the time.
    pub(crate) clock: Arc<dyn Clock>,
    /// Draws ids and secrets.
    pub(crate) ids: Arc<dyn IdSource>,
    /// Faults, counters, switches.
    pub(crate) control: Control,
    /// What everything starts with.
    pub(crate) world: World,
}

/// Starts all stand-ins. They run until [`Running::stop`] is called or the answer is dropped.
///
/// # Errors
/// [`StartError`] if a port is taken or the shipped data cannot be read.
pub async fn start(options: Options) -> Result<Running, StartError> {
    let ports = server::bind(options.ports).await?;
    let world = World::new(options.seed, options.scale, options.clock.now())?;
    let switches = gainsight::SWITCHES.iter().chain(salesforce::SWITCHES).chain(zoom::SWITCHES).copied();
    let shared = Arc::new(Shared {
        app: options.app,
        addresses: ports.addresses(),
        clock: options.clock,
        ids: options.ids,
        control: Control::new(switches),
        world,
    });
    let (data_centre, tenants) = gainsight::routers(&shared);
    let (identity, organisations) = salesforce::routers(&shared);
    // What the control can do to Gainsight and Salesforce stands on each port.
    let further = tenants.merge(organisations);
    let data_centre = |centre| control::around(&shared, gainsight::SITE, data_centre(centre).merge(further.clone()));
    let cloud = zoom::Cloud::open(&shared);
    let zoom = zoom::router(&cloud).merge(simulator::router(&cloud));
    Ok(ports.serve(Routers {
        zoom: control::around(&shared, zoom::SITE, zoom.merge(further.clone())),
        us1: data_centre(Centre::Us1),
        us2: data_centre(Centre::Us2),
        eu: data_centre(Centre::Eu),
        salesforce: control::around(&shared, salesforce::SITE, identity.merge(further.clone())),
        native: simulator::native::router(&cloud),
    }))
}
