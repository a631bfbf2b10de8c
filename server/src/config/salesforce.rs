//! `[salesforce]`: our connected app there, for tenants that are entered from Salesforce (`salesforce.md`).

use std::collections::BTreeSet;

use secrecy::{ExposeSecret as _, SecretString};
use sidelight_domain::ids::OrganisationKey;
use sidelight_salesforce::RecordId;
use url::Url;

use super::reader::Section;
use super::{Shared, Tenant};

/// Settled `[salesforce]`.
#[derive(Clone, Debug)]
pub struct Salesforce {
    /// Client id of the connected app.
    pub client_id: String,
    /// Its secret.
    pub client_secret: SecretString,
    /// Where people may log in; the first one is offered first. Never empty.
    pub hosts: Vec<Url>,
}

/// How a tenant takes people who sign in through Salesforce.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SalesforceEntry {
    /// Whose users are believed. Anybody can create another organisation.
    pub organisation: RecordId,
    /// Whether the operator says that they may see everything that `shared_fields` approves: they bring no Gainsight token, so that
    /// nothing could prove what each of them sees.
    pub sees_what_is_approved: bool,
}

/// Production and sandboxes (`salesforce.md`, hosts).
const HOSTS: [&str; 2] = ["https://login.salesforce.com/", "https://test.salesforce.com/"];
/// The demo's, which is printed in the source.
const DEMO_SECRET: &str = "sidelight-connected-app-demo-secret";
/// By this field a tenant's user is recognised.
const USER_ID: &str = "GsUser.SfdcUserId";

pub(super) fn read(section: &mut Section<'_>, is_development: bool) -> Option<Salesforce> {
    if !["client_id", "client_secret", "hosts"].iter().any(|key| section.has(key)) {
        return None;
    }
    let client_id = section.required("client_id");
    let client_secret = section.required("client_secret").map(SecretString::from);
    if client_secret.as_ref().is_some_and(|secret| !is_development && secret.expose_secret() == DEMO_SECRET) {
        section
            .mistake("client_secret", "is the demo's, which everybody knows; it works with a loopback public URL only");
    }
    let hosts = hosts(section);
    Some(Salesforce { client_id: client_id?, client_secret: client_secret?, hosts })
}

fn hosts(section: &mut Section<'_>) -> Vec<Url> {
    let named = section.list("hosts");
    if named.is_empty() {
        return HOSTS.iter().filter_map(|host| Url::parse(host).ok()).collect();
    }
    let mut hosts = Vec::new();
    for name in named {
        let text = if name.contains("://") { name } else { format!("https://{name}") };
        match Url::parse(&text).map(|url| (sidelight_outbound::Origin::of(&url), url)) {
            Ok((Ok(_), url)) if url.path() == "/" && url.query().is_none() && url.fragment().is_none() => {
                hosts.push(url);
            }
            Ok((Err(invalid), _)) => section.mistake("hosts", invalid.to_string()),
            _ => section.mistake("hosts", "must be hosts such as login.salesforce.com or acme.my.salesforce.com"),
        }
    }
    hosts
}

/// What a tenant says of Salesforce.
pub(super) fn read_entry(
    section: &mut Section<'_>,
    salesforce: Option<&Salesforce>,
    shared: Option<&Shared>,
) -> Option<SalesforceEntry> {
    let organisation = section.text("salesforce_organisation");
    let viewers = section.text("salesforce_viewers");
    if viewers.as_deref().is_some_and(|viewers| viewers != "approved") {
        section.mistake("salesforce_viewers", "must be approved, or left out: then they are shown nothing");
    }
    let Some(organisation) = organisation else {
        if viewers.is_some() {
            section.mistake("salesforce_organisation", "is required with salesforce_viewers");
        }
        return None;
    };
    if salesforce.is_none() {
        section.mistake("salesforce_organisation", "needs [salesforce] with client_id and client_secret");
    }
    match shared {
        None => {
            section
                .mistake("salesforce_organisation", "needs shared_secret: who comes from Salesforce brings no token");
        }
        Some(shared) if !shared.fields.iter().any(|field| field.to_string().eq_ignore_ascii_case(USER_ID)) => {
            section.mistake(
                "shared_fields",
                format!("must hold {USER_ID}, by which who comes from Salesforce is recognised"),
            );
        }
        Some(_) => {}
    }
    let parsed = organisation.parse::<RecordId>().ok().filter(RecordId::is_organisation);
    if parsed.is_none() {
        section.mistake("salesforce_organisation", "must be an organisation's id of 15 or 18 characters: 00D…");
    }
    Some(SalesforceEntry { organisation: parsed?, sees_what_is_approved: viewers.as_deref() == Some("approved") })
}

/// An organisation of Salesforce leads to one tenant, or it would be chance where somebody ends.
pub(super) fn is_pinned_twice(tenants: &[Tenant], owner: &OrganisationKey, entry: &SalesforceEntry) -> bool {
    let pinned: BTreeSet<_> = tenants
        .iter()
        .filter(|tenant| tenant.organisation == *owner)
        .filter_map(|tenant| Some(&tenant.salesforce.as_ref()?.organisation))
        .collect();
    pinned.contains(&entry.organisation)
}
