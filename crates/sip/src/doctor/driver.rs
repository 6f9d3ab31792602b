//! Carries out what the machine asks for: sends, places, answers, plays.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use model::audio::{AudioStream, Codec, Direction};
use model::doctor::{Reply, Report};
use model::id::LegId;
use tokio::sync::{mpsc, watch};

use super::machine::{Machine, Subject};
use super::probe::{self, Registering, Series};
use super::words::{Input, Output};
use super::{Bed, News, Observed, Patience, Side, Sound};
use crate::conversation::until;
use crate::endpoint::Endpoint;
use crate::event::{Event, Refusal};
use crate::leg::Command;
use crate::line::Line;
use crate::lookup::Server;

/// How long a side listens to the other one.
const LISTEN: Duration = Duration::from_secs(4);
/// Payload type of telephone events where this side offers them.
const EVENTS: u8 = 101;

pub(super) struct Driver {
    endpoint: Endpoint,
    line: Arc<Line>,
    machine: Machine,
    sound: Arc<dyn Sound>,
    bed: Bed,
    series: Series,
    calling: Option<LegId>,
    called: Option<LegId>,
    /// What the PBX offered for the called side.
    offer: Option<AudioStream>,
    /// The called side's invitation, while it is not known whether the call is the doctor's.
    held: Option<Event>,
    /// Whose answers the border lets in meanwhile.
    peer: Option<IpAddr>,
    inputs: mpsc::UnboundedSender<Input>,
    inbox: mpsc::UnboundedReceiver<Input>,
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.meet(None);
    }
}

impl Driver {
    pub(super) fn new(
        endpoint: Endpoint,
        line: Arc<Line>,
        strangers: bool,
        patience: Patience,
        sound: Arc<dyn Sound>,
        bed: Bed,
    ) -> Self {
        let account = &line.account;
        let subject = Subject {
            user: account.user.clone(),
            proxy: account.proxy.is_some(),
            transport: account.transport,
            interval_s: account.interval_s,
            strangers,
        };
        let (inputs, inbox) = mpsc::unbounded_channel();
        Self {
            endpoint,
            line,
            machine: Machine::new(subject, patience),
            sound,
            bed,
            series: Series::new(),
            calling: None,
            called: None,
            offer: None,
            held: None,
            peer: None,
            inputs,
            inbox,
        }
    }

    /// Runs to the end, or until nobody wants to know it any more.
    pub(super) async fn run(
        mut self,
        mut events: mpsc::UnboundedReceiver<News>,
        mut observed: mpsc::UnboundedReceiver<Observed>,
        mut replies: mpsc::UnboundedReceiver<Reply>,
        told: watch::Sender<Report>,
    ) {
        self.machine.start();
        loop {
            while let Some(output) = self.machine.poll_output() {
                self.perform(output, &told);
            }
            if self.machine.is_over() {
                break;
            }
            let due = self
                .machine
                .poll_timeout()
                .map(tokio::time::Instant::from_std);
            let input = tokio::select! {
                Some(news) = events.recv() => self.heard(news),
                Some(observed) = observed.recv() => Some(match observed {
                    Observed::Voice { side, ms } => Input::Voice { side, ms },
                    Observed::Key { side, digit } => Input::Key { side, digit, in_message: false },
                }),
                Some(reply) = replies.recv() => Some(Input::Replied(reply)),
                Some(input) = self.inbox.recv() => Some(input),
                () = until(due) => {
                    self.machine.time_out(Instant::now());
                    None
                }
                () = told.closed() => {
                    self.machine.finish();
                    None
                }
            };
            if let Some(input) = input {
                self.machine.handle(Instant::now(), input);
            }
        }
        // Whoever called in the last moment finds somebody.
        self.release();
        while let Ok(news) = events.try_recv() {
            match news {
                News::Held(event) => self.bed.release(event),
                News::Event(Event::Incoming { leg, .. }) => {
                    self.endpoint.refuse(leg, Refusal::Busy);
                }
                News::Event(_) | News::Refused { .. } => {}
            }
        }
        for side in [Side::Calling, Side::Called] {
            self.sound.close(side);
        }
    }

    fn release(&mut self) {
        if let Some(event) = self.held.take() {
            self.called = None;
            self.bed.release(event);
        }
    }

    fn heard(&mut self, news: News) -> Option<Input> {
        match news {
            News::Event(event) => self.translated(event),
            News::Refused { code } => Some(Input::Refused { code }),
            News::Held(event) => {
                let Event::Incoming {
                    leg, ref caller, ..
                } = event
                else {
                    return None;
                };
                if self.called.is_some() {
                    self.bed.release(event);
                    return None;
                }
                let caller = caller.clone();
                (self.called, self.held) = (Some(leg), Some(event));
                Some(Input::Held { caller })
            }
        }
    }

    fn meet(&mut self, peer: Option<IpAddr>) {
        let peers = &self.endpoint.core.peers;
        if let Some(ip) = peer {
            peers.add(ip);
        }
        if let Some(ip) = std::mem::replace(&mut self.peer, peer) {
            peers.remove(ip);
        }
    }

    fn leg(&mut self, side: Side) -> &mut Option<LegId> {
        match side {
            Side::Calling => &mut self.calling,
            Side::Called => &mut self.called,
        }
    }

    fn side(&self, leg: LegId) -> Option<Side> {
        match Some(leg) {
            leg if leg == self.calling => Some(Side::Calling),
            leg if leg == self.called => Some(Side::Called),
            _ => None,
        }
    }

