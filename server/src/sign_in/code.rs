//! The six digits that tie a browser to a panel, as the database keeps them.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use sidelight_domain::ids::SignInId;
use sidelight_store::{Digest, MasterKey, MasterKeys};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::app::App;

const PURPOSE: &str = "sign-in-code";

/// Makes and compares digests of codes.
///
/// A million codes are tried in a moment, so a plain digest would give one away to whoever reads the database. These are made under a key
/// that is not in it, and each is good for one sign-in only.
pub(super) struct Codes {
    current: Zeroizing<[u8; 32]>,
    previous: Vec<Zeroizing<[u8; 32]>>,
}

impl Codes {
    /// Under keys of their own, derived from the configured ones.
    pub(super) fn of(app: &App) -> Self {
        Self::new(&app.config.security.master_keys)
    }

    fn new(keys: &MasterKeys) -> Self {
        let derive = |key: &MasterKey| Zeroizing::new(key.derive(PURPOSE));
        Self { current: derive(&keys.current), previous: keys.previous.iter().map(derive).collect() }
    }

    /// What is kept of a code.
    pub(super) fn digest(&self, sign_in: SignInId, code: &str) -> Digest {
        keyed(&self.current, sign_in, code)
    }

    /// Whether `typed` is the code behind `kept`, which may have been made before the master key was changed.
    pub(super) fn is_code(&self, sign_in: SignInId, typed: &str, kept: &Digest) -> bool {
        let is_made_under =
            |key: &Zeroizing<[u8; 32]>| -> bool { keyed(key, sign_in, typed).as_bytes().ct_eq(kept.as_bytes()).into() };
        is_made_under(&self.current) || self.previous.iter().any(is_made_under)
    }
}

fn keyed(key: &[u8; 32], sign_in: SignInId, code: &str) -> Digest {
    // A key that is shorter than a block is filled up with zeros (RFC 2104, 2).
    let mut block = Zeroizing::new([0; 64]);
    block[..key.len()].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    mac.update(sign_in.to_string().as_bytes());
    mac.update(b":");
    mac.update(code.as_bytes());
    let digest: [u8; 32] = mac.finalize().into_bytes().into();
    Digest::from(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(current: u8, previous: &[u8]) -> Codes {
        let key = |byte: u8| MasterKey::new([byte; 32]);
        Codes::new(&MasterKeys { current: key(current), previous: previous.iter().copied().map(key).collect() })
    }

    #[test]
    fn a_code_opens_its_own_sign_in_under_its_own_key_only() {
        let sign_in = |n: u8| format!("sgn_0190000000007000800000000000000{n}").parse::<SignInId>().unwrap();
        let (first, second) = (sign_in(1), sign_in(2));
        let kept = keys(1, &[]).digest(first, "123456");
        let cases = [
            (keys(1, &[]), first, "123456", true),
            (keys(1, &[]), first, "123457", false),
            (keys(1, &[]), first, "", false),
            (keys(1, &[]), second, "123456", false),
            (keys(2, &[]), first, "123456", false),
            (keys(2, &[1]), first, "123456", true),
            (keys(2, &[1]), first, "123457", false),
        ];
        for (codes, sign_in, typed, expected) in cases {
            assert_eq!(codes.is_code(sign_in, typed, &kept), expected, "{sign_in} {typed}");
        }
    }

    #[test]
    fn trying_every_code_without_the_key_finds_nothing() {
        let sign_in = "sgn_01900000000070008000000000000001".parse::<SignInId>().unwrap();
        let kept = keys(1, &[]).digest(sign_in, "000042");
        let plain = |code: u32| [format!("{code:06}"), format!("{sign_in}:{code:06}")];
        assert!((0..1_000).flat_map(plain).all(|guess| Digest::of(guess) != kept));
    }
}
