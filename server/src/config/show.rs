//! `sidelight config show`: the settled values in the form of the file, without a secret.

use std::fmt::Write as _;

use super::forms::{field_name, kind_name};
use super::{Config, FormSettings, LogFormat, TenantCredential};

const HIDDEN: &str = "(set)";

/// Prints a configuration. Secrets appear as `(set)`.
#[must_use]
pub fn show(config: &Config) -> String {
    let mut out = Printer::default();
    let server = &config.server;
    out.table("server");
    out.line("bind", &server.bind);
    out.line("ops_bind", &server.ops_bind);
    out.line("public_url", &server.public_url);
    out.list("trusted_proxies", &server.trusted_proxies);
    if let Some(ancestors) = &server.frame_ancestors {
        out.line("frame_ancestors", &ancestors);
    }
    out.line("shutdown_grace_seconds", &server.shutdown_grace.as_secs());
    out.line("requests_per_minute", &server.requests_per_minute);
    out.line("log_format", &if server.log_format == LogFormat::Json { "json" } else { "text" });
    out.line("log_filter", &server.log_filter);
    out.table("database");
    out.line("url", HIDDEN);
    out.line("max_connections", &config.database.max_connections);
    out.table("security");
    out.line("master_key", HIDDEN);
    out.list("previous_master_keys", &vec![HIDDEN; config.security.master_keys.previous.len()]);
    out.table("zoom");
    out.line("oauth_url", &config.zoom.oauth_url);
    out.line("api_url", &config.zoom.api_url);
    out.line("in_client_pkce", &config.zoom.in_client_pkce.as_str());
    if let Some(salesforce) = &config.salesforce {
        out.table("salesforce");
        out.line("client_id", &salesforce.client_id);
        out.line("client_secret", HIDDEN);
        out.list("hosts", &salesforce.hosts);
    }
    rows(&mut out, config);
    out.0
}

fn rows(out: &mut Printer, config: &Config) {
    for app in &config.zoom.apps {
        out.table("[zoom.apps]");
        out.line("client_id", &app.client_id);
        out.line("client_secret", HIDDEN);
        out.line("webhook_secret", HIDDEN);
        if let Some(organisation) = &app.organisation {
            out.line("organisation", &organisation);
        }
    }
    for organisation in &config.organisations {
        out.table("[organisations]");
        out.line("key", &organisation.key);
        out.line("name", &organisation.name);
        // Zoom asks to treat account ids as personal data (`zoom.md` 2.2): their number is all that is shown.
        out.line("zoom_accounts", &organisation.zoom_accounts.len());
    }
    for centre in &config.data_centres {
        out.table("[data_centres]");
        out.line("label", &centre.label);
        out.line("description", &centre.description);
        out.line("scheme", &centre.scheme);
        out.line("host_suffix", &centre.host_suffix);
        if let Some(port) = centre.port {
            out.line("port", &port);
        }
    }
    for tenant in &config.tenants {
        out.table("[tenants]");
        out.line("key", &tenant.key);
        out.line("organisation", &tenant.organisation);
        out.line("name", &tenant.name);
        out.line("host", &tenant.host);
        out.line("data_centre", &tenant.data_centre);
        out.line("custom_domain", &tenant.is_custom);
        out.line("environment", &tenant.environment);
        out.line("is_sandbox", &tenant.is_sandbox);
        out.list("email_domains", &tenant.email_domains);
        out.line("client_id", &tenant.client_id);
        out.line("client_secret", HIDDEN);
        out.line("pkce", &tenant.pkce);
        out.list("activity_types", &tenant.activity_types);
        out.line("calls_per_minute", &tenant.calls_per_minute);
        out.line("time_limit_seconds", &tenant.time_limit.as_secs());
        if let Some(shared) = &tenant.shared {
            out.line("shared_secret", HIDDEN);
            if let TenantCredential::Machine { id, .. } = &shared.credential {
                out.line("shared_client_id", id);
            }
            out.list("shared_fields", &shared.fields.iter().collect::<Vec<_>>());
            out.line("directory_mirror", &shared.mirrors_directory);
        }
        if let Some(entry) = &tenant.salesforce {
            out.line("salesforce_organisation", entry.organisation.as_str());
            if entry.sees_what_is_approved {
                out.line("salesforce_viewers", "approved");
            }
        }
        tenant.activity_forms.iter().for_each(|form| show_form(out, form));
    }
}

fn show_form(out: &mut Printer, form: &FormSettings) {
    out.table("[tenants.activity_forms]");
    out.line("type", &form.type_name);
    for field in &form.fields {
        out.table("[tenants.activity_forms.fields]");
        out.line("name", field_name(field));
        let kind = field.kind.map(kind_name).map(str::to_owned);
        for (key, value) in [("label", &field.label), ("kind", &kind), ("preset", &field.preset)] {
            if let Some(value) = value {
                out.line(key, value);
            }
        }
        out.line("required", &field.is_required);
        if !field.options.is_empty() {
            out.list("options", &field.options);
        }
    }
}

#[derive(Default)]
struct Printer(String);

impl Printer {
    fn table(&mut self, name: &str) {
        let gap = if self.0.is_empty() { "" } else { "\n" };
        // Writing into a String cannot fail.
        let _ = writeln!(self.0, "{gap}[{name}]");
    }

    fn line(&mut self, key: &str, value: &(impl ToString + ?Sized)) {
        let value = toml::Value::String(value.to_string());
        let _ = writeln!(self.0, "{key} = {value}");
    }

    fn list<T: ToString>(&mut self, key: &str, values: &[T]) {
        let values = toml::Value::Array(values.iter().map(|value| toml::Value::String(value.to_string())).collect());
        let _ = writeln!(self.0, "{key} = {values}");
    }
}
