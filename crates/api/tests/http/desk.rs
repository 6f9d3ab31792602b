//! The operator's desk.

use std::net::SocketAddr;

use axum::http::StatusCode;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use uuid::Uuid;

use crate::world::{ORIGIN, Person, World};

/// An employee of the company, as a recipient.
async fn recipient(world: &World) -> Value {
    let employees = world.store.employees();
    let version = employees.list(world.company).await.expect("a list").version;
    let anna = store::EmployeeDraft {
        id: None,
        email: "anna@romashka.ru".into(),
        name: "Анна".into(),
        department: None,
        position: String::new(),
        extension: String::new(),
        mobile: String::new(),
    };
    let saved = employees
        .replace_all(world.company, &[anna], version)
        .await
        .expect("saved");
    json!({"to": "employee", "employee": saved.value[0].id})
}

#[tokio::test]
async fn a_message_is_stored_once() {
    let world = World::start().await;
    let (admin, operator) = (world.admin().await, world.operator().await);
    let line = world.line().await;
    let call = world.call(line, Some(operator.id)).await;
    let message = json!({
        "id": Uuid::new_v4(), "call_id": call.id, "recipient": recipient(&world).await,
        "caller_name": "Иван", "caller_phone": "8 926 123-45-67", "text": "Перезвоните, пожалуйста"
    });
    let send = |body: &Value| world.post("/api/desk/messages", body).by(&operator).send();
    let stored = send(&message).await.expect(StatusCode::CREATED).json();
    assert_eq!(
        (&stored["id"], &stored["call_id"]),
        (&message["id"], &message["call_id"])
    );
    assert_eq!(stored["caller_phone"], "+79261234567");
    assert_eq!(stored["recipient_name"], "Анна");
    assert_eq!(stored["deliveries"].as_array().map(Vec::len), Some(2));
    assert_eq!(send(&message).await.expect(StatusCode::OK).json(), stored);

    let mut other = message.clone();
    other["text"] = json!("Что-то другое");
    assert_eq!(
        send(&other).await.expect(StatusCode::CONFLICT).code(),
        "id_taken"
    );
    for (key, value, field) in [
        ("text", json!(" "), "text"),
        ("text", json!("я".repeat(5001)), "text"),
        ("caller_name", json!("я".repeat(201)), "caller_name"),
        (
            "recipient",
            json!({"to": "employee", "employee": Uuid::new_v4()}),
            "recipient",
        ),
        ("recipient", json!({"to": "everyone"}), "recipient"),
    ] {
        let mut bad = message.clone();
        bad["id"] = json!(Uuid::new_v4());
        bad[key] = value;
        let problem = send(&bad)
            .await
            .expect(StatusCode::UNPROCESSABLE_ENTITY)
            .json();
        assert!(
            problem["field"]
                .as_str()
                .is_some_and(|f| f.starts_with(field)),
            "{problem}"
        );
    }
    let mut foreign = message.clone();
    foreign["id"] = json!(Uuid::new_v4());
    foreign["call_id"] = json!(world.call(line, None).await.id);
    send(&foreign).await.expect(StatusCode::NOT_FOUND);

    let list = world.get("/api/messages?search=%D0%BF%D0%B5%D1%80%D0%B5%D0%B7%D0%B2%D0%BE%D0%BD");
    let list = list.by(&admin).send().await.expect(StatusCode::OK).json();
    let mut unread = stored.clone();
    unread["unread"] = json!(true);
    assert_eq!(list["items"], json!([unread]));
    let today = world
        .get("/api/desk/calls/today")
        .by(&operator)
        .send()
        .await;
    let today = today.expect(StatusCode::OK).json();
    assert_eq!(today["items"][0]["company_name"], "Ромашка");
    assert_eq!(today["items"][0]["message"]["text"], message["text"]);
    let odd = world
        .get("/api/desk/calls/today?zone=Mars/Base")
        .by(&operator)
        .send()
        .await;
    odd.expect(StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn an_operator_chooses_the_result() {
    let world = World::start().await;
    let (admin, operator) = (world.admin().await, world.operator().await);
    let line = world.line().await;
    let call = world.call(line, Some(operator.id)).await;
    let path = format!("/api/desk/calls/{}/result", call.id);
    let choose = |result: &str| {
        world
            .put(&path, &json!({"result": result}))
            .by(&operator)
            .send()
    };
    choose("lost")
        .await
        .expect(StatusCode::UNPROCESSABLE_ENTITY);
    choose("wrong_number").await.expect(StatusCode::NO_CONTENT);
    // It stands against what the end says.
    let calls = world.store.calls();
    let ending = model::call::Ending::CallerHungUp;
    calls
        .finish(world.company, call.id, ending, call.arrived_at)
        .await
        .expect("stored");
    let told = world
        .get(&format!("/api/calls/{}", call.id))
        .by(&admin)
        .send()
        .await
        .json();
    assert_eq!(told["result"], "wrong_number");
}

pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

pub async fn serve(world: &World) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let api = world.api.clone();
    tokio::spawn(api::serve(api, listener, std::future::pending()));
    address
}

async fn connect(address: SocketAddr, person: &Person, origin: &str) -> Result<Socket, Error> {
    connect_to("/api/desk/socket", address, person, origin).await
}

pub async fn connect_to(
    path: &str,
    address: SocketAddr,
    person: &Person,
    origin: &str,
) -> Result<Socket, Error> {
    let mut request = format!("ws://{address}{path}").into_client_request()?;
    let headers = request.headers_mut();
    headers.insert("origin", origin.parse().expect("a header"));
    let cookie = format!("__Host-session={}", person.token);
    headers.insert("cookie", cookie.parse().expect("a header"));
    connect_async(request).await.map(|(socket, _)| socket)
}

/// The next frame of the type.
pub async fn frame(socket: &mut Socket, kind: &str) -> Value {
    loop {
        match socket.next().await.expect("a frame").expect("no error") {
            Message::Text(text) => {
                let frame: Value = serde_json::from_str(&text).expect("JSON");
                if frame["type"] == kind {
                    return frame;
                }
            }
            Message::Ping(_) => {}
            other => panic!("{other:?} instead of {kind}"),
        }
    }
}

#[tokio::test]
async fn the_desk_speaks_over_its_socket() {
    let world = World::start().await;
    let operator = world.operator().await;
    let address = serve(&world).await;
    let mut socket = connect(address, &operator, ORIGIN).await.expect("a socket");
    let welcome = frame(&mut socket, "welcome").await;
    assert_eq!(welcome["operator"]["id"], json!(operator.id));
    for text in [
        "nonsense",
        r#"{"type":"fly"}"#,
        r#"{"type":"state","state":"asleep"}"#,
    ] {
        socket.send(Message::text(text)).await.expect("sent");
        assert_eq!(frame(&mut socket, "error").await["code"], "not_understood");
    }
    socket
        .send(Message::text(r#"{"type":"ping"}"#))
        .await
        .expect("sent");
    frame(&mut socket, "pong").await;

    // A second desk of the same operator takes over.
    let mut second = connect(address, &operator, ORIGIN).await.expect("a socket");
    frame(&mut second, "welcome").await;
    frame(&mut socket, "replaced").await;
    let end = socket.next().await.expect("an end").expect("no error");
    let Message::Close(Some(close)) = end else {
        panic!("{end:?}")
    };
    assert_eq!(u16::from(close.code), 4002);
}

#[tokio::test]
async fn a_socket_is_refused_like_any_request() {
    let world = World::start().await;
    let (admin, operator) = (world.admin().await, world.operator().await);
    let address = serve(&world).await;
    for (person, origin, status) in [
        (&operator, "https://evil.example", StatusCode::FORBIDDEN),
        (&admin, ORIGIN, StatusCode::FORBIDDEN),
        (
            &Person {
                token: "x".into(),
                ..operator.clone()
            },
            ORIGIN,
            StatusCode::UNAUTHORIZED,
        ),
    ] {
        match connect(address, person, origin).await {
            Err(Error::Http(answer)) => assert_eq!(answer.status().as_u16(), status.as_u16()),
            other => panic!("{other:?}"),
        }
    }
    let plain = world.get("/api/desk/socket").by(&operator).send().await;
    assert_eq!(
        plain.expect(StatusCode::BAD_REQUEST).code(),
        "not_web_socket"
    );
}
