//! Users (`gainsight.md` 9).

use axum::body::Bytes;
use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::caller::{Caller, Outcome, read};
use super::envelope::Failure;
use super::query::render::Style;
use super::query::{Query, Scope};
use super::store::Store;
use super::switches;
use super::view::{View, Who};

/// The paging of the user list; the rest is as in every query.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Paging {
    #[serde(default)]
    include_total: bool,
    #[serde(default)]
    limit: Option<usize>,
    #[serde(default)]
    page: usize,
}

/// `POST /v1/users/services/list`: pages count from zero.
pub(crate) async fn list(caller: Caller, body: Bytes) -> Response {
    caller.answer(|tenant| {
        let paging: Paging = read(&body)?;
        let query: Query = read(&body)?;
        let state = tenant.state();
        let table = state.store.table("GsUser").ok_or_else(Failure::unknown_path)?;
        let view = View::of(&state.store, &caller.who);
        let scope = Scope { store: &state.store, table, view: &view, now: caller.now() };
        let all = query.unpaged().run(scope, caller.ways().manner())?;
        let total = all.len();
        let limit = paging.limit.unwrap_or(25);
        let users: Vec<_> = all.into_iter().skip(paging.page.saturating_mul(limit)).take(limit).collect();
        let mut data = json!({ "users": users });
        if let (true, Some(fields)) = (paging.include_total, data.as_object_mut()) {
            fields.insert("total".to_owned(), total.into());
        }
        Ok(Outcome::Data(data))
    })
}

/// `GET /v1/users/me`: seen with a browser session; what it says to a token is a matter of the tenant.
pub(crate) async fn me(caller: Caller) -> Response {
    let way = caller.ways().choice(&switches::USERS_ME);
    if way == "html" {
        return (StatusCode::OK, Html("<!doctype html><title>Log in</title><p>Please log in.</p>")).into_response();
    }
    caller.answer(|tenant| match (&caller.who, way) {
        (Who::User(user), "bearer") => Ok(Outcome::Data(shown(&tenant.state().store, user))),
        (_, "unauthorized" | "bearer") => Err(Failure::unauthorized()),
        _ => Err(Failure::unknown_path()),
    })
}

fn shown(store: &Store, user: &str) -> Value {
    const FIELDS: &[&str] = &[
        "Gsid",
        "Name",
        "FirstName",
        "LastName",
        "Email",
        "SFDCUserName",
        "SfdcUserId",
        "IsActiveUser",
        "IsSuperAdmin",
        "Timezone",
        "Locale",
        "Title",
        "SystemType",
        "LicenseType",
    ];
    let style = Style { dates_as_text: false, picklists_as_ids: false };
    let Some(users) = store.table("GsUser") else { return Value::Null };
    let value = |name: &&str| {
        let field = users.object.column(name).and_then(|column| users.object.fields.get(column))?;
        Some(((*name).to_owned(), style.render(store, field, &store.value("GsUser", user, name))))
    };
    FIELDS.iter().filter_map(value).collect()
}
