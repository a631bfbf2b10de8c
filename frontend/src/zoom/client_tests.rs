use futures_util::FutureExt;

use serde_json::json;

use super::*;
use crate::zoom::fake::FakeHost;

fn now<T>(future: impl core::future::Future<Output = T>) -> T {
    future.now_or_never().expect("a fake answers at once")
}

fn user(status: &str, role: &str) -> UserContext {
    UserContext { status: status.to_owned(), role: role.to_owned(), ..UserContext::default() }
}

#[test]
fn each_role_and_status_asks_for_what_it_may_have() {
    let cases = [
        (user("unauthenticated", "attendee"), "everyone status"),
        (user("authenticated", "host"), "everyone status"),
        (user("authorized", "attendee"), "everyone status authorised meeting asking"),
        (user("authorized", "coHost"), "everyone status authorised meeting host asking"),
        (user("authorized", "co-host"), "everyone status authorised meeting host asking"),
        (UserContext::default(), "everyone status"),
    ];
    for (user, richest) in cases {
        let stages = stages(&user);
        assert_eq!(stages[0], richest, "{user:?}");
        assert_eq!(stages.last().map(String::as_str), Some("everyone"));
    }
}

#[test]
fn a_refused_stage_is_dropped_and_the_rest_kept() {
    let host = FakeHost { refused_stages: vec!["host"], ..FakeHost::default() }
        .answering("getUserContext", json!({ "status": "authorized", "role": "host", "screenName": "Casey" }));
    let host = Rc::new(host);
    let zoom = Zoom::new(host.clone());
    assert_eq!(now(zoom.settle()).screen_name, "Casey");
    assert_eq!(
        *host.configurations.borrow(),
        [
            "everyone status authorised meeting host asking",
            "everyone status authorised meeting host",
            "everyone status authorised meeting"
        ]
    );
    assert!(!zoom.sees_participants());
}

#[test]
fn what_the_client_lists_as_unsupported_is_not_used() {
    let host = FakeHost::default()
        .answering("getUserContext", json!({ "status": "authorized", "role": "host" }))
        .answering("config", json!({ "unsupportedApis": ["getMeetingParticipants", "appPopout"] }));
    let zoom = Zoom::new(Rc::new(host));
    now(zoom.settle());
    assert!(!zoom.sees_participants() && !zoom.supports("appPopout") && zoom.supports("openUrl"));
}

#[test]
fn the_opening_gives_the_context_that_the_server_checks() {
    let host =
        FakeHost::default().answering("opening", json!({ "client": { "unsupportedApis": [] }, "context": "abc" }));
    assert_eq!(now(Zoom::new(Rc::new(host)).open()).as_deref(), Ok("abc"));
    assert!(now(Zoom::new(Rc::new(FakeHost::default())).open()).is_err());
}

#[test]
fn participants_are_read_whatever_else_a_row_holds() {
    let rows = json!({ "participants": [
        { "participantUUID": "A", "participantId": 16_778_240, "screenName": "Ana", "role": "coHost" },
        { "participantId": "7" },
        { "participantUUID": "B", "unknown": true },
    ]});
    let zoom = Zoom::new(Rc::new(FakeHost::default().answering("getMeetingParticipants", rows)));
    let listed = now(zoom.participants()).unwrap();
    let seen: Vec<_> = listed.iter().map(|row| (row.uuid.as_str(), row.name.as_str(), row.role.as_str())).collect();
    assert_eq!(seen, [("A", "Ana", "coHost"), ("B", "", "")]);
}

#[test]
fn an_empty_context_is_none() {
    for (answer, context) in
        [(json!({ "context": "x" }), Some("x")), (json!({ "context": "" }), None), (json!(null), None)]
    {
        let zoom = Zoom::new(Rc::new(FakeHost::default().answering("getAppContext", answer)));
        assert_eq!(now(zoom.fresh_context()).as_deref(), context);
    }
}

