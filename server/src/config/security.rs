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

pub(super) fn read(section: &mut Section<'_>, is_development: bool) -> Option<Security> {
    let previous: Vec<_> = section.parsed_list("previous_master_keys", EXPECTED);
    let Some(text) = section.secret("master_key") else {
        section.mistake("master_key", format!("is required (SIDELIGHT_SECURITY__MASTER_KEY): {EXPECTED}"));
        return None;
    };
    if text.expose_secret() == DEVELOPMENT_MASTER_KEY && !is_development {
        section.mistake(
            "master_key",
            "is the development key, which everybody knows; it works with a loopback public URL only",
        );
        return None;
    }
    let Ok(current) = text.expose_secret().parse::<MasterKey>() else {
        section.mistake("master_key", format!("must be {EXPECTED}"));
        return None;
    };
    Some(Security { master_keys: MasterKeys { current, previous } })
}
