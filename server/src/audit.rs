//! Signed heads of the audit log, written where the database's owner cannot change them: into the log lines of the process.
//!
//! The log chains keyed digests, so a changed row shows. Whoever can write the whole database could still cut its end off, or put an
//! older copy in its place; a head that stands elsewhere tells (design 5).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use sidelight_domain::ids::OrganisationId;
use sidelight_store::AuditHead;

use crate::app::App;

/// A cut-off end is at most this long.
const EVERY: Duration = Duration::from_hours(1);
const PURPOSE: &str = "audit-head";

/// Works until the shutdown, at whose very end the last heads are written.
pub(crate) async fn run(app: App) {
    loop {
        write_heads(&app).await;
        tokio::select! {
            () = app.shutdown.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// Writes the head of each organisation's log into the log lines, signed.
pub(crate) async fn write_heads(app: &App) {
    let key = app.config.security.master_keys.current.derive(PURPOSE);
    for organisation in app.organisation_ids() {
        match head(app, organisation).await {
            Ok(head) => tracing::info!(
                audit.organisation = %organisation,
                audit.seq = head.seq,
                audit.digest = %head.digest,
                audit.signature = signature(&key, organisation, &head),
                "Head of the audit log."
            ),
            Err(error) => tracing::warn!(error = %error, "The head of the audit log could not be read."),
        }
    }
}

async fn head(app: &App, organisation: OrganisationId) -> Result<AuditHead, sidelight_store::Error> {
    app.store.read(organisation).await?.audit().head().await
}

/// HMAC-SHA256 in base64url, under a key that is not in the database.
fn signature(key: &[u8; 32], organisation: OrganisationId, head: &AuditHead) -> String {
    let signed = format!("{organisation}:{}:{}", head.seq, head.digest);
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
    URL_SAFE_NO_PAD.encode(mac.chain_update(signed).finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_stands_for_one_head_of_one_organisation_under_one_key() {
        let organisation = |number| OrganisationId::new(uuid::Uuid::from_u128(number));
        let head = |seq| AuditHead { seq, digest: sidelight_store::Digest::of("row") };
        let other_row = AuditHead { seq: 7, digest: sidelight_store::Digest::of("another row") };
        let signed = signature(&[1; 32], organisation(1), &head(7));
        assert_eq!(signed.len(), 43);
        assert_eq!(signed, signature(&[1; 32], organisation(1), &head(7)));
        for other in [
            signature(&[2; 32], organisation(1), &head(7)),
            signature(&[1; 32], organisation(2), &head(7)),
            signature(&[1; 32], organisation(1), &head(8)),
            signature(&[1; 32], organisation(1), &other_row),
        ] {
            assert_ne!(signed, other);
        }
    }
}
