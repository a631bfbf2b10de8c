//! The environment: the only place of the server that reads it (design 6).

use std::collections::BTreeMap;
use std::ffi::OsString;

use toml::{Table, Value};

use super::Mistake;

const PREFIX: &str = "SIDELIGHT_";

/// The variable that sets `section.key`.
pub(super) fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase().replace('.', "__"))
}

/// All variables that start with `SIDELIGHT_` and name a section; others, such as those of the build, are left alone.
#[must_use]
pub fn of_this_process() -> BTreeMap<String, String> {
    settings(std::env::vars_os())
}

/// Other programs' variables may hold any bytes. Bytes of ours that are no text become U+FFFD, which [`unreadable`] finds.
fn settings(variables: impl Iterator<Item = (OsString, OsString)>) -> BTreeMap<String, String> {
    variables
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
        .filter(|(name, _)| name.starts_with(PREFIX) && name.contains("__"))
        .map(|(name, value)| (name, value.to_string_lossy().into_owned()))
        .collect()
}

/// The variables that were not UTF-8.
pub(super) fn unreadable(variables: &BTreeMap<String, String>) -> Vec<Mistake> {
    let found = variables.iter().filter(|(_, value)| value.contains(char::REPLACEMENT_CHARACTER));
    found.map(|(name, _)| Mistake { key: name.clone(), problem: "must be UTF-8".to_owned() }).collect()
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
    fn variables_of_any_bytes_are_survived() {
        use std::os::unix::ffi::OsStringExt as _;
        let odd = |text: &str| OsString::from_vec([text.as_bytes(), &[0xff]].concat());
        let variables = [
            (OsString::from("PS1"), odd("x")),
            (odd("SIDELIGHT_SERVER__BIND"), OsString::from("x")),
            (OsString::from("SIDELIGHT_TARGET"), OsString::from("x")),
            (OsString::from("SIDELIGHT_SERVER__PUBLIC_URL"), odd("u")),
            (OsString::from("SIDELIGHT_SERVER__OPS_BIND"), OsString::from("o")),
        ];
        let read = settings(variables.into_iter());
        let expected = [("SIDELIGHT_SERVER__OPS_BIND", "o"), ("SIDELIGHT_SERVER__PUBLIC_URL", "u\u{fffd}")];
        assert_eq!(read, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
        let told: Vec<_> = unreadable(&read).into_iter().map(|mistake| mistake.key).collect();
        assert_eq!(told, ["SIDELIGHT_SERVER__PUBLIC_URL"]);
    }

    #[test]
    fn a_variable_replaces_what_the_file_says() {
        let mut file: Table = "[server]\nbind = \"a\"\npublic_url = \"u\"".parse().unwrap();
        overlay(&mut file, &BTreeMap::from([("SIDELIGHT_SERVER__BIND".to_owned(), "b".to_owned())]));
        assert_eq!(file["server"]["bind"].as_str(), Some("b"));
        assert_eq!(file["server"]["public_url"].as_str(), Some("u"));
        assert_eq!(variable("server.bind"), "SIDELIGHT_SERVER__BIND");
    }
}
