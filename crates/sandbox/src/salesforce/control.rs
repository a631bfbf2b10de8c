//! What tests do to Salesforce: look up who is there, and have answers told wrongly.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::control::{Refusal, json_body, only_from_this_machine};
use crate::world::Organisation;

use super::Salesforce;
use super::grants::Crooked;

/// Control routes that concern Salesforce; they stand on each port.
pub(super) fn router(salesforce: &Arc<Salesforce>) -> Router {
    Router::new()
        .route("/_control/salesforce", get(organisations))
        .route("/_control/salesforce/answers", post(answers))
        .layer(middleware::from_fn(only_from_this_machine))
        .with_state(Arc::clone(salesforce))
}

async fn organisations(State(salesforce): State<Arc<Salesforce>>) -> Json<Vec<Value>> {
    let shown = |organisation: &Organisation| {
        let users = organisation
            .users
            .iter()
            .map(|user| json!({ "id": user.id, "username": user.username, "name": user.name, "email": user.email }));
        json!({
            "id": organisation.id,
            "name": organisation.name,
            "url": salesforce.instance_url(organisation),
            "users": users.collect::<Vec<_>>(),
        })
    };
    Json(salesforce.shared.world.organisations.iter().map(shown).collect())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answers {
    #[serde(default)]
    token: Map<String, Value>,
    #[serde(default)]
    claims: Map<String, Value>,
    #[serde(default)]
    userinfo: Map<String, Value>,
}

/// What is laid over answers from now on; what is left out is told truly again.
async fn answers(State(salesforce): State<Arc<Salesforce>>, body: Bytes) -> Result<StatusCode, Refusal> {
    let Answers { token, claims, userinfo } = json_body(&body)?;
    salesforce.state().crooked = Crooked { token, claims, userinfo };
    Ok(StatusCode::NO_CONTENT)
}
