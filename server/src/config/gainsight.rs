//! `[[data_centres]]` and `[[tenants]]`: where Gainsight may be called (design 4.3).

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use sidelight_domain::activity::STANDARD_TYPES;
use sidelight_domain::ids::{OrganisationKey, TenantKey};
use sidelight_gainsight::{FieldName, Schema};
use url::Url;

use super::forms::read_forms;
use super::reader::Section;
use super::{FormSettings, Organisation, Salesforce, SalesforceEntry, salesforce};

/// A data centre: how the hosts of its tenants look.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DataCentre {
    /// "US1", …
    pub label: String,
    /// The sentence beside it in "Choose Data Center Location".
    pub description: String,
    /// `https`; plain http for stand-ins on this machine.
    pub scheme: String,
    /// What stands behind the tenant's name.
    pub host_suffix: String,
    /// Port, where it is not the scheme's own.
    pub port: Option<u16>,
}

/// A registered tenant.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// Stable short name.
    pub key: TenantKey,
    /// Whose it is.
    pub organisation: OrganisationKey,
    /// Name on the screen.
    pub name: String,
    /// Host without scheme and port.
    pub host: String,
    /// All calls start here.
    pub base: Url,
    /// Label of its data centre.
    pub data_centre: String,
    /// Whether the host is a domain of the customer's own.
    pub is_custom: bool,
    /// "Production", "Sandbox", …
    pub environment: String,
    /// Whether a mistake in it costs nothing.
    pub is_sandbox: bool,
    /// E-mail domains of its users: how a username finds its tenant.
    pub email_domains: Vec<String>,
    /// The tenant's one OAuth application (`gainsight.md` 2.3).
    pub client_id: String,
    /// Its secret.
    pub client_secret: SecretString,
    /// Whether its OAuth server takes PKCE; nothing public says so (`gainsight.md` 2.3).
    pub pkce: bool,
    /// Activity types on offer, in the order of the menu.
    pub activity_types: Vec<String>,
    /// What they ask for, as far as the operator said.
    pub activity_forms: Vec<FormSettings>,
    /// How many calls a minute we allow ourselves; the tenant's limit of about 100 is shared with others.
    pub calls_per_minute: u32,
    /// How long a call may take.
    pub time_limit: Duration,
    /// What reads for everybody; `None` where each viewer reads with the own token (docs/adr/0003).
    pub shared: Option<Shared>,
    /// How it takes people who sign in through Salesforce; `None` where it does not.
    pub salesforce: Option<SalesforceEntry>,
}

/// What a tenant's registration refers to.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) organisations: &'a [Organisation],
    pub(super) centres: &'a [DataCentre],
    pub(super) salesforce: Option<&'a Salesforce>,
}

/// A credential that reads for everybody, and what it may read.
#[derive(Clone, Debug)]
pub struct Shared {
    /// What is sent.
    pub credential: TenantCredential,
    /// The fields that an administrator approved.
    pub fields: Arc<BTreeSet<FieldName>>,
    /// Whether ids and keyed digests of all its people are kept, to find attendees without a call.
    pub mirrors_directory: bool,
}

/// A tenant's own credential (`gainsight.md` 2.1, 2.2).
#[derive(Clone, Debug)]
pub enum TenantCredential {
    /// Never expires.
    AccessKey(SecretString),
    /// Gets tokens by client credentials.
    Machine {
        /// Client id.
        id: String,
        /// Its secret.
        secret: SecretString,
    },
}

/// The three of the product document, in its words.
const BUILT_IN: [(&str, &str, &str); 3] = [
    ("US1", "Covers the US Region and contains data specific to the existing US customers only.", "gainsightcloud.com"),
    ("US2", "Covers the US West 2 Oregon region and contains only new US customers' data.", "us2.gainsightcloud.com"),
    ("EU", "Contains customer data specific to the EU region.", "eu.gainsightcloud.com"),
];

