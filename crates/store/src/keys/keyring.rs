//! The opened keys of all organisations in use.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use sidelight_domain::ids::OrganisationId;

use super::{MasterKeys, OrganisationKeys, WrappedKey};
use crate::KeyError;

/// Opens each organisation's key once and keeps it.
pub(crate) struct Keyring {
    masters: MasterKeys,
    opened: RwLock<HashMap<OrganisationId, Arc<OrganisationKeys>>>,
}

impl Keyring {
    pub(crate) fn new(masters: MasterKeys) -> Self {
        Self { masters, opened: RwLock::default() }
    }

    pub(crate) const fn masters(&self) -> &MasterKeys {
        &self.masters
    }

    /// The keys of `organisation`, if they were opened before.
    pub(crate) fn opened(&self, organisation: OrganisationId) -> Option<Arc<OrganisationKeys>> {
        self.opened.read().unwrap_or_else(PoisonError::into_inner).get(&organisation).cloned()
    }

    /// Opens a wrapped key and keeps what comes out.
    pub(crate) fn open(
        &self,
        organisation: OrganisationId,
        wrapped: &WrappedKey,
    ) -> Result<Arc<OrganisationKeys>, KeyError> {
        let keys = Arc::new(wrapped.open(&self.masters, organisation)?);
        self.opened.write().unwrap_or_else(PoisonError::into_inner).insert(organisation, Arc::clone(&keys));
        Ok(keys)
    }
}
