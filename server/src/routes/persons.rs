//! `POST /api/v1/people` and `POST /api/v1/people/find`: adding people to Gainsight (design 4.5, `gainsight.md` 14.4).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sidelight_api::activity::PendingWrite;
use sidelight_api::person::{AddPerson, FindPeople, FoundPeople};
use sidelight_api::{ErrorBody, ErrorCode, FieldError};
use sidelight_domain::access::Action;
use sidelight_domain::words::Word;

use crate::app::App;
use crate::gainsight::{self, MOST_SOUGHT};
use crate::http::{Answered, Caller, Input, Refusal};
use crate::outbox::{self, Submitted};

/// Who of these is in Gainsight already, and what the tenant asks for when somebody is added. Two calls at most.
#[utoipa::path(
    post, path = "/people/find", tag = "customer", request_body = FindPeople,
    responses(
        (status = 200, body = FoundPeople),
        (status = 404, description = "`entity_unknown`, `tenant_unknown`", body = ErrorBody),
        (status = 422, description = "`invalid_input`: more than can be looked for at once", body = ErrorBody),
        (status = 502, description = "`gainsight_down`", body = ErrorBody),
    )
)]
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller,
    Input(request): Input<FindPeople>,
) -> Answered<Json<FoundPeople>> {
    let access = caller.enter(&app, &request.entity.tenant, Action::EditPeople)?;
    if request.sought.len() > MOST_SOUGHT {
        let message = Word::FieldTooMany.fill(&[("most", &MOST_SOUGHT.to_string())]);
        let fields = vec![FieldError { field: "sought".to_owned(), message }];
        return Err(Refusal::new(ErrorCode::InvalidInput).with_fields(fields));
    }
    Ok(Json(gainsight::find(&app, &access, &request).await?))
}

/// Adds a person to Gainsight and links him to a company, or links one who is there. Repeat the request with the same key if the answer
/// is lost: nothing is stored or sent twice. Nobody is ever taken from another company.
#[utoipa::path(
    post, path = "/people", tag = "writing", request_body = AddPerson,
    responses(
        (status = 201, description = "In Gainsight", body = PendingWrite),
        (status = 202, description = "Saved here, will reach Gainsight", body = PendingWrite),
        (status = 404, description = "`entity_unknown`, `tenant_unknown`", body = ErrorBody),
        (status = 409, description = "`person_exists`, `person_linked`; `person` says who", body = ErrorBody),
        (status = 422, description = "`invalid_input` or `gainsight_refused`, with fields", body = ErrorBody),
        (status = 502, description = "`gainsight_down`: nothing was stored", body = ErrorBody),
    )
)]
pub(super) async fn add(
    State(app): State<App>,
    caller: Caller,
    Input(request): Input<AddPerson>,
) -> Answered<Response> {
    Ok(match outbox::add_person(&app, &caller, request).await? {
        Submitted::Done(write) => (StatusCode::CREATED, Json(outbox::shown(&write))).into_response(),
        Submitted::Waiting(write) => (StatusCode::ACCEPTED, Json(outbox::shown(&write))).into_response(),
    })
}