pub(super) fn read_data_centres(root: &mut Section<'_>) -> Vec<DataCentre> {
    let built_in = |(label, description, suffix): (&str, &str, &str)| DataCentre {
        label: label.to_owned(),
        description: description.to_owned(),
        scheme: "https".to_owned(),
        host_suffix: suffix.to_owned(),
        port: None,
    };
    let mut centres: Vec<_> = BUILT_IN.into_iter().map(built_in).collect();
    root.each("data_centres", |section| {
        let (Some(label), Some(host_suffix)) = (section.required("label"), section.required("host_suffix")) else {
            return;
        };
        let centre = DataCentre {
            description: section.text("description").unwrap_or_default(),
            scheme: section.text("scheme").unwrap_or_else(|| "https".to_owned()),
            port: section.parsed("port", "a port number"),
            host_suffix: host_suffix.trim_start_matches('.').to_lowercase(),
            label,
        };
        // Plain http is taken on loopback only; the origin type knows that rule.
        match base("tenant", &centre).map(|url| sidelight_outbound::Origin::of(&url)) {
            Some(Ok(_)) => {}
            Some(Err(invalid)) => section.mistake("scheme", invalid.to_string()),
            None => section.mistake("host_suffix", "must be a host name such as gainsightcloud.com"),
        }
        // A configured data centre takes the place of a built-in one with the same label: that is how the sandbox plays US1.
        match centres.iter_mut().find(|known| known.label == centre.label) {
            Some(known) => {
                let description = if centre.description.is_empty() { &known.description } else { &centre.description };
                *known = DataCentre { description: description.clone(), ..centre };
            }
            None => centres.push(centre),
        }
    });
    centres
}

pub(super) fn read_tenants(root: &mut Section<'_>, known: &Known<'_>) -> Vec<Tenant> {
    let mut tenants: Vec<Tenant> = Vec::new();
    root.each("tenants", |section| {
        let key = section.required("key");
        if tenants.iter().any(|known| Some(known.key.as_str()) == key.as_deref()) {
            section.mistake("key", "is used twice");
        }
        let tenant = tenant(section, key, known);
        let entry = tenant.as_ref().and_then(|tenant| Some((&tenant.organisation, tenant.salesforce.as_ref()?)));
        if entry.is_some_and(|(owner, entry)| salesforce::is_pinned_twice(&tenants, owner, entry)) {
            section.mistake("salesforce_organisation", "leads to another tenant of this organisation already");
        }
        tenants.extend(tenant);
    });
    tenants
}

fn tenant(section: &mut Section<'_>, key: Option<String>, known: &Known<'_>) -> Option<Tenant> {
    let host = section.required("host").map(|host| host.to_lowercase());
    let client_id = section.required("client_id");
    let client_secret = section.required("client_secret").map(SecretString::from);
    let centre = data_centre(section, known.centres);
    let organisation = organisation(section, known.organisations);
    let is_custom = section.parsed("custom_domain", "true or false").unwrap_or(false);
    let base = host.as_deref().zip(centre).and_then(|(host, centre)| tenant_base(section, host, centre, is_custom));
    let is_sandbox = section.parsed("is_sandbox", "true or false").unwrap_or(false);
    let environment = section.text("environment");
    let mut activity_types = section.list("activity_types");
    if activity_types.is_empty() {
        activity_types = STANDARD_TYPES.map(str::to_owned).to_vec();
    }
    let activity_forms = read_forms(section, &activity_types);
    let shared = shared(section);
    let salesforce = salesforce::read_entry(section, known.salesforce, shared.as_ref());
    Some(Tenant {
        shared,
        salesforce,
        name: section.text("name").unwrap_or_else(|| key.clone().unwrap_or_default()),
        email_domains: section.list("email_domains").iter().map(|domain| domain.to_lowercase()).collect(),
        pkce: section.parsed("pkce", "true or false").unwrap_or(false),
        calls_per_minute: section.number("calls_per_minute", 1..=1_000, 60),
        // Below the limit of a whole request (`serve`), so that the panel hears what was the matter.
        time_limit: Duration::from_secs(section.number("time_limit_seconds", 1..=30, 15).into()),
        is_custom,
        activity_types,
        activity_forms,
        environment: environment.unwrap_or_else(|| if is_sandbox { "Sandbox" } else { "Production" }.to_owned()),
        is_sandbox,
        key: TenantKey::new(key?),
        organisation: organisation?,
        host: host?,
        base: base?,
        data_centre: centre?.label.clone(),
        client_id: client_id?,
        client_secret: client_secret?,
    })
}

