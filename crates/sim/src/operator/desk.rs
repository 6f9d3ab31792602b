//! The desk's WebSocket. A task of its own reads it, so that the server's
//! pings are answered while the operator does something else.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::http::header::{COOKIE, ORIGIN};

use super::OperatorError;
use super::session::Session;

/// How long the server may take to answer something.
pub const PROMPTLY: Duration = Duration::from_secs(15);

/// What the operator needs of the server's frames.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum DeskEvent {
    /// The first frame.
    Welcome {},
    /// The answer to the offer of sound.
    SoundAnswer {
        /// The WebRTC session description.
        sdp: String,
    },
    /// Whether sound can flow, seen from the server.
    SoundState {
        /// `up` or `down`.
        state: String,
    },
    /// The operator's state.
    State {
        /// Its name.
        state: String,
    },
    /// A call rings here.
    Ringing {
        /// Its card.
        call: Value,
    },
    /// The ringing call went elsewhere.
    Withdrawn {
        /// Which one.
        call: Value,
    },
    /// How the call stands.
    Call {
        /// Its card.
        call: Value,
        /// When it was answered.
        answered_at: Option<Value>,
        /// When it ended.
        ended_at: Option<Value>,
        /// How it ended.
        ending: Option<String>,
    },
    /// A command was refused.
    Error {
        /// The reason's name.
        code: String,
        /// The reason.
        text: String,
    },
    /// What does not matter here.
    #[serde(other)]
    Other,
}

/// An open desk; it closes when dropped.
pub struct Desk {
    commands: mpsc::UnboundedSender<Value>,
    events: mpsc::UnboundedReceiver<Result<DeskEvent, String>>,
}

impl Desk {
    /// Opens it.
    pub async fn open(session: &Session) -> Result<Self, OperatorError> {
        let address = format!("{}/api/desk/socket", session.base_url()).replacen("http", "ws", 1);
        let failed = |error: &dyn std::fmt::Display| OperatorError::Desk(error.to_string());
        let mut request = address.into_client_request().map_err(|e| failed(&e))?;
        for (name, value) in [(COOKIE, session.cookie()), (ORIGIN, session.base_url())] {
            let value = HeaderValue::from_str(value).map_err(|e| failed(&e))?;
            request.headers_mut().insert(name, value);
        }
        let (socket, _) = timeout(PROMPTLY, connect_async(request))
            .await
            .map_err(|_| OperatorError::Late("the desk's socket"))?
            .map_err(|e| failed(&e))?;
        let (mut output, mut input) = socket.split();
        let (commands, mut to_send) = mpsc::unbounded_channel::<Value>();
        let (give, events) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    command = to_send.recv() => {
                        let Some(command) = command else { break };
                        if output.send(Message::text(command.to_string())).await.is_err() {
                            break;
                        }
                    }
                    message = input.next() => {
                        let event = match message {
                            None | Some(Ok(Message::Close(_))) => break,
                            Some(Err(error)) => Err(error.to_string()),
                            Some(Ok(Message::Text(text))) => {
                                serde_json::from_str(&text).map_err(|error| error.to_string())
                            }
                            Some(Ok(_)) => continue,
                        };
                        let is_over = event.is_err();
                        if !matches!(event, Ok(DeskEvent::Other)) && give.send(event).is_err() {
                            break;
                        }
                        if is_over {
                            break;
                        }
                    }
                }
            }
            // A connection that is broken already needs no farewell.
            let _ = output.close().await;
        });
        Ok(Self { commands, events })
    }

    /// Sends a command.
    pub fn say(&self, command: Value) -> Result<(), OperatorError> {
        (self.commands.send(command)).map_err(|_| OperatorError::Desk("it is closed".to_owned()))
    }

    /// The next event, whenever it comes.
    pub async fn next(&mut self) -> Result<DeskEvent, OperatorError> {
        match self.events.recv().await {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => Err(OperatorError::Desk(error)),
            None => Err(OperatorError::Desk("the server closed it".to_owned())),
        }
    }

    /// Waits for an answer to something; a refusal is an error.
    pub async fn expect<T>(
        &mut self,
        what: &'static str,
        mut wanted: impl FnMut(DeskEvent) -> Option<T>,
    ) -> Result<T, OperatorError> {
        let search = async {
            loop {
                match self.next().await? {
                    DeskEvent::Error { code, text } => {
                        return Err(OperatorError::Desk(format!("{what}: {code}: {text}")));
                    }
                    event => {
                        if let Some(found) = wanted(event) {
                            return Ok(found);
                        }
                    }
                }
            }
        };
        timeout(PROMPTLY, search)
            .await
            .unwrap_or(Err(OperatorError::Late(what)))
    }
}
