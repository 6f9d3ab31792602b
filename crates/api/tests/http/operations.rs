//! What monitoring asks for.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::world::World;

#[tokio::test]
async fn a_server_in_order_says_so() {
    let world = World::start().await;
    world.get("/healthz").send().await.expect(StatusCode::OK);
    let ready = world
        .get("/readyz")
        .send()
        .await
        .expect(StatusCode::OK)
        .json();
    assert_eq!(ready["ready"], true);
    let names: Vec<_> = ready["checks"]
        .as_array()
        .expect("checks")
        .iter()
        .map(|c| &c["name"])
        .collect();
    assert!(
        names.contains(&&json!("database")) && names.contains(&&json!("recordings")),
        "{names:?}"
    );
    world.get("/metrics").send().await.expect(StatusCode::OK);
    let document = world
        .get("/api/openapi.json")
        .send()
        .await
        .expect(StatusCode::OK)
        .json();
    let printed: Value = serde_json::from_str(&api::openapi()).expect("a document");
    assert_eq!(document, printed);
}

#[tokio::test]
async fn a_database_that_is_away_is_told() {
    let world = World::start().await;
    let admin = world.admin().await;
    world.store.close().await.expect("closed");
    let ready = world
        .get("/readyz")
        .send()
        .await
        .expect(StatusCode::SERVICE_UNAVAILABLE)
        .json();
    assert_eq!(ready["ready"], false);
    world.get("/healthz").send().await.expect(StatusCode::OK);
    let lines = world.get("/api/lines").by(&admin).send().await;
    assert_eq!(
        lines.expect(StatusCode::SERVICE_UNAVAILABLE).code(),
        "unavailable"
    );
}
