//! The pages and the headers of every answer.

use axum::http::{Method, StatusCode};

use crate::world::{PAGE, World};

#[tokio::test]
async fn every_answer_is_guarded() {
    let world = World::start().await;
    for path in [
        "/",
        "/cabinet/lines",
        "/api/session",
        "/assets/none.js",
        "/healthz",
    ] {
        let answer = world.get(path).send().await;
        let policy = answer.header("content-security-policy");
        for part in [
            "default-src 'self'",
            "script-src 'self';",
            "connect-src 'self' wss://calls.example.ru;",
            "frame-ancestors 'none'",
            "object-src 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert!(
            answer
                .header("permissions-policy")
                .contains("microphone=(self)"),
            "{path}"
        );
        assert!(
            answer
                .header("strict-transport-security")
                .starts_with("max-age"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn pages_are_the_applications_and_files_are_not() {
    let world = World::start().await;
    for path in ["/", "/cabinet/settings/hours"] {
        let page = world.get(path).send().await;
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(page.header("cache-control"), "no-cache", "{path}");
        assert_eq!(page.body, PAGE.as_bytes(), "{path}");
    }
    let script = world.get("/assets/app-1234.js").send().await;
    assert!(script.header("cache-control").ends_with("immutable"));
    let tag = script.header("etag").to_owned();
    let known = world.get("/assets/app-1234.js");
    let known = known.header("if-none-match", &tag).send().await;
    known.expect(StatusCode::NOT_MODIFIED);
    for path in [
        "/assets/old-1234.js",
        "/favicon.none",
        "/../Cargo.toml",
        "/assets/../../x",
    ] {
        world.get(path).send().await.expect(StatusCode::NOT_FOUND);
    }
    let post = world.ask(Method::POST, "/cabinet").send().await;
    post.expect(StatusCode::METHOD_NOT_ALLOWED);
}
