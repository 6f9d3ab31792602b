//! The platform's own pages.

use axum::http::{Method, StatusCode};
use model::user::Role;
use serde_json::json;

use crate::world::{Person, World};

async fn root(world: &World) -> Person {
    world
        .person(Role::PlatformAdmin, None, "root@calls.ru")
        .await
}

#[tokio::test]
async fn a_company_is_created_with_its_administrator() {
    let world = World::start().await;
    let root = root(&world).await;
    let form = |email: &str| json!({"name": "Астра", "admin_email": email, "admin_name": "Вера", "language": "ru"});
    let create = |email: &str| {
        let ask = world.post("/api/platform/companies", &form(email));
        ask.by(&root).send()
    };
    let created = create("Vera@Astra.ru")
        .await
        .expect(StatusCode::CREATED)
        .json();
    assert_eq!(created["login"], "vera@astra.ru");
    // No mail is set up here: the password is told on the page.
    assert_eq!(created["letter"], false);
    let password = created["password"].as_str().expect("a password");
    let body = json!({"login": "vera@astra.ru", "password": password});
    let session = world.post("/api/session", &body).send().await;
    let session = session.expect(StatusCode::OK).json();
    assert_eq!(session["company"]["id"], created["id"]);
    assert_eq!(session["user"]["must_change_password"], true);

    for (email, field) in [("vera@astra.ru", "admin_email"), ("x", "admin_email")] {
        let refused = create(email).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.json()["field"], field);
    }
    let path = "/api/platform/companies?search=%D0%B0%D1%81%D1%82";
    let listed = world.get(path).by(&root).send().await;
    let listed = listed.expect(StatusCode::OK).json();
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(listed["items"][0]["id"], created["id"]);
    assert_eq!(listed["items"][0]["admins"][0]["login"], "vera@astra.ru");

    let admin = listed["items"][0]["admins"][0]["id"]
        .as_str()
        .expect("an id");
    let path = format!("/api/platform/users/{admin}/password");
    let given = world.ask(Method::POST, &path).by(&root).send().await;
    let given = given.expect(StatusCode::OK).json();
    let old = world.post("/api/session", &body).send().await;
    old.expect(StatusCode::UNAUTHORIZED);
    let body = json!({"login": "vera@astra.ru", "password": given["password"]});
    world
        .post("/api/session", &body)
        .send()
        .await
        .expect(StatusCode::OK);
}

#[tokio::test]
async fn operators_come_and_go() {
    let world = World::start().await;
    let root = root(&world).await;
    let form = json!({"email": "olga@calls.ru", "name": "Ольга", "supervisor": true});
    let create = || {
        world
            .post("/api/platform/operators", &form)
            .by(&root)
            .send()
    };
    let created = create().await.expect(StatusCode::CREATED).json();
    let taken = create().await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(taken.json()["field"], "email");
    let list = || world.get("/api/platform/operators").by(&root).send();
    let row = list().await.expect(StatusCode::OK).json()[0].clone();
    assert_eq!(
        row,
        json!({"id": created["id"], "name": "Ольга", "login": "olga@calls.ru",
            "supervisor": true, "state": "offline",
            "skills": {"companies": null, "languages": ["ru", "en"]}})
    );
    let path = format!(
        "/api/platform/operators/{}",
        created["id"].as_str().expect("an id")
    );
    let change = world.ask(Method::PATCH, &path);
    let change = change.json(&json!({"name": "Ольга П.", "supervisor": false}));
    change.by(&root).send().await.expect(StatusCode::NO_CONTENT);
    let row = list().await.json()[0].clone();
    assert_eq!(
        (&row["name"], &row["supervisor"]),
        (&json!("Ольга П."), &json!(false))
    );
    let skilled = |languages: &[&str]| {
        let company = world.company.0;
        let skills = json!({"companies": [company], "languages": languages});
        let form = json!({"name": "Ольга П.", "supervisor": false, "skills": skills});
        let change = world.ask(Method::PATCH, &path).json(&form);
        (skills, change.by(&root).send())
    };
    let refused = skilled(&[])
        .1
        .await
        .expect(StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.json()["field"], "skills.languages");
    let (skills, change) = skilled(&["en"]);
    change.await.expect(StatusCode::NO_CONTENT);
    assert_eq!(list().await.json()[0]["skills"], skills);
    let change = world.ask(Method::PATCH, &path);
    let change = change.json(&json!({"name": "Ольга", "supervisor": false}));
    change.by(&root).send().await.expect(StatusCode::NO_CONTENT);
    assert_eq!(list().await.json()[0]["skills"], skills, "left as it was");

    let olga = world.signed_in("olga@calls.ru").await;
    let today = world.get("/api/desk/calls/today").by(&olga).send().await;
    today.expect(StatusCode::OK);
    let remove = || world.ask(Method::DELETE, &path).by(&root).send();
    remove().await.expect(StatusCode::NO_CONTENT);
    remove().await.expect(StatusCode::NOT_FOUND);
    assert_eq!(list().await.json(), json!([]));
    let today = world.get("/api/desk/calls/today").by(&olga).send().await;
    today.expect(StatusCode::UNAUTHORIZED);
    // The address is free for somebody else.
    create().await.expect(StatusCode::CREATED);
}

#[tokio::test]
async fn health_is_told() {
    let world = World::start().await;
    let root = root(&world).await;
    let health = world.get("/api/platform/health").by(&root).send().await;
    let health = health.expect(StatusCode::OK).json();
    assert_eq!(
        (&health["database"], &health["mail"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(health["running_calls"], 0);
    assert_eq!(health["deliveries_waiting"], 0);
}
