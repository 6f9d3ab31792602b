//! Drives one line's registration: sends what the machine asks for, and tells
//! what it says.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use model::id::LineId;
use model::pbx::{Connection, Fault, PbxAccount, Transport};
use rsipstack::sip::headers::untyped;
use rsipstack::sip::{Header, Method, Request, Response};
use rsipstack::transport::SipAddr;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::core::Core;
use crate::digest::{Challenge, split_outside_quotes};
use crate::event::Event;
use crate::lookup::Server;
use crate::registration::{Answer, Input, Output, Registration};
use crate::socket::lock;
use crate::wire::{self, Head, Way};

/// A request is given up a little after the machine has: it decides, and late
/// answers are no use to it.
const GIVE_UP: Duration = Duration::from_secs(5);

/// A line that is to be registered.
pub(crate) struct Line {
    pub(crate) id: LineId,
    pub(crate) contact: String,
    pub(crate) account: PbxAccount,
    pub(crate) way: Way,
    pub(crate) state: watch::Receiver<Connection>,
    inputs: mpsc::UnboundedSender<Input>,
    /// The server last asked, and our contact's address there.
    place: Mutex<Option<(SocketAddr, SocketAddr)>>,
    /// Set while another registration takes this one's place: its end is no news.
    quiet: AtomicBool,
    abandoned: CancellationToken,
}

impl Line {
    /// Begins to register the line.
    pub(crate) fn start(
        core: &Arc<Core>,
        id: LineId,
        contact: String,
        account: PbxAccount,
    ) -> Arc<Self> {
        let (inputs, inbox) = mpsc::unbounded_channel();
        let (told, state) = watch::channel(Connection::Connecting);
        let line = Arc::new(Self {
            id,
            contact,
            way: core.way(&account),
            account,
            state,
            inputs,
            place: Mutex::new(None),
            quiet: false.into(),
            abandoned: core.end.child_token(),
        });
        line.tell(Input::Start);
        let driver = Driver::new(core.clone(), line.clone());
        core.runtime.spawn(driver.run(inbox, told));
        line
    }

    fn tell(&self, input: Input) {
        let _ = self.inputs.send(input);
    }

    /// Takes the registration back.
    pub(crate) fn stop(&self) {
        self.tell(Input::Stop);
    }

    /// Takes the registration back without a word, for another one follows.
    pub(crate) fn give_way(&self) {
        self.quiet.store(true, Ordering::Relaxed);
        self.stop();
    }

    /// Whether this registration replaces the other one at the PBX.
    pub(crate) fn takes_over(&self, other: &Self) -> bool {
        let place = |line: &Self| {
            let account = &line.account;
            (
                account.user.clone(),
                account.server.clone(),
                account.transport,
                account.trust.clone(),
                line.contact.clone(),
            )
        };
        place(self) == place(other)
    }

    /// Ends without a word to the PBX either: the same contact is registered anew.
    pub(crate) fn abandon(&self) {
        self.quiet.store(true, Ordering::Relaxed);
        self.abandoned.cancel();
    }

    /// Waits until the registration is taken back.
    pub(crate) async fn stopped(&self) {
        let mut state = self.state.clone();
        while state.changed().await.is_ok() {}
    }

    /// The stream to the server closed.
    pub(crate) fn connection_lost(&self, peer: SocketAddr) {
        if self.account.transport != Transport::Udp && self.server() == Some(peer) {
            self.tell(Input::ConnectionLost);
        }
    }

    /// The server that requests of this line go to, once there is one.
    pub(crate) fn server(&self) -> Option<SocketAddr> {
        lock(&self.place).map(|(server, _)| server)
    }

    /// Where requests of this line go.
    pub(crate) fn peer(&self) -> Option<SipAddr> {
        Some(wire::address(
            wire::transport(self.account.transport),
            self.server()?,
        ))
    }

    /// The line's contact as the PBX knows it.
    pub(crate) fn contact_uri(&self) -> Option<rsipstack::sip::Uri> {
        let (_, at) = (*lock(&self.place))?;
        Some(wire::contact(
            &self.contact,
            at,
            wire::transport(self.account.transport),
        ))
    }

    /// The account's address of record.
    pub(crate) fn record(&self) -> Option<rsipstack::sip::Uri> {
        let server = Server::parse(&self.account.server, self.account.port);
        Some(wire::uri(
            Some(&self.account.user),
            wire::host(&server, false)?,
        ))
    }
}

