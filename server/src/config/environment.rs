//! The environment: the only place of the server that reads it (design 6).

use std::collections::BTreeMap;

use toml::{Table, Value};

const PREFIX: &str = "SIDELIGHT_";

/// The variable that sets `section.key`.
pub(super) fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase().replace('.', "__"))
}

/// All variables that start with `SIDELIGHT_` and name a section; others, such as those of the build, are left alone.
#[must_use]
pub fn of_this_process() -> BTreeMap<String, String> {
    std::env::vars().filter(|(name, _)| name.starts_with(PREFIX) && name.contains("__")).collect()
}

/// Lays `variables` over `file`: `SIDELIGHT_SERVER__BIND` replaces `bind` in `[server]`.
pub(super) fn overlay(file: &mut Table, variables: &BTreeMap<String, String>) {
    for (name, value) in variables {
        let Some((section, key)) = name.strip_prefix(PREFIX).and_then(|rest| rest.split_once("__")) else { continue };
        let section = file.entry(section.to_lowercase()).or_insert_with(|| Value::Table(Table::new()));
        if let Value::Table(section) = section {
            section.insert(key.to_lowercase(), Value::String(value.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_replaces_what_the_file_says() {
        let mut file: Table = "[server]\nbind = \"a\"\npublic_url = \"u\"".parse().unwrap();
        overlay(&mut file, &BTreeMap::from([("SIDELIGHT_SERVER__BIND".to_owned(), "b".to_owned())]));
        assert_eq!(file["server"]["bind"].as_str(), Some("b"));
        assert_eq!(file["server"]["public_url"].as_str(), Some("u"));
        assert_eq!(variable("server.bind"), "SIDELIGHT_SERVER__BIND");
    }
}
