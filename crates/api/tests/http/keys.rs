//! Keys of the API: made, listed, revoked; how often they may ask, and what is done once.

use axum::http::{Method, StatusCode};
use model::api_key::Scope;
use serde_json::{Value, json};

use crate::world::{Answer, World};

#[tokio::test]
async fn a_key_is_shown_once_and_opens_until_it_is_revoked() {
    let world = World::start().await;
    let admin = world.admin().await;
    let new = json!({"name": " CRM ", "scopes": ["messages:read", "calls:read", "calls:read"]});
    let made = world.post("/api/keys", &new).by(&admin).send().await;
    let made = made.expect(StatusCode::CREATED).json();
    let secret = made["secret"].as_str().expect("a secret");
    assert_eq!(made["key"]["name"], "CRM");
    assert_eq!(
        made["key"]["scopes"],
        json!(["calls:read", "messages:read"])
    );
    assert!(secret.starts_with(made["key"]["prefix"].as_str().expect("a prefix")));

    let calls = world.get("/api/calls").key(secret).send().await;
    calls.expect(StatusCode::OK);
    let listed = world.get("/api/keys").by(&admin).send().await;
    let listed = listed.expect(StatusCode::OK);
    assert!(!String::from_utf8_lossy(&listed.body).contains(secret));
    let listed = listed.json();
    assert_eq!(listed["items"][0]["id"], made["key"]["id"]);
    assert_ne!(listed["items"][0]["used_at"], Value::Null);
    assert_eq!(listed["max"], 20);

    let id = made["key"]["id"].as_str().expect("an id");
    let path = format!("/api/keys/{id}");
    for _ in 0..2 {
        let revoked = world.ask(Method::DELETE, &path).by(&admin).send().await;
        revoked.expect(StatusCode::NO_CONTENT);
    }
    let refused = world.get("/api/calls").key(secret).send().await;
    let refused = refused.expect(StatusCode::UNAUTHORIZED);
    assert_eq!(refused.code(), "wrong_key");
    assert_eq!(refused.header("www-authenticate"), "Bearer");
    let listed = world.get("/api/keys").by(&admin).send().await.json();
    assert_ne!(listed["items"][0]["revoked_at"], Value::Null);
}

#[tokio::test]
async fn a_key_needs_a_name_and_a_scope() {
    let world = World::start().await;
    let admin = world.admin().await;
    for (body, field) in [
        (json!({"name": "", "scopes": ["calls:read"]}), "name"),
        (
            json!({"name": "x".repeat(101), "scopes": ["calls:read"]}),
            "name",
        ),
        (json!({"name": "x", "scopes": []}), "scopes"),
        (json!({"name": "x", "scopes": ["settings"]}), "scopes.0"),
    ] {
        let refused = world.post("/api/keys", &body).by(&admin).send().await;
        let refused = refused.expect(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.json()["field"], field, "{body}");
    }
}

#[tokio::test]
async fn a_key_that_asks_too_often_is_told_when_to_ask_again() {
    let world = World::start().await;
    let (busy, other) = (
        world.key(world.company, &[Scope::CallsRead]).await.secret,
        world.key(world.company, &[Scope::CallsRead]).await.secret,
    );
    let mut refused = None;
    for _ in 0..1000 {
        let answer = world.get("/api/calls").key(&busy).send().await;
        if answer.status != StatusCode::OK {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused
        .expect("a limit")
        .expect(StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.code(), "too_many_requests");
    let wait: u32 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=2).contains(&wait));
    let another = world.get("/api/calls").key(&other).send().await;
    another.expect(StatusCode::OK);
}

/// A lost call, and a program that notes that it was called back.
struct Caller {
    world: World,
    path: String,
    secret: String,
}

impl Caller {
    async fn new() -> Self {
        let world = World::start().await;
        let line = world.line().await;
        let call = world.call(line, None).await;
        let secret = world.key(world.company, &Scope::ALL).await.secret;
        Self {
            path: format!("/api/calls/{}/called-back", call.id),
            world,
            secret,
        }
    }

    async fn note(&self, name: &str, called_back: Value) -> Answer {
        let body = json!({"called_back": called_back});
        let ask = self.world.post(&self.path, &body).key(&self.secret);
        ask.header("idempotency-key", name).send().await
    }

    async fn called_back(&self) -> Value {
        let path = self.path.trim_end_matches("/called-back");
        let call = self.world.get(path).key(&self.secret).send().await;
        call.expect(StatusCode::OK).json()["called_back"].clone()
    }
}

#[tokio::test]
async fn a_named_request_is_carried_out_once() {
    let program = Caller::new().await;
    let first = program.note("a", json!(true)).await;
    assert_eq!(first.header("idempotent-replayed"), "");
    first.expect(StatusCode::NO_CONTENT);
    assert_eq!(program.called_back().await, true);
    program
        .note("b", json!(false))
        .await
        .expect(StatusCode::NO_CONTENT);
    // The repeat of the first is told what was answered, and changes nothing any more.
    let again = program.note("a", json!(true)).await;
    assert_eq!(again.header("idempotent-replayed"), "true");
    again.expect(StatusCode::NO_CONTENT);
    assert_eq!(program.called_back().await, false);
    let other = program.note("a", json!(false)).await;
    let other = other.expect(StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(other.code(), "idempotency_key_reused");
}

#[tokio::test]
async fn a_refusal_does_not_use_a_name_up() {
    let program = Caller::new().await;
    let refused = program.note("a", json!("yes")).await;
    refused.expect(StatusCode::UNPROCESSABLE_ENTITY);
    let mended = program.note("a", json!(true)).await;
    mended.expect(StatusCode::NO_CONTENT);
    for name in ["", &"x".repeat(256)] {
        let refused = program.note(name, json!(true)).await;
        let refused = refused.expect(StatusCode::BAD_REQUEST);
        assert_eq!(refused.code(), "bad_idempotency_key");
    }
}

#[tokio::test]
async fn of_many_at_once_one_is_carried_out() {
    let program = Caller::new().await;
    let tries = (0..8).map(|_| program.note("a", json!(true)));
    let answers = futures_util::future::join_all(tries).await;
    let mut first = 0;
    for answer in answers {
        match answer.status {
            StatusCode::NO_CONTENT => {
                first += u32::from(answer.header("idempotent-replayed").is_empty());
            }
            status => assert_eq!(
                (status, answer.code().as_str()),
                (StatusCode::CONFLICT, "still_running")
            ),
        }
    }
    assert_eq!(first, 1);
}

/// Whoever called back is the key's name, for nobody signed in did it.
#[tokio::test]
async fn a_session_knows_no_names_of_requests() {
    let program = Caller::new().await;
    let admin = program.world.admin().await;
    for _ in 0..2 {
        let body = json!({"called_back": true});
        let ask = program.world.post(&program.path, &body).by(&admin);
        let answer = ask.header("idempotency-key", "a").send().await;
        assert_eq!(answer.header("idempotent-replayed"), "");
        answer.expect(StatusCode::NO_CONTENT);
    }
}

/// A proxy that asks for a password of its own passes it on: that is no key.
#[tokio::test]
async fn another_scheme_is_not_a_key() {
    let world = World::start().await;
    let admin = world.admin().await;
    let ask = world.get("/api/calls").by(&admin);
    let answer = ask.header("authorization", "Basic dTpw").send().await;
    answer.expect(StatusCode::OK);
}
