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
