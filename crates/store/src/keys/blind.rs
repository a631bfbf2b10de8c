//! Looking up what is sealed: a keyed digest that is the same for the same value, inside one organisation.

use std::fmt;
use std::str::FromStr;

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// What a blind index is about; the same text under another kind gives another index.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Email,
    /// An address in the directory mirror: apart from those of our own users.
    Directory,
    ZoomUser,
    ZoomAccount,
    /// What somebody in a room is recognised by.
    Subject,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Directory => "directory",
            Self::ZoomUser => "zoom-user",
            Self::ZoomAccount => "zoom-account",
            Self::Subject => "subject",
        }
    }
}

/// 128 bits: with a million people the chance that two share one is 10^-27.
const LENGTH: usize = 16;

/// A blind index in its stored form: 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct BlindIndex([u8; LENGTH]);

impl BlindIndex {
    /// The index of `value` under the blind-index subkey of an organisation.
    pub(crate) fn of(key: &Hmac<Sha256>, kind: Kind, value: &str) -> Self {
        let mut mac = key.clone();
        mac.update(kind.as_str().as_bytes());
        mac.update(b":");
        mac.update(value.as_bytes());
        let digest = mac.finalize().into_bytes();
        Self(std::array::from_fn(|n| digest[n]))
    }
}

impl fmt::Display for BlindIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Stands for a Zoom user inside one organisation: the blind index of his Zoom user id.
///
/// Every row that belongs to a person carries it instead of the id. It cannot be turned back without the organisation's key, and the
/// same user has another one in another organisation.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct PersonKey(BlindIndex);

impl PersonKey {
    pub(crate) const fn new(index: BlindIndex) -> Self {
        Self(index)
    }
}

impl fmt::Display for PersonKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A text that is not a person key.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("expected 32 hexadecimal digits")]
pub struct UnreadablePersonKey;

impl FromStr for PersonKey {
    type Err = UnreadablePersonKey;

    fn from_str(text: &str) -> Result<Self, UnreadablePersonKey> {
        let is_canonical = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        if text.len() != LENGTH * 2 || !text.chars().all(is_canonical) {
            return Err(UnreadablePersonKey);
        }
        let number = u128::from_str_radix(text, 16).map_err(|_| UnreadablePersonKey)?;
        Ok(Self(BlindIndex(number.to_be_bytes())))
    }
}

#[cfg(test)]
mod tests {
    use hmac::KeyInit as _;

    use super::*;

    fn key(byte: u8) -> Hmac<Sha256> {
        Hmac::new_from_slice(&[byte; 32]).unwrap()
    }

    #[test]
    fn an_index_depends_on_key_kind_and_value() {
        let index = BlindIndex::of(&key(1), Kind::Email, "ana@northwind.example");
        assert_eq!(index, BlindIndex::of(&key(1), Kind::Email, "ana@northwind.example"));
        assert_ne!(index, BlindIndex::of(&key(2), Kind::Email, "ana@northwind.example"));
        assert_ne!(index, BlindIndex::of(&key(1), Kind::ZoomUser, "ana@northwind.example"));
        assert_ne!(index, BlindIndex::of(&key(1), Kind::Email, "bob@northwind.example"));
    }

    #[test]
    fn a_person_key_survives_its_text_form_and_nothing_else_is_one() {
        let person = PersonKey::new(BlindIndex::of(&key(1), Kind::ZoomUser, "u1"));
        assert_eq!(person.to_string().parse(), Ok(person));
        for text in ["", "12", &"g".repeat(32), &"A".repeat(32), &format!("+{}", "1".repeat(31))] {
            assert_eq!(text.parse::<PersonKey>(), Err(UnreadablePersonKey), "{text}");
        }
    }
}
