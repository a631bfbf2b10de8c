//! How far a sign-in is: the words of its row, and what the panel is told.

use serde_json::json;
use sidelight_api::event::Event;
use sidelight_api::sign_in::{Failure, SignIn, Step};
use sidelight_domain::Timestamp;
use sidelight_store::{SignIn as Row, Unit};

use super::identity::Identity;
use crate::record::Record as _;

pub(super) const LINK_MADE: &str = "link_made";
pub(super) const LINK_OPENED: &str = "link_opened";
pub(super) const EXCHANGING: &str = "exchanging";
pub(super) const CODE_NEEDED: &str = "code_needed";
pub(super) const SIGNED_IN: &str = "signed_in";
const FAILED: &str = "failed:";

/// What the panel is told about a sign-in. The link is told once only, to the panel that made it.
#[must_use]
pub fn shown(row: &Row, now: Timestamp, link: Option<String>) -> SignIn {
    SignIn { id: row.id, tenant: row.tenant.clone(), link, expires_at: row.expires_at, step: step(row, now) }
}

fn step(row: &Row, now: Timestamp) -> Step {
    if let Some(word) = row.step.strip_prefix(FAILED) {
        let why = serde_json::from_value(json!(word)).unwrap_or(Failure::Replaced);
        return Step::Failed { why };
    }
    match row.step.as_str() {
        SIGNED_IN => Step::SignedIn,
        // The store ends an older sign-in as "replaced" when a newer one begins.
        _ if row.ended_at.is_some() => Step::Failed { why: Failure::Replaced },
        _ if !row.is_open(now) => Step::Failed { why: Failure::Expired },
        CODE_NEEDED => Step::CodeNeeded { name: Identity::name_in(row), tries_left: row.tries_left },
        LINK_MADE => Step::LinkMade,
        _ => Step::LinkOpened,
    }
}

/// Ends a sign-in without success and tells its person's panels.
///
/// # Errors
/// What the store says.
pub async fn fail(unit: &mut Unit, row: &mut Row, why: Failure, now: Timestamp) -> Result<(), sidelight_store::Error> {
    let word = serde_json::to_value(why).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default();
    row.step = format!("{FAILED}{word}");
    row.ended_at = Some(now);
    unit.sign_ins().save(row).await?;
    unit.note(Some(&row.person), "sign_in.failed", &row.id, &json!({ "why": word }));
    unit.tell(&row.person, &Event::SignIn { id: row.id });
    metrics::counter!("sign_ins_total", "outcome" => word).increment(1);
    Ok(())
}
