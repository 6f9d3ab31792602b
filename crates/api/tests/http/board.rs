//! «Табло».

use axum::http::StatusCode;
use futures_util::SinkExt;
use model::user::Role;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::desk::{Socket, connect_to, frame, serve};
use crate::world::{ORIGIN, World};

const BOARD: &str = "/api/desk/board/socket";

async fn say(socket: &mut Socket, frame: Value) {
    let text = Message::text(frame.to_string());
    socket.send(text).await.expect("sent");
}

#[tokio::test]
async fn a_supervisor_sees_operators_and_changes_their_state() {
    let world = World::start().await;
    let operator = world.operator().await;
    let supervisor = world.person(Role::Supervisor, None, "sveta@calls.ru").await;
    let address = serve(&world).await;
    let mut board = connect_to(BOARD, address, &supervisor, ORIGIN)
        .await
        .expect("a socket");
    frame(&mut board, "welcome").await;
    let view = frame(&mut board, "board").await;
    assert_eq!(
        (&view["waiting"], &view["operators"]),
        (&json!(0), &json!([]))
    );

    let mut desk = connect_to("/api/desk/socket", address, &operator, ORIGIN)
        .await
        .expect("a socket");
    frame(&mut desk, "welcome").await;
    let view = frame(&mut board, "board").await;
    let row = &view["operators"][0];
    assert_eq!(
        (&row["id"], &row["state"], &row["call"]),
        (&json!(operator.id), &json!("offline"), &Value::Null)
    );

    let to = |state: &str| json!({"type": "state", "operator": operator.id, "state": state});
    say(&mut board, to("lunch")).await;
    let told = loop {
        let told = frame(&mut desk, "state").await;
        if told["state"] == "lunch" {
            break told;
        }
    };
    assert_eq!(told["reason"], "supervisor");
    let view = frame(&mut board, "board").await;
    assert_eq!(view["operators"][0]["state"], "lunch");
    // Nobody is made ready whose sound is not there.
    say(&mut board, to("ready")).await;
    assert_eq!(
        frame(&mut board, "error").await["code"],
        "operator_no_sound"
    );

    let listen = json!({"type": "supervise", "operator": operator.id, "how": "listen"});
    say(&mut board, listen).await;
    assert_eq!(frame(&mut board, "error").await["code"], "no_sound");
    say(&mut board, json!({"type": "accept", "call": operator.id})).await;
    assert_eq!(frame(&mut board, "error").await["code"], "not_understood");
    say(&mut board, json!({"type": "ping"})).await;
    frame(&mut board, "pong").await;

    // A second board takes nothing from the first.
    let mut second = connect_to(BOARD, address, &supervisor, ORIGIN)
        .await
        .expect("a socket");
    frame(&mut second, "board").await;
    say(&mut board, json!({"type": "ping"})).await;
    frame(&mut board, "pong").await;
}

#[tokio::test]
async fn a_board_is_supervisors_alone() {
    let world = World::start().await;
    let address = serve(&world).await;
    for person in [world.operator().await, world.admin().await] {
        match connect_to(BOARD, address, &person, ORIGIN).await {
            Err(Error::Http(answer)) => assert_eq!(answer.status(), StatusCode::FORBIDDEN.as_u16()),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_supervisor_sets_when_boards_alarm() {
    let world = World::start().await;
    let supervisor = world.person(Role::Supervisor, None, "sveta@calls.ru").await;
    let path = "/api/desk/board/thresholds";
    let read = async || {
        let answer = world.get(path).by(&supervisor).send().await;
        answer.expect(StatusCode::OK).json()
    };
    let first =
        json!({"longest_wait_s": 60, "waiting": 5, "service_level": null, "nobody_ready": true});
    assert_eq!(read().await, first);
    let new =
        json!({"longest_wait_s": null, "waiting": 3, "service_level": 80, "nobody_ready": false});
    let written = world.put(path, &new).by(&supervisor).send().await;
    written.expect(StatusCode::NO_CONTENT);
    assert_eq!(read().await, new);
    for (field, value) in [
        ("longest_wait_s", 0),
        ("waiting", 1001),
        ("service_level", 101),
    ] {
        let mut bad = new.clone();
        bad[field] = json!(value);
        let refused = world.put(path, &bad).by(&supervisor).send().await;
        let refused = refused.expect(StatusCode::UNPROCESSABLE_ENTITY).json();
        assert_eq!(refused["field"], field);
    }
    assert_eq!(read().await, new);
}

#[tokio::test]
async fn a_supervisor_has_the_day_in_figures_and_in_shifts() {
    let world = World::start().await;
    let supervisor = world.person(Role::Supervisor, None, "sveta@calls.ru").await;
    let operator = world.operator().await;
    let line = world.line().await;
    let call = world.call(line, Some(operator.id)).await;
    let get = async |path: &str| world.get(path).by(&supervisor).send().await;
    let figures = get("/api/desk/board/figures?zone=UTC").await;
    let figures = figures.expect(StatusCode::OK).json();
    assert_eq!(figures["totals"]["calls"], figures["companies"][0]["calls"]);
    assert_eq!(figures["companies"][0]["name"], "Ромашка");

    let shifts = world.store.shifts();
    let (from, to) = (
        call.arrived_at,
        call.arrived_at + jiff::SignedDuration::from_secs(90),
    );
    for (state, at) in [
        (model::operator::OperatorState::OnCall, from),
        (model::operator::OperatorState::Offline, to),
    ] {
        let begun = shifts.begin(uuid::Uuid::now_v7(), operator.id, state, at);
        begun.await.expect("begun");
    }
    let day = from.strftime("%Y-%m-%d").to_string();
    let list = get(&format!("/api/desk/shifts?day={day}&zone=UTC")).await;
    let row = &list.expect(StatusCode::OK).json()["items"][0];
    assert!(
        row["on_call_ms"]
            .as_u64()
            .is_some_and(|ms| ms > 0 && ms <= 90_000),
        "{row}"
    );
    let file = get(&format!(
        "/api/desk/shifts/export?from={day}&to={day}&zone=UTC&format=csv"
    ))
    .await;
    let file = file.expect(StatusCode::OK);
    assert!(
        String::from_utf8_lossy(&file.body).contains("Оператор;"),
        "{}",
        String::from_utf8_lossy(&file.body)
    );
    for wrong in [
        "/api/desk/shifts?day=today",
        "/api/desk/shifts?day=2026-11-23&zone=Mars/Base",
        "/api/desk/shifts/export?from=2026-11-02&to=2026-11-01&format=csv",
        "/api/desk/shifts/export?from=2026-10-01&to=2026-11-01&format=csv",
    ] {
        let refused = get(wrong).await;
        assert!(refused.status.is_client_error(), "{wrong}");
    }
}
