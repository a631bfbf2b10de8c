use super::*;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use proptest::prelude::*;
use serde_json::{Value, json};

const SECRET: &str = "test-client-secret-0001";
const WITH_AAD: &str = "DAABAgMEBQYHCAkKCwMAY3R4pAAAAGRHqHf__ed-xFxDP7t0-WOaiubJ5mUH1ZQuduc9tUXSRH_4tfAAY0xezTHkCoOgz2kRriWGAxz6lqMzF65E4OgxPI9_tIb2u3swg-gKsLnpKwnwUYz5LASJ3ldZgrNKJWVfWOkCu8YlqbdEJoLOaYH022LDCh_MN8mgfcFsNB_YbRyxgpbjA5kfRou6222mpjSv8Wlhw15JCS1g8dd-BQk6invNp6T5SYsSMbfGPZGXPX90og";
const WITHOUT_AAD: &str = "DAABAgMEBQYHCAkKCwAApAAAAGRHqHf__ed-xFxDP7t0-WOaiubJ5mUH1ZQuduc9tUXSRH_4tfAAY0xezTHkCoOgz2kRriWGAxz6lqMzF65E4OgxPI9_tIb2u3swg-gKsLnpKwnwUYz5LASJ3ldZgrNKJWVfWOkCu8YlqbdEJoLOaYH022LDCh_MN8mgfcFsNB_YbRyxgpbjA5kfRou6222mpjSv8Wlhw15JCS1g8dd-BQk6invNU5stDpzbjZxjyjVQK6TGdQ";
const NOW: Timestamp = Timestamp::from_millis(1_700_000_060_000);

fn reader(apps: &[(&str, &str)]) -> ContextReader {
    let apps: Vec<_> = apps.iter().map(|(id, secret)| (ZoomClientId::new(*id), SecretString::from(*secret))).collect();
    ContextReader::new(apps.iter().map(|(id, secret)| (id, secret)), Leeway::default())
}

fn ours() -> ContextReader {
    reader(&[("cid0001", SECRET)])
}

/// Seals like Zoom does; the layout is written down a second time on purpose.
fn sealed(secret: &str, claims: &str, aad: &[u8]) -> Vec<u8> {
    let cipher = Aes256Gcm::new(&Sha256::digest(secret));
    let iv = [7; 12];
    let message = cipher.encrypt(&Nonce::from(iv), Payload { msg: claims.as_bytes(), aad }).unwrap();
    let mut bytes = vec![12];
    bytes.extend(iv);
    bytes.extend(u16::try_from(aad.len()).unwrap().to_le_bytes());
    bytes.extend(aad);
    bytes.extend(i32::try_from(claims.len()).unwrap().to_le_bytes());
    bytes.extend(message);
    bytes
}

fn claims(change: impl FnOnce(&mut Value)) -> String {
    let mut claims = json!({
        "typ": "meeting", "uid": "U1", "mid": "m+/1==", "ts": 1_700_000_000_000_i64, "exp": 1_700_000_120_000_i64,
        "iss": "marketplace.zoom.us", "aud": "cid0001",
    });
    change(&mut claims);
    claims.to_string()
}

fn opened(change: impl FnOnce(&mut Value)) -> Result<AppContext, ContextError> {
    ours().open(&URL_SAFE_NO_PAD.encode(sealed(SECRET, &claims(change), b"")), NOW)
}

#[test]
fn both_published_vectors_open() {
    for vector in [WITH_AAD, WITHOUT_AAD] {
        let context = ours().open(vector, NOW).unwrap();
        assert_eq!(context.kind, ContextKind::Meeting);
        assert_eq!(context.user, Some(ZoomUserId::new("UIhTkdB5Q0aaaaaaaaaaaA")));
        assert_eq!(context.meeting, Some(MeetingUuid::new("aDYlohsHRtCd4ii1uC2+hA==")));
        assert_eq!(context.client_id, ZoomClientId::new("cid0001"));
        assert_eq!(context.issued_at, Timestamp::from_millis(1_700_000_000_000));
        assert_eq!(context.expires_at, Timestamp::from_millis(1_700_000_120_000));
        assert_eq!((context.role, context.action, context.invitation), (None, None, None));
    }
}

#[test]
fn any_base64_spelling_is_the_same_context() {
    let bytes = URL_SAFE_NO_PAD.decode(WITH_AAD).unwrap();
    for spelling in [STANDARD.encode(&bytes), URL_SAFE.encode(&bytes), format!(" {}\n", STANDARD_NO_PAD.encode(&bytes))]
    {
        assert!(ours().open(&spelling, NOW).is_ok(), "{spelling}");
        assert_eq!(digest(&spelling), digest(WITH_AAD));
    }
    assert_ne!(digest(WITH_AAD), digest(WITHOUT_AAD));
}

#[test]
fn every_configured_secret_is_tried() {
    let both = reader(&[("production", "other-secret"), ("cid0001", SECRET)]);
    assert_eq!(both.open(WITH_AAD, NOW).unwrap().client_id, ZoomClientId::new("cid0001"));
    assert_eq!(reader(&[("cid0001", "other-secret")]).open(WITH_AAD, NOW), Err(ContextError::NotOurs));
    assert_eq!(reader(&[]).open(WITH_AAD, NOW), Err(ContextError::NotOurs));
}

#[test]
fn the_audience_belongs_to_the_secret_that_opened_it() {
    assert_eq!(reader(&[("another", SECRET)]).open(WITH_AAD, NOW), Err(ContextError::WrongAudience));
    let shared = reader(&[("another", SECRET), ("cid0001", SECRET)]);
    assert_eq!(shared.open(WITH_AAD, NOW).unwrap().client_id, ZoomClientId::new("cid0001"));
}

