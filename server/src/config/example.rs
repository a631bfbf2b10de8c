//! `sidelight config example`: every setting with its meaning and default. `sidelight.example.toml` is this text, and a test says so.

/// The example file.
#[must_use]
pub fn example() -> String {
    EXAMPLE.to_owned()
}

const EXAMPLE: &str = include_str!("example.toml");

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use crate::config::Config;

    /// Thirty-two bytes, none of which is secret.
    const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    /// The file with its commented settings switched on, and what it leaves to the operator filled in.
    fn switched_on() -> String {
        let setting = |line: &str| {
            line.strip_prefix("# ").filter(|rest| rest.starts_with('[') || rest.contains(" = ")).map(str::to_owned)
        };
        super::EXAMPLE
            .lines()
            .map(|line| setting(line).unwrap_or_else(|| line.to_owned()))
            .map(|line| {
                line.replace("master_key = \"\"", &format!("master_key = \"{KEY}\"")).replace("\"\"", "\"typed\"")
            })
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn every_setting_of_the_example_is_one() {
        let text = switched_on();
        let config = Config::read(&text, &BTreeMap::new()).unwrap_or_else(|invalid| panic!("{invalid}\n{text}"));
        assert_eq!((config.tenants.len(), config.organisations.len(), config.zoom.apps.len()), (1, 1, 1));
    }

    #[test]
    fn a_copied_example_does_not_start_until_its_secrets_are_filled_in() {
        let refused = Config::read(super::EXAMPLE, &BTreeMap::new()).unwrap_err().to_string();
        for key in [
            "security.master_key",
            "zoom.apps[0].client_secret",
            "zoom.apps[0].webhook_secret",
            "tenants[0].client_secret",
        ] {
            assert!(refused.contains(key), "{key}: {refused}");
        }
    }

    #[test]
    fn the_file_at_the_root_is_the_example() {
        let root = include_str!("../../../sidelight.example.toml");
        assert_eq!(root, super::EXAMPLE, "copy server/src/config/example.toml to sidelight.example.toml");
    }

    /// `section.key` of everything that the example sets.
    fn settings() -> BTreeSet<String> {
        let mut section = String::new();
        let mut settings = BTreeSet::new();
        for line in switched_on().lines() {
            if let Some(name) = line.strip_prefix("[[").and_then(|rest| rest.strip_suffix("]]")) {
                section = format!("{}[]", name.replace("tenants.", "tenants[].").replace("forms.", "forms[]."));
            } else if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                name.clone_into(&mut section);
            } else if let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) {
                settings.insert(format!("{section}.{key}"));
            }
        }
        settings
    }

    #[test]
    fn the_readme_lists_the_settings_of_the_example() {
        let readme = include_str!("../../../README.md");
        let rows = readme.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
        let listed: BTreeSet<_> = rows.map(|(name, _)| name.to_owned()).filter(|name| name.contains('.')).collect();
        // With one app only, these may stand in [zoom] directly; the example says so in a sentence.
        let direct = ["client_id", "client_secret", "webhook_secret", "organisation"].map(|key| format!("zoom.{key}"));
        let expected: BTreeSet<_> = settings().into_iter().chain(direct).collect();
        assert_eq!(listed, expected);
    }
}
