//! «Вебхуки»: what an administrator sets, sees and sends again.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::world::World;

fn form(url: &str) -> Value {
    json!({"url": url, "kinds": ["message.created", "call.ended", "call.ended"], "enabled": true})
}

#[tokio::test]
async fn a_webhook_is_made_with_a_secret_that_is_told_once() {
    let world = World::start().await;
    let admin = world.admin().await;
    let made = world
        .post("/api/webhooks", &form("https://Hooks.Example/in?a=b"))
        .by(&admin)
        .send()
        .await
        .expect(StatusCode::CREATED)
        .json();
    let secret = made["secret"].as_str().expect("a secret");
    assert!(
        secret.starts_with("whsec_") && secret.len() == 50,
        "{secret}"
    );
    let webhook = &made["webhook"];
    assert_eq!(webhook["url"], "https://hooks.example/in?a=b");
    assert_eq!(webhook["kinds"], json!(["call.ended", "message.created"]));
    let path = format!("/api/webhooks/{}", webhook["id"].as_str().expect("an id"));
    let read = world.get(&path).by(&admin).send().await;
    let read = read.expect(StatusCode::OK);
    assert!(!String::from_utf8_lossy(&read.body).contains(secret));
    assert_eq!(&read.json(), webhook);
    let rotated = world.post(&format!("{path}/secret"), &json!({})).by(&admin);
    let rotated = rotated.send().await.expect(StatusCode::OK).json();
    assert_ne!(rotated["secret"], secret);
}

#[tokio::test]
async fn what_can_not_be_a_receiver_says_why() {
    let world = World::start().await;
    let admin = world.admin().await;
    for (url, field) in [
        ("http://hooks.example/", "url"),
        ("hooks.example", "url"),
        ("", "url"),
        ("https://a:b@hooks.example/", "url"),
        ("file:///etc/passwd", "url"),
    ] {
        let answer = world.post("/api/webhooks", &form(url)).by(&admin);
        let answer = answer.send().await;
        let answer = answer.expect(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answer.json()["field"], field, "{url}");
    }
    let none = json!({"url": "https://hooks.example/", "kinds": [], "enabled": true});
    let answer = world.post("/api/webhooks", &none).by(&admin).send().await;
    let answer = answer.expect(StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.json()["field"], "kinds");
    for _ in 0..10 {
        world.webhook().await;
    }
    let answer = world
        .post("/api/webhooks", &form("https://hooks.example/"))
        .by(&admin)
        .send()
        .await;
    assert_eq!(
        answer.expect(StatusCode::CONFLICT).code(),
        "too_many_webhooks"
    );
}

#[tokio::test]
async fn a_change_of_another_version_is_refused() {
    let world = World::start().await;
    let admin = world.admin().await;
    let path = format!("/api/webhooks/{}", world.webhook().await);
    let change = |version: i64, enabled: bool| {
        json!({"url": "https://other.example/", "kinds": ["call.arrived"],
            "enabled": enabled, "version": version})
    };
    let changed = world.put(&path, &change(1, false)).by(&admin).send().await;
    let changed = changed.expect(StatusCode::OK).json();
    assert_eq!(
        (&changed["version"], &changed["enabled"]),
        (&json!(2), &json!(false))
    );
    let late = world.put(&path, &change(1, true)).by(&admin).send().await;
    assert_eq!(
        late.expect(StatusCode::CONFLICT).code(),
        "changed_meanwhile"
    );
}

#[tokio::test]
async fn attempts_are_listed_and_an_event_is_sent_again() {
    let world = World::start().await;
    let admin = world.admin().await;
    let path = format!("/api/webhooks/{}", world.webhook().await);
    let line = world.line().await;
    world.call(line, None).await;
    let tested = world.post(&format!("{path}/test"), &json!({})).by(&admin);
    let tested = tested.send().await.expect(StatusCode::OK).json();
    assert_eq!(
        (&tested["ok"], &tested["status"]),
        (&json!(false), &json!(500))
    );
    let again = format!("{path}/events/1/resend");
    let again = world.post(&again, &json!({})).by(&admin).send().await;
    assert_eq!(again.expect(StatusCode::OK).json()["ok"], true);
    let missing = format!("{path}/events/99/resend");
    let missing = world.post(&missing, &json!({})).by(&admin).send().await;
    missing.expect(StatusCode::NOT_FOUND);
    let listed = world.get(&format!("{path}/attempts")).by(&admin);
    let listed = listed.send().await.expect(StatusCode::OK).json();
    let items = listed["items"].as_array().expect("items");
    assert_eq!(items.len(), 2);
    assert_eq!(
        (&items[0]["seq"], &items[0]["kind"]),
        (&json!(1), &json!("call.arrived"))
    );
    assert_eq!(
        (&items[1]["seq"], &items[1]["error"]),
        (&Value::Null, &tested["error"])
    );
}

#[tokio::test]
async fn events_are_told_again_from_a_number_or_a_time() {
    let world = World::start().await;
    let admin = world.admin().await;
    let line = world.line().await;
    for _ in 0..3 {
        world.call(line, None).await;
    }
    let path = format!("/api/webhooks/{}", world.webhook().await);
    let replay = format!("{path}/replay");
    for (body, cursor) in [
        (json!({"from_seq": 2}), 1),
        (json!({"from_time": "2020-01-01T00:00:00Z"}), 0),
        (json!({"from_time": "2100-01-01T00:00:00Z"}), 3),
        (json!({"from_seq": -5}), 0),
        (json!({"from_seq": 999}), 3),
    ] {
        let answer = world.post(&replay, &body).by(&admin).send().await;
        let answer = answer.expect(StatusCode::OK).json();
        assert_eq!(answer["cursor"], cursor, "{body}");
    }
    for body in [
        json!({}),
        json!({"from_seq": 1, "from_time": "2020-01-01T00:00:00Z"}),
    ] {
        let answer = world.post(&replay, &body).by(&admin).send().await;
        answer.expect(StatusCode::UNPROCESSABLE_ENTITY);
    }
}
