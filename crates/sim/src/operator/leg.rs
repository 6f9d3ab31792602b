//! The operator's browser, as far as sound goes: a WebRTC leg that offers,
//! with full ICE, and sends a packet each 20 ms from then on, silence too.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use model::audio::Law;
use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::format::Codec;
use str0m::media::{Direction, Frequency, MediaData, MediaKind, MediaTime, Mid, Pt};
use str0m::net::{Protocol, Receive};
use str0m::{Candidate, Event, IceConnectionState, Input, Output, Rtc};
use tokio::net::UdpSocket;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{MissedTickBehavior, interval, sleep_until, timeout};

use super::OperatorError;
use super::desk::PROMPTLY;
use crate::audio::{FRAME, Sound};
use crate::g711;
use crate::hearing::Hearing;
use crate::speech::Speech;

/// Time between packets.
const TICK: Duration = Duration::from_millis(20);

/// Largest datagram.
const DATAGRAM_MAX: usize = 2048;

/// How the leg stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LegState {
    /// Not connected yet.
    Connecting,
    /// Sound flows.
    Up,
    /// It broke.
    Down(String),
}

enum Command {
    Answer(String),
    Say(Speech, oneshot::Sender<()>),
}

/// A leg; it closes when dropped.
pub struct Leg {
    commands: mpsc::UnboundedSender<Command>,
    state: watch::Receiver<LegState>,
    hearing: Hearing,
}

impl Leg {
    /// Makes a leg that can reach the server, and its offer.
    pub async fn offer(server: SocketAddr) -> Result<(Self, String), OperatorError> {
        let failed = |error: &dyn std::fmt::Display| OperatorError::Sound(error.to_string());
        let local = local_towards(server).await.map_err(|e| failed(&e))?;
        let socket = UdpSocket::bind((local, 0)).await.map_err(|e| failed(&e))?;
        let address = socket.local_addr().map_err(|e| failed(&e))?;
        let mut rtc = Rtc::builder()
            .clear_codecs()
            .enable_pcma(true, false)
            .enable_pcmu(true, false)
            .build(Instant::now());
        let candidate = Candidate::host(address, "udp").map_err(|e| failed(&e))?;
        rtc.add_local_candidate(candidate);
        let mut change = rtc.sdp_api();
        let mid = change.add_media(MediaKind::Audio, Direction::SendRecv, None, None, None);
        let (offer, pending) = change.apply().ok_or_else(|| failed(&"nothing to offer"))?;
        let (commands, to_do) = mpsc::unbounded_channel();
        let (told, state) = watch::channel(LegState::Connecting);
        let hearing = Hearing::default();
        let running = Running {
            rtc,
            socket: Arc::new(socket),
            address,
            mid,
            pending: Some(pending),
            payload_type: None,
            timestamp: rand::random::<u32>().into(),
            saying: None,
            hearing: hearing.clone(),
            told,
        };
        tokio::spawn(running.run(to_do));
        let leg = Self {
            commands,
            state,
            hearing,
        };
        Ok((leg, offer.to_sdp_string()))
    }

    /// Takes the server's answer, and waits until sound flows.
    pub async fn connect(&mut self, answer: String) -> Result<(), OperatorError> {
        // A leg that is down says so by its state.
        let _ = self.commands.send(Command::Answer(answer));
        let settled = self.state.wait_for(|state| *state != LegState::Connecting);
        let state = timeout(PROMPTLY, settled)
            .await
            .map_err(|_| OperatorError::Late("the sound"))?;
        match state.as_deref() {
            Ok(LegState::Up) => Ok(()),
            Ok(LegState::Down(why)) => Err(OperatorError::Sound(why.clone())),
            _ => Err(OperatorError::Sound("the leg is closed".to_owned())),
        }
    }

    /// Says the sound after a silence, and hears anew from now on. The
    /// receiver is told when all has been said.
    pub fn say(&self, voice: Sound, after: Duration) -> oneshot::Receiver<()> {
        self.hearing.restart(Instant::now());
        let (said, told) = oneshot::channel();
        // A leg that is down drops the sender.
        let _ = (self.commands).send(Command::Say(Speech::new(voice, after), said));
        told
    }

    /// Waits until the leg breaks.
    pub async fn broken(&mut self) -> OperatorError {
        let down = |state: &LegState| matches!(state, LegState::Down(_));
        match self.state.wait_for(down).await.as_deref() {
            Ok(LegState::Down(why)) => OperatorError::Sound(why.clone()),
            _ => OperatorError::Sound("the leg is closed".to_owned()),
        }
    }

    /// What came since the last [`Leg::say`].
    pub fn hearing(&self) -> &Hearing {
        &self.hearing
    }
}

/// The leg's task.
struct Running {
    rtc: Rtc,
    socket: Arc<UdpSocket>,
    address: SocketAddr,
    mid: Mid,
    pending: Option<SdpPendingOffer>,
    /// What the server wants first, once it has answered.
    payload_type: Option<Pt>,
    timestamp: u64,
    saying: Option<(Speech, oneshot::Sender<()>)>,
    hearing: Hearing,
    told: watch::Sender<LegState>,
}

impl Running {
    async fn run(mut self, mut commands: mpsc::UnboundedReceiver<Command>) {
        let why = match self.serve(&mut commands).await {
            Ok(()) => "the leg is closed".to_owned(),
            Err(why) => why,
        };
        self.told.send_replace(LegState::Down(why));
    }

