//! The panel types the code that the browser shows.

use serde_json::json;
use sidelight_api::event::Event;
use sidelight_api::sign_in::{Failure, SignIn};
use sidelight_api::{ErrorCode, FieldError};
use sidelight_domain::ids::SignInId;

use super::attach::{KeptTokens, attach};
use super::code::Codes;
use super::identity::Identity;
use super::step::{CODE_NEEDED, fail, shown};
use crate::app::App;
use crate::http::{Answered, Caller, Refusal};
use crate::record::Record as _;

/// Compares the code, and signs in or counts a wrong one.
///
/// # Errors
/// `not_found` for a sign-in of somebody else, `sign_in_ended`, `wrong_code`.
pub(crate) async fn confirm(app: &App, caller: &Caller, id: SignInId, typed: &str) -> Answered<SignIn> {
    use secrecy::ExposeSecret as _;
    let person = *caller.person()?;
    app.limits.guesses.take(&person)?;
    let now = app.clock.now();
    let mut unit = app.store.begin(caller.organisation).await?;
    let mut row = unit.sign_ins().find_of(&person, id).await?.ok_or(ErrorCode::NotFound)?;
    if !row.is_open(now) || row.step != CODE_NEEDED {
        return Err(ErrorCode::SignInEnded.into());
    }
    let typed: String = typed.chars().filter(char::is_ascii_digit).collect();
    if !row.code.is_some_and(|kept| Codes::of(app).is_code(id, &typed, &kept)) {
        row.tries_left = row.tries_left.saturating_sub(1);
        if row.tries_left == 0 {
            fail(&mut unit, &mut row, Failure::WrongCode, now).await?;
        } else {
            unit.sign_ins().save(&row).await?;
            unit.note(Some(&person), "sign_in.wrong_code", &id, &json!({}));
            unit.tell(&person, &Event::SignIn { id });
        }
        unit.commit().await?;
        let fields =
            vec![FieldError { field: "code".to_owned(), message: ErrorCode::WrongCode.word().text().to_owned() }];
        return Err(Refusal::new(ErrorCode::WrongCode).with_fields(fields));
    }
    let identity: Identity =
        serde_json::from_str(row.identity.as_deref().unwrap_or_default()).map_err(Refusal::internal)?;
    let kept = row.tokens.as_ref().map(|tokens| serde_json::from_str::<KeptTokens>(tokens.expose_secret()));
    let kept = kept.transpose().map_err(Refusal::internal)?;
    if !attach(app, &mut unit, &mut row, identity, kept.as_ref()).await? {
        return Err(ErrorCode::SignInEnded.into());
    }
    unit.commit().await?;
    app.sessions.forget_person(&person);
    app.wake.outbox.notify_one();
    Ok(shown(&row, now, None))
}
