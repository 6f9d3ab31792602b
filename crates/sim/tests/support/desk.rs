//! A server with a desk of another make: what a robot operator signs in to.
//! Its sound sends everything back.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use str0m::change::SdpOffer;
use str0m::net::{Protocol, Receive};
use str0m::{Candidate, Event, Input, Output, Rtc};
use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::{mpsc, watch};
use tokio::time::sleep_until;

pub const COOKIE: &str = "__Host-session=abc";
pub const CALL: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
pub const DEPARTMENT: &str = "01890a5d-ac96-774b-bcce-b302099a8058";

/// What the desks were told, in order.
#[derive(Clone, Default)]
pub struct Told(Arc<watch::Sender<Vec<Value>>>);

impl Told {
    fn note(&self, value: Value) {
        self.0.send_modify(|all| all.push(value));
    }

    pub fn all(&self) -> Vec<Value> {
        self.0.borrow().clone()
    }

    /// Waits until a command of the type has come.
    pub async fn until(&self, kind: &str) {
        let mut all = self.0.subscribe();
        let came = all.wait_for(|all| all.iter().any(|told| told["type"] == kind));
        came.await.expect("open");
    }
}

/// Answers an offer of sound, and says by an event when it is up.
pub type Answering =
    Arc<dyn Fn(String, mpsc::UnboundedSender<Value>) -> BoxFuture<'static, String> + Send + Sync>;

#[derive(Clone)]
struct Server {
    told: Told,
    origin: String,
    /// The first ring is withdrawn before it can be accepted.
    withdraws: bool,
    /// The caller hangs up so long after the answer.
    caller_leaves: Option<Duration>,
    sound: Answering,
}

/// Starts it; where it is, and what it is told.
pub async fn start(withdraws: bool, caller_leaves: Option<Duration>) -> (String, Told) {
    let sound: Answering = Arc::new(|offer, events| echo(offer, events).boxed());
    start_with(withdraws, caller_leaves, sound).await
}

/// Starts it with sound of another make.
pub async fn start_with(
    withdraws: bool,
    caller_leaves: Option<Duration>,
    sound: Answering,
) -> (String, Told) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bound");
    let address = listener.local_addr().expect("an address");
    let server = Server {
        told: Told::default(),
        origin: format!("http://{address}"),
        withdraws,
        caller_leaves,
        sound,
    };
    let (origin, told) = (server.origin.clone(), server.told.clone());
    let router = Router::new()
        .route("/api/session", post(sign_in).delete(sign_out))
        .route("/api/desk/messages", post(message))
        .route("/api/desk/socket", get(socket))
        .with_state(server);
    tokio::spawn(async move { axum::serve(listener, router).await });
    (origin, told)
}

async fn sign_in(headers: HeaderMap, Json(body): Json<Value>) -> Response {
    assert!(headers.contains_key("origin"));
    if body["password"] != "secret" {
        let problem = json!({ "title": "x", "detail": "Неверный пароль" });
        return (StatusCode::UNAUTHORIZED, Json(problem)).into_response();
    }
    let cookie = format!("{COOKIE}; Path=/; Secure; HttpOnly; SameSite=Lax");
    let set = [("set-cookie", "other=1".to_owned()), ("Set-Cookie", cookie)];
    let mut response = Json(json!({ "csrf": "token", "user": {} })).into_response();
    for (name, value) in set {
        let name = axum::http::HeaderName::from_bytes(name.as_bytes()).expect("a name");
        response
            .headers_mut()
            .append(name, value.parse().expect("a value"));
    }
    response
}

fn is_signed(headers: &HeaderMap, server: &Server) -> bool {
    let is = |name: &str, value: &str| headers.get(name).is_some_and(|v| v == value);
    is("cookie", COOKIE) && is("origin", &server.origin)
}

async fn sign_out(State(server): State<Server>, headers: HeaderMap) -> StatusCode {
    assert!(is_signed(&headers, &server));
    server.told.note(json!("signed out"));
    StatusCode::NO_CONTENT
}

