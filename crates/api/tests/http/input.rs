//! Bad input: told in problem details that name the field, and nothing is saved.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn bodies_that_are_no_json_are_refused() {
    let world = World::start().await;
    let admin = world.admin().await;
    let post = || world.ask(Method::POST, "/api/lines").by(&admin);
    let plain = post()
        .header("content-type", "text/plain")
        .raw("{}")
        .send()
        .await;
    assert_eq!(
        plain.expect(StatusCode::UNSUPPORTED_MEDIA_TYPE).code(),
        "not_json"
    );
    let nothing = post().send().await;
    assert_eq!(
        nothing.expect(StatusCode::UNSUPPORTED_MEDIA_TYPE).code(),
        "not_json"
    );
    let json = || post().header("content-type", "application/json; charset=utf-8");
    for body in [
        "",
        "{",
        "nul",
        "{\"name\": \"\\ud800\"}",
        "{\"name\"",
        "\u{feff}{}",
    ] {
        let broken = json().raw(body).send().await;
        assert_eq!(
            broken.expect(StatusCode::BAD_REQUEST).code(),
            "broken_json",
            "{body:?}"
        );
    }
    let deep = json().raw("[".repeat(100_000)).send().await;
    assert_eq!(deep.status.as_u16() / 100, 4);
    let large = json().raw(vec![b' '; 2 * 1024 * 1024]).send().await;
    let large = large.expect(StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(
        (large.code().as_str(), large.header("content-type")),
        ("too_large", "application/problem+json")
    );
}

#[tokio::test]
async fn the_field_is_named() {
    let world = World::start().await;
    let admin = world.admin().await;
    for (body, field) in [
        (json!({}), "name"),
        (json!({"name": 5, "scenario": "secretary"}), "name"),
        (json!({"name": "x"}), "scenario"),
        (json!({"name": "x", "scenario": "robot"}), "scenario"),
        (
            json!({"name": "x", "scenario": "secretary", "colour": "red"}),
            "colour",
        ),
        (json!({"name": "  ", "scenario": "secretary"}), "name"),
        (
            json!({"name": "я".repeat(101), "scenario": "secretary"}),
            "name",
        ),
        (json!({"name": "a\u{0}b", "scenario": "secretary"}), "name"),
    ] {
        let refused = world.post("/api/lines", &body).by(&admin).send().await;
        let problem = refused.expect(StatusCode::UNPROCESSABLE_ENTITY).json();
        assert_eq!(problem["field"], field, "{body}");
        assert_eq!(problem["type"], "/problems/invalid");
        assert!(
            problem["detail"]
                .as_str()
                .is_some_and(|detail| !detail.is_empty())
        );
    }
    let lines = world
        .get("/api/lines")
        .by(&admin)
        .send()
        .await
        .expect(StatusCode::OK);
    assert_eq!(lines.json(), json!([]));
}

#[tokio::test]
async fn what_does_not_exist_is_a_problem_too() {
    let world = World::start().await;
    let admin = world.admin().await;
    let nowhere = world.get("/api/nowhere").by(&admin).send().await;
    assert_eq!(nowhere.expect(StatusCode::NOT_FOUND).code(), "not_found");
    let method = world
        .ask(Method::DELETE, "/api/calls")
        .by(&admin)
        .send()
        .await;
    let method = method.expect(StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(method.code(), "method_not_allowed");
    assert_eq!(method.header("allow"), "GET,HEAD");
}
