//! Notes with looks: cleaned on the way in, kept, counted and sent as they were cleaned, and old drafts as they were.

use serde_json::json;

use crate::outbox::log;
use crate::world::World;

const HOSTILE: &str = "<p onclick=\"x()\" style=\"color:red\">A <b>b</b><script>alert(1)</script><img src=x onerror=y> \
    <a href=\"javascript:z()\">bad</a> <a href=\"https://good.example/?a=1&amp;b=2\" target=_top>good</a></p><ul><li>☐ c</li></ul>";
const CLEAN: &str =
    "<p>A <b>b</b> <a>bad</a> <a href=\"https://good.example/?a=1&amp;b=2\">good</a></p><ul><li>☐ c</li></ul>";

#[tokio::test(flavor = "multi_thread")]
async fn a_formatted_note_is_cleaned_before_it_is_kept_and_before_it_is_sent() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let content = json!({ "notes": HOSTILE, "format": "html" });
    let (status, draft) = panel.put("/draft", &json!({ "based_on": 0, "content": content })).await;
    assert_eq!((status, draft["content"]["notes"].as_str()), (200, Some(CLEAN)));
    let mut form = panel.form("With looks").await;
    (form["notes"], form["format"]) = (json!(HOSTILE), json!("html"));
    assert_eq!(log(&panel, "k", &form).await.0, 201);
    let sent = world.our_activities().await[0]["Notes"].as_str().unwrap().to_owned();
    assert_eq!(sent, CLEAN.replace("<b>", "<strong>").replace("</b>", "</strong>"));
    // What comes back says of its links that they lead elsewhere.
    let id = form["entity"]["id"].as_str().unwrap();
    let timeline = panel.get(&format!("/timeline?tenant=lumen&kind=company&id={id}")).await;
    let opened = panel.get(&format!("/timeline/lumen/{}", timeline["activities"][0]["id"].as_str().unwrap())).await;
    let shown = opened["notes_html"].as_str().unwrap();
    assert!(shown.contains("<strong>b</strong>") && shown.contains("rel=\"noopener noreferrer nofollow\""), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_of_looks_alone_is_missing_and_a_cleaned_one_is_counted() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let mut form = panel.form("Empty").await;
    form["format"] = json!("html");
    for (key, notes, status) in [
        ("blank", "<p><br></p>".to_owned(), 422),
        ("script", "<script>alert(1)</script>".to_owned(), 422),
        ("long", format!("<p>{}</p>", "x".repeat(30_000)), 422),
        // What is thrown away does not count.
        ("padded", format!("<p>short</p><style>{}</style>", "x".repeat(30_000)), 201),
    ] {
        form["notes"] = json!(notes);
        let (found, body) = log(&panel, key, &form).await;
        assert_eq!(found, status, "{key}: {body}");
        assert!(found == 201 || body["fields"][0]["field"] == "notes", "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_from_before_the_editor_opens_as_it_was() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let (_, draft) = panel.put("/draft", &json!({ "based_on": 0, "content": { "notes": "<b> & co" } })).await;
    assert_eq!((&draft["content"]["notes"], &draft["content"]["format"]), (&json!("<b> & co"), &json!("plain")));
}
