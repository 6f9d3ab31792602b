//! What the sockets of desk and board have in common: JSON text frames both
//! ways, signs of life, and an end that tells why.

mod hints;

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::response::Response;
use model::language::Language;
use model::user::Role;
use serde::Serialize;
use serde::de::DeserializeOwned;
use switchboard::handle::Stopped;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};

use self::hints::Hints;
use crate::Api;

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

/// Code of the frame that answers what is no command.
pub const NOT_UNDERSTOOD: &str = "not_understood";

/// One end of a socket towards the switchboard.
pub trait Line: Send {
    /// A frame from the browser.
    type Command: DeserializeOwned;
    /// A frame to the browser.
    type Event: Serialize + Send;
    /// The role that its holder needs, and may lose.
    const ROLE: Role;

    /// Frames for the browser.
    fn frames(&mut self) -> &mut mpsc::Receiver<Self::Event>;
    /// Whether after this frame the line belongs to another connection.
    fn replaces(event: &Self::Event) -> bool;
    /// Whether this frame only says that something is to be read anew.
    fn is_hint(event: &Self::Event) -> bool;
    /// Hands a frame on.
    fn command(&self, api: &Api, command: Self::Command) -> Result<(), Stopped>;
    /// The frame that says [`NOT_UNDERSTOOD`] with a sentence.
    fn complaint(text: String) -> Self::Event;
}

/// Serves a socket as soon as the connection is one.
pub fn serve<F>(
    upgrade: WebSocketUpgrade,
    attend: impl FnOnce(WebSocket) -> F + Send + 'static,
) -> Response
where
    F: Future<Output = ()> + Send + 'static,
{
    upgrade
        .max_message_size(FRAME_MAX)
        .max_frame_size(FRAME_MAX)
        .on_upgrade(attend)
}

/// Until either side ends; gives the code to close with.
pub async fn run<L: Line>(
    api: &Api,
    line: &mut L,
    socket: &mut WebSocket,
    token: &str,
    language: Language,
) -> u16 {
    let mut tick = interval(PING);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut heard = Instant::now();
    let mut replaced = false;
    let mut hints = Hints::default();
    loop {
        tokio::select! {
            frame = line.frames().recv() => {
                let Some(event) = frame else {
                    return if replaced { REPLACED } else { close_code::RESTART };
                };
                replaced = L::replaces(&event);
                let event = match L::is_hint(&event) {
                    true => hints.pass(event, Instant::now()),
                    false => Some(event),
                };
                if let Some(event) = event && !send(socket, &event).await {
                    return close_code::AWAY;
                }
            }
            () = reached(hints.due_at()) => {
                if let Some(event) = hints.due(Instant::now()) && !send(socket, &event).await {
                    return close_code::AWAY;
                }
            }
            message = socket.recv() => {
                let Some(Ok(message)) = message else { return close_code::NORMAL };
                heard = Instant::now();
                match take(api, line, message, language) {
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
                if timeout(SESSION_MAX, api.still_holds(token, L::ROLE)).await == Ok(false) {
                    return SIGNED_OUT;
                }
            }
            () = api.stopping.cancelled() => return close_code::RESTART,
        }
    }
}

/// Until then; for ever where there is no such time.
async fn reached(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// Hands a frame on. Some: what the browser is to be told instead.
fn take<L: Line>(
    api: &Api,
    line: &L,
    message: Message,
    language: Language,
) -> Result<Option<L::Event>, Stopped> {
    let complaint = || {
        let text = match language {
            Language::Ru => "Команда не распознана. Обновите страницу.",
            Language::En => "The command was not understood. Reload the page.",
        };
        L::complaint(text.into())
    };
    let text = match message {
        Message::Text(text) => text,
        Message::Binary(_) => return Ok(Some(complaint())),
        Message::Ping(_) | Message::Pong(_) | Message::Close(_) => return Ok(None),
    };
    match serde_json::from_str(text.as_str()) {
        Ok(command) => line.command(api, command).map(|()| None),
        Err(_) => Ok(Some(complaint())),
    }
}

async fn send<E: Serialize>(socket: &mut WebSocket, event: &E) -> bool {
    let Ok(text) = serde_json::to_string(event) else {
        return true;
    };
    matches!(
        timeout(SEND_MAX, socket.send(Message::Text(text.into()))).await,
        Ok(Ok(()))
    )
}

/// Says goodbye with a code.
pub async fn close(socket: &mut WebSocket, code: u16) {
    let frame = CloseFrame {
        code,
        reason: Default::default(),
    };
    // The other side may be gone already, and then there is nobody to tell.
    let _ = timeout(SEND_MAX, socket.send(Message::Close(Some(frame)))).await;
}
