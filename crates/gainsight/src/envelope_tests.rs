use super::*;
use serde_json::json as value;
use sidelight_outbound::{HeaderMap, StatusCode};

fn answer(status: u16, body: impl Into<Vec<u8>>) -> Answer {
    let status = StatusCode::from_u16(status).unwrap();
    Answer { status, headers: HeaderMap::new(), body: body.into().into() }
}

fn failed(status: u16, body: &Value) -> Failure {
    *open(&answer(status, body.to_string())).unwrap_err()
}

fn coded(status: u16, code: &str) -> Error {
    failed(status, &value!({"result": false, "errorCode": code, "errorDesc": "Ana's note", "requestId": "r-1"}))
        .into_error()
}

/// The write failure of `gainsight.md` 4.2, with the value it echoes.
fn write_failure(field: &str, message: &str) -> Value {
    value!({ "result": false, "errorCode": "GSOBJ_1006", "errorDesc": "Ana's note", "requestId": "r-1",
        "data": { "count": 0, "records": null, "errors": [[ { "success": false, "parsedValue": 210_318, "errors": [
            { "errorMessage": message, "errorCode": "GSOBJ_1006", "fieldName": field, "invalidValue": 210_318 } ] } ]] } })
}

#[test]
fn both_envelopes_open() {
    let documented = value!({"result": true, "errorCode": null, "data": {"a": 1}, "message": null, "requestId": "r"});
    let of_timeline =
        value!({"data": {"a": 1}, "result": true, "code": null, "additionalInfo": null, "requestId": "r"});
    let bare = value!({"data": {"a": 1}});
    for body in [documented, of_timeline, bare] {
        assert_eq!(open(&answer(200, body.to_string())).unwrap(), value!({"a": 1}));
    }
    assert_eq!(open(&answer(200, r#"{"result":true}"#)).unwrap(), Value::Null);
}

#[test]
fn the_result_counts_more_than_the_status() {
    let refused = value!({"result": false, "errorCode": "GSOBJ_1007", "errorDesc": "x"});
    for status in [200, 400] {
        assert!(matches!(failed(status, &refused).into_error(), Error::Invalid { .. }), "{status}");
    }
    let odd = value!({"result": true, "data": []});
    assert!(matches!(failed(503, &odd).into_error(), Error::Unavailable(_)));
    assert!(matches!(failed(401, &odd).into_error(), Error::Unauthorized(_)));
}

#[test]
fn every_documented_code_is_told_apart() {
    type Check = fn(&Error) -> bool;
    let unauthorized: Check = |error| matches!(error, Error::Unauthorized(_));
    let invalid: Check = |error| matches!(error, Error::Invalid { .. });
    let unavailable: Check = |error| matches!(error, Error::Unavailable(_));
    let cases: [(u16, &str, Check); 25] = [
        (401, "GS_APIG_2401", unauthorized),
        (200, "GS_APIG_2401", unauthorized),
        (400, "GSOBJ_1024", unauthorized),
        (400, "GSOBJ_1001", invalid),
        (400, "GSOBJ_1002", invalid),
        (500, "GSOBJ_1003", unavailable),
        (400, "GSOBJ_1004", invalid),
        (400, "GSOBJ_1005", invalid),
        (400, "GSOBJ_1006", invalid),
        (400, "GSOBJ_1007", invalid),
        (400, "GSOBJ_1008", invalid),
        (400, "GSOBJ_1011", |error| matches!(error, Error::NotFound(_))),
        (400, "GSOBJ_1023", |error| matches!(error, Error::NotOffered(_))),
        (400, "GSOBJ_1999", invalid),
        (200, "GSOBJ_ESS_9104", invalid),
        (200, "GSOBJ_ESS_9150", invalid),
        (500, "GU_1101", unavailable),
        (429, "GU_2400", |error| matches!(error, Error::Busy { .. })),
        (200, "GU_2400", |error| matches!(error, Error::Busy { .. })),
        (400, "GU_2401", invalid),
        (400, "GU_2403", invalid),
        (400, "GU_2411", invalid),
        (200, "COCKPIT_5101", invalid),
        (400, "P_5005", invalid),
        (500, "NEWER_1", unavailable),
    ];
    for (status, code, is_expected) in cases {
        let error = coded(status, code);
        assert!(is_expected(&error), "{status} {code}: {error:?}");
        assert_eq!(error.refusal().unwrap().code.as_deref(), Some(code));
        assert_eq!(error.request_id(), Some("r-1"));
    }
    for (status, is_expected) in [
        (401, unauthorized),
        (403, |error: &Error| matches!(error, Error::Forbidden(_))),
        (404, |error: &Error| matches!(error, Error::NotFound(_))),
        (409, |error: &Error| matches!(error, Error::Duplicate(_))),
        (418, invalid),
    ] as [(u16, Check); 5]
    {
        assert!(is_expected(&coded(status, "")), "{status}");
    }
}

#[test]
fn a_failure_of_data_management_is_read() {
    let body = value!({"requestId": "r-3", "result": false, "instance": "2021-02-03 10:31:28 UTC",
        "title": "OBJECT_NOT_FOUND", "detail": "Object nonesuch not found", "errorDesc": "…"});
    let error = failed(400, &body).into_error();
    assert!(matches!(error, Error::UnknownObject(_)));
    assert_eq!(error.request_id(), Some("r-3"));
}

#[test]
fn the_problem_is_found_at_its_field() {
    let error = failed(400, &write_failure("OriginalContractDate", "210318 is no date")).into_error();
    let Error::Invalid { fields, .. } = &error else { panic!("{error:?}") };
    let expected = FieldProblem {
        field: Some("OriginalContractDate".to_owned()),
        code: Some("GSOBJ_1006".to_owned()),
        message: "210318 is no date".to_owned(),
    };
    assert_eq!(*fields, [expected]);
}

#[test]
fn a_refusal_without_fields_speaks_of_the_whole() {
    let Error::Invalid { fields, .. } = coded(400, "GSOBJ_1008") else { panic!("not invalid") };
    assert_eq!((fields.len(), fields[0].field.as_ref(), fields[0].message.as_str()), (1, None, "Ana's note"));
}

#[test]
fn thousands_of_problems_are_cut_off() {
    let one = value!({"errorMessage": "x", "fieldName": "F"});
    let body = value!({"result": false, "data": {"errors": vec![one; 5_000]}});
    assert_eq!(failed(400, &body).fields.len(), MOST_PROBLEMS);
}

#[test]
fn nothing_that_a_person_wrote_can_reach_a_log() {
    let body = value!({"result": false, "errorCode": "Ana's note", "errorDesc": "Ana's note", "requestId": "Ana's note",
        "data": {"errors": [{"errorMessage": "Ana's note", "errorCode": "Ana's note", "fieldName": "Subject"}]}});
    let error = failed(400, &body).into_error();
    let shown = format!("{error:?} {error}");
    assert!(shown.contains("Subject") && !shown.contains("Ana"), "{shown}");
}

#[test]
fn what_is_no_json_of_gainsights_goes_by_its_status() {
    type Check = fn(&Error) -> bool;
    let unreadable: Check = |error| matches!(error, Error::Unreadable(_));
    let cases: [(u16, &str, Check); 10] = [
        (200, "<html>Sign in</html>", unreadable),
        (200, "", unreadable),
        (200, r#"{"result":true,"data":["#, unreadable),
        (200, r#"{"access_token":"x"}"#, unreadable),
        (200, "[1]", unreadable),
        (302, "", unreadable),
        (400, "<html>", unreadable),
        (401, "<html>", |error| matches!(error, Error::Unauthorized(_))),
        (403, "<html>Your address is not allowed</html>", |error| matches!(error, Error::Forbidden(_))),
        (502, "<html>", |error| matches!(error, Error::Unavailable(_))),
    ];
    for (status, body, is_expected) in cases {
        let error = open(&answer(status, body)).unwrap_err().into_error();
        assert!(is_expected(&error), "{status} {body}: {error:?}");
    }
}

#[test]
fn a_duplicate_is_believed_only_with_evidence() {
    const ID: &str = "sidelight-1";
    let said = |text: &str| value!({"result": false, "errorDesc": text});
    let cases = [
        (409, said(""), Evidence::Sure),
        (400, write_failure("ExternalId", "Value already exists"), Evidence::Sure),
        (400, write_failure("externalid", "DUPLICATE value"), Evidence::Sure),
        (400, write_failure("ExternalId", "too long"), Evidence::None),
        // The author's own words, echoed, are no evidence.
        (400, write_failure("Subject", "Duplicate invoice already exists"), Evidence::None),
        (200, said("Record with ExternalId sidelight-1 already exists"), Evidence::Sure),
        (200, said("Duplicate record"), Evidence::Possible),
        (400, said("Missing field. Subject: duplicate invoice"), Evidence::Possible),
        (400, value!({"result": false, "errorCode": "DUPLICATE_RECORD"}), Evidence::Possible),
        (400, said("ExternalId sidelight-1 is too long"), Evidence::None),
        (500, said("sorry"), Evidence::None),
    ];
    for (status, body, expected) in cases {
        assert_eq!(failed(status, &body).duplicate_evidence(ID), expected, "{status} {body}");
    }
}
