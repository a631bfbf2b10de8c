//! Rate limits (`zoom.md` 7.4).

use std::time::Duration;

use crate::town::{Town, cites};

#[tokio::test]
async fn limits_depend_on_plan_and_label() {
    cites("zm-rate-plans");
    let town = Town::start().await;
    let access = town.access_for("maya-lindqvist").await;
    for (plan, light, medium) in [("free", 4, 2), ("pro", 30, 20), ("business", 80, 60)] {
        town.switch("zoom.rate_limits", plan).await;
        for (path, allowed) in [("/v2/users/me", light), ("/v2/users/me/meetings", medium)] {
            // The next second, so that each endpoint starts afresh.
            town.clock.advance(Duration::from_secs(1));
            for call in 0..allowed {
                assert_eq!(town.read(&access, path).await.status(), 200, "{plan} {path} {call}");
            }
            assert_eq!(town.read(&access, path).await.refusal(), (429, 429), "{plan} {path}");
        }
    }
    town.switch("zoom.rate_limits", "off").await;
    assert_eq!(town.read(&access, "/v2/users/me").await.status(), 200);
}

#[tokio::test]
async fn an_account_shares_its_limits() {
    let town = Town::start().await;
    town.switch("zoom.rate_limits", "free").await;
    let (maya, tom) = (town.access_for("maya-lindqvist").await, town.access_for("tom-okafor").await);
    let dana = town.access_for("dana-whitfield").await;
    for token in [&maya, &tom, &maya, &tom] {
        assert_eq!(town.read(token, "/v2/users/me").await.status(), 200);
    }
    assert_eq!(town.read(&maya, "/v2/users/me").await.status(), 429);
    assert_eq!(town.read(&dana, "/v2/users/me").await.status(), 200, "another account");
}

#[tokio::test]
async fn a_refusal_names_the_limit_or_nothing() {
    cites("zm-rate-headers");
    let town = Town::start().await;
    town.switch("zoom.rate_limits", "free").await;
    let access = town.access_for("maya-lindqvist").await;
    let first = town.read(&access, "/v2/users/me").await;
    let headers = ["x-ratelimit-category", "x-ratelimit-limit", "x-ratelimit-remaining"];
    assert_eq!(headers.map(|name| first.header(name)), [Some("Light"), Some("4"), Some("3")]);
    for _ in 0..3 {
        town.read(&access, "/v2/users/me").await;
    }
    let refused = town.read(&access, "/v2/users/me").await;
    assert_eq!((refused.header("x-ratelimit-type"), refused.header("retry-after")), (Some("QPS"), None));
    town.switch("zoom.rate_limit_headers", "absent").await;
    let refused = town.read(&access, "/v2/users/me").await;
    assert_eq!((refused.status(), refused.header("x-ratelimit-type")), (429, None));
}

#[tokio::test]
async fn the_daily_limit_says_when_it_ends() {
    cites("zm-rate-daily");
    let town = Town::start().await;
    town.switch("zoom.rate_limits", "free").await;
    let access = town.access_for("maya-lindqvist").await;
    let mut last = town.read(&access, "/v2/users/me/meetings").await;
    let mut calls = 1;
    while last.status() == 200 {
        if calls % 2 == 0 {
            town.clock.advance(Duration::from_secs(1));
        }
        last = town.read(&access, "/v2/users/me/meetings").await;
        calls += 1;
    }
    assert_eq!(calls, 2_001);
    assert_eq!(last.header("x-ratelimit-type"), Some("Daily-limit"));
    assert_eq!(last.header("retry-after"), Some("2026-05-29T00:00:00Z"), "a date, not seconds");
}
