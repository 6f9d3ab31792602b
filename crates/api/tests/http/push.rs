//! Notifications on the own devices.

use axum::http::StatusCode;
use model::user::Role;
use serde_json::{Value, json};

use crate::world::World;

fn subscription(endpoint: &str) -> Value {
    let point = format!("B{}", "A".repeat(86));
    json!({"endpoint": endpoint, "p256dh": point, "auth": "A".repeat(22)})
}

#[tokio::test]
async fn a_browser_subscribes_under_the_key_and_unsubscribes() {
    let world = World::start().await;
    let vera = world.person(Role::Employee, Some(world.company), "vera@romashka.ru");
    let vera = vera.await;
    let key = world.get("/api/push/key").by(&vera).send().await;
    assert_eq!(
        key.expect(StatusCode::OK).json()["key"],
        "the-key-of-pushes"
    );
    let path = "/api/push/subscriptions";
    let body = subscription("https://push.example/abc");
    // A page asks at every start; the same again is the same.
    for _ in 0..2 {
        let answer = world.post(path, &body).by(&vera).send().await;
        answer.expect(StatusCode::NO_CONTENT);
    }
    let gone = json!({"endpoint": "https://push.example/abc"});
    for _ in 0..2 {
        let ask = world.ask(axum::http::Method::DELETE, path).json(&gone);
        ask.by(&vera).send().await.expect(StatusCode::NO_CONTENT);
    }
}

#[tokio::test]
async fn what_can_not_be_pushed_to_is_refused() {
    let world = World::start().await;
    let admin = world.admin().await;
    let good = || subscription("https://push.example/abc");
    for (field, value) in [
        ("endpoint", json!("http://push.example/abc")),
        ("endpoint", json!("/abc")),
        ("p256dh", json!("AAAA")),
        ("p256dh", json!("A".repeat(87))),
        ("auth", json!("not base64url!")),
        ("auth", json!("AAAA")),
    ] {
        let mut body = good();
        body[field] = value.clone();
        let answer = world.post("/api/push/subscriptions", &body).by(&admin);
        let answer = answer.send().await.expect(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answer.json()["field"], field, "{value}");
    }
}
