//! The desk's WebSocket: frames of the browser to the switchboard, and back.

use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::response::Response;
use model::language::Language;
use switchboard::desk::{DeskCommand, DeskEvent};
use switchboard::handle::{Desk, Stopped};
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

use crate::Api;
use crate::problem::{Code, Problem};
use crate::session::Operator;

/// A WebRTC offer has some kilobytes.
const FRAME_MAX: usize = 128 * 1024;
/// How often the browser is asked for a sign of life.
const PING: Duration = Duration::from_secs(15);
/// Nothing heard for so long: the browser or its network is dead.
const SILENCE_MAX: Duration = Duration::from_secs(40);
/// A browser that takes nothing for so long is dead, too.
const SEND_MAX: Duration = Duration::from_secs(10);
/// The database may take so long to tell whether the session stands.
const SESSION_MAX: Duration = Duration::from_secs(2);

/// Close codes of our own (RFC 6455, section 7.4.2).
const SIGNED_OUT: u16 = 4001;
const REPLACED: u16 = 4002;

/// The desk's WebSocket, JSON text frames.
#[utoipa::path(get, path = "/api/desk/socket", tag = "desk",
    responses((status = SWITCHING_PROTOCOLS, description = "WebSocket with JSON text frames")))]
pub async fn desk_socket(
    State(api): State<Api>,
    operator: Operator,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let upgrade = upgrade.map_err(|_| Code::NotWebSocket)?;
    Ok(upgrade
        .max_message_size(FRAME_MAX)
        .max_frame_size(FRAME_MAX)
        .on_upgrade(move |socket| attend(api, operator, socket)))
}

async fn attend(api: Api, operator: Operator, mut socket: WebSocket) {
    let Operator { user, token } = operator;
    let Ok(mut desk) = api.switchboard.open_desk(user.id, user.name).await else {
        close(&mut socket, close_code::RESTART).await;
        return;
    };
    let code = run(&api, &mut desk, &mut socket, &token, user.language).await;
    api.switchboard.close_desk(desk.id);
    close(&mut socket, code).await;
}

/// Until either side ends; gives the code to close with.
async fn run(
    api: &Api,
    desk: &mut Desk,
    socket: &mut WebSocket,
    token: &str,
    language: Language,
) -> u16 {
    let mut tick = interval(PING);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut heard = Instant::now();
    let mut replaced = false;
    loop {
        tokio::select! {
            frame = desk.frames.recv() => {
                let Some(event) = frame else {
                    return if replaced { REPLACED } else { close_code::RESTART };
                };
                replaced = matches!(event, DeskEvent::Replaced);
                if !send(socket, &event).await {
                    return close_code::AWAY;
                }
            }
            message = socket.recv() => {
                let Some(Ok(message)) = message else { return close_code::NORMAL };
                heard = Instant::now();
                match take(api, desk, message, language) {
                    Ok(None) => {}
                    Ok(Some(complaint)) => if !send(socket, &complaint).await {
                        return close_code::AWAY;
                    },
                    Err(Stopped) => return close_code::RESTART,
                }
            }
            _ = tick.tick() => {
                let pinged = timeout(SEND_MAX, socket.send(Message::Ping(Default::default()))).await;
                if heard.elapsed() > SILENCE_MAX || !matches!(pinged, Ok(Ok(()))) {
                    return close_code::AWAY;
                }
                if timeout(SESSION_MAX, api.still_signed_in(token)).await == Ok(false) {
                    return SIGNED_OUT;
                }
            }
            () = api.stopping.cancelled() => return close_code::RESTART,
        }
    }
}

/// Hands a frame on. Some: what the desk is to be told instead.
fn take(
    api: &Api,
    desk: &Desk,
    message: Message,
    language: Language,
) -> Result<Option<DeskEvent>, Stopped> {
    let text = match message {
        Message::Text(text) => text,
        Message::Binary(_) => return Ok(Some(not_understood(language))),
        Message::Ping(_) | Message::Pong(_) | Message::Close(_) => return Ok(None),
    };
    match serde_json::from_str::<DeskCommand>(text.as_str()) {
        Ok(command) => api.switchboard.command(desk.id, command).map(|()| None),
        Err(_) => Ok(Some(not_understood(language))),
    }
}

fn not_understood(language: Language) -> DeskEvent {
    let text = match language {
        Language::Ru => "Команда не распознана. Обновите страницу.",
        Language::En => "The command was not understood. Reload the page.",
    };
    DeskEvent::Error {
        code: "not_understood",
        text: text.into(),
    }
}

async fn send(socket: &mut WebSocket, event: &DeskEvent) -> bool {
    let Ok(text) = serde_json::to_string(event) else {
        return true;
    };
    matches!(
        timeout(SEND_MAX, socket.send(Message::Text(text.into()))).await,
        Ok(Ok(()))
    )
}

async fn close(socket: &mut WebSocket, code: u16) {
    let frame = CloseFrame {
        code,
        reason: Default::default(),
    };
    // The other side may be gone already, and then there is nobody to tell.
    let _ = timeout(SEND_MAX, socket.send(Message::Close(Some(frame)))).await;
}
