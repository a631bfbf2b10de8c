//! From text to a settled configuration.

use std::collections::BTreeMap;
use std::fmt;

use toml::Table;

use super::reader::Section;
use super::{DataCentre, Database, Mistake, Organisation, Salesforce, Security, Server, Tenant, Zoom, environment};
use super::{database, gainsight, organisations, salesforce, security, server, zoom};

/// Everything the server was told.
#[derive(Clone, Debug)]
pub struct Config {
    /// Addresses, proxies, limits.
    pub server: Server,
    /// Where rows are kept.
    pub database: Database,
    /// Master keys.
    pub security: Security,
    /// Zoom apps and addresses.
    pub zoom: Zoom,
    /// Our connected app at Salesforce, if there is one.
    pub salesforce: Option<Salesforce>,
    /// At least one.
    pub organisations: Vec<Organisation>,
    /// Where tenants may live.
    pub data_centres: Vec<DataCentre>,
    /// Registered tenants.
    pub tenants: Vec<Tenant>,
}

/// A configuration that cannot be used, with everything that is wrong in it.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub struct Invalid {
    /// In the order of the sections; never empty.
    pub mistakes: Vec<Mistake>,
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.mistakes.len();
        write!(f, "the configuration has {count} mistake{}:", if count == 1 { "" } else { "s" })?;
        self.mistakes.iter().try_for_each(|mistake| write!(f, "\n  {mistake}"))
    }
}

impl Config {
    /// Reads `file` (TOML) with `variables` laid over it.
    ///
    /// # Errors
    /// [`Invalid`] with all mistakes at once.
    pub fn read(file: &str, variables: &BTreeMap<String, String>) -> Result<Self, Invalid> {
        let mut table: Table = file.parse().map_err(|error| Invalid { mistakes: vec![unreadable(file, &error)] })?;
        environment::overlay(&mut table, variables);
        let mut mistakes = environment::unreadable(variables);
        let mut root = Section::new("", table, &mut mistakes);
        let server = root.section("server", server::read);
        let security = root.section("security", |section| security::read(section, server.is_development()));
        let database = root.section("database", database::read);
        let organisations = organisations::read(&mut root);
        let zoom = root.section("zoom", |section| zoom::read(section, &organisations, server.is_development()));
        let salesforce = root.section("salesforce", |section| salesforce::read(section, server.is_development()));
        let data_centres = gainsight::read_data_centres(&mut root);
        let known =
            gainsight::Known { organisations: &organisations, centres: &data_centres, salesforce: salesforce.as_ref() };
        let tenants = gainsight::read_tenants(&mut root, &known);
        root.finish();
        if let (Some(security), Some(database), true) = (security, database, mistakes.is_empty()) {
            return Ok(Self { server, database, security, zoom, salesforce, organisations, data_centres, tenants });
        }
        Err(Invalid { mistakes })
    }
}

