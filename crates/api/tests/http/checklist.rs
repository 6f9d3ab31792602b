//! «Что осталось сделать» fills as it is done.

use axum::http::StatusCode;
use model::call::Ending;
use model::pbx::{Transport, Trust};
use model::secret::Secret;
use serde_json::{Value, json};
use store::AccountDraft;

use crate::world::{Person, World};

async fn done(world: &World, admin: &Person) -> Vec<String> {
    let answer = world.get("/api/checklist").by(admin).send().await;
    let checklist = answer.expect(StatusCode::OK).json();
    let steps = checklist["steps"].as_array().expect("steps");
    assert_eq!(steps.len(), 9);
    let done = steps.iter().filter(|step| step["done"] == true);
    done.map(|step| step["step"].as_str().expect("a name").to_owned())
        .collect()
}

/// Saves what was read, as the page's «Сохранить» does.
async fn save(world: &World, admin: &Person, path: &str, change: impl Fn(&mut Value)) {
    let read = world.get(path).by(admin).send().await;
    let mut form = read.expect(StatusCode::OK).json();
    change(&mut form);
    let saved = world.put(path, &form).by(admin).send().await;
    saved.expect(StatusCode::OK);
}

#[tokio::test]
async fn the_settings_are_done_once_they_were_saved() {
    let world = World::start().await;
    let admin = world.admin().await;
    assert!(done(&world, &admin).await.is_empty());

    save(&world, &admin, "/api/company", |_| {}).await;
    assert_eq!(done(&world, &admin).await, ["company"]);
    save(&world, &admin, "/api/working-hours", |form| {
        *form = json!({"hours": form["hours"], "version": form["version"]});
    })
    .await;
    assert_eq!(done(&world, &admin).await, ["company", "hours"]);
    save(&world, &admin, "/api/departments", |form| {
        form["items"] =
            json!([{"id": null, "name": "Продажи", "extension": "", "notify": {"to": "everyone"}}]);
    })
    .await;
    save(&world, &admin, "/api/employees", |form| {
        form["items"] = json!([{"id": null, "email": "anna@romashka.ru", "name": "Анна",
            "department": null, "position": "", "extension": "", "mobile": ""}]);
    })
    .await;
    assert_eq!(
        done(&world, &admin).await,
        ["company", "hours", "departments", "employees"]
    );
}

#[tokio::test]
async fn an_account_is_done_when_the_pbx_took_it() {
    let world = World::start().await;
    let admin = world.admin().await;
    let line = world.line().await;
    assert_eq!(done(&world, &admin).await, ["line"]);
    let account = AccountDraft {
        user: "200".into(),
        password: Some(Secret::new("x")),
        server: "192.0.2.1".into(),
        proxy: None,
        auth_name: None,
        port: None,
        transport: Transport::Udp,
        interval_s: 300,
        codecs: model::audio::Codec::ALL.to_vec(),
        trust: Trust::Public,
    };
    let lines = world.store.lines();
    lines
        .put_account(world.company, line, &account)
        .await
        .expect("saved");
    assert_eq!(done(&world, &admin).await, ["line"], "nobody answered yet");

    let call = world.call(line, None).await;
    let calls = world.store.calls();
    calls
        .finish(
            world.company,
            call.id,
            Ending::LineCheckDone,
            call.arrived_at,
        )
        .await
        .expect("stored");
    assert_eq!(done(&world, &admin).await, ["line", "account", "test_call"]);
    world.recipient_for(line).await;
    lines
        .set_connected(world.company, line, true)
        .await
        .expect("saved");
    assert_eq!(
        done(&world, &admin).await,
        [
            "departments",
            "line",
            "script",
            "account",
            "test_call",
            "connect"
        ]
    );
    let stranger = world
        .person(
            model::user::Role::CompanyAdmin,
            Some(world.other_company),
            "admin@vasilek.ru",
        )
        .await;
    assert!(done(&world, &stranger).await.is_empty());
}
