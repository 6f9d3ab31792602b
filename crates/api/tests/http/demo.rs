//! The demo's own endpoints.

use std::sync::Arc;

use api::{Demo, DemoMail, DemoRole, DemoSignIn, PlaceCallError};
use axum::http::StatusCode;
use jiff::Timestamp;
use model::user::Role;
use serde_json::json;
use uuid::Uuid;

use crate::world::{PASSWORD, World};

/// A demo with one caller and one mail.
#[derive(Debug)]
struct Small {
    admin: &'static str,
    operator: &'static str,
}

pub fn demo_of(admin: &'static str, operator: &'static str) -> Arc<dyn Demo> {
    Arc::new(Small { admin, operator })
}

impl Demo for Small {
    fn sign_ins(&self) -> Vec<DemoSignIn> {
        let person = |role, login: &str, word| DemoSignIn {
            role,
            who: "Администратор".into(),
            login: login.into(),
            password: PASSWORD.into(),
            url: format!("/api/demo/enter?as={word}"),
        };
        vec![
            person(DemoRole::Admin, self.admin, "admin"),
            person(DemoRole::Operator, self.operator, "operator"),
            person(DemoRole::Supervisor, "sveta@calls.ru", "supervisor"),
            person(DemoRole::Employee, "vera@romashka.ru", "employee"),
            person(DemoRole::Platform, "root@calls.ru", "platform"),
        ]
    }

    fn pbx_running(&self) -> bool {
        true
    }

    fn callers(&self) -> Vec<String> {
        vec!["ivan-petrov".into()]
    }

    fn place_call<'a>(
        &'a self,
        caller: &'a str,
    ) -> futures_util::future::BoxFuture<'a, Result<(), PlaceCallError>> {
        let known = caller == "ivan-petrov";
        Box::pin(async move {
            if known {
                Ok(())
            } else {
                Err(PlaceCallError::UnknownCaller)
            }
        })
    }

    fn mails(&self) -> Vec<DemoMail> {
        vec![DemoMail {
            id: Uuid::nil(),
            to: "anna@romashka.ru".into(),
            subject: "Сообщение".into(),
            text: "Перезвоните".into(),
            html: None,
            at: Timestamp::UNIX_EPOCH,
        }]
    }
}

#[tokio::test]
async fn one_click_signs_in() {
    let world = World::start_with(Some(demo_of("admin@romashka.ru", "maria@calls.ru"))).await;
    world.admin().await;
    world.operator().await;
    world
        .person(Role::Employee, Some(world.company), "vera@romashka.ru")
        .await;
    world
        .person(Role::PlatformAdmin, None, "root@calls.ru")
        .await;
    world.person(Role::Supervisor, None, "sveta@calls.ru").await;
    for (word, page, role) in [
        ("admin", "/cabinet", "company_admin"),
        ("operator", "/desk", "operator"),
        ("supervisor", "/desk/board", "supervisor"),
        ("employee", "/app", "employee"),
        ("platform", "/platform", "platform_admin"),
    ] {
        let answer = world
            .get(&format!("/api/demo/enter?as={word}"))
            .send()
            .await;
        let answer = answer.expect(StatusCode::SEE_OTHER);
        assert_eq!(answer.header("location"), page);
        let cookie = answer
            .header("set-cookie")
            .split(';')
            .next()
            .expect("a cookie")
            .to_owned();
        let session = world
            .get("/api/session")
            .header("cookie", &cookie)
            .send()
            .await;
        let session = session.expect(StatusCode::OK).json();
        assert_eq!(session["user"]["roles"], json!([role]));
        assert_eq!(session["demo"], true);
    }
    let odd = world.get("/api/demo/enter?as=root").send().await;
    odd.expect(StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn callers_call_and_mails_are_shown() {
    let world = World::start_with(Some(demo_of("a@b.ru", "c@d.ru"))).await;
    let demo = world
        .get("/api/demo")
        .send()
        .await
        .expect(StatusCode::OK)
        .json();
    assert_eq!(demo["callers"], json!(["ivan-petrov"]));
    assert_eq!(demo["pbx"]["running"], true);
    let called = world
        .post("/api/demo/call", &json!({"caller": "ivan-petrov"}))
        .send()
        .await;
    called.expect(StatusCode::ACCEPTED);
    let unknown = world
        .post("/api/demo/call", &json!({"caller": "x"}))
        .send()
        .await;
    assert_eq!(
        unknown.expect(StatusCode::UNPROCESSABLE_ENTITY).json()["field"],
        "caller"
    );
    let mails = world
        .get("/api/demo/mails")
        .send()
        .await
        .expect(StatusCode::OK)
        .json();
    assert_eq!(mails[0]["subject"], "Сообщение");
}

#[tokio::test]
async fn without_a_demo_there_is_none() {
    let world = World::start().await;
    let demo = world
        .get("/api/demo")
        .send()
        .await
        .expect(StatusCode::OK)
        .json();
    assert_eq!(demo, serde_json::Value::Null);
    for path in ["/api/demo/enter?as=admin", "/api/demo/mails"] {
        world.get(path).send().await.expect(StatusCode::NOT_FOUND);
    }
    let call = world
        .post("/api/demo/call", &json!({"caller": "ivan-petrov"}))
        .send()
        .await;
    call.expect(StatusCode::NOT_FOUND);
}
