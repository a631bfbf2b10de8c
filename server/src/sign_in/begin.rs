//! The panel asks for a one-time link.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use sidelight_api::ErrorCode;
use sidelight_api::event::Event;
use sidelight_api::sign_in::{Account, SignIn, SignInRequest};
use sidelight_domain::words::Word;
use sidelight_store::{Digest, NewSignIn};

use super::directory::{entered_from_salesforce, selected};
use super::step::{LINK_MADE, shown};
use crate::app::App;
use crate::chance::secret_text;
use crate::config::Tenant;
use crate::http::{Answered, Caller, Refusal};
use crate::record::Record as _;

/// How long a link lives (design 4.3).
const LIFETIME: Duration = Duration::from_mins(5);
/// How often a wrong code may be typed before the sign-in is over: five guesses at one in a million.
const TRIES: u32 = 5;

/// Makes a link. An older open one of this person and tenant dies.
///
/// # Errors
/// `tenant_unknown`, or a refusal of the database.
pub(crate) async fn begin(app: &App, caller: &Caller, request: &SignInRequest) -> Answered<SignIn> {
    let person = *caller.person()?;
    app.limits.guesses.take(&person)?;
    let tenant = match request.account {
        Account::Gainsight => selected(app, caller.organisation, request)?,
        // Which of them it is, the login tells.
        Account::Salesforce => first_entered_from_salesforce(app, caller)?,
    };
    let secret = secret_text(app.ids.as_ref());
    let now = app.clock.now();
    let mut unit = app.store.begin(caller.organisation).await?;
    let new = NewSignIn {
        person,
        session: caller.session.id,
        tenant: &tenant.key,
        account: request.account.as_str(),
        username: request.username.trim(),
        link: Digest::of(&secret),
        tries_left: TRIES,
        step: LINK_MADE,
        expires_at: now.after(LIFETIME),
    };
    let (row, replaced) = unit.sign_ins().add(&new).await?;
    if let Some(replaced) = replaced {
        unit.tell(&person, &Event::SignIn { id: replaced.id });
    }
    unit.note(Some(&person), "sign_in.begun", &row.id, &json!({ "tenant": tenant.key, "account": request.account }));
    unit.tell(&person, &Event::SignIn { id: row.id });
    unit.commit().await?;
    let link = app.config.server.link(&format!("/signin/{secret}"));
    Ok(shown(&row, now, Some(link.into())))
}

fn first_entered_from_salesforce(app: &App, caller: &Caller) -> Answered<Arc<Tenant>> {
    let first = entered_from_salesforce(app, caller.organisation).into_iter().next();
    first.ok_or_else(|| Refusal::new(ErrorCode::TenantUnknown).saying(Word::PageSalesforceNone.text()))
}
