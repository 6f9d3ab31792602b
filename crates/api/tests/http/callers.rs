//! «Контакты»: callers whom the company knows.

use axum::http::{Method, StatusCode};
use jiff::Timestamp;
use model::call::Ending;
use model::caller::Mark;
use model::user::Role;
use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn contacts_are_added_changed_found_and_taken_out() {
    let world = World::start().await;
    let admin = world
        .person(Role::CompanyAdmin, Some(world.company), "anna@romashka.ru")
        .await;
    let add = |number: &str, mark: &str| {
        let form = json!({"number": number, "name": "", "note": "Реклама", "mark": mark});
        world.post("/api/callers", &form).by(&admin).send()
    };
    let made = add("8 (926) 123-45-67", "blocked").await;
    let made = made.expect(StatusCode::CREATED).json();
    assert_eq!(made["number"], "+79261234567");
    assert_eq!(made["number_shown"], "+7 (926) 123-45-67");
    for (number, flawed) in [
        ("+79261234567", "number"),
        ("", "number"),
        ("реклама", "number"),
    ] {
        let refused = add(number, "usual").await;
        let refused = refused.expect(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.json()["field"], flawed, "{number}");
    }
    add("101", "vip").await.expect(StatusCode::CREATED);
    let list = |query: &str| {
        let path = format!("/api/callers{query}");
        let ask = world.get(&path).by(&admin);
        async move { ask.send().await.expect(StatusCode::OK).json() }
    };
    assert_eq!(list("").await["items"].as_array().map(Vec::len), Some(2));
    let vip = list("?mark=vip").await;
    assert_eq!(vip["items"][0]["number"], "101");
    assert_eq!(vip["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(list("?search=2345").await["items"][0]["id"], made["id"]);
    let first = list("?limit=1").await;
    let next = first["next"].as_str().expect("a next page").to_owned();
    let second = list(&format!("?limit=1&after={next}")).await;
    assert_eq!(second["items"][0]["id"], made["id"]);
    assert!(second["next"].is_null());

    let path = format!("/api/callers/{}", made["id"].as_str().expect("an id"));
    let form = json!({"name": "Иван", "note": "", "mark": "usual"});
    let changed = world
        .ask(Method::PUT, &path)
        .json(&form)
        .by(&admin)
        .send()
        .await;
    let changed = changed.expect(StatusCode::OK).json();
    assert_eq!(
        (&changed["name"], &changed["mark"]),
        (&json!("Иван"), &json!("usual"))
    );
    let remove = || world.ask(Method::DELETE, &path).by(&admin).send();
    remove().await.expect(StatusCode::NO_CONTENT);
    remove().await.expect(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_operator_notes_who_calls_and_what_is_spam() {
    let world = World::start().await;
    let maria = world.person(Role::Operator, None, "maria@calls.ru").await;
    let line = world.line().await;
    let call = world.call(line, Some(maria.id)).await;
    let number = call.caller.number.clone().expect("a number");
    let path = format!("/api/desk/calls/{}/caller", call.id);
    let form = json!({"name": "Иван Петров", "note": "Партнёр", "vip": true});
    let noted = world
        .ask(Method::PUT, &path)
        .json(&form)
        .by(&maria)
        .send()
        .await;
    let noted = noted.expect(StatusCode::OK).json();
    assert_eq!(
        (&noted["name"], &noted["mark"]),
        (&json!("Иван Петров"), &json!("vip"))
    );

    let path = format!("/api/desk/calls/{}/spam", call.id);
    let spam = world.ask(Method::POST, &path).by(&maria).send().await;
    spam.expect(StatusCode::NO_CONTENT);
    let known = world
        .store
        .callers()
        .by_number(world.company, &number)
        .await;
    let known = known.expect("read").expect("known");
    assert_eq!(
        (known.mark, known.name.as_str()),
        (Mark::Blocked, "Иван Петров")
    );
    let calls = world.store.calls();
    let over = calls.finish(
        call.company,
        call.id,
        Ending::OperatorHungUp,
        Timestamp::now(),
    );
    over.await.expect("ended");
    let stored = world.store.calls().by_id(call.id).await.expect("stored");
    assert_eq!(stored.result, Some(model::call::CallResult::Spam));
    let olga = world.person(Role::Operator, None, "olga@calls.ru").await;
    let stranger = world.ask(Method::POST, &path).by(&olga).send().await;
    stranger.expect(StatusCode::NOT_FOUND);
}
