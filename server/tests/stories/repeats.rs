//! Notes that are sent once more, by whichever way: none is lost, none is there twice.

use std::time::Duration;

use serde_json::{Value, json};

use crate::outbox::{ACTIVITY, arrives_once, log};
use crate::panel::Panel;
use crate::world::World;

const APPLIED_UNHEARD: &str = "drop_after_apply";

/// Logs the draft of this meeting.
async fn log_draft(panel: &Panel<'_>, key: &str, form: &Value) -> (u16, Value) {
    let draft = panel.get("/draft").await["id"].clone();
    panel.post("/activities", &json!({ "key": key, "form": form, "draft": draft })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_that_may_be_in_gainsight_is_not_doubled_by_reopening_it() {
    for duplicates in ["error", "existing"] {
        for subject in ["Once", "Once, and mended"] {
            let world = World::installed().await;
            world.gainsight_control("switches", json!({ "gainsight.duplicate_external_id": duplicates })).await;
            let panel = world.signed_in("maya-lindqvist").await;
            let mut form = panel.form("Once").await;
            world.fault("POST", ACTIVITY, json!({ "kind": APPLIED_UNHEARD }), Some(1)).await;
            assert_eq!(log(&panel, "k", &form).await.0, 202);
            assert_eq!(panel.post("/logout", &json!({ "waiting_writes": "keep_as_draft" })).await.0, 200);
            let panel = world.signed_in("maya-lindqvist").await;
            let kept = panel.get("/writes").await[0]["id"].as_str().unwrap().to_owned();
            assert_eq!(panel.post(&format!("/writes/{kept}"), &json!({ "settle": "reopen" })).await.0, 204);
            form["subject"] = json!(subject);
            let (status, write) = log_draft(&panel, "another key", &form).await;
            assert_eq!(status, 201, "{write}");
            let ours = world.our_activities().await;
            assert_eq!(ours.len(), 1, "{duplicates}: {ours:?}");
            assert!(ours[0].to_string().contains(&format!("\"{subject}\"")), "the later text counts: {ours:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_that_cannot_be_brought_up_to_date_says_so_and_stays() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let mut form = panel.form("Early").await;
    world.fault("POST", ACTIVITY, json!({ "kind": APPLIED_UNHEARD }), Some(1)).await;
    assert_eq!(log(&panel, "k", &form).await.0, 202);
    let waiting = panel.get("/writes").await[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(panel.post(&format!("/writes/{waiting}"), &json!({ "settle": "reopen" })).await.0, 204);
    world.fault("PUT", ACTIVITY, json!({ "kind": "status", "status": 403 }), Some(1)).await;
    form["subject"] = json!("Late");
    let (status, refusal) = log_draft(&panel, "k2", &form).await;
    assert_eq!(status, 422, "{refusal}");
    assert!(refusal["message"].as_str().unwrap().contains("may already be in Gainsight"), "{refusal}");
    // It came back with its mark: the next try is still the same activity.
    let (status, write) = log_draft(&panel, "k3", &form).await;
    assert_eq!(status, 201, "{write}");
    let ours = world.our_activities().await;
    assert_eq!((ours.len(), ours[0].to_string().contains("Late")), (1, true), "{ours:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_after_a_try_without_an_answer_is_handed_back_with_its_mark() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let (_, draft) = panel.put("/draft", &json!({ "based_on": 0, "content": { "notes": "My words" } })).await;
    let form = panel.form("Twice asked").await;
    let request = json!({ "key": "k", "form": form, "draft": draft["id"] });
    world.fault("POST", ACTIVITY, json!({ "kind": APPLIED_UNHEARD }), Some(1)).await;
    assert_eq!(panel.post("/activities", &request).await.0, 202);
    world.fault("POST", ACTIVITY, json!({ "kind": "status", "status": 400 }), Some(3)).await;
    assert_eq!(panel.post("/activities", &request).await.0, 422);
    world.mend().await;
    assert_eq!(panel.get("/draft").await["content"]["notes"], "My words");
    let (status, write) = log_draft(&panel, "k2", &form).await;
    assert_eq!((status, world.our_activities().await.len()), (201, 1), "{write}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reopened_note_for_another_company_is_another_note() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let mut form = panel.form("For both").await;
    world.fault("POST", ACTIVITY, json!({ "kind": APPLIED_UNHEARD }), Some(1)).await;
    assert_eq!(log(&panel, "k", &form).await.0, 202);
    let waiting = panel.get("/writes").await[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(panel.post(&format!("/writes/{waiting}"), &json!({ "settle": "reopen" })).await.0, 204);
    let found = panel.get("/entities?q=an").await["found"].clone();
    let others = found.as_array().unwrap().iter().find(|entity| entity["id"] != form["entity"]["id"]);
    let other = others.unwrap_or_else(|| panic!("no other company in {found}"));
    form["entity"] = json!({ "tenant": other["tenant"], "kind": other["kind"], "id": other["id"] });
    let (status, write) = log_draft(&panel, "k2", &form).await;
    assert_eq!((status, world.our_activities().await.len()), (201, 2), "{write}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_note_outlives_another_one_that_was_begun_meanwhile() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let other = world.panel("maya-lindqvist").await;
    let (_, draft) = panel.put("/draft", &json!({ "based_on": 0, "content": { "notes": "My words" } })).await;
    let form = panel.form("Refused").await;
    world.fault("POST", ACTIVITY, json!({ "kind": "latency", "millis": 1_500 }), Some(1)).await;
    world.fault("POST", ACTIVITY, json!({ "kind": "status", "status": 400 }), None).await;
    let request = json!({ "key": "k", "form": form, "draft": draft["id"] });
    let beginning = async {
        let is_away = async || other.send(sidelight_outbound::Method::GET, "/draft", None).await.status == 204;
        world.until("the draft is put away", is_away).await;
        other.put("/draft", &json!({ "based_on": 0, "content": { "notes": "Another thought" } })).await
    };
    let ((status, _), (begun, _)) = tokio::join!(panel.post("/activities", &request), beginning);
    assert_eq!((status, begun), (422, 200));
    assert_eq!(panel.get("/draft").await["content"]["notes"], "Another thought");
    let waiting = panel.get("/writes").await[0]["state"].clone();
    assert_eq!((&waiting["state"], &waiting["form"]["notes"]), (&json!("refused"), &form["notes"]), "{waiting}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_that_hangs_holds_up_nobody_elses_notes() {
    let world = World::installed().await;
    crate::browser::Browser::new(&world).install("dana-whitfield").await;
    let (maya, dana) = (world.signed_in("maya-lindqvist").await, world.signed_in("dana-whitfield").await);
    let broken = |tenant: &str, fault: Value, times: Option<u32>| json!({ "match": { "tenant": tenant, "method": "POST", "path": ACTIVITY }, "fault": fault, "times": times });
    let failing = json!({ "kind": "status", "status": 500 });
    for tenant in ["lumen", "harbor"] {
        world.gainsight_control("faults", broken(tenant, failing.clone(), Some(2))).await;
    }
    for key in ["1", "2"] {
        assert_eq!(log(&maya, key, &maya.form("Held up").await).await.0, 202);
    }
    let place = dana.get("/entities?q=an").await["found"][0].clone();
    assert_eq!(place["tenant"], "harbor", "{place}");
    let mut form = dana_form(&dana, &place);
    form["subject"] = json!("Not held up");
    assert_eq!(log(&dana, "k", &form).await.0, 202);
    world.mend().await;
    world.gainsight_control("faults", broken("lumen", json!({ "kind": "latency", "millis": 60_000 }), None)).await;
    world.clock.advance(Duration::from_secs(20));
    world.app.wake.outbox.notify_one();
    let path = "activities?tenant=harbor&external_id_prefix=sidelight-";
    let arrived = async || world.ask_gainsight(path).await.to_string().contains("Not held up");
    world.until("the other tenant's note arrived", arrived).await;
    assert_eq!(world.our_activities().await.len(), 0, "the first tenant still hangs");
}

fn dana_form(dana: &Panel<'_>, place: &Value) -> Value {
    json!({
        "entity": { "tenant": place["tenant"], "kind": place["kind"], "id": place["id"] },
        "type_name": "Meeting",
        "subject": "",
        "notes": "Short",
        "held_at": sidelight_domain::Clock::now(dana.world.clock.as_ref()).as_millis(),
        "internal_attendees": [dana.username()],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_that_fails_with_the_old_sign_in_goes_out_with_the_new_one() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let form = panel.form("Across sign-ins").await;
    world.fault("POST", ACTIVITY, json!({ "kind": "latency", "millis": 8_000 }), Some(1)).await;
    world.fault("POST", ACTIVITY, json!({ "kind": "status", "status": 401 }), Some(1)).await;
    assert_eq!(log(&panel, "k", &form).await.0, 202);
    panel.sign_in().await;
    assert_eq!(world.our_activities().await.len(), 0, "the old sign-in still waits for its answer");
    let is_there = async || !world.our_activities().await.is_empty();
    world.until("it arrived without any help", is_there).await;
    arrives_once(&world, &panel, "Across sign-ins").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_tenant_puts_a_note_off_for_ever() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let form = panel.form("Put off").await;
    world.fault("POST", ACTIVITY, json!({ "kind": "status", "status": 429, "retry_after": 99_999_999 }), None).await;
    assert_eq!(log(&panel, "k", &form).await.0, 202);
    world.clock.advance(Duration::from_secs(20));
    world.app.wake.outbox.notify_one();
    let waiting = async || world.panel_later("maya-lindqvist").await.get("/writes").await[0]["state"].clone();
    world.until("it was tried again", async || waiting().await["tries"].as_u64() > Some(1)).await;
    let due = waiting().await["next_try_at"].as_i64().unwrap();
    let now = sidelight_domain::Clock::now(world.clock.as_ref()).as_millis();
    assert!(due - now <= 600_000, "{} s ahead", (due - now) / 1000);
    world.clock.advance(Duration::from_hours(73));
    world.app.wake.outbox.notify_one();
    world.until("its author hears of it", async || waiting().await["state"] == "refused").await;
}
