//! The tenant directory: which registered tenants a username may belong to. It selects; it never opens a new host (design 4.3).

use std::sync::Arc;

use sidelight_api::sign_in::{Branch, DataCentre, Domain, SignInRequest};
use sidelight_api::{ErrorCode, FieldError};
use sidelight_domain::EmailAddress;
use sidelight_domain::ids::OrganisationId;
use sidelight_domain::words::Word;

use crate::app::App;
use crate::config::Tenant;
use crate::http::{Answered, Refusal};

/// Which of the product document's three ways leads in for a username.
///
/// Decided by the domain of the address alone: whether a user exists is the tenant's secret, and the answer looks the same.
#[must_use]
pub fn branch(app: &App, organisation: OrganisationId, username: &str) -> Branch {
    let tenants = app.tenants.of(organisation);
    let domain = EmailAddress::parse(username).ok().map(|email| email.domain().to_owned());
    let serves = |tenant: &&Arc<Tenant>| domain.as_ref().is_some_and(|domain| tenant.email_domains.contains(domain));
    let matching: Vec<_> = tenants.iter().filter(serves).map(|tenant| described(tenant)).collect();
    match matching.as_slice() {
        [only] => Branch::Single { domain: only.clone() },
        several if !several.is_empty() && are_environments(several) => Branch::Environments { domains: matching },
        _ => Branch::Typed { data_centres: data_centres(app) },
    }
}

fn described(tenant: &Tenant) -> Domain {
    Domain {
        tenant: tenant.key.clone(),
        name: tenant.name.clone(),
        host: tenant.host.clone(),
        environment: tenant.environment.clone(),
    }
}

/// Several environments of one domain have different names of environment; two tenants of the same kind are two domains.
fn are_environments(domains: &[Domain]) -> bool {
    let distinct: std::collections::HashSet<_> = domains.iter().map(|domain| &domain.environment).collect();
    distinct.len() == domains.len()
}

fn data_centres(app: &App) -> Vec<DataCentre> {
    let told = |centre: &crate::config::DataCentre| DataCentre {
        label: centre.label.clone(),
        description: centre.description.clone(),
    };
    app.config.data_centres.iter().map(told).collect()
}

/// The registered tenant that a request selects.
///
/// # Errors
/// `tenant_unknown` with the field that led nowhere.
pub(super) fn selected(app: &App, organisation: OrganisationId, request: &SignInRequest) -> Answered<Arc<Tenant>> {
    let unknown = |field: &str| {
        let fields =
            vec![FieldError { field: field.to_owned(), message: ErrorCode::TenantUnknown.word().text().to_owned() }];
        Refusal::new(ErrorCode::TenantUnknown).with_fields(fields)
    };
    if let Some(key) = &request.tenant {
        return app.tenant(organisation, key).ok_or_else(|| unknown("tenant"));
    }
    let (Some(typed), Some(centre)) = (&request.domain, &request.data_centre) else {
        let missing = FieldError { field: "domain".to_owned(), message: Word::FieldMissing.text().to_owned() };
        return Err(Refusal::new(ErrorCode::InvalidInput).with_fields(vec![missing]));
    };
    let host = host_of(typed);
    let is_meant = |tenant: &Arc<Tenant>| tenant.host == host && tenant.data_centre == *centre;
    app.tenants.of(organisation).into_iter().find(is_meant).ok_or_else(|| unknown("domain"))
}

/// The tenants of an organisation that take people from Salesforce, productive ones first.
#[must_use]
pub(super) fn entered_from_salesforce(app: &App, organisation: OrganisationId) -> Vec<Arc<Tenant>> {
    let mut tenants = app.tenants.of(organisation);
    tenants.retain(|tenant| tenant.salesforce.is_some());
    tenants.sort_by_key(|tenant| tenant.is_sandbox);
    tenants
}

/// People paste a whole address; only its host counts, and only to compare it.
fn host_of(typed: &str) -> String {
    let typed = typed.trim().to_lowercase();
    let without_scheme = typed.split_once("://").map_or(typed.as_str(), |(_, rest)| rest);
    let authority = without_scheme.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    host.split(':').next().unwrap_or_default().trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_host_of_a_typed_address_counts() {
        for typed in [
            "acme.gainsightcloud.com",
            " HTTPS://Acme.gainsightcloud.com:443/v1/ui?x#y ",
            "https://evil@acme.gainsightcloud.com.",
        ] {
            assert_eq!(host_of(typed), "acme.gainsightcloud.com", "{typed}");
        }
        assert_eq!(host_of("acme.gainsightcloud.com@10.0.0.1"), "10.0.0.1");
        assert_eq!(host_of(""), "");
    }
}
