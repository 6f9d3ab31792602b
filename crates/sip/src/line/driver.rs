//! Carries out what a line's registration asks for, and tells it what came of it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use model::pbx::{Connection, Fault, Transport};
use rsipstack::sip::headers::untyped;
use rsipstack::sip::{Header, Method, Request};
use rsipstack::transport::SipAddr;
use tokio::sync::{mpsc, watch};

use super::Line;
use super::answer::read;
use crate::core::Core;
use crate::digest::Challenge;
use crate::event::Event;
use crate::lookup::Server;
use crate::registration::{Finding, Input, Output, Registration};
use crate::socket::lock;
use crate::wire::{self, Head};

/// A request is given up a little after the machine has: it decides, and late
/// answers are no use to it.
const GIVE_UP: Duration = Duration::from_secs(5);

pub(super) struct Driver {
    core: Arc<Core>,
    line: Arc<Line>,
    machine: Registration,
    call_id: String,
    tag: String,
    seq: u32,
    /// Names it among the lines of its PBX.
    id: u64,
    /// The server that it stands at, among the other lines there.
    post: Option<SocketAddr>,
    /// Our contact's address in the latest REGISTER, and in the one that was granted last.
    sent: Option<(u64, SocketAddr)>,
    bound: Option<SocketAddr>,
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.leave_post();
    }
}

/// Numbers drivers.
static DRIVERS: AtomicU64 = AtomicU64::new(0);

impl Driver {
    pub(super) fn new(core: Arc<Core>, line: Arc<Line>) -> Self {
        Self {
            machine: Registration::new(line.account.interval_s, rand::random()),
            core,
            line,
            call_id: uuid::Uuid::new_v4().simple().to_string(),
            tag: uuid::Uuid::new_v4().simple().to_string(),
            seq: 0,
            id: DRIVERS.fetch_add(1, Ordering::Relaxed),
            post: None,
            sent: None,
            bound: None,
        }
    }

