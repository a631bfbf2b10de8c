//! The configuration: read once from file and environment, validated whole, then a settled value.
//!
//! Nobody below `main` sees a file or a variable. All mistakes are reported together, so that an operator mends them in one go.

mod database;
mod environment;
mod example;
mod forms;
mod gainsight;
mod load;
mod organisations;
mod reader;
mod salesforce;
mod security;
mod server;
mod show;
mod zoom;

pub use database::Database;
pub use environment::of_this_process as environment;
pub use example::example;
pub use forms::{FormField, FormSettings};
pub use gainsight::{DataCentre, Shared, Tenant, TenantCredential};
pub use load::{Config, Invalid};
pub use organisations::Organisation;
pub use reader::Mistake;
pub use salesforce::{Salesforce, SalesforceEntry};
pub use security::{DEVELOPMENT_MASTER_KEY, Security};
pub use server::{LogFormat, Server};
pub use show::show;
pub use zoom::{InClientPkce, Zoom, ZoomApp};
