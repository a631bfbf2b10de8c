//! The end of a sign-in: the tokens become a grant of the person.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sidelight_api::event::Event;
use sidelight_domain::Timestamp;
use sidelight_store::{NewGrant, SignIn, Tokens, Unit};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::identity::Identity;
use super::step::SIGNED_IN;
use crate::app::App;
use crate::http::Answered;
use crate::record::Record as _;

/// Tokens between the browser's return and the typed code. The store seals them.
#[derive(Deserialize, Serialize, Zeroize, ZeroizeOnDrop)]
pub(super) struct KeptTokens {
    pub(super) access: String,
    pub(super) refresh: Option<String>,
    #[zeroize(skip)]
    pub(super) expires_at: Timestamp,
}

impl KeptTokens {
    /// For the row of the sign-in.
    pub(super) fn sealed(&self) -> Result<SecretString, serde_json::Error> {
        serde_json::to_string(self).map(SecretString::from)
    }
}

/// Ends the sign-in, attaches the tokens, of which a login at Salesforce brings none, and takes the person's waiting writes up again. Tells whether the sign-in still stood: if it
/// was given up, replaced, or ended by a logout while the tenant was asked, nothing was done and nothing may come of it.
pub(super) async fn attach(
    app: &App,
    unit: &mut Unit,
    row: &mut SignIn,
    identity: Identity,
    kept: Option<&KeptTokens>,
) -> Answered<bool> {
    SIGNED_IN.clone_into(&mut row.step);
    row.ended_at = Some(app.clock.now());
    if !unit.sign_ins().save(row).await? {
        metrics::counter!("sign_ins_total", "outcome" => "too_late").increment(1);
        return Ok(false);
    }
    let grant = NewGrant {
        person: row.person,
        tenant: row.tenant.clone(),
        user: identity.user,
        email: identity.email,
        email_spelling: identity.email_spelling,
        name: identity.name,
        licence: identity.licence,
        is_active: identity.is_active,
        tokens: kept.map(|kept| Tokens {
            access: SecretString::from(kept.access.clone()),
            refresh: kept.refresh.clone().map(SecretString::from),
            expires_at: kept.expires_at,
        }),
    };
    let grant = unit.grants().attach(grant).await?;
    unit.writes().revive(&row.person, &row.tenant).await?;
    unit.note(Some(&row.person), "sign_in.done", &grant.id, &json!({ "tenant": row.tenant }));
    unit.tell(&row.person, &Event::SignIn { id: row.id });
    unit.tell(&row.person, &Event::Standing);
    metrics::counter!("sign_ins_total", "outcome" => "signed_in").increment(1);
    Ok(true)
}
