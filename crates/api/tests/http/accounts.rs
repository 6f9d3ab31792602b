//! Forgotten passwords, invitations, sessions.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use store::AccountLetterKind;

use crate::world::{PASSWORD, World};

/// The letter that was queued for somebody; the worker would send it.
async fn letter(world: &World) -> Option<store::DueAccountLetter> {
    let now = Timestamp::now() + SignedDuration::from_secs(1);
    let letters = world.store.account_letters();
    letters.take_due(now, now).await.expect("read")
}

async fn ask(world: &World, login: &str, address: &str) -> crate::world::Answer {
    let body = json!({"login": login});
    let ask = world.post("/api/password-resets", &body);
    ask.header("x-forwarded-for", address).send().await
}

#[tokio::test]
async fn a_forgotten_password_is_chosen_anew() {
    let world = World::start().await;
    let admin = world.admin().await;
    let known = ask(&world, " Admin@Romashka.ru ", "10.0.0.1").await;
    let unknown = ask(&world, "nobody@romashka.ru", "10.0.0.1").await;
    assert_eq!(known.status, StatusCode::ACCEPTED);
    assert_eq!(unknown.status, StatusCode::ACCEPTED);
    assert_eq!(known.body, unknown.body);
    let due = loop {
        // Queued beside the answer; its wake-up tells when.
        if let Some(due) = letter(&world).await {
            break due;
        }
        world.store.delivery_wakeup().notified().await;
    };
    assert_eq!(
        (due.user.id, due.kind),
        (admin.id, AccountLetterKind::Reset)
    );
    world
        .store
        .account_letters()
        .remove(due.id)
        .await
        .expect("removed");
    assert_eq!(letter(&world).await, None, "nobody else is written to");

    let now = Timestamp::now();
    let tokens = world.store.password_tokens();
    let token = tokens
        .issue(admin.id, now, now + SignedDuration::from_hours(1))
        .await;
    let path = format!("/api/password-resets/{}", token.expect("a token"));
    let told = world.get(&path).send().await.expect(StatusCode::OK).json();
    assert_eq!(
        told,
        json!({"login": "admin@romashka.ru", "invited": false})
    );
    let choose = |new: &str| world.put(&path, &json!({"new": new})).send();
    let short = choose("short")
        .await
        .expect(StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(short.json()["field"], "new");
    choose("a new password")
        .await
        .expect(StatusCode::NO_CONTENT);
    let again = choose("another password")
        .await
        .expect(StatusCode::NOT_FOUND);
    assert_eq!(again.code(), "reset_expired");
    let read = world.get(&path).send().await.expect(StatusCode::NOT_FOUND);
    assert_eq!(read.code(), "reset_expired");
    let ended = world.get("/api/session").by(&admin).send().await;
    ended.expect(StatusCode::UNAUTHORIZED);
    for (password, status) in [
        (PASSWORD, StatusCode::UNAUTHORIZED),
        ("a new password", StatusCode::OK),
    ] {
        let body = json!({"login": admin.login, "password": password});
        world
            .post("/api/session", &body)
            .send()
            .await
            .expect(status);
    }
}

#[tokio::test]
async fn nobodys_mailbox_is_filled() {
    let world = World::start().await;
    for n in 0..3 {
        let asked = ask(&world, "a@b.ru", &format!("10.0.0.{n}")).await;
        asked.expect(StatusCode::ACCEPTED);
    }
    let slowed = ask(&world, "A@b.ru", "10.0.1.1").await;
    let slowed = slowed.expect(StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(slowed.code(), "too_many_resets");
    let wait: u64 = slowed.header("retry-after").parse().expect("seconds");
    assert!(Duration::from_secs(wait) > Duration::from_secs(60));
    ask(&world, "", "10.0.1.2")
        .await
        .expect(StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_saved_employee_is_invited_and_sees_the_own_messages() {
    let world = World::start().await;
    let (admin, operator) = (world.admin().await, world.operator().await);
    let rows = json!({"version": 1, "items": [
        {"id": null, "email": "anna@romashka.ru", "name": "Анна", "department": null,
            "position": "", "extension": "", "mobile": ""},
        {"id": null, "email": "boris@romashka.ru", "name": "Борис", "department": null,
            "position": "", "extension": "", "mobile": ""},
        {"id": null, "email": operator.login, "name": "Мария", "department": null,
            "position": "", "extension": "", "mobile": ""},
    ]});
    let saved = world.put("/api/employees", &rows).by(&admin).send().await;
    let saved = saved.expect(StatusCode::OK).json();
    let sign_ins: Vec<&Value> = (0..3).map(|n| &saved["items"][n]["sign_in"]).collect();
    assert_eq!(
        sign_ins,
        [&json!("invited"), &json!("invited"), &json!("none")]
    );
    let due = letter(&world).await.expect("a letter");
    assert_eq!(due.kind, AccountLetterKind::Invitation);

    let anna = world.signed_in("anna@romashka.ru").await;
    let list = world.get("/api/employees").by(&admin).send().await;
    assert_eq!(list.json()["items"][0]["sign_in"], "active");
    let line = world.line().await;
    let message = |to: usize, call: &model::call::Call| {
        json!({
            "id": uuid::Uuid::new_v4(), "call_id": call.id, "caller_name": "Иван",
            "recipient": {"to": "employee", "employee": saved["items"][to]["id"]},
            "caller_phone": "", "text": "Перезвоните"
        })
    };
    let mut calls = Vec::new();
    for to in [0, 1] {
        let call = world.call(line, Some(operator.id)).await;
        let sent = world.post("/api/desk/messages", &message(to, &call));
        sent.by(&operator).send().await.expect(StatusCode::CREATED);
        calls.push(call.id);
    }
    for (path, id) in [("/api/calls", "id"), ("/api/messages", "call_id")] {
        let list = world.get(path).by(&anna).send().await;
        let list = list.expect(StatusCode::OK).json();
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1), "{path}");
        assert_eq!(list["items"][0][id], json!(calls[0]), "{path}");
    }
    for (call, status) in [
        (calls[0], StatusCode::OK),
        (calls[1], StatusCode::NOT_FOUND),
    ] {
        let told = world
            .get(&format!("/api/calls/{call}"))
            .by(&anna)
            .send()
            .await;
        told.expect(status);
    }
    let path = format!("/api/calls/{}/called-back", calls[1]);
    let noted = world.post(&path, &json!({"called_back": true})).by(&anna);
    noted.send().await.expect(StatusCode::NOT_FOUND);

    // Whose row is deleted can't do anything any more.
    let none = json!({"version": saved["version"], "items": []});
    let saved = world.put("/api/employees", &none).by(&admin).send().await;
    saved.expect(StatusCode::OK);
    let gone = world.get("/api/calls").by(&anna).send().await;
    gone.expect(StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let world = World::start().await;
    let admin = world.admin().await;
    let body = json!({"login": admin.login, "password": PASSWORD});
    let agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36";
    let entered = world
        .post("/api/session", &body)
        .header("user-agent", agent);
    let entered = entered.send().await.expect(StatusCode::OK);
    let cookies: Vec<&str> = entered
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|value| value.to_str().expect("a header"))
        .collect();
    assert_eq!(cookies[1], "signed_in=1; Path=/; SameSite=Lax");

    let list = || world.get("/api/sessions").by(&admin).send();
    let listed = list().await.expect(StatusCode::OK).json();
    let mut listed = listed.as_array().expect("rows").clone();
    listed.sort_by_key(|row| row["current"].as_bool());
    assert_eq!(listed.len(), 2);
    assert_eq!(listed[0]["agent"], "Chrome, Linux");
    assert_eq!(
        (&listed[0]["current"], &listed[1]["current"]),
        (&json!(false), &json!(true))
    );
    let path = format!("/api/sessions/{}", listed[0]["id"].as_str().expect("an id"));
    let end = || world.ask(Method::DELETE, &path).by(&admin).send();
    end().await.expect(StatusCode::NO_CONTENT);
    end().await.expect(StatusCode::NOT_FOUND);
    world
        .post("/api/session", &body)
        .send()
        .await
        .expect(StatusCode::OK);
    let others = world
        .ask(Method::DELETE, "/api/sessions")
        .by(&admin)
        .send()
        .await;
    others.expect(StatusCode::NO_CONTENT);
    assert_eq!(list().await.json().as_array().map(Vec::len), Some(1));

    let out = world
        .ask(Method::DELETE, "/api/session")
        .by(&admin)
        .send()
        .await;
    let hint = out
        .headers
        .get_all("set-cookie")
        .iter()
        .nth(1)
        .expect("a hint");
    assert_eq!(hint, "signed_in=; Path=/; SameSite=Lax; Max-Age=0");
}
