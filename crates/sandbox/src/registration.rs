//! What an operator registers about the stand-ins, as he would about the real systems.

use std::net::SocketAddr;

use crate::gainsight::{access_key_of, application_of};
use crate::server::Addresses;
use crate::world::{Centre, Entry, VENDORS, Vendor};

/// A data centre of Gainsight (`gainsight.md` 1).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DataCentreRegistration {
    /// `US1`, `US2`, `EU`.
    pub label: &'static str,
    /// What stands behind a tenant's name in a host.
    pub host_suffix: &'static str,
    /// Where it listens.
    pub address: SocketAddr,
}

/// A tenant with its OAuth application (`gainsight.md` 2.3).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TenantRegistration {
    /// Stable short name.
    pub key: &'static str,
    /// Name on the screen.
    pub name: &'static str,
    /// Host without scheme and port.
    pub host: String,
    /// Label of its data centre.
    pub data_centre: &'static str,
    /// `Production`, `Sandbox`.
    pub environment: &'static str,
    /// Whether a mistake in it costs nothing.
    pub is_sandbox: bool,
    /// E-mail domain of its users.
    pub email_domain: &'static str,
    /// Client id of its OAuth application.
    pub client_id: String,
    /// Secret of its OAuth application.
    pub client_secret: String,
    /// The one access key (`gainsight.md` 2.1).
    pub access_key: String,
    /// The Salesforce organisation from which it is entered, if it is.
    pub salesforce_organisation: Option<&'static str>,
}

impl Addresses {
    /// All data centres.
    #[must_use]
    pub fn data_centres(&self) -> [DataCentreRegistration; 3] {
        Centre::ALL.map(|centre| DataCentreRegistration {
            label: centre.label(),
            host_suffix: centre.suffix(),
            address: self.of(centre),
        })
    }
}

/// All tenants, those of the standard world first.
#[must_use]
pub fn tenants() -> Vec<TenantRegistration> {
    VENDORS.iter().map(registration).collect()
}

fn registration(vendor: &Vendor) -> TenantRegistration {
    let (client_id, client_secret) = application_of(vendor.key);
    TenantRegistration {
        key: vendor.key,
        name: vendor.name,
        host: vendor.host(),
        data_centre: vendor.centre.label(),
        environment: vendor.environment,
        is_sandbox: vendor.is_sandbox(),
        email_domain: vendor.email_domain,
        client_id,
        client_secret,
        access_key: access_key_of(vendor.key),
        salesforce_organisation: match vendor.entry {
            Entry::Salesforce(organisation) => Some(organisation),
            Entry::Database | Entry::SingleSignOn(_) => None,
        },
    }
}
