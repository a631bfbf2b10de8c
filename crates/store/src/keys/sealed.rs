//! Values that only their organisation, and only in their own row, can read.
//!
//! AES-256-GCM (NIST SP 800-38D). The nonce is random, which holds for 2^32 values per organisation; the column and the row stand in
//! the associated data, so that a value copied to another row does not open there.

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use sidelight_domain::IdSource;
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const NONCE_LENGTH: usize = 12;
const TAG_LENGTH: usize = 16;

/// A column whose values are sealed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column(&'static str);

impl Column {
    /// Names it as `table.column`.
    pub(crate) const fn new(name: &'static str) -> Self {
        Self(name)
    }

    pub(crate) const fn as_str(self) -> &'static str {
        self.0
    }

    /// The column without its table.
    pub(crate) fn name(self) -> &'static str {
        self.0.split_once('.').map_or(self.0, |(_, name)| name)
    }

    fn context(self, row: &str) -> String {
        format!("{}:{row}", self.0)
    }
}

pub(crate) fn seal(cipher: &Aes256Gcm, ids: &dyn IdSource, column: Column, row: &str, value: &[u8]) -> Option<Vec<u8>> {
    let mut nonce = [0; NONCE_LENGTH];
    ids.fill(&mut nonce);
    let context = column.context(row);
    let sealed = cipher.encrypt(&Nonce::from(nonce), Payload { msg: value, aad: context.as_bytes() }).ok()?;
    let mut bytes = Vec::with_capacity(1 + NONCE_LENGTH + sealed.len());
    bytes.push(VERSION);
    bytes.extend_from_slice(&nonce);
    bytes.extend_from_slice(&sealed);
    Some(bytes)
}

pub(crate) fn open(cipher: &Aes256Gcm, column: Column, row: &str, bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (version, rest) = bytes.split_first()?;
    let (nonce, sealed) = rest.split_at_checked(NONCE_LENGTH)?;
    if *version != VERSION || sealed.len() < TAG_LENGTH {
        return None;
    }
    let nonce = Nonce::from(<[u8; NONCE_LENGTH]>::try_from(nonce).ok()?);
    let context = column.context(row);
    cipher.decrypt(&nonce, Payload { msg: sealed, aad: context.as_bytes() }).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use aes_gcm::KeyInit as _;
    use proptest::prelude::*;
    use sidelight_domain::CountingIds;

    use super::*;

    const NAME: Column = Column::new("people.name_sealed");

    fn cipher(byte: u8) -> Aes256Gcm {
        Aes256Gcm::new(&[byte; 32].into())
    }

    #[test]
    fn a_value_opens_in_its_own_place_only() {
        let sealed = seal(&cipher(1), &CountingIds::default(), NAME, "row-1", b"Ana Ruiz").unwrap();
        assert_eq!(open(&cipher(1), NAME, "row-1", &sealed).unwrap().as_slice(), b"Ana Ruiz");
        assert!(open(&cipher(1), NAME, "row-2", &sealed).is_none(), "another row");
        assert!(open(&cipher(1), Column::new("people.email_sealed"), "row-1", &sealed).is_none(), "another column");
        assert!(open(&cipher(2), NAME, "row-1", &sealed).is_none(), "another organisation");
    }

    #[test]
    fn the_same_value_never_looks_the_same() {
        let ids = CountingIds::default();
        let once = seal(&cipher(1), &ids, NAME, "row", b"Ana").unwrap();
        assert_ne!(once, seal(&cipher(1), &ids, NAME, "row", b"Ana").unwrap());
    }

    #[test]
    fn no_value_is_too_short_to_be_refused() {
        let sealed = seal(&cipher(1), &CountingIds::default(), NAME, "row", b"").unwrap();
        for length in 0..sealed.len() {
            assert!(open(&cipher(1), NAME, "row", &sealed[..length]).is_none(), "{length}");
        }
    }

    proptest! {
        #[test]
        fn any_changed_bit_is_noticed(value in proptest::collection::vec(any::<u8>(), 0..64), bit in any::<prop::sample::Index>()) {
            let mut sealed = seal(&cipher(1), &CountingIds::default(), NAME, "row", &value).unwrap();
            prop_assert_eq!(open(&cipher(1), NAME, "row", &sealed).unwrap().to_vec(), value);
            let bit = bit.index(sealed.len() * 8);
            sealed[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(open(&cipher(1), NAME, "row", &sealed).is_none());
        }
    }
}