#[test]
fn every_claim_is_checked() {
    type Change = fn(&mut Value);
    let cases: [(Change, ContextError); 10] = [
        (|claims| claims["iss"] = json!("marketplace.zoom.example"), ContextError::WrongIssuer),
        (|claims| claims["iss"] = Value::Null, ContextError::WrongIssuer),
        (|claims| claims["aud"] = json!("cid0002"), ContextError::WrongAudience),
        (|claims| claims["aud"] = Value::Null, ContextError::WrongAudience),
        (|claims| claims["exp"] = json!(1_700_000_050_000_i64), ContextError::Expired),
        // Seconds instead of milliseconds would never expire if they were taken for what they are not (rule 6).
        (|claims| claims["exp"] = json!(1_700_000_120), ContextError::Expired),
        (|claims| claims["exp"] = Value::Null, ContextError::Malformed),
        (|claims| claims["ts"] = json!(1_700_000_180_001_i64), ContextError::FromTheFuture),
        (|claims| claims["ts"] = json!("1700000000000"), ContextError::Malformed),
        (|claims| claims["typ"] = Value::Null, ContextError::Malformed),
    ];
    for (number, (change, expected)) in cases.into_iter().enumerate() {
        assert_eq!(opened(change), Err(expected), "case {number}");
    }
}

#[test]
fn clocks_may_differ_by_the_leeway() {
    assert!(opened(|claims| claims["ts"] = json!(1_700_000_180_000_i64)).is_ok());
    assert!(opened(|claims| claims["exp"] = json!(1_700_000_050_001_i64)).is_ok());
    let generous = Leeway { expiry: Duration::from_mins(2), ..Leeway::default() };
    let id = ZoomClientId::new("cid0001");
    let reader = ContextReader::new([(&id, &SecretString::from(SECRET))], generous);
    assert!(reader.open(WITH_AAD, Timestamp::from_millis(1_700_000_239_999)).is_ok());
}

#[test]
fn a_guest_has_no_user_and_empty_texts_say_nothing() {
    let context = opened(|claims| {
        claims["uid"] = json!("");
        claims["bmid"] = json!("");
        claims["act"] = json!("");
    });
    let context = context.unwrap();
    assert_eq!((context.user, context.breakout, context.action), (None, None, None));
}

#[test]
fn roles_and_kinds_are_open_lists() {
    let cases = [
        ("host", "meeting", Role::Host, ContextKind::Meeting),
        ("co-host", "panel", Role::CoHost, ContextKind::Panel),
        ("panelist", "webinar", Role::Attendee, ContextKind::Webinar),
        ("attendee", "chat", Role::Attendee, ContextKind::Chat),
        ("oracle", "hologram", Role::Attendee, ContextKind::Other("hologram".to_owned())),
    ];
    for (role, typ, expected_role, expected_kind) in cases {
        let context = opened(|claims| {
            claims["attendrole"] = json!(role);
            claims["typ"] = json!(typ);
            claims["entitlements"] = json!([]);
        });
        let context = context.unwrap();
        assert_eq!((context.role, context.kind), (Some(expected_role), expected_kind));
    }
}

#[test]
fn a_context_with_impossible_lengths_is_told_apart() {
    let whole = URL_SAFE_NO_PAD.decode(WITH_AAD).unwrap();
    let changed = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = whole.clone();
        change(&mut bytes);
        ours().open(&STANDARD.encode(bytes), NOW)
    };
    assert_eq!(ours().open("", NOW), Err(ContextError::Truncated));
    assert_eq!(ours().open("no base64!", NOW), Err(ContextError::Malformed));
    assert_eq!(ours().open(&"A".repeat(LONGEST + 1), NOW), Err(ContextError::TooLong));
    assert_eq!(digest(&"A".repeat(LONGEST + 1)), Err(ContextError::TooLong));
    assert_eq!(changed(&|bytes| bytes.push(0)), Err(ContextError::Malformed), "trailing garbage");
    assert_eq!(changed(&|bytes| bytes[0] = 16), Err(ContextError::Malformed), "another nonce size");
    assert_eq!(changed(&|bytes| bytes[14] = 0xff), Err(ContextError::Truncated), "aad beyond the end");
    assert_eq!(changed(&|bytes| bytes[21] = 0x80), Err(ContextError::Malformed), "negative length");
    assert_eq!(changed(&|bytes| bytes[20] = 0x7f), Err(ContextError::Truncated), "length beyond the end");
    for end in 0..whole.len() {
        assert_eq!(changed(&|bytes| bytes.truncate(end)), Err(ContextError::Truncated), "cut at {end}");
    }
}

#[test]
fn no_single_bit_can_be_changed() {
    let whole = URL_SAFE_NO_PAD.decode(WITH_AAD).unwrap();
    for bit in 0..whole.len() * 8 {
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(ours().open(&STANDARD.encode(&bytes), NOW).is_err(), "bit {bit}");
    }
}

#[test]
fn debug_output_shows_no_key() {
    let shown = format!("{:?}", ours());
    assert!(shown.contains("cid0001") && !shown.contains(SECRET) && !shown.contains("Aes"), "{shown}");
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(context in ".{0,300}") {
        prop_assert!(ours().open(&context, NOW).is_err());
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(ours().open(&STANDARD.encode(bytes), NOW).is_err());
    }

    #[test]
    fn whatever_zoom_seals_is_opened(uid in "[A-Za-z0-9_-]{1,40}", aad in prop::collection::vec(any::<u8>(), 0..300)) {
        let bytes = sealed(SECRET, &claims(|claims| claims["uid"] = json!(uid)), &aad);
        let context = ours().open(&URL_SAFE.encode(bytes), NOW).unwrap();
        prop_assert_eq!(context.user, Some(ZoomUserId::new(uid)));
    }
}