struct Driver {
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
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.leave_post();
    }
}

/// Numbers drivers.
static DRIVERS: AtomicU64 = AtomicU64::new(0);

impl Driver {
    fn new(core: Arc<Core>, line: Arc<Line>) -> Self {
        Self {
            machine: Registration::new(line.account.interval_s, rand::random()),
            core,
            line,
            call_id: uuid::Uuid::new_v4().simple().to_string(),
            tag: uuid::Uuid::new_v4().simple().to_string(),
            seq: 0,
            id: DRIVERS.fetch_add(1, Ordering::Relaxed),
            post: None,
        }
    }

    async fn run(
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
                    Output::Tell(news) => {
                        if let Some(at) = self.place() {
                            lock(&self.core.watch).tell(at, self.id, &news);
                        }
                    }
                    Output::Fit(fit) => {
                        if let Some(at) = self.place() {
                            lock(&self.core.watch).fit(at, self.id, fit);
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
                    Some(input) => self.machine.handle(Instant::now(), input),
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
            self.machine.watch_every(watch.every());
            watch.turn(at, now, goes_on)
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
        let before = lock(&self.line.place).map(|(_, at)| at);
        self.placed(Some((server, contact)));
        let Some(mut request) = self.request(Method::Register, own) else {
            return self.broken(number, Fault::NameNotResolved);
        };
        let over = wire::transport(self.line.account.transport);
        let mut contacts = format!("<{}>", wire::contact(&self.line.contact, contact, over));
        // The connection that was led nowhere any more.
        if let Some(before) = before.filter(|at| *at != contact)
            && self.line.account.transport == Transport::Tls
        {
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
        let named = self.line.account.transport != Transport::Tcp;
        tokio::spawn(async move {
            let exchange = wire::exchange(&way, request, &peer);
            // Where nobody answers, the machine's own time-out says so.
            let Ok(result) = tokio::time::timeout(GIVE_UP, exchange).await else {
                return;
            };
            let _ = inputs.send(match result {
                Ok(response) => {
                    let mut answer = read(&response, &token);
                    answer.seen_as = wire::seen_as(&response, own).filter(|_| named);
                    Input::Answered(number, answer)
                }
                Err(fault) => Input::Broken(number, fault),
            });
        });
    }
}

/// What a response says to a registration.
pub(crate) fn read(response: &Response, token: &str) -> Answer {
    let headers = &response.headers;
    // Other contacts of the same account may stand beside ours.
    let ours = wire::values(headers, "contact")
        .flat_map(split_outside_quotes)
        .find(|contact| contact.contains(&format!(":{token}@")));
    let granted = ours.and_then(expires_parameter);
    Answer {
        code: response.status_code.code(),
        listed: ours.is_some(),
        granted_s: granted.or_else(|| wire::number(headers, "expires")),
        min_expires_s: wire::number(headers, "min-expires"),
        retry_after_s: wire::number(headers, "retry-after"),
        challenges: wire::challenges(response),
        seen_as: None,
    }
}

fn expires_parameter(contact: &str) -> Option<u32> {
    let parameters = &contact[contact.rfind('>')? + 1..];
    parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let named = name.trim().eq_ignore_ascii_case("expires");
        named
            .then(|| value.trim().trim_matches('"').parse().ok())
            .flatten()
    })
}

#[cfg(test)]
mod tests {
    use rsipstack::sip::Response;

    use super::read;

    #[test]
    fn what_was_granted_to_our_contact_counts() {
        let response = |headers: &str| {
            let text = format!("SIP/2.0 200 OK\r\n{headers}\r\n");
            read(
                &Response::try_from(text.as_str()).expect("a response"),
                "abc",
            )
        };
        let two = "Contact: <sip:x@h>;expires=10, <sip:abc@h:5060>;q=1;Expires=\"77\"\r\nExpires: 300\r\n";
        assert_eq!(response(two).granted_s, Some(77));
        assert_eq!(
            response("Contact: <sip:x@h>;expires=10\r\nExpires: 300\r\n").granted_s,
            Some(300)
        );
        assert!(response(two).listed);
        assert_eq!(response("").granted_s, None);
        assert!(!response("Contact: <sip:x@h>\r\n").listed);
        let busy =
            response("Retry-After: 120 (I'm in a meeting);duration=3600\r\nMin-Expires: 9\r\n");
        assert_eq!(
            (busy.retry_after_s, busy.min_expires_s),
            (Some(120), Some(9))
        );
    }
}
