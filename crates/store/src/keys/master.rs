//! The master keys of an installation: they wrap the key of each organisation and nothing else.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use hkdf::Hkdf;
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize as _, Zeroizing};

use crate::KeyError;

/// How many bytes a key has (AES-256).
pub(crate) const KEY_LENGTH: usize = 32;

/// A text that is not a master key.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("expected 32 bytes in base64")]
pub struct InvalidMasterKey;

/// One master key: 32 bytes that come from the configuration and are never stored.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; KEY_LENGTH]>);

impl MasterKey {
    /// Takes 32 random bytes.
    #[must_use]
    pub fn new(bytes: [u8; KEY_LENGTH]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A name for the key that gives nothing of it away; stored beside what it wrapped.
    #[must_use]
    pub fn id(&self) -> MasterKeyId {
        let digest = Sha256::new().chain_update(b"sidelight-key-id").chain_update(self.bytes()).finalize();
        MasterKeyId([digest[0], digest[1], digest[2], digest[3]])
    }

    /// A key for one purpose outside the store, such as signing tokens (HKDF-SHA256, RFC 5869): the purposes cannot be told from
    /// each other, and none leads back to the master key.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> [u8; KEY_LENGTH] {
        let mut derived = [0; KEY_LENGTH];
        let info = [b"sidelight:".as_slice(), purpose.as_bytes()];
        let expanded = Hkdf::<Sha256>::new(None, self.bytes()).expand_multi_info(&info, &mut derived);
        debug_assert!(expanded.is_ok(), "HKDF gives up to 8,160 bytes");
        derived
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY_LENGTH] {
        &self.0
    }
}

impl FromStr for MasterKey {
    type Err = InvalidMasterKey;

    /// Reads base64 in either alphabet, padded or not: what `openssl rand -base64 32` and most secret stores print.
    fn from_str(text: &str) -> Result<Self, InvalidMasterKey> {
        let padding = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
        let url_safe = text.contains(['-', '_']);
        let alphabet = if url_safe { alphabet::URL_SAFE } else { alphabet::STANDARD };
        let mut bytes = GeneralPurpose::new(&alphabet, padding).decode(text.trim()).map_err(|_| InvalidMasterKey)?;
        let key = <[u8; KEY_LENGTH]>::try_from(bytes.as_slice()).map(Self::new).map_err(|_| InvalidMasterKey);
        bytes.zeroize();
        key
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({})", self.id())
    }
}

/// The name of a master key: the first four bytes of a digest of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct MasterKeyId([u8; 4]);

impl fmt::Display for MasterKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The key that wraps, and those that wrapped before it.
#[derive(Clone, Debug)]
pub struct MasterKeys {
    /// Wraps everything new.
    pub current: MasterKey,
    /// Open what is not wrapped by the current one yet.
    pub previous: Vec<MasterKey>,
}

impl MasterKeys {
    pub(crate) fn by_id(&self, id: &str) -> Result<&MasterKey, KeyError> {
        std::iter::once(&self.current)
            .chain(&self.previous)
            .find(|key| key.id().to_string() == id)
            .ok_or_else(|| KeyError::UnknownMasterKey { key_id: id.to_owned(), current: self.current.id().to_string() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_in_every_spelling_of_base64() {
        let bytes: [u8; 32] = std::array::from_fn(|n| if n % 2 == 0 { 0xfb } else { 0xff });
        let standard = base64::engine::general_purpose::STANDARD.encode(bytes);
        let expected = MasterKey::new(bytes).id();
        let spellings = [
            standard.clone(),
            standard.trim_end_matches('=').to_owned(),
            standard.replace('+', "-").replace('/', "_"),
            format!(" {standard}\n"),
        ];
        for text in spellings {
            assert_eq!(text.parse::<MasterKey>().map(|key| key.id()), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_32_bytes_is_refused() {
        for text in ["", "c2hvcnQ=", "not base64!", &"A".repeat(64)] {
            assert_eq!(text.parse::<MasterKey>().map(|key| key.id()), Err(InvalidMasterKey), "{text}");
        }
    }

    #[test]
    fn the_id_is_taken_from_the_agreed_digest() {
        // printf 'sidelight-key-id' plus 32 zero bytes | sha256sum
        assert_eq!(MasterKey::new([0; 32]).id().to_string(), "71b43425");
    }

    #[test]
    fn keys_do_not_show_in_debug_output() {
        let keys = MasterKeys { current: MasterKey::new([0xab; 32]), previous: vec![MasterKey::new([0xcd; 32])] };
        let shown = format!("{keys:?}");
        assert!(!shown.contains("171") && !shown.to_lowercase().contains("abab") && !shown.contains("cdcd"), "{shown}");
    }
}