/// The credential that reads for everybody, if there is one, with the list of what it may read.
fn shared(section: &mut Section<'_>) -> Option<Shared> {
    let (secret, id) = (section.secret("shared_secret"), section.text("shared_client_id"));
    let names = section.list("shared_fields");
    let mirrors_directory = section.parsed("directory_mirror", "true or false").unwrap_or(false);
    let Some(secret) = secret else {
        if id.is_some() || !names.is_empty() || mirrors_directory {
            section.mistake("shared_secret", "is required with shared_client_id, shared_fields or directory_mirror");
        }
        return None;
    };
    let credential = match id {
        Some(id) => TenantCredential::Machine { id, secret },
        None => TenantCredential::AccessKey(secret),
    };
    if names.is_empty() {
        section.mistake(
            "shared_fields",
            "is required with a credential that reads for everybody: Company.*, GsUser.Title, …",
        );
    }
    let choices = Schema::choices();
    let mut fields = BTreeSet::new();
    for name in &names {
        if let Some(own) = FieldName::parse(name).filter(FieldName::is_own_of_timeline) {
            fields.insert(own);
            continue;
        }
        let approved: Vec<_> = choices.iter().filter(|choice| names_field(name, choice)).collect();
        if approved.is_empty() {
            let known: Vec<_> = choices.iter().map(String::as_str).collect();
            section.mistake("shared_fields", format!("holds a field that is not read; known: {}", known.join(", ")));
            break;
        }
        fields.extend(approved.into_iter().filter_map(|choice| FieldName::parse(choice)));
    }
    Some(Shared { credential, fields: Arc::new(fields), mirrors_directory })
}

/// `Object.Field`, or `Object.*` for all of them.
fn names_field(name: &str, choice: &str) -> bool {
    match name.strip_suffix('*') {
        Some(object) => object.ends_with('.') && choice.to_lowercase().starts_with(&object.to_lowercase()),
        None => choice.eq_ignore_ascii_case(name),
    }
}

fn data_centre<'a>(section: &mut Section<'_>, centres: &'a [DataCentre]) -> Option<&'a DataCentre> {
    let label = section.required("data_centre")?;
    let found = centres.iter().find(|centre| centre.label == label);
    if found.is_none() {
        let labels: Vec<_> = centres.iter().map(|centre| centre.label.as_str()).collect();
        section.mistake("data_centre", format!("must be one of {}", labels.join(", ")));
    }
    found
}

fn organisation(section: &mut Section<'_>, organisations: &[Organisation]) -> Option<OrganisationKey> {
    match (section.text("organisation"), organisations) {
        (None, [only]) => Some(only.key.clone()),
        (Some(key), _) if organisations.iter().any(|known| known.key.as_str() == key) => {
            Some(OrganisationKey::new(key))
        }
        (Some(_), _) => {
            section.mistake("organisation", "is none of [[organisations]]");
            None
        }
        (None, _) => {
            section.mistake("organisation", "is required when there are several [[organisations]]");
            None
        }
    }
}

/// A tenant's host is one name in front of its data centre's suffix, unless the operator says that it is a domain of its own.
fn tenant_base(section: &mut Section<'_>, host: &str, centre: &DataCentre, is_custom: bool) -> Option<Url> {
    let suffix = format!(".{}", centre.host_suffix);
    let name = if is_custom { Some(host) } else { host.strip_suffix(&suffix).filter(|name| !name.contains('.')) };
    let is_name =
        |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.');
    if !name.is_some_and(is_name) {
        section.mistake(
            "host",
            format!("must look like name{suffix}; set custom_domain = true for a domain of the customer's own"),
        );
        return None;
    }
    url(&centre.scheme, host, centre.port)
}

fn base(name: &str, centre: &DataCentre) -> Option<Url> {
    url(&centre.scheme, &format!("{name}.{}", centre.host_suffix), centre.port)
}

fn url(scheme: &str, host: &str, port: Option<u16>) -> Option<Url> {
    let port = port.map_or_else(String::new, |port| format!(":{port}"));
    Url::parse(&format!("{scheme}://{host}{port}/")).ok()
}
