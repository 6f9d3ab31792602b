//! Signing in and out, passwords, languages.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::world::{Answer, PASSWORD, World};

async fn sign_in(world: &World, login: &str, password: &str, address: &str) -> Answer {
    let body = json!({"login": login, "password": password});
    world
        .post("/api/session", &body)
        .header("x-forwarded-for", address)
        .send()
        .await
}

fn cookie(answer: &Answer) -> String {
    answer
        .header("set-cookie")
        .split(';')
        .next()
        .expect("a cookie")
        .to_owned()
}

#[tokio::test]
async fn a_session_begins_and_ends() {
    let world = World::start().await;
    let admin = world.admin().await;
    let answer = sign_in(&world, " Admin@Romashka.RU ", PASSWORD, "10.0.0.1").await;
    let answer = answer.expect(StatusCode::OK);
    let text = answer.header("set-cookie");
    assert!(text.starts_with("__Host-session="), "{text}");
    for part in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
        assert!(text.contains(part), "{text}");
    }
    let session = answer.json();
    assert_eq!(session["user"]["login"], admin.login.as_str());
    assert_eq!(session["company"]["name"], "Ромашка");
    assert_eq!(session["demo"], false);
    assert_eq!(answer.header("cache-control"), "no-store");

    let cookie = cookie(&answer);
    let csrf = session["csrf"].as_str().expect("a token").to_owned();
    let read = world
        .get("/api/session")
        .header("cookie", &cookie)
        .send()
        .await;
    assert_eq!(read.expect(StatusCode::OK).json(), session);

    let out = world
        .ask(Method::DELETE, "/api/session")
        .header("cookie", &cookie);
    let out = out
        .header("x-csrf-token", &csrf)
        .send()
        .await
        .expect(StatusCode::NO_CONTENT);
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    let gone = world
        .get("/api/session")
        .header("cookie", &cookie)
        .send()
        .await;
    assert_eq!(gone.expect(StatusCode::UNAUTHORIZED).code(), "signed_out");
}

#[tokio::test]
async fn a_new_sign_in_ends_the_session_before() {
    let world = World::start().await;
    let admin = world.admin().await;
    let body = json!({"login": admin.login, "password": PASSWORD});
    world
        .post("/api/session", &body)
        .cookie_of(&admin)
        .send()
        .await
        .expect(StatusCode::OK);
    let old = world.get("/api/session").by(&admin).send().await;
    old.expect(StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn wrong_logins_are_alike_and_slowed_down() {
    let world = World::start().await;
    let admin = world.admin().await;
    let body: Value = {
        let wrong = sign_in(&world, &admin.login, "wrong", "10.0.0.1").await;
        wrong.expect(StatusCode::UNAUTHORIZED).json()
    };
    assert_eq!(body["code"], "wrong_login");
    let unknown = sign_in(&world, "nobody@romashka.ru", "wrong", "10.0.0.1").await;
    assert_eq!(unknown.expect(StatusCode::UNAUTHORIZED).json(), body);

    for try_number in 2..=10 {
        let address = format!("10.0.1.{try_number}");
        let wrong = sign_in(&world, &admin.login, "wrong", &address).await;
        wrong.expect(StatusCode::UNAUTHORIZED);
    }
    let slowed = sign_in(&world, &admin.login, PASSWORD, "10.0.2.1").await;
    let slowed = slowed.expect(StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(slowed.code(), "too_many_tries");
    let wait: u64 = slowed.header("retry-after").parse().expect("seconds");
    assert!((1..=31).contains(&wait), "{wait}");
}

#[tokio::test]
async fn a_password_is_changed() {
    let world = World::start().await;
    let newcomer = world.newcomer(world.company, "new@romashka.ru").await;
    let elsewhere = sign_in(&world, &newcomer.login, PASSWORD, "10.0.0.1").await;
    let elsewhere = cookie(&elsewhere.expect(StatusCode::OK));
    let change = |current: &str, new: &str| {
        let body = json!({"current": current, "new": new});
        world.put("/api/session/password", &body).by(&newcomer)
    };
    for (new, code) in [
        ("", "invalid"),
        ("too short", "invalid"),
        (PASSWORD, "invalid"),
    ] {
        let refused = change(PASSWORD, new)
            .send()
            .await
            .expect(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.code(), code);
        assert_eq!(refused.json()["field"], "new");
    }
    let wrong = change("not the one", "new password 1").send().await;
    let wrong = wrong.expect(StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        (wrong.code().as_str(), &wrong.json()["field"]),
        ("wrong_password", &json!("current"))
    );

    change(PASSWORD, "new password 1")
        .send()
        .await
        .expect(StatusCode::NO_CONTENT);
    let lines = world.get("/api/lines").by(&newcomer).send().await;
    lines.expect(StatusCode::OK);
    let ended = world
        .get("/api/session")
        .header("cookie", &elsewhere)
        .send()
        .await;
    ended.expect(StatusCode::UNAUTHORIZED);
    let old = sign_in(&world, &newcomer.login, PASSWORD, "10.0.0.1").await;
    old.expect(StatusCode::UNAUTHORIZED);
    let new = sign_in(&world, &newcomer.login, "new password 1", "10.0.0.1").await;
    new.expect(StatusCode::OK);
}

#[tokio::test]
async fn problems_speak_the_users_language() {
    let world = World::start().await;
    let admin = world.admin().await;
    let foreigner = || {
        world
            .get("/api/lines")
            .header("accept-language", "en-GB,en;q=0.9")
    };
    let signed_out = foreigner().send().await;
    assert_eq!(signed_out.json()["detail"], "Sign in to go on.");
    assert_eq!(signed_out.header("content-language"), "en");

    // The user's own language stands against the browser's.
    let missing = format!("/api/lines/{}", uuid::Uuid::new_v4());
    let ask = || {
        world
            .get(&missing)
            .header("accept-language", "en")
            .by(&admin)
    };
    assert_eq!(ask().send().await.json()["detail"], "Не найдено.");
    let english = world
        .put("/api/session/language", &json!({"language": "en"}))
        .by(&admin);
    english.send().await.expect(StatusCode::NO_CONTENT);
    assert_eq!(ask().send().await.json()["detail"], "Not found.");
}
