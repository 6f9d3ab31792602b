//! An operator without hands: signs in, connects for sound over a real WebRTC
//! leg, answers, speaks a file, writes the message, ends the work after the call.

use std::net::SocketAddr;
use std::time::Duration;

use jiff::Timestamp;
use model::id::{CallId, MessageId};
use model::line::Recipient;
use serde_json::{Value, json};
use thiserror::Error;
use tokio::net::lookup_host;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep_until, timeout};
use uuid::Uuid;

mod desk;
mod leg;
mod session;

use desk::{Desk, DeskEvent, PROMPTLY};
use leg::Leg;
use session::Session;

use crate::audio::Sound;
use crate::rtp::Packets;

/// When the operator hangs up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HangUp {
    /// Never: the caller does.
    Never,
    /// So long after the answer.
    Answered(Duration),
    /// So long after having said everything.
    Said(Duration),
}

/// The message that the operator writes.
#[derive(Clone, Debug)]
pub struct Note {
    /// Who it is for; none takes the one that the desk proposes.
    pub recipient: Option<Recipient>,
    /// The caller's name; none takes what the desk shows.
    pub caller_name: Option<String>,
    /// The caller's number; none takes what the desk shows.
    pub caller_phone: Option<String>,
    /// The question.
    pub text: String,
}

/// How the operator serves a call.
#[derive(Clone, Debug)]
pub struct Script {
    /// How long it rings at the desk before it is accepted.
    pub answer_after: Duration,
    /// What the operator says.
    pub voice: Sound,
    /// How long after the answer the operator begins to speak.
    pub speak_after: Duration,
    /// The message to write, when the call is over.
    pub note: Option<Note>,
    /// When the operator hangs up.
    pub hang_up: HangUp,
}

/// A call that was served.
#[derive(Clone, Debug)]
pub struct Served {
    /// The call.
    pub call: CallId,
    /// The call's card, as the desk got it.
    pub card: Value,
    /// When it rang at the desk.
    pub rang_at: Timestamp,
    /// When it was answered.
    pub answered_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// How it ended, in the desk's word.
    pub ending: Option<String>,
    /// What the operator had heard until the answer, from the sign-in or the answer before on.
    pub heard_before: Sound,
    /// What the operator heard since the answer.
    pub heard: Sound,
    /// Packets of the WebRTC leg since the answer.
    pub packets: Packets,
    /// The message that was stored.
    pub message: Option<MessageId>,
}

/// A call that was taken at once.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The call's card, as the desk got it.
    pub card: Value,
    /// When it rang at the desk.
    pub rang_at: Timestamp,
    /// When it was accepted: a moment later.
    pub accepted_at: Timestamp,
    /// When the operator heard a voice first; none where none was heard.
    pub voice_at: Option<Timestamp>,
}

