//! Calls that operators place, and the lost callers whom they call back.

use axum::http::StatusCode;
use jiff::Timestamp;
use model::api_key::Scope;
use model::call::{Call, Ending};
use model::id::LineId;
use serde_json::{Value, json};

use crate::desk::{connect_to, frame, serve};
use crate::old_api::short_id;
use crate::world::{ORIGIN, Person, World};

async fn lost(world: &World, line: LineId) -> Call {
    let call = world.call(line, None).await;
    let calls = world.store.calls();
    let ending = Ending::CallerGaveUpRinging;
    let ended = calls.finish(world.company, call.id, ending, Timestamp::now());
    ended.await.expect("ended");
    call
}

async fn owed(world: &World, operator: &Person) -> Vec<Value> {
    let list = world.get("/api/desk/lost").by(operator).send().await;
    let list = list.expect(StatusCode::OK).json();
    list["items"].as_array().expect("items").clone()
}

#[tokio::test]
async fn a_lost_caller_stands_at_the_desks_until_somebody_called_back() {
    let world = World::start().await;
    let (admin, operator) = (world.admin().await, world.operator().await);
    let line = world.line().await;
    assert!(owed(&world, &operator).await.is_empty());
    lost(&world, line).await;
    let newest = lost(&world, line).await;
    let row = |being_called: bool| {
        json!({
            "call": newest.id, "company_name": "Ромашка", "line_name": "Основная",
            "caller_name": "Иван", "caller_phone_shown": "+7 (926) 123-45-67",
            "at": newest.arrived_at, "times": 2, "being_called": being_called
        })
    };
    assert_eq!(owed(&world, &operator).await, [row(false)]);
    let call = world.placed(line, operator.id).await;
    assert_eq!(owed(&world, &operator).await, [row(true)]);
    let calls = world.store.calls();
    let answered = calls.set_answered(world.company, call.id, operator.id, Timestamp::now());
    answered.await.expect("answered");
    assert!(owed(&world, &operator).await.is_empty());
    let told = world.get(&format!("/api/calls/{}", newest.id)).by(&admin);
    let told = told.send().await.expect(StatusCode::OK).json();
    assert_eq!(told["called_back_by"], "Мария (maria@calls.ru)");
}

#[tokio::test]
async fn desks_hear_of_lost_callers_and_not_of_each_at_once() {
    let world = World::start().await;
    let operator = world.operator().await;
    let line = world.line().await;
    let address = serve(&world).await;
    let socket = connect_to("/api/desk/socket", address, &operator, ORIGIN).await;
    let mut socket = socket.expect("a socket");
    frame(&mut socket, "welcome").await;
    let begun = std::time::Instant::now();
    lost(&world, line).await;
    frame(&mut socket, "tasks").await;
    for _ in 0..5 {
        lost(&world, line).await;
    }
    frame(&mut socket, "tasks").await;
    assert!(begun.elapsed().as_secs() >= 1, "not one for each");
    assert_eq!(owed(&world, &operator).await[0]["times"], 6);
}

#[tokio::test]
async fn the_cabinet_lists_an_outgoing_call_and_counts_it_nowhere() {
    let world = World::start().await;
    let (admin, operator) = (world.admin().await, world.operator().await);
    let line = world.line().await;
    let call = world.placed(line, operator.id).await;
    let calls = world.store.calls();
    let ended = calls.finish(world.company, call.id, Ending::CalleeBusy, Timestamp::now());
    ended.await.expect("ended");
    let asked = async |path: &str| {
        let answer = world.get(path).by(&admin).send().await;
        answer.expect(StatusCode::OK).json()
    };
    let list = asked("/api/calls?outgoing=true").await;
    let row = &list["items"][0];
    assert_eq!(
        (&row["id"], &row["outgoing"]),
        (&json!(call.id), &json!(true))
    );
    assert_eq!(row["result"], "not_reached");
    assert_eq!(row["operator_name"], "Мария (maria@calls.ru)");
    assert_eq!(asked("/api/calls?outgoing=false").await["items"], json!([]));
    let refused = world.get("/api/calls?outgoing=perhaps").by(&admin).send();
    let refused = refused.await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.json()["field"], "outgoing");
    let told = asked(&format!("/api/calls/{}", call.id)).await;
    assert_eq!(told["outgoing"], true);
    let placed = &told["timeline"][0];
    assert_eq!(
        (&placed["what"], &placed["operator_name"]),
        (&json!("placed"), &json!("Мария (maria@calls.ru)"))
    );
    assert_eq!(asked("/api/today").await["calls"], 0);
    assert_eq!(asked("/api/lines").await[0]["calls_today"], 0);

    // Scripts of the old API know of calls that came in alone.
    let key = world.key(world.company, &Scope::ALL).await.secret;
    let script = async |path: &str| world.get(path).header("auth_api_key", &key).send().await;
    let found = script("/v1/calls/search").await.expect(StatusCode::OK);
    assert_eq!(found.json(), json!({"list": []}));
    let old = script(&format!("/v1/calls/{}", short_id(call.id))).await;
    old.expect(StatusCode::NOT_FOUND);

    let path = format!("/api/desk/calls/{}/result", call.id);
    let choose = async |result: &str| {
        let body = json!({ "result": result });
        world.put(&path, &body).by(&operator).send().await
    };
    for follows in ["reached", "not_reached"] {
        let refused = choose(follows).await;
        refused.expect(StatusCode::UNPROCESSABLE_ENTITY);
    }
    choose("wrong_number").await.expect(StatusCode::NO_CONTENT);
}
