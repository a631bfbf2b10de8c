//! `[security]`: the keys under which everything secret is kept.

use secrecy::ExposeSecret;
use sidelight_store::{MasterKey, MasterKeys};

use super::reader::Section;

/// The key of `sidelight demo`: printed in the source, hence refused as soon as others than this machine can connect.
pub const DEVELOPMENT_MASTER_KEY: &str = "c2lkZWxpZ2h0LWRldmVsb3BtZW50LW1hc3Rlci1rZXk=";

/// Settled `[security]`.
#[derive(Clone, Debug)]
pub struct Security {
    /// The current master key and those that older rows may still need.
    pub master_keys: MasterKeys,
}

const EXPECTED: &str = "32 random bytes in base64; make one with: openssl rand -base64 32";

const WELL_KNOWN: &str = "is the development key, which everybody knows; it works with a loopback public URL only";

pub(super) fn read(section: &mut Section<'_>, is_development: bool) -> Option<Security> {
    let previous: Vec<_> = section.parsed_list("previous_master_keys", EXPECTED);
    if !is_development && previous.iter().any(is_well_known) {
        // Whatever it wrapped can be read by everybody who has a copy of the database.
        section.mistake("previous_master_keys", WELL_KNOWN);
    }
    let Some(text) = section.secret("master_key") else {
        section.mistake("master_key", format!("is required (SIDELIGHT_SECURITY__MASTER_KEY): {EXPECTED}"));
        return None;
    };
    let Ok(current) = text.expose_secret().parse::<MasterKey>() else {
        section.mistake("master_key", format!("must be {EXPECTED}"));
        return None;
    };
    if !is_development && is_well_known(&current) {
        section.mistake("master_key", WELL_KNOWN);
        return None;
    }
    Some(Security { master_keys: MasterKeys { current, previous } })
}

/// Compares keys rather than texts: base64 spells one key in several ways.
fn is_well_known(key: &MasterKey) -> bool {
    DEVELOPMENT_MASTER_KEY.parse::<MasterKey>().is_ok_and(|known| known.id() == key.id())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

    fn mistakes(current: &str, previous: &[&str], is_development: bool) -> Vec<String> {
        let mut table = toml::Table::new();
        table.insert("master_key".to_owned(), current.into());
        table.insert("previous_master_keys".to_owned(), previous.to_vec().into());
        let mut mistakes = Vec::new();
        read(&mut Section::new("security", table, &mut mistakes), is_development);
        mistakes.into_iter().map(|mistake| mistake.key).collect()
    }

    #[test]
    fn the_development_key_is_known_in_every_spelling_and_place() {
        let bare = DEVELOPMENT_MASTER_KEY.trim_end_matches('=');
        let padded = format!(" {DEVELOPMENT_MASTER_KEY}\n");
        let cases: [(&str, &[&str], &[&str]); 6] = [
            (OWN, &[], &[]),
            (DEVELOPMENT_MASTER_KEY, &[], &["security.master_key"]),
            (bare, &[], &["security.master_key"]),
            (&padded, &[], &["security.master_key"]),
            (OWN, &[bare], &["security.previous_master_keys"]),
            (bare, &[DEVELOPMENT_MASTER_KEY], &["security.previous_master_keys", "security.master_key"]),
        ];
        for (current, previous, expected) in cases {
            assert_eq!(mistakes(current, previous, false), expected, "{current} {previous:?}");
            assert!(mistakes(current, previous, true).is_empty(), "{current} {previous:?}");
        }
    }
}