async fn message(
    State(server): State<Server>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> StatusCode {
    assert!(is_signed(&headers, &server));
    assert_eq!(headers["x-csrf-token"], "token");
    server.told.note(body);
    StatusCode::CREATED
}

async fn socket(
    State(server): State<Server>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    assert!(is_signed(&headers, &server));
    upgrade.on_upgrade(move |socket| desk(socket, server))
}

async fn desk(mut socket: WebSocket, server: Server) {
    let (events, mut to_send) = mpsc::unbounded_channel::<Value>();
    let say = |value: Value| events.send(value).expect("open");
    say(json!({ "type": "welcome", "operator": {}, "state": "offline", "offer_seconds": 20 }));
    say(json!({ "type": "queue", "waiting": 0 }));
    let card = json!({
        "id": CALL, "caller_name": "Иван Петров", "caller_phone": "+79261234567",
        "default_recipient": { "to": "department", "department": DEPARTMENT },
    });
    let call = |answered: bool, ending: Option<&str>| {
        json!({
            "type": "call", "call": card, "on_hold": false, "muted": false,
            "answered_at": answered.then_some("2026-11-23T12:00:00Z"),
            "ended_at": ending.map(|_| "2026-11-23T12:01:00Z"), "ending": ending,
        })
    };
    let ended = |ending: &str| {
        say(call(true, Some(ending)));
        say(json!({ "type": "state", "state": "wrap_up" }));
    };
    let mut leaves_at: Option<Instant> = None;
    let mut withdraws = server.withdraws;
    loop {
        let leaving = leaves_at.unwrap_or_else(|| Instant::now() + Duration::from_secs(60));
        tokio::select! {
            Some(event) = to_send.recv() => {
                if socket.send(Message::text(event.to_string())).await.is_err() { return }
            }
            () = sleep_until(leaving.into()), if leaves_at.is_some() => {
                leaves_at = None;
                ended("caller_hung_up");
            }
            message = socket.recv() => {
                let Some(Ok(message)) = message else { return };
                let Message::Text(text) = message else { continue };
                let command: Value = serde_json::from_str(&text).expect("JSON");
                match command["type"].as_str().expect("a type") {
                    "sound_offer" => {
                        let sdp = command["sdp"].as_str().expect("text").to_owned();
                        let answer = (server.sound)(sdp, events.clone()).await;
                        say(json!({ "type": "sound_answer", "sdp": answer }));
                        continue;
                    }
                    "state" => {
                        say(json!({ "type": "state", "state": command["state"] }));
                        if command["state"] == "ready" {
                            say(json!({ "type": "ringing", "call": card, "deadline": "x" }));
                            if std::mem::take(&mut withdraws) {
                                say(json!({ "type": "withdrawn", "call": CALL, "why": "x" }));
                                say(json!({ "type": "ringing", "call": card, "deadline": "x" }));
                            }
                        }
                    }
                    "accept" => {
                        say(json!({ "type": "state", "state": "on_call" }));
                        say(call(true, None));
                        leaves_at = server.caller_leaves.map(|after| Instant::now() + after);
                    }
                    "hang_up" => ended("operator_hung_up"),
                    "wrap_up_done" => say(json!({ "type": "state", "state": "ready" })),
                    _ => say(json!({ "type": "error", "code": "x", "text": "?" })),
                }
                server.told.note(command);
            }
        }
    }
}

/// Answers an offer, and sends all sound back until the desk closes.
async fn echo(offer: String, events: mpsc::UnboundedSender<Value>) -> String {
    let socket = UdpSocket::bind("127.0.0.1:0").await.expect("bound");
    let local: SocketAddr = socket.local_addr().expect("an address");
    let mut rtc = (Rtc::builder().set_ice_lite(true).clear_codecs())
        .enable_pcma(true, false)
        .build(Instant::now());
    rtc.add_local_candidate(Candidate::host(local, "udp").expect("a candidate"));
    let offer = SdpOffer::from_sdp_string(&offer).expect("an offer");
    let answer = rtc.sdp_api().accept_offer(offer).expect("accepted");
    tokio::spawn(async move {
        let mut datagram = [0; 2000];
        while !events.is_closed() {
            let due = loop {
                match rtc.poll_output().expect("sound") {
                    Output::Timeout(due) => break due,
                    Output::Transmit(out) => {
                        let _ = socket.send_to(&out.contents, out.destination).await;
                    }
                    Output::Event(Event::Connected) => {
                        let _ = events.send(json!({ "type": "sound_state", "state": "up" }));
                    }
                    Output::Event(Event::MediaData(data)) => {
                        let writer = rtc.writer(data.mid).expect("a writer");
                        (writer.write(data.pt, data.network_time, data.time, data.data))
                            .expect("written");
                    }
                    Output::Event(_) => {}
                }
            };
            let input = tokio::select! {
                () = sleep_until(due.into()) => Input::Timeout(Instant::now()),
                came = socket.recv_from(&mut datagram) => {
                    let (length, source) = came.expect("received");
                    let contents = datagram[..length].try_into().expect("a packet");
                    let proto = Protocol::Udp;
                    let received = Receive { proto, source, destination: local, contents };
                    Input::Receive(Instant::now(), received)
                }
            };
            rtc.handle_input(input).expect("handled");
        }
    });
    answer.to_sdp_string()
}
