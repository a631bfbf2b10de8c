//! `sidelight config example`: every setting with its meaning and default. `sidelight.example.toml` is this text, and a test says so.

/// The example file.
#[must_use]
pub fn example() -> String {
    EXAMPLE.to_owned()
}

const EXAMPLE: &str = include_str!("example.toml");

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::config::Config;

    /// The file with its commented settings switched on, and the secrets that it leaves open filled in.
    fn switched_on() -> String {
        let setting = |line: &str| {
            line.strip_prefix("# ").filter(|rest| rest.starts_with('[') || rest.contains(" = ")).map(str::to_owned)
        };
        super::EXAMPLE
            .lines()
            .map(|line| setting(line).unwrap_or_else(|| line.to_owned()))
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
    fn the_file_at_the_root_is_the_example() {
        let root = include_str!("../../../sidelight.example.toml");
        assert_eq!(root, super::EXAMPLE, "copy server/src/config/example.toml to sidelight.example.toml");
    }
}