/// Where a file is not TOML. The parser's own text quotes the line, and at times the very word, which may be a secret: only the place
/// is told.
fn unreadable(file: &str, error: &toml::de::Error) -> Mistake {
    let before = error.span().and_then(|span| file.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |text| text.chars().count()) + 1;
    Mistake { key: "sidelight.toml".to_owned(), problem: format!("is not TOML at line {line}, column {column}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn enough() -> BTreeMap<String, String> {
        variables(&[
            ("SIDELIGHT_DATABASE__URL", "sqlite:///tmp/x.db?mode=rwc"),
            ("SIDELIGHT_SERVER__BIND", "127.0.0.1:8080"),
            ("SIDELIGHT_SERVER__PUBLIC_URL", "https://sidelight.example"),
            ("SIDELIGHT_SECURITY__MASTER_KEY", "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="),
            ("SIDELIGHT_ZOOM__CLIENT_ID", "cid"),
            ("SIDELIGHT_ZOOM__CLIENT_SECRET", "hunter2"),
            ("SIDELIGHT_ZOOM__WEBHOOK_SECRET", "hunter3"),
        ])
    }

    fn keys(file: &str, variables: &BTreeMap<String, String>) -> Vec<String> {
        Config::read(file, variables).unwrap_err().mistakes.into_iter().map(|mistake| mistake.key).collect()
    }

    #[test]
    fn the_documented_variables_alone_are_enough() {
        let config = Config::read("", &enough()).unwrap();
        assert_eq!(config.organisations.len(), 1);
        assert_eq!(
            config.data_centres.iter().map(|centre| centre.label.as_str()).collect::<Vec<_>>(),
            ["US1", "US2", "EU"]
        );
        assert_eq!(config.zoom.oauth_url.as_str(), "https://zoom.us/");
    }

    #[test]
    fn a_configured_data_centre_stands_where_the_built_in_one_stood() {
        let file = "[[data_centres]]\nlabel = \"SG\"\nhost_suffix = \"sg.example\"\n\
                    [[data_centres]]\nlabel = \"US1\"\nhost_suffix = \"us1.example\"";
        let config = Config::read(file, &enough()).unwrap();
        let centres: Vec<_> =
            config.data_centres.iter().map(|centre| (centre.label.as_str(), centre.host_suffix.as_str())).collect();
        assert_eq!(
            centres,
            [
                ("US1", "us1.example"),
                ("US2", "us2.gainsightcloud.com"),
                ("EU", "eu.gainsightcloud.com"),
                ("SG", "sg.example")
            ]
        );
        let told = |at: usize| config.data_centres[at].description.as_str();
        assert!(told(0).starts_with("Covers the US Region"), "a built-in sentence stays unless it is replaced");
        assert_eq!(told(3), "");
    }

    #[test]
    fn all_mistakes_come_together_and_name_their_keys() {
        let file = "[server]\nbind = \"nowhere\"\npublic_url = \"x\"\nbnid = 1\n[zoom]\nclient_id = [1]\n[[tenants]]\nkey = \"a\"";
        assert_eq!(
            keys(file, &BTreeMap::new()),
            [
                "server.bind",
                "server.public_url",
                "server.bnid",
                "security.master_key",
                "database.url",
                "zoom.client_id",
                "zoom.client_secret",
                "zoom.webhook_secret",
                "tenants[0].host",
                "tenants[0].client_id",
                "tenants[0].client_secret",
                "tenants[0].data_centre",
            ]
        );
    }

    #[test]
    fn development_keys_are_refused_for_a_public_address() {
        let mut variables = enough();
        variables.insert("SIDELIGHT_SECURITY__MASTER_KEY".to_owned(), crate::config::DEVELOPMENT_MASTER_KEY.to_owned());
        assert_eq!(keys("", &variables), ["security.master_key"]);
        variables.insert("SIDELIGHT_SERVER__PUBLIC_URL".to_owned(), "http://localhost:8080".to_owned());
        assert!(Config::read("", &variables).is_ok());
    }

    #[test]
    fn a_public_address_needs_https() {
        let mut variables = enough();
        variables.insert("SIDELIGHT_SERVER__PUBLIC_URL".to_owned(), "http://sidelight.example".to_owned());
        assert_eq!(keys("", &variables), ["server.public_url"]);
    }

    #[test]
    fn a_broken_file_is_named_with_the_place_and_without_its_content() {
        let cases = [
            ("[zoom]\nclient_secret = hunter2", "line 2, column 17"),
            ("[zoom]\nclient_secret = \"a\"\nclient_secret = \"hunter2\"", "line 3, column 1"),
            ("[zoom]\n\nhunter2", "line 3, column 8"),
            ("[zoom]\nname = \"Zoë\" hunter2", "line 2, column 14"),
            ("hunter2 = 1\nhunter2 = 2", "line 2, column 1"),
        ];
        for (file, place) in cases {
            let problem = Config::read(file, &enough()).unwrap_err().to_string();
            assert!(problem.ends_with(&format!("sidelight.toml: is not TOML at {place}")), "{problem}");
        }
    }

    #[test]
    fn no_secret_is_ever_printed() {
        let config = Config::read("", &enough()).unwrap();
        for text in [format!("{config:?}"), crate::config::show(&config)] {
            assert!(!text.contains("hunter") && !text.contains("AQIDBAUG"), "{text}");
        }
    }

    #[test]
    fn a_tenant_must_live_in_a_known_data_centre_of_a_known_organisation() {
        let tenant =
            |changes: &str| format!("[[tenants]]\nkey = \"a\"\nclient_id = \"i\"\nclient_secret = \"s\"\n{changes}");
        let cases = [
            ("host = \"acme.gainsightcloud.com\"\ndata_centre = \"US1\"", vec![]),
            ("host = \"acme.gainsightcloud.com\"\ndata_centre = \"MARS\"", vec!["tenants[0].data_centre"]),
            ("host = \"acme.us2.gainsightcloud.com\"\ndata_centre = \"US1\"", vec!["tenants[0].host"]),
            ("host = \"acme.evil.example\"\ndata_centre = \"US1\"", vec!["tenants[0].host"]),
            ("host = \"gs.acme.example\"\ndata_centre = \"US1\"\ncustom_domain = true", vec![]),
            (
                "host = \"acme.gainsightcloud.com/x\"\ndata_centre = \"US1\"\ncustom_domain = true",
                vec!["tenants[0].host"],
            ),
            (
                "host = \"acme.gainsightcloud.com\"\ndata_centre = \"US1\"\norganisation = \"other\"",
                vec!["tenants[0].organisation"],
            ),
        ];
        for (changes, expected) in cases {
            let found =
                Config::read(&tenant(changes), &enough()).err().map_or_else(Vec::new, |invalid| invalid.mistakes);
            assert_eq!(found.iter().map(|mistake| mistake.key.as_str()).collect::<Vec<_>>(), expected, "{changes}");
        }
    }

    #[test]
    fn who_comes_from_salesforce_needs_all_that_stands_in_for_his_token() {
        let tenant = |key: &str, settings: &str| {
            format!(
                "[[tenants]]\nkey = \"{key}\"\nclient_id = \"i\"\nclient_secret = \"s\"\nhost = \"acme.gainsightcloud.com\"\n\
                 data_centre = \"US1\"\n{settings}\n"
            )
        };
        let app = "[salesforce]\nclient_id = \"c\"\nclient_secret = \"hunter2\"\n";
        let shared = "shared_secret = \"k\"\nshared_fields = [\"GsUser.*\"]\n";
        let (long, short) =
            ("salesforce_organisation = \"00D5g000004KestEAC\"\n", "salesforce_organisation = \"00D5g000004Kest\"\n");
        let user = "salesforce_organisation = \"0055g000004Kest\"\n";
        let viewers = "salesforce_viewers = \"approved\"\n";
        let cases: Vec<(String, Vec<&str>)> = vec![
            (format!("{app}{}", tenant("a", &format!("{shared}{long}{viewers}"))), vec![]),
            (format!("{app}{}", tenant("a", &format!("{shared}{short}"))), vec![]),
            (tenant("a", &format!("{shared}{long}")), vec!["tenants[0].salesforce_organisation"]),
            (format!("{app}{}", tenant("a", long)), vec!["tenants[0].salesforce_organisation"]),
            (tenant("a", long), vec!["tenants[0].salesforce_organisation", "tenants[0].salesforce_organisation"]),
            (format!("{app}{}", tenant("a", &format!("{shared}{user}"))), vec!["tenants[0].salesforce_organisation"]),
            (
                format!("{app}{}", tenant("a", &format!("{}{long}", shared.replace("GsUser.*", "Company.Arr")))),
                vec!["tenants[0].shared_fields"],
            ),
            (format!("{app}{}", tenant("a", viewers)), vec!["tenants[0].salesforce_organisation"]),
            (
                format!("{app}{}", tenant("a", &format!("{shared}{long}salesforce_viewers = \"all\""))),
                vec!["tenants[0].salesforce_viewers"],
            ),
            (
                format!("{app}{}{}", tenant("a", &format!("{shared}{long}")), tenant("b", &format!("{shared}{short}"))),
                vec!["tenants[1].salesforce_organisation"],
            ),
            ("[salesforce]\nclient_id = \"c\"".to_owned(), vec!["salesforce.client_secret"]),
            (
                "[salesforce]\nclient_id = \"c\"\nclient_secret = \"sidelight-connected-app-demo-secret\"".to_owned(),
                vec!["salesforce.client_secret"],
            ),
            (format!("{app}hosts = [\"http://login.salesforce.example\"]"), vec!["salesforce.hosts"]),
            (format!("{app}hosts = [\"acme.my.salesforce.com/path\"]"), vec!["salesforce.hosts"]),
            (format!("{app}hosts = [\"acme.my.salesforce.com\", \"http://login.localhost:8096\"]"), vec![]),
        ];
        for (file, expected) in cases {
            let found = Config::read(&file, &enough()).err().map_or_else(Vec::new, |invalid| invalid.mistakes);
            assert_eq!(found.iter().map(|mistake| mistake.key.as_str()).collect::<Vec<_>>(), expected, "{file}");
        }
        let config = Config::read(app, &enough()).unwrap();
        let hosts: Vec<_> = config.salesforce.iter().flat_map(|one| &one.hosts).map(url::Url::as_str).collect();
        assert_eq!(hosts, ["https://login.salesforce.com/", "https://test.salesforce.com/"]);
        assert!(!format!("{config:?}{}", crate::config::show(&config)).contains("hunter"));
    }

    #[test]
    fn a_credential_that_reads_for_everybody_names_what_it_may_read() {
        let tenant = "[[tenants]]\nkey = \"a\"\nclient_id = \"i\"\nclient_secret = \"s\"\nhost = \"acme.gainsightcloud.com\"\ndata_centre = \"US1\"\n";
        let cases = [
            ("", None),
            ("shared_fields = [\"Company.Arr\"]", Some("shared_secret")),
            ("shared_client_id = \"c\"", Some("shared_secret")),
            ("shared_secret = \"k\"", Some("shared_fields")),
            ("shared_secret = \"k\"\nshared_fields = [\"Company.Secret\"]", Some("shared_fields")),
            ("shared_secret = \"k\"\nshared_fields = [\"company.arr\", \"GsUser.*\"]", None),
        ];
        for (settings, expected) in cases {
            let read = Config::read(&format!("{tenant}{settings}"), &enough());
            let found = read.err().map(|invalid| invalid.mistakes[0].key.clone());
            assert_eq!(found, expected.map(|key| format!("tenants[0].{key}")), "{settings}");
        }
    }
}