/// Why an operator can't do the work.
#[derive(Debug, Error)]
pub enum OperatorError {
    /// The server can't be reached, or answers in a way that is not understood.
    #[error("the server can't be talked to: {0}")]
    Http(#[from] reqwest::Error),
    /// The server refused a request.
    #[error("{what} was refused with status {status}: {detail}")]
    Refused {
        /// What was asked for.
        what: &'static str,
        /// The status code.
        status: u16,
        /// The server's sentence.
        detail: String,
    },
    /// The desk's socket broke, or says what is not understood.
    #[error("the desk's socket failed: {0}")]
    Desk(String),
    /// The sound leg can't be set up, or broke.
    #[error("the sound failed: {0}")]
    Sound(String),
    /// Nothing of what was awaited came in time.
    #[error("{0} did not come in time")]
    Late(&'static str),
}

/// A signed-in operator; leaves the desk when dropped.
pub struct RobotOperator {
    session: Session,
    desk: Desk,
    leg: Leg,
}

impl RobotOperator {
    /// Signs in, opens the desk and connects for sound; the operator's state stays as it was.
    pub async fn sign_in(
        base_url: &str,
        login: &str,
        password: &str,
    ) -> Result<Self, OperatorError> {
        let session = Session::open(base_url, login, password).await?;
        let mut desk = Desk::open(&session).await?;
        let welcome = |event| matches!(event, DeskEvent::Welcome {}).then_some(());
        desk.expect("the welcome", welcome).await?;
        let (mut leg, sdp) = Leg::offer(server(session.base_url()).await?).await?;
        desk.say(json!({ "type": "sound_offer", "sdp": sdp }))?;
        let answer = desk.expect("the answer to the sound", |event| match event {
            DeskEvent::SoundAnswer { sdp } => Some(sdp),
            _ => None,
        });
        leg.connect(answer.await?).await?;
        let up = |event| matches!(event, DeskEvent::SoundState { state } if state == "up");
        desk.expect("the sound's state", |event| up(event).then_some(()))
            .await?;
        Ok(Self { session, desk, leg })
    }

    /// Says «Готов», and waits until the desk agrees.
    pub async fn ready(&mut self) -> Result<(), OperatorError> {
        self.desk
            .say(json!({ "type": "state", "state": "ready" }))?;
        self.await_state("ready").await
    }

    /// Waits for a call and serves it to the end of the work after it. Calls
    /// that are withdrawn before they are answered do not count.
    pub async fn serve_one(&mut self, script: Script) -> Result<Served, OperatorError> {
        let (card, call, rang_at) = loop {
            let card = self.ringing().await?;
            let rang_at = Timestamp::now();
            let call = id(&card)?;
            if self.accepted(call, script.answer_after).await? {
                break (card, call, rang_at);
            }
        };
        self.served(call, card, rang_at, &script).await
    }

    /// Calls the caller of an earlier call back, and serves that call to the
    /// end of the work after it; [`Script::answer_after`] means nothing here.
    pub async fn call_back(
        &mut self,
        earlier: CallId,
        script: Script,
    ) -> Result<Served, OperatorError> {
        let rang_at = Timestamp::now();
        self.desk
            .say(json!({ "type": "call_back", "call": earlier }))?;
        let answered = |event| match event {
            DeskEvent::Call {
                call, answered_at, ..
            } if answered_at.is_some() => Some(call),
            _ => None,
        };
        let card = self.desk.expect("an answer", answered).await?;
        let call = id(&card)?;
        self.served(call, card, rang_at, &script).await
    }

    /// A call that was answered just now, to the end of the work after it.
    async fn served(
        &mut self,
        call: CallId,
        card: Value,
        rang_at: Timestamp,
        script: &Script,
    ) -> Result<Served, OperatorError> {
        let answered_at = Timestamp::now();
        let heard_before = self.leg.hearing().sound();
        let said = self.leg.say(script.voice.clone(), script.speak_after);
        let ending = self.talk(call, said, script.hang_up).await?;
        let ended_at = Timestamp::now();
        let (heard, packets) = (self.leg.hearing().sound(), self.leg.hearing().packets());
        let message = match &script.note {
            Some(note) => Some(self.write(call, &card, note).await?),
            None => None,
        };
        self.be_free(call).await?;
        Ok(Served {
            call,
            card,
            rang_at,
            answered_at,
            ended_at,
            ending,
            heard_before,
            heard,
            packets,
            message,
        })
    }

    /// Waits for a call, takes it at once, and stays until the caller hangs up.
    /// The voice is on the line before that, as an open microphone is.
    pub async fn take_one(&mut self, voice: Sound) -> Result<Taken, OperatorError> {
        let card = self.ringing().await?;
        let rang_at = Timestamp::now();
        let call = id(&card)?;
        let said = self.leg.say(voice, Duration::ZERO);
        let accepted_at = Timestamp::now();
        if !self.accepted(call, Duration::ZERO).await? {
            return Err(OperatorError::Desk("the call was withdrawn".to_owned()));
        }
        self.talk(call, said, HangUp::Never).await?;
        let voice_at = self.leg.hearing().voice_at();
        self.be_free(call).await?;
        Ok(Taken {
            card,
            rang_at,
            accepted_at,
            voice_at,
        })
    }

    /// Ends the work after a call.
    async fn be_free(&mut self, call: CallId) -> Result<(), OperatorError> {
        self.desk
            .say(json!({ "type": "wrap_up_done", "call": call }))?;
        self.await_state("ready").await
    }

    /// Goes off: says «Не в сети», signs out and closes the desk.
    pub async fn sign_out(mut self) -> Result<(), OperatorError> {
        self.desk
            .say(json!({ "type": "state", "state": "offline" }))?;
        self.await_state("offline").await?;
        self.session.close().await
    }

    /// Waits until a call rings, for as long as it takes.
    async fn ringing(&mut self) -> Result<Value, OperatorError> {
        loop {
            tokio::select! {
                event = self.desk.next() => if let DeskEvent::Ringing { call } = event? {
                    return Ok(call);
                },
                broken = self.leg.broken() => return Err(broken),
            }
        }
    }

    /// Accepts after a while. False where the call was withdrawn meanwhile.
    async fn accepted(&mut self, call: CallId, after: Duration) -> Result<bool, OperatorError> {
        let id = json!(call);
        let withdrawn = async {
            loop {
                match self.desk.next().await {
                    Ok(DeskEvent::Withdrawn { call }) if call == id => return Ok(()),
                    Ok(_) => {}
                    Err(error) => return Err(error),
                }
            }
        };
        if let Ok(withdrawn) = timeout(after, withdrawn).await {
            return withdrawn.map(|()| false);
        }
        self.desk.say(json!({ "type": "accept", "call": call }))?;
        let answered = |event| match event {
            DeskEvent::Withdrawn { call } if call == id => Some(false),
            DeskEvent::Call {
                call, answered_at, ..
            } if call["id"] == id && answered_at.is_some() => Some(true),
            _ => None,
        };
        self.desk
            .expect("the answer to the accepting", answered)
            .await
    }

    /// Stays to the end of the call; the ending. `said` tells when all has been said.
    async fn talk(
        &mut self,
        call: CallId,
        mut said: oneshot::Receiver<()>,
        hang_up: HangUp,
    ) -> Result<Option<String>, OperatorError> {
        let id = json!(call);
        let mut has_said = false;
        let mut hang_up_at = match hang_up {
            HangUp::Answered(after) => Some(Instant::now() + after),
            HangUp::Never | HangUp::Said(_) => None,
        };
        loop {
            let due = hang_up_at.unwrap_or_else(|| Instant::now() + PROMPTLY);
            tokio::select! {
                event = self.desk.next() => match event? {
                    DeskEvent::Call { call, ended_at: Some(_), ending, .. } if call["id"] == id => {
                        return Ok(ending);
                    }
                    DeskEvent::Error { code, text } => {
                        return Err(OperatorError::Desk(format!("{code}: {text}")));
                    }
                    _ => {}
                },
                _ = &mut said, if !has_said => {
                    has_said = true;
                    if let HangUp::Said(after) = hang_up {
                        hang_up_at = Some(Instant::now() + after);
                    }
                }
                () = sleep_until(due), if hang_up_at.is_some() => {
                    hang_up_at = None;
                    self.desk.say(json!({ "type": "hang_up", "call": call }))?;
                }
                broken = self.leg.broken() => return Err(broken),
            }
        }
    }

    /// Writes the message.
    async fn write(
        &self,
        call: CallId,
        card: &Value,
        note: &Note,
    ) -> Result<MessageId, OperatorError> {
        let id = MessageId(Uuid::now_v7());
        let chosen = note.recipient.map(|recipient| json!(recipient));
        let shown = |field: &str| card[field].as_str().unwrap_or_default().to_owned();
        let body = json!({
            "id": id,
            "call_id": call,
            "recipient": chosen.unwrap_or_else(|| card["default_recipient"].clone()),
            "caller_name": note.caller_name.clone().unwrap_or_else(|| shown("caller_name")),
            "caller_phone": note.caller_phone.clone().unwrap_or_else(|| shown("caller_phone")),
            "text": note.text,
        });
        self.session
            .post("the message", "/api/desk/messages", &body)
            .await?;
        Ok(id)
    }

    async fn await_state(&mut self, wanted: &'static str) -> Result<(), OperatorError> {
        let is_wanted = |event| matches!(event, DeskEvent::State { state } if state == wanted);
        let agreed = |event| is_wanted(event).then_some(());
        self.desk.expect("the operator's state", agreed).await
    }
}

/// The call of a card.
fn id(card: &Value) -> Result<CallId, OperatorError> {
    serde_json::from_value(card["id"].clone())
        .map_err(|error| OperatorError::Desk(format!("a card without id: {error}")))
}

/// The server's address, IPv4 first: that is what its sound listens at.
async fn server(base_url: &str) -> Result<SocketAddr, OperatorError> {
    let unknown = || OperatorError::Sound("the server's address is not known".to_owned());
    let url = reqwest::Url::parse(base_url).map_err(|_| unknown())?;
    let host = url.host_str().ok_or_else(unknown)?.trim_matches(['[', ']']);
    let port = url.port_or_known_default().ok_or_else(unknown)?;
    let found = lookup_host((host, port)).await.map_err(|_| unknown())?;
    let mut addresses: Vec<SocketAddr> = found.collect();
    addresses.sort_by_key(SocketAddr::is_ipv6);
    addresses.first().copied().ok_or_else(unknown)
}