    fn translated(&mut self, event: Event) -> Option<Input> {
        match event {
            Event::Incoming {
                leg,
                caller,
                audio,
                from,
                ..
            } => {
                if self.called.is_some() {
                    self.endpoint.refuse(leg, Refusal::Busy);
                } else {
                    (self.called, self.offer) = (Some(leg), audio);
                }
                Some(Input::Arrived { caller, from })
            }
            Event::Answered { leg, audio } => {
                let side = self.side(leg)?;
                self.sound.connect(side, &audio);
                Some(Input::Agreed { side, audio })
            }
            Event::Changed { leg, audio } => {
                self.sound.connect(self.side(leg)?, &audio);
                None
            }
            Event::Digit { leg, digit } => Some(Input::Key {
                side: self.side(leg)?,
                digit,
                in_message: true,
            }),
            Event::Examined { leg, code } => {
                self.side(leg)?;
                Some(Input::Examined(code))
            }
            Event::Referred { leg, referral } => {
                self.side(leg)?;
                Some(Input::Referred(referral))
            }
            Event::Ended { leg, cause } => {
                let side = self.side(leg)?;
                *self.leg(side) = None;
                if side == Side::Called {
                    self.held = None;
                }
                self.sound.close(side);
                Some(Input::Ended { side, cause })
            }
            Event::Line { .. }
            | Event::Ringing { .. }
            | Event::Early { .. }
            | Event::NotPressed { .. } => None,
        }
    }

    fn perform(&mut self, output: Output, told: &watch::Sender<Report>) {
        match output {
            Output::Resolve => {
                let account = &self.line.account;
                let server = match &account.proxy {
                    Some(proxy) => Server::parse(proxy, None),
                    None => Server::parse(&account.server, account.port),
                };
                let (core, inputs) = (self.endpoint.core.clone(), self.inputs.clone());
                let transport = account.transport;
                tokio::spawn(async move {
                    let found = core.lookup.find(&server, transport).await;
                    // A doctor that has ended wants no answers.
                    let _ = inputs.send(Input::Resolved(found));
                });
            }
            Output::Register {
                number,
                server,
                interval_s,
                logins,
                contact,
            } => {
                self.meet(Some(server.ip()));
                let (core, line) = (self.endpoint.core.clone(), self.line.clone());
                let (inputs, series) = (self.inputs.clone(), self.series.next());
                let ask = Registering {
                    server,
                    interval_s,
                    logins,
                    contact,
                };
                tokio::spawn(async move {
                    let result = probe::register(&core, &line, series, ask).await;
                    let _ = inputs.send(Input::Registered(number, result));
                });
            }
            Output::Knock { server } => {
                let (inputs, transport) = (self.inputs.clone(), self.line.account.transport);
                tokio::spawn(async move {
                    let knock = probe::knock(server, transport).await;
                    let _ = inputs.send(Input::Knocked(knock));
                });
            }
            Output::Await(awaits) => self.bed.await_call(awaits),
            Output::Place => self.place(),
            Output::Answer => self.answer(),
            Output::Release => self.release(),
            Output::Speak(side) => {
                let other = match side {
                    Side::Calling => Side::Called,
                    Side::Called => Side::Calling,
                };
                self.sound.listen(other, LISTEN);
                self.sound.speak(side);
            }
            Output::Listen => self.sound.ask(Side::Called),
            Output::Press(side, digit) => self.sound.press(side, digit),
            Output::Hold(on) => {
                if let Some(leg) = self.called {
                    self.endpoint.core.command(leg, Command::Hold(on));
                }
            }
            Output::Transfer => {
                if let Some(leg) = self.called {
                    self.endpoint.refer(leg, &self.line.account.user);
                }
            }
            Output::HangUp(side) => {
                if let Some(leg) = *self.leg(side) {
                    self.endpoint.hang_up(leg);
                }
            }
            Output::Changed => {
                told.send_replace(self.machine.report().clone());
            }
        }
    }

    fn place(&mut self) {
        let leg = LegId(uuid::Uuid::new_v4());
        self.bed.claim(leg);
        if self.calling.replace(leg).is_some() {
            self.sound.close(Side::Calling);
        }
        let server = self.line.server().map(|server| server.ip());
        let Some(address) = self.sound.open(Side::Calling, server, server) else {
            let cause = crate::event::LegEnd::Failed;
            let side = Side::Calling;
            let _ = self.inputs.send(Input::Ended { side, cause });
            return;
        };
        let local = AudioStream {
            address,
            formats: Codec::ALL.map(Into::into).to_vec(),
            dtmf: Some(EVENTS),
            direction: Direction::SendRecv,
            keys: None,
        };
        let user = self.line.account.user.clone();
        self.endpoint.place_leg(leg, self.line.id, &user, local);
    }

    fn answer(&mut self) {
        let Some(leg) = self.called else { return };
        let towards = self.offer.as_ref().map(|offer| offer.address.ip());
        let server = self.line.server().map(|server| server.ip());
        let Some(address) = self.sound.open(Side::Called, towards, server) else {
            return self.endpoint.refuse(leg, Refusal::ServerError);
        };
        let offer = self.offer.as_ref();
        let local = AudioStream {
            address,
            formats: Codec::ALL.map(Into::into).to_vec(),
            dtmf: offer.map_or(Some(EVENTS), |offer| offer.dtmf),
            direction: Direction::SendRecv,
            keys: None,
        };
        if let Some(offer) = offer {
            self.sound.connect(Side::Called, offer);
        }
        self.endpoint.answer(leg, local);
    }
}
