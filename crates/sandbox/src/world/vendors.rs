//! The Gainsight tenants: whose they are, in which data centre, and how their people get in (`gainsight.md` 1, 3).

/// A data centre.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Centre {
    Us1,
    Us2,
    Eu,
}

impl Centre {
    pub(crate) const ALL: [Self; 3] = [Self::Us1, Self::Us2, Self::Eu];

    /// As "Choose Data Center Location" names it (`gainsight.md` 3.4).
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Us1 => "US1",
            Self::Us2 => "US2",
            Self::Eu => "EU",
        }
    }

    /// What stands behind the tenant's name in a host.
    pub(crate) const fn suffix(self) -> &'static str {
        match self {
            Self::Us1 => "us1.localhost",
            Self::Us2 => "us2.localhost",
            Self::Eu => "eu.localhost",
        }
    }
}

/// What stands behind a tenant's login window (`gainsight.md` 3.6).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Entry {
    /// Username and password from the user list.
    Database,
    /// The customer's own identity provider, under this name of the connection.
    SingleSignOn(&'static str),
    /// People open Gainsight from this Salesforce organisation (18 characters).
    Salesforce(&'static str),
}

/// What a tenant's book of business holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Size {
    /// As in the standard world: 900 people and 4,000 activities over 60 companies.
    Standard,
    /// A few customers.
    Small,
    /// The first customers of another tenant, as a refreshed sandbox has them.
    CopyOf(&'static str),
}

impl Size {
    pub(super) const fn people_per_company(self) -> usize {
        match self {
            Self::Standard => 15,
            Self::Small | Self::CopyOf(_) => 9,
        }
    }
}

/// A Gainsight tenant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Vendor {
    /// Also the first label of its host name.
    pub(crate) key: &'static str,
    pub(crate) name: &'static str,
    /// The company behind it, as its people call it.
    pub(crate) company: &'static str,
    pub(crate) centre: Centre,
    pub(crate) environment: &'static str,
    pub(crate) email_domain: &'static str,
    pub(crate) entry: Entry,
    pub(crate) size: Size,
}

impl Vendor {
    /// The whole host name.
    pub(crate) fn host(&self) -> String {
        format!("{}.{}", self.key, self.centre.suffix())
    }

    pub(crate) fn is_sandbox(&self) -> bool {
        self.environment != PRODUCTION
    }
}

/// The key of the tenant that offers the documented API only.
pub(crate) const LUMEN: &str = "lumen";
/// The key of the tenant that offers more.
pub(crate) const HARBOR: &str = "harbor";
/// The key of a tenant that has a sandbox beside it.
pub(crate) const OSTARA: &str = "ostara";
/// The key of that sandbox.
pub(crate) const OSTARA_SANDBOX: &str = "ostara-sandbox";
/// The keys of one company's two tenants, in two data centres.
pub(crate) const CORVANE_EU: &str = "corvane-eu";
pub(crate) const CORVANE_US: &str = "corvane-us";
/// The key of the tenant with an identity provider.
pub(crate) const ALPENRAD: &str = "alpenrad";
/// The key of the tenant that is entered from Salesforce.
pub(crate) const KESTREL: &str = "kestrel";

const PRODUCTION: &str = "Production";

/// What most tenants have in common.
const ORDINARY: Vendor = Vendor {
    key: "",
    name: "",
    company: "",
    centre: Centre::Us1,
    environment: PRODUCTION,
    email_domain: "",
    entry: Entry::Database,
    size: Size::Small,
};

/// All of them.
pub(crate) const VENDORS: &[Vendor] = &[
    Vendor {
        key: LUMEN,
        name: "Lumen Works",
        company: "Lumen Works",
        email_domain: "lumenworks.example",
        size: Size::Standard,
        ..ORDINARY
    },
    Vendor {
        key: HARBOR,
        name: "Harbor Cloud",
        company: "Harbor Cloud",
        email_domain: "harborcloud.example",
        size: Size::Standard,
        ..ORDINARY
    },
    Vendor {
        key: KESTREL,
        name: "Kestrel Pay",
        company: "Kestrel Pay",
        email_domain: "kestrelpay.example",
        entry: Entry::Salesforce(super::salesforce::KESTREL_ORGANISATION),
        ..ORDINARY
    },
    Vendor {
        key: OSTARA,
        name: "Ostara Robotics",
        company: "Ostara",
        centre: Centre::Us2,
        email_domain: "ostara.example",
        ..ORDINARY
    },
    Vendor {
        key: OSTARA_SANDBOX,
        name: "Ostara Robotics",
        company: "Ostara",
        centre: Centre::Us2,
        environment: "Sandbox",
        email_domain: "ostara.example",
        size: Size::CopyOf(OSTARA),
        ..ORDINARY
    },
    Vendor {
        key: CORVANE_US,
        name: "Corvane Americas",
        company: "Corvane",
        centre: Centre::Us2,
        email_domain: "corvane.example",
        ..ORDINARY
    },
    Vendor {
        key: CORVANE_EU,
        name: "Corvane Europe",
        company: "Corvane",
        centre: Centre::Eu,
        email_domain: "corvane.example",
        ..ORDINARY
    },
    Vendor {
        key: ALPENRAD,
        name: "Alpenrad Mobility",
        company: "Alpenrad",
        centre: Centre::Eu,
        email_domain: "alpenrad.example",
        entry: Entry::SingleSignOn("con-alpenrad"),
        ..ORDINARY
    },
];

/// The tenant that a `Host` header names: `<key>.us1.localhost`, on any port.
pub(crate) fn vendor_of_host(host: &str) -> Option<&'static Vendor> {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name).to_ascii_lowercase();
    let (key, suffix) = name.split_once('.')?;
    VENDORS.iter().find(|vendor| vendor.key == key && vendor.centre.suffix() == suffix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_names_one_tenant_or_none() {
        let cases = [
            ("lumen.us1.localhost:8091", Some("lumen")),
            ("HARBOR.us1.localhost", Some("harbor")),
            ("corvane-us.us2.localhost:8092", Some("corvane-us")),
            ("alpenrad.eu.localhost:1", Some("alpenrad")),
            ("lumen.eu.localhost:8093", None),
            ("nobody.us1.localhost:8091", None),
            ("lumen.localhost:8091", None),
            ("us1.localhost:8091", None),
            ("lumen.us1.localhost.evil.example", None),
            ("127.0.0.1:8091", None),
            ("", None),
        ];
        for (host, expected) in cases {
            assert_eq!(vendor_of_host(host).map(|vendor| vendor.key), expected, "{host}");
        }
    }

    #[test]
    fn every_data_centre_has_tenants_and_every_way_in_is_used() {
        for centre in Centre::ALL {
            assert!(VENDORS.iter().any(|vendor| vendor.centre == centre), "{}", centre.label());
        }
        assert!(VENDORS.iter().any(|vendor| matches!(vendor.entry, Entry::SingleSignOn(_))));
        assert!(VENDORS.iter().any(|vendor| matches!(vendor.entry, Entry::Salesforce(_))));
        assert!(VENDORS.iter().any(Vendor::is_sandbox));
    }
}