    pub(super) async fn run(
        mut self,
        mut inbox: mpsc::UnboundedReceiver<Input>,
        told: watch::Sender<Connection>,
    ) {
        loop {
            while let Some(output) = self.machine.poll_output() {
                match output {
                    Output::Resolve => self.resolve(),
                    Output::Queue { server, goes_on } => self.queue(server, goes_on),
                    Output::Fetch {
                        number,
                        server,
                        logins,
                    } => self.fetch(number, server, &logins).await,
                    Output::Found(finding) => {
                        if let Some(at) = self.place() {
                            let mut watch = lock(&self.core.watch);
                            if finding == Finding::Registered {
                                watch.returned(self.machine.servers(), at.1);
                            }
                            watch.found(at, self.id, Instant::now(), finding);
                        }
                    }
                    Output::Register {
                        number,
                        server,
                        expires_s,
                        logins,
                        contact,
                    } => {
                        self.register(number, server, expires_s, &logins, contact)
                            .await;
                    }
                    Output::Ping { number, server } => self.ping(number, server).await,
                    Output::Changed(connection, journal) => {
                        self.changed(&connection);
                        told.send_replace(connection.clone());
                        if !self.line.quiet.load(Ordering::Relaxed) {
                            let line = self.line.id;
                            self.core
                                .tell(Event::Line {
                                    line,
                                    connection,
                                    journal,
                                })
                                .await;
                        }
                    }
                    Output::Done => {
                        self.placed(None);
                        return;
                    }
                }
            }
            let at = self.machine.poll_timeout();
            let timeout = async {
                match at {
                    Some(at) => tokio::time::sleep_until(at.into()).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                input = inbox.recv() => match input {
                    Some(input) => {
                        self.note_bound(&input);
                        self.machine.handle(Instant::now(), input);
                    }
                    None => return,
                },
                () = timeout => self.machine.time_out(Instant::now()),
                () = self.line.abandoned.cancelled() => {
                    self.placed(None);
                    return;
                }
            }
        }
    }

    fn note_bound(&mut self, input: &Input) {
        if let (Input::Answered(number, answer), Some((sent, at))) = (input, self.sent)
            && *number == sent
            && (200..300).contains(&answer.code)
        {
            self.bound = Some(at);
        }
    }

    fn changed(&self, connection: &Connection) {
        let outcome = match connection {
            Connection::Registered { .. } => "registered",
            Connection::Failed { .. } => "failed",
            Connection::NotConfigured | Connection::Connecting => "taken_back",
        };
        metrics::counter!("telefonistka_sip_registrations_total", "outcome" => outcome)
            .increment(1);
        tracing::info!(line = %self.line.id, outcome, "registration changed");
    }

    /// Notes where the line is registered, for its calls and for the border.
    fn placed(&self, place: Option<(SocketAddr, SocketAddr)>) {
        let mut current = lock(&self.line.place);
        let old = std::mem::replace(&mut *current, place);
        let (old, new) = (
            old.map(|(server, _)| server.ip()),
            place.map(|(server, _)| server.ip()),
        );
        if old != new {
            if let Some(ip) = new {
                self.core.peers.add(ip);
            }
            if let Some(ip) = old {
                self.core.peers.remove(ip);
            }
        }
    }

    fn place(&self) -> Option<(SocketAddr, Transport)> {
        Some((self.post?, self.line.account.transport))
    }

    fn leave_post(&mut self) {
        if let Some(at) = self.place() {
            lock(&self.core.watch).leave(at, self.id);
        }
        self.post = None;
    }

    /// Takes its place among the lines at the server, and waits for its turn.
    fn queue(&mut self, server: SocketAddr, goes_on: bool) {
        let at = (server, self.line.account.transport);
        if self.post != Some(server) {
            self.leave_post();
            self.post = Some(server);
            let inputs = self.line.inputs.clone();
            lock(&self.core.watch).enter(at, self.id, inputs);
        }
        let now = Instant::now();
        let turn = {
            let mut watch = lock(&self.core.watch);
            self.machine.shares(watch.every(), watch.interval_s(at));
            watch.turn(at, self.id, now, goes_on)
        };
        self.machine.handle(now, Input::Turn(turn));
    }

    fn resolve(&self) {
        let account = &self.line.account;
        let server = match &account.proxy {
            Some(proxy) => Server::parse(proxy, None),
            None => Server::parse(&account.server, account.port),
        };
        let (core, inputs, transport) = (
            self.core.clone(),
            self.line.inputs.clone(),
            account.transport,
        );
        tokio::spawn(async move {
            let found = core.lookup.find(&server, transport).await;
            let _ = inputs.send(Input::Resolved(found));
        });
    }

    /// Our own address towards the server: over TLS that of the connection, for
    /// by it alone the PBX reaches us.
    async fn own(&self, server: SocketAddr) -> Result<SocketAddr, Fault> {
        if self.line.account.transport != Transport::Tls {
            return Ok(self.core.advertised(server.ip()));
        }
        let peer = wire::address(rsipstack::sip::Transport::Tls, server);
        let connection = self.line.way.connect(&peer).await?;
        let own = connection.get_addr().get_socketaddr();
        own.map_err(|_| Fault::ConnectionRefused)
    }

    fn broken(&self, number: u64, fault: Fault) {
        self.line.tell(Input::Broken(number, fault));
    }

    async fn register(
        &mut self,
        number: u64,
        server: SocketAddr,
        expires_s: u32,
        logins: &[(Challenge, u32)],
        seen: Option<SocketAddr>,
    ) {
        let own = match self.own(server).await {
            Ok(own) => own,
            Err(fault) => return self.broken(number, fault),
        };
        let contact = seen.unwrap_or(own);
        self.sent = Some((number, contact));
        self.placed(Some((server, contact)));
        let Some(mut request) = self.request(Method::Register, own) else {
            return self.broken(number, Fault::NameNotResolved);
        };
        let over = wire::transport(self.line.account.transport);
        let mut contacts = format!("<{}>", wire::contact(&self.line.contact, contact, over));
        // The address that was leads nowhere any more.
        if let Some(before) = self.bound.filter(|at| *at != contact) {
            let gone = wire::contact(&self.line.contact, before, over);
            contacts = format!("{contacts}, <{gone}>;expires=0");
        }
        request
            .headers
            .push(Header::Contact(untyped::Contact::new(contacts)));
        request.headers.push(Header::Expires(expires_s.into()));
        request
            .headers
            .push(Header::Allow(untyped::Allow::new(wire::ALLOW)));
        wire::log_in(&mut request, &self.line.account, logins);
        self.send(number, request, wire::address(over, server), own);
    }

    /// Asks what is registered: a REGISTER that names no contact.
    async fn fetch(&mut self, number: u64, server: SocketAddr, logins: &[(Challenge, u32)]) {
        let own = match self.own(server).await {
            Ok(own) => own,
            Err(fault) => return self.broken(number, fault),
        };
        if let Some(mut request) = self.request(Method::Register, own) {
            wire::log_in(&mut request, &self.line.account, logins);
            let over = wire::transport(self.line.account.transport);
            self.send(number, request, wire::address(over, server), own);
        }
    }

    async fn ping(&mut self, number: u64, server: SocketAddr) {
        let own = match self.own(server).await {
            Ok(own) => own,
            Err(fault) => return self.broken(number, fault),
        };
        let over = wire::transport(self.line.account.transport);
        if let Some(mut request) = self.request(Method::Options, own) {
            // A dialog-less request of its own each time.
            request
                .headers
                .unique_push(Header::CallId(untyped::CallId::new(
                    uuid::Uuid::new_v4().simple().to_string(),
                )));
            self.send(number, request, wire::address(over, server), own);
        }
    }

    fn request(&mut self, method: Method, own: SocketAddr) -> Option<Request> {
        self.seq += 1;
        let account = &self.line.account;
        let server = Server::parse(&account.server, account.port);
        let record = self.line.record()?;
        Head {
            method,
            uri: wire::uri(None, wire::host(&server, true)?),
            via: wire::address(wire::transport(account.transport), own),
            from: &format!("<{record}>;tag={}", self.tag),
            to: &format!("<{record}>"),
            call_id: &self.call_id,
            seq: self.seq,
            routes: &wire::proxy_route(account),
        }
        .request(&self.core.stack)
    }

    fn send(&self, number: u64, request: Request, peer: SipAddr, own: SocketAddr) {
        let (way, inputs) = (self.line.way.clone(), self.line.inputs.clone());
        let token = self.line.contact.clone();
        let tcp = self.line.account.transport == Transport::Tcp;
        tokio::spawn(async move {
            let exchange = wire::exchange(&way, request, &peer);
            // Where nobody answers, the machine's own time-out says so; a stream
            // that leads nowhere would swallow what is sent next, too.
            let Ok(result) = tokio::time::timeout(GIVE_UP, exchange).await else {
                way.abandon(&peer).await;
                return;
            };
            let _ = inputs.send(match result {
                Ok(response) => {
                    let mut answer = read(&response, &token);
                    // A PBX without a NAT before it opens streams to us itself.
                    let seen = wire::seen_as(&response, own);
                    answer.seen_as = seen.filter(|seen| !tcp || seen.ip() != own.ip());
                    Input::Answered(number, answer)
                }
                Err(fault) => Input::Broken(number, fault),
            });
        });
    }
}