    async fn serve(
        &mut self,
        commands: &mut mpsc::UnboundedReceiver<Command>,
    ) -> Result<(), String> {
        let socket = self.socket.clone();
        let mut ticks = interval(TICK);
        // Late packets are sent at once: the count must not fall behind the clock.
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let mut datagram = [0; DATAGRAM_MAX];
        loop {
            let due = self.drain().await?;
            let failed = |error: str0m::RtcError| error.to_string();
            tokio::select! {
                command = commands.recv() => match command {
                    None => return Ok(()),
                    Some(Command::Answer(answer)) => self.answer(&answer)?,
                    Some(Command::Say(speech, said)) => self.saying = Some((speech, said)),
                },
                _ = ticks.tick() => self.tick()?,
                () = sleep_until(due.into()) => {
                    self.rtc.handle_input(Input::Timeout(Instant::now())).map_err(failed)?;
                }
                came = socket.recv_from(&mut datagram) => {
                    // The loopback tells of a closed port at the next receive.
                    let Ok((length, source)) = came else { continue };
                    let contents = &datagram[..length];
                    // What is neither STUN, DTLS nor RTP is not for this leg.
                    let Ok(contents) = contents.try_into() else { continue };
                    let received = Receive {
                        proto: Protocol::Udp,
                        source,
                        destination: self.address,
                        contents,
                    };
                    let input = Input::Receive(Instant::now(), received);
                    self.rtc.handle_input(input).map_err(failed)?;
                }
            }
        }
    }

    /// Takes everything that the leg has to give, and tells when it is due again.
    async fn drain(&mut self) -> Result<Instant, String> {
        loop {
            match self.rtc.poll_output().map_err(|e| e.to_string())? {
                Output::Timeout(due) => return Ok(due),
                Output::Transmit(out) => {
                    // A lost datagram is what networks do.
                    let _ = self.socket.send_to(&out.contents, out.destination).await;
                }
                Output::Event(Event::Connected) => {
                    self.told.send_replace(LegState::Up);
                }
                Output::Event(Event::IceConnectionStateChange(
                    IceConnectionState::Disconnected,
                )) => return Err("the connection broke".to_owned()),
                Output::Event(Event::MediaData(data)) => self.hear(&data),
                Output::Event(_) => {}
            }
        }
    }

    fn answer(&mut self, answer: &str) -> Result<(), String> {
        let pending = self.pending.take().ok_or("a second answer")?;
        let parsed = SdpAnswer::from_sdp_string(answer).map_err(|e| e.to_string())?;
        let accepted = self.rtc.sdp_api().accept_answer(pending, parsed);
        accepted.map_err(|e| e.to_string())?;
        self.payload_type = Some(first_type(answer).ok_or("an answer without sound")?);
        Ok(())
    }

    /// Sends what belongs to these 20 ms.
    fn tick(&mut self) -> Result<(), String> {
        let Some(payload_type) = self.payload_type.filter(|_| self.rtc.is_connected()) else {
            return Ok(());
        };
        let law = if *payload_type == Law::A.payload_type() {
            Law::A
        } else {
            Law::Mu
        };
        let frame = match &mut self.saying {
            Some((speech, _)) => speech.frame(),
            None => [0; FRAME],
        };
        if let Some((_, said)) = self.saying.take_if(|(speech, _)| speech.is_over()) {
            // Nobody needs to wait for it.
            let _ = said.send(());
        }
        let payload = frame.map(|sample| g711::encode(law, sample));
        let time = MediaTime::new(self.timestamp, Frequency::EIGHT_KHZ);
        self.timestamp += FRAME as u64;
        let Some(writer) = self.rtc.writer(self.mid) else {
            return Ok(());
        };
        (writer.write(payload_type, Instant::now(), time, payload)).map_err(|e| e.to_string())?;
        self.hearing.sent();
        Ok(())
    }

    fn hear(&self, data: &MediaData) {
        let law = match data.params.spec().codec {
            Codec::PCMA => Law::A,
            Codec::PCMU => Law::Mu,
            _ => return,
        };
        let sound: Vec<i16> = data.data.iter().map(|b| g711::decode(law, *b)).collect();
        let timestamp = data.time.rebase(Frequency::EIGHT_KHZ).numer();
        let sequence = data.seq_range.start().as_u16();
        // The server keeps one source for the life of the leg.
        (self.hearing).came(data.network_time, 0, sequence, timestamp, &sound);
    }
}

/// The payload type that an answer names first: what a browser sends.
fn first_type(answer: &str) -> Option<Pt> {
    let media = answer
        .lines()
        .find_map(|line| line.strip_prefix("m=audio "))?;
    media
        .split(' ')
        .nth(2)?
        .trim()
        .parse::<u8>()
        .ok()
        .map(Pt::from)
}

/// The local address from which the server is reached.
async fn local_towards(server: SocketAddr) -> std::io::Result<std::net::IpAddr> {
    let any: SocketAddr = if server.is_ipv4() {
        (std::net::Ipv4Addr::UNSPECIFIED, 0).into()
    } else {
        (std::net::Ipv6Addr::UNSPECIFIED, 0).into()
    };
    // Connecting a datagram socket sends nothing; it only chooses the route.
    let probe = UdpSocket::bind(any).await?;
    probe.connect(server).await?;
    Ok(probe.local_addr()?.ip())
}