#[test]
fn popping_out_and_back_are_two_words_of_one_call() {
    let host = Rc::new(FakeHost::default().answering("appPopout", json!(null)));
    let zoom = Zoom::new(host.clone());
    now(zoom.pop_out(PopOut::Undocked)).unwrap();
    now(zoom.pop_out(PopOut::Docked)).unwrap();
    let said: Vec<_> =
        host.calls.borrow().iter().map(|(_, argument)| PopOut::read(argument.as_ref().unwrap())).collect();
    assert_eq!(said, [Some(PopOut::Undocked), Some(PopOut::Docked)]);
    assert_eq!(PopOut::read(r#"{"action":"levitate"}"#), None);
}

#[test]
fn a_panel_that_is_there_already_moves_to_the_other_place() {
    for (to, code) in [(PopOut::Undocked, json!("40010")), (PopOut::Docked, json!(40011))] {
        let warning = json!({ "warning": { "code": code, "message": "App is already there" } });
        let host = Rc::new(FakeHost::default().answering("appPopout", warning));
        assert_eq!(now(Zoom::new(host.clone()).pop_out(to)), Ok(to.other()));
        let moves: Vec<_> =
            host.calls.borrow().iter().map(|(_, argument)| PopOut::read(argument.as_ref().unwrap())).collect();
        assert_eq!(moves, [Some(to), Some(to.other())]);
    }
}

#[test]
fn an_authorisation_hands_over_the_challenge_and_reads_what_comes_back() {
    let host = Rc::new(FakeHost::default().answering("authorize", json!({ "message": "success" })));
    let challenge = AuthorizationChallenge { state: "st".to_owned(), code_challenge: "ch".to_owned() };
    now(Zoom::new(host.clone()).authorize(&challenge)).unwrap();
    let asked: serde_json::Value = serde_json::from_str(host.calls.borrow()[0].1.as_deref().unwrap()).unwrap();
    assert_eq!(asked, json!({ "codeChallenge": "ch", "state": "st" }));
    let granted = json!({ "code": "c", "state": "st", "redirectUri": "https://s.test/panel", "result": true });
    let code = authorized(&granted.to_string()).unwrap();
    assert_eq!(
        (code.code.as_str(), code.state.as_str(), code.redirect_uri.as_str()),
        ("c", "st", "https://s.test/panel")
    );
    for declined in [json!({ "result": false, "redirectUri": "https://s.test/panel", "state": "st" }), json!(null)] {
        assert_eq!(authorized(&declined.to_string()), None, "{declined}");
    }
}

#[test]
fn an_invitation_goes_by_the_clients_dialog_or_to_everybody() {
    let settled = |unsupported: serde_json::Value| {
        let host = FakeHost::default()
            .answering("getUserContext", json!({ "status": "authorized", "role": "attendee" }))
            .answering("config", json!({ "unsupportedApis": unsupported }))
            .answering("showAppInvitationDialog", json!({ "message": "success" }))
            .answering("sendAppInvitationToAllParticipants", json!({ "invitationUUID": "i" }));
        let host = Rc::new(host);
        let zoom = Zoom::new(host.clone());
        now(zoom.settle());
        (host, zoom)
    };
    let both = ["showAppInvitationDialog", "sendAppInvitationToAllParticipants"];
    for (unsupported, expected) in [(json!([]), both[0]), (json!([both[0]]), both[1])] {
        let (host, zoom) = settled(unsupported);
        assert!(zoom.may_invite());
        now(zoom.invite("Heading", "Message")).unwrap();
        assert_eq!(host.calls.borrow().last().unwrap().0, expected);
    }
    assert!(!settled(json!(both)).1.may_invite());
    assert!(!Zoom::new(Rc::new(FakeHost::default())).may_invite(), "nothing is offered before it is configured");
}

#[test]
fn everybody_is_asked_where_the_client_says_that_it_can() {
    let asking = |unsupported: &[&str], context: &str, offered: &[&str]| {
        let host = FakeHost::default()
            .answering("getUserContext", json!({ "status": "authorized", "role": "attendee" }))
            .answering("config", json!({ "unsupportedApis": unsupported }))
            .answering("getRunningContext", json!({ "context": context }))
            .answering("getSupportedJsApis", json!({ "supportedApis": offered }));
        let zoom = Zoom::new(Rc::new(host));
        now(zoom.settle());
        (zoom.may_ask(), now(zoom.can_ask_now()))
    };
    let all = ["openUrl", "getMeetingParticipantsEmail"];
    assert_eq!(asking(&[], "inMeeting", &all), (true, true));
    assert_eq!(asking(&["onParticipantEmail"], "inMeeting", &all), (false, true));
    assert_eq!(asking(&[], "inWebinar", &all), (true, false));
    assert_eq!(asking(&[], "inMeetingChat", &all), (true, false));
    assert_eq!(asking(&[], "inMeeting", &all[..1]), (true, false));
    let guest = FakeHost::default().answering("getUserContext", json!({ "status": "authenticated" }));
    let zoom = Zoom::new(Rc::new(guest));
    now(zoom.settle());
    assert!(!zoom.may_ask());
}

#[test]
fn the_reason_is_told_and_only_a_certain_refusal_means_that_nobody_was_asked() {
    let host = Rc::new(FakeHost::default().answering(ASKING[0], json!({ "message": "success" })));
    now(Zoom::new(host.clone()).ask_for_emails("To know you.")).unwrap();
    let expected = (ASKING[0], Some(r#"{"reasonForAsking":"To know you."}"#.to_owned()));
    assert_eq!(*host.calls.borrow(), [expected]);
    let certain =
        |code: &str, message: &str| HostError { code: code.to_owned(), message: message.to_owned() }.is_certain();
    assert!(certain("10001", "No Permission for this API. [code:80012, reason:require_meeting_role]"));
    assert!(certain("10017", "denied"));
    assert!(!certain("10001", "failed") && !certain("10285", "pending") && !certain("", "took longer than 10000ms"));
}

#[test]
fn an_answer_is_of_somebody_and_an_address_or_none() {
    let answer = told(r#"{"participantUUID":"p","participantEmail":"Ana@N.test","timestamp":1}"#).unwrap();
    assert_eq!(answer.email.unwrap().as_str(), "ana@n.test");
    for none in ["", "not an address"] {
        let event = json!({ "participantUUID": "p", "participantEmail": none, "errorMessage": "declined" });
        assert_eq!(told(&event.to_string()).unwrap().email, None);
    }
    assert_eq!(told(r#"{"participantEmail":"ana@n.test"}"#), None);
    assert_eq!(told("null"), None);
}
