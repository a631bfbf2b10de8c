//! New ids and secrets in the shapes that Zoom gives them.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;
use sidelight_domain::IdSource;

/// Draws them.
#[derive(Clone, Copy)]
pub(crate) struct Fresh<'a>(pub(crate) &'a dyn IdSource);

impl Fresh<'_> {
    /// `N` unpredictable bytes.
    pub(crate) fn bytes<const N: usize>(self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill(&mut bytes);
        bytes
    }

    /// An upper-case GUID, such as `67C1A429-1476-BE1C-7324-EDCA76B69406` (`zoom.md` 6.4).
    pub(crate) fn guid(self) -> String {
        uuid::Uuid::from_bytes(self.bytes()).hyphenated().to_string().to_uppercase()
    }

    /// The id of a meeting instance: base64 of 16 bytes, so it may hold `/`, `+` and `=`.
    pub(crate) fn instance(self) -> String {
        STANDARD.encode(self.bytes::<16>())
    }

    /// A secret that can stand in a URL.
    pub(crate) fn secret(self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes::<24>())
    }

    /// A token that looks like a JWT and must be treated as opaque (`zoom.md` 4.2): nothing verifies the third part.
    pub(crate) fn token(self, payload: &Value) -> String {
        let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let header = serde_json::json!({ "alg": "HS512", "v": "2.0", "kid": "sandbox" });
        format!("{}.{}.{}", part(&header), part(payload), self.secret())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sidelight_domain::CountingIds;

    #[test]
    fn ids_have_the_shapes_that_were_captured() {
        let ids = CountingIds::default();
        let fresh = Fresh(&ids);
        let guid = fresh.guid();
        assert_eq!(guid.len(), 36);
        assert_eq!(guid, guid.to_uppercase());
        assert_eq!(fresh.instance().len(), 24);
        assert!(fresh.instance().ends_with("=="));
        assert_ne!(fresh.secret(), fresh.secret());
        assert_eq!(fresh.token(&serde_json::json!({ "uid": "u" })).split('.').count(), 3);
    }
}
