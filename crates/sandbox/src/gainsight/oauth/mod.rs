//! Signing in: authorization code with consent, refresh, the tenant's own tokens (`gainsight.md` 2.2, 2.3, 3.2, 3.6).

mod authorize;
mod grants;
pub(crate) mod single_sign_on;
mod token;

pub(crate) use authorize::{authorize, consent, log_in, log_in_first, log_out, signed_in};
pub(crate) use grants::Grants;
pub(crate) use token::{machine_token, token};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sidelight_domain::IdSource;

/// An unguessable text.
pub(crate) fn secret(ids: &dyn IdSource) -> String {
    let mut bytes = [0; 32];
    ids.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}
