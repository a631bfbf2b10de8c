//! The data key of an organisation, wrapped for storage and split for use.

use aes_gcm::{Aes256Gcm, KeyInit as _};
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use sidelight_domain::IdSource;
use sidelight_domain::ids::OrganisationId;
use zeroize::Zeroizing;

use super::blind::{BlindIndex, Kind};
use super::master::{KEY_LENGTH, MasterKey, MasterKeys};
use super::sealed::{self, Column};
use crate::KeyError;

const DATA_KEY: Column = Column::new("organisations.data_key");

/// A data key as it is stored.
#[derive(Clone, Debug)]
pub(crate) struct WrappedKey {
    /// The sealed key.
    pub(crate) bytes: Vec<u8>,
    /// The id of the master key that opens it.
    pub(crate) wrapped_by: String,
}

impl WrappedKey {
    /// Draws a key for a new organisation.
    pub(crate) fn draw(master: &MasterKey, ids: &dyn IdSource, organisation: OrganisationId) -> Result<Self, KeyError> {
        let mut key = Zeroizing::new([0; KEY_LENGTH]);
        ids.fill(key.as_mut());
        Self::wrap(master, ids, organisation, &key)
    }

    fn wrap(
        master: &MasterKey,
        ids: &dyn IdSource,
        organisation: OrganisationId,
        key: &[u8; KEY_LENGTH],
    ) -> Result<Self, KeyError> {
        let cipher = Aes256Gcm::new(master.bytes().into());
        let bytes = sealed::seal(&cipher, ids, DATA_KEY, &organisation.to_string(), key).ok_or(KeyError::Altered)?;
        Ok(Self { bytes, wrapped_by: master.id().to_string() })
    }

    fn unwrap(
        &self,
        masters: &MasterKeys,
        organisation: OrganisationId,
    ) -> Result<Zeroizing<[u8; KEY_LENGTH]>, KeyError> {
        let master = masters.by_id(&self.wrapped_by)?;
        let cipher = Aes256Gcm::new(master.bytes().into());
        let key = sealed::open(&cipher, DATA_KEY, &organisation.to_string(), &self.bytes).ok_or(KeyError::Altered)?;
        key.as_slice().try_into().map(Zeroizing::new).map_err(|_| KeyError::Altered)
    }

    /// The same key under the current master key, or `None` if it is already.
    pub(crate) fn rewrapped(
        &self,
        masters: &MasterKeys,
        ids: &dyn IdSource,
        organisation: OrganisationId,
    ) -> Result<Option<Self>, KeyError> {
        if self.wrapped_by == masters.current.id().to_string() {
            return Ok(None);
        }
        let key = self.unwrap(masters, organisation)?;
        Self::wrap(&masters.current, ids, organisation, &key).map(Some)
    }

    /// Opens the key and derives what is made from it.
    pub(crate) fn open(
        &self,
        masters: &MasterKeys,
        organisation: OrganisationId,
    ) -> Result<OrganisationKeys, KeyError> {
        self.unwrap(masters, organisation).and_then(|key| OrganisationKeys::derive(&key))
    }
}

/// What is derived from a data key (HKDF-SHA256, RFC 5869).
pub(crate) struct OrganisationKeys {
    seal: Aes256Gcm,
    blind_index: Hmac<Sha256>,
    audit: Hmac<Sha256>,
}

impl OrganisationKeys {
    fn derive(data_key: &[u8; KEY_LENGTH]) -> Result<Self, KeyError> {
        let expander = Hkdf::<Sha256>::new(None, data_key);
        let subkey = |label: &str| {
            let mut key = Zeroizing::new([0; KEY_LENGTH]);
            expander.expand(label.as_bytes(), key.as_mut()).map_err(|_| KeyError::Altered)?;
            Ok(key)
        };
        let mac = |label| Hmac::new_from_slice(subkey(label)?.as_ref()).map_err(|_| KeyError::Altered);
        let seal = subkey("seal")?;
        Ok(Self { seal: Aes256Gcm::new((&*seal).into()), blind_index: mac("blind-index")?, audit: mac("audit")? })
    }

    pub(crate) fn seal(&self, ids: &dyn IdSource, column: Column, row: &str, value: &[u8]) -> Option<Vec<u8>> {
        sealed::seal(&self.seal, ids, column, row, value)
    }

    pub(crate) fn open(&self, column: Column, row: &str, bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        sealed::open(&self.seal, column, row, bytes)
    }

    pub(crate) fn blind(&self, kind: Kind, value: &str) -> BlindIndex {
        BlindIndex::of(&self.blind_index, kind, value)
    }

    /// A keyed digest over `parts`, each preceded by its length so that no two lists of parts read alike.
    pub(crate) fn audit_digest(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.audit.clone();
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use sidelight_domain::CountingIds;
    use uuid::Uuid;

    use super::*;

    const NOTE: Column = Column::new("drafts.content_sealed");

    fn organisation(n: u128) -> OrganisationId {
        OrganisationId::new(Uuid::from_u128(n))
    }

    fn masters(current: u8, previous: &[u8]) -> MasterKeys {
        let previous = previous.iter().map(|byte| MasterKey::new([*byte; 32])).collect();
        MasterKeys { current: MasterKey::new([current; 32]), previous }
    }

    #[test]
    fn a_key_stays_the_same_when_the_master_key_changes() {
        let ids = CountingIds::default();
        let old = masters(1, &[]);
        let wrapped = WrappedKey::draw(&old.current, &ids, organisation(1)).unwrap();
        let sealed = wrapped.open(&old, organisation(1)).unwrap().seal(&ids, NOTE, "d", b"text").unwrap();

        let new = masters(2, &[1]);
        let rewrapped = wrapped.rewrapped(&new, &ids, organisation(1)).unwrap().unwrap();
        assert!(rewrapped.rewrapped(&new, &ids, organisation(1)).unwrap().is_none());
        let keys = rewrapped.open(&masters(2, &[]), organisation(1)).unwrap();
        assert_eq!(keys.open(NOTE, "d", &sealed).unwrap().as_slice(), b"text");
    }

    #[test]
    fn an_unknown_master_key_is_named_with_the_variable_to_set() {
        let wrapped = WrappedKey::draw(&masters(1, &[]).current, &CountingIds::default(), organisation(1)).unwrap();
        let error = wrapped.open(&masters(2, &[3]), organisation(1)).err().unwrap();
        let said = error.to_string();
        assert!(said.contains(&wrapped.wrapped_by) && said.contains("PREVIOUS_MASTER_KEYS"), "{said}");
    }

    #[test]
    fn a_wrapped_key_opens_for_its_own_organisation_only() {
        let masters = masters(1, &[]);
        let wrapped = WrappedKey::draw(&masters.current, &CountingIds::default(), organisation(1)).unwrap();
        assert_eq!(wrapped.open(&masters, organisation(2)).err(), Some(KeyError::Altered));
    }

    #[test]
    fn parts_of_a_digest_cannot_be_shifted() {
        let ids = CountingIds::default();
        let masters = masters(1, &[]);
        let keys =
            WrappedKey::draw(&masters.current, &ids, organisation(1)).unwrap().open(&masters, organisation(1)).unwrap();
        assert_ne!(keys.audit_digest(&[b"ab", b"c"]), keys.audit_digest(&[b"a", b"bc"]));
    }
}
