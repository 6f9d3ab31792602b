//! A call that the PBX sends here, from its invitation to the confirmed
//! answer. What follows is the conversation.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use model::audio::{AudioStream, Digit};
use model::id::LegId;
use rsipstack::sip::headers::untyped;
use rsipstack::sip::{Header, Method, Request, Response, SipMessage, StatusCode};
use rsipstack::transaction::Transaction;
use rsipstack::transaction::transaction::{TransactionEvent, TransactionEventSender};
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::conversation;
use crate::core::{Core, Seat};
use crate::dialog::Dialog;
use crate::event::{Event, LegEnd, Refusal};
use crate::headers;
use crate::identity;
use crate::line::Line;
use crate::merged::Served;
use crate::refer::Target;
use crate::reliable::{self, Reliable};
use crate::sdp::{Local, Remote, SdpError};
use crate::session::Session;
use crate::wire;

/// Proxies forget a call that is silent for three minutes (RFC 3261, section 13.3.1.1).
const RING_AGAIN: Duration = Duration::from_secs(60);

/// What a leg is told to do.
#[derive(Debug)]
pub(crate) enum Command {
    Ring,
    Answer(AudioStream),
    Refuse(Refusal),
    /// Tell of a key.
    Press(Digit),
    /// Connect the other end with somebody else.
    Refer(Target),
    /// Connect the other end of that leg with this one's.
    Lend(LegId),
    HangUp,
    /// The doctor holds the call, or takes it back.
    Hold(bool),
}

/// What comes through the invitation's own transaction.
pub(crate) enum Heard {
    /// With the ACK's body.
    Acknowledged(Vec<u8>),
    Cancelled,
    /// It is over, and nothing more comes.
    Over,
}

/// A call that arrived and is not confirmed yet.
pub(crate) struct Incoming {
    pub(crate) core: Arc<Core>,
    pub(crate) line: Arc<Line>,
    leg: LegId,
    /// Where the invitation came from.
    from: SocketAddr,
    pub(crate) seat: Seat,
    pub(crate) dialog: Dialog,
    pub(crate) sdp: Local,
    /// None where the offer is left to us.
    pub(crate) offer: Option<Remote>,
    pub(crate) invitation: Request,
    respond: TransactionEventSender,
    pub(crate) heard: mpsc::UnboundedReceiver<Heard>,
    pub(crate) served: Served,
    /// Where the PBX requires provisional responses to be reliable.
    pub(crate) reliable: Option<Reliable>,
    /// The provisional response that is repeated until its PRACK.
    ringing: Option<Response>,
    pub(crate) session: Session,
}

/// Serves an invitation that found its line.
pub(crate) async fn serve(core: Arc<Core>, line: Arc<Line>, mut transaction: Transaction) {
    let Some(served) = core.invitations.enter(&line.contact, &transaction.original) else {
        let _ = transaction.reply(StatusCode::LoopDetected).await;
        return;
    };
    let sdp = Local::of(&line);
    let offer = match transaction.original.body.as_slice() {
        [] => None,
        body => match sdp.read(body) {
            Ok(offer) => Some(offer),
            Err(error) => {
                let code = match error {
                    SdpError::Malformed => StatusCode::BadRequest,
                    SdpError::NothingInCommon => StatusCode::NotAcceptableHere,
                };
                let caller = identity::caller(&transaction.original.headers);
                core.doctors.refused(line.id, &caller, code.code());
                let _ = transaction.reply(code).await;
                return;
            }
        },
    };
    let said = headers::asked(&transaction.original.headers);
    if Session::new(false)
        .asked(Instant::now().into(), said)
        .is_err()
    {
        let code = StatusCode::SessionIntervalTooSmall;
        let _ = transaction
            .reply_with(code, vec![headers::min_se()], None)
            .await;
        return;
    }
    let leg = LegId(uuid::Uuid::new_v4());
    let Some(dialog) = open(&core, &line, leg, &mut transaction) else {
        let _ = transaction.reply(StatusCode::BadRequest).await;
        return;
    };
    let tag = leg.0.simple().to_string();
    let Ok(from) = dialog.peer.get_socketaddr() else {
        let _ = transaction.reply(StatusCode::BadRequest).await;
        return;
    };
    let Some(seat) = core.seat(leg, (dialog.call_id.clone(), tag)) else {
        let _ = transaction.reply(StatusCode::ServiceUnavailable).await;
        return;
    };
    let _ = transaction.send_trying().await;
    let invitation = transaction.original.clone();
    let reliable = headers::lists(&invitation.headers, "require", "100rel").then(|| {
        let seq = dialog.remote_seq.unwrap_or_default();
        // Room is left to count up in (RFC 3262, section 7.1).
        Reliable::new(seq, rand::random::<u32>() >> 2)
    });
    let respond = transaction.tu_sender.clone();
    let (hear, heard) = mpsc::unbounded_channel();
    tokio::spawn(listen(transaction, hear));
    tracing::info!(%leg, line = %line.id, "call arrived");
    let incoming = Incoming {
        sdp,
        core,
        line,
        leg,
        from,
        seat,
        dialog,
        offer,
        invitation,
        respond,
        heard,
        served,
        reliable,
        ringing: None,
        session: Session::new(false),
    };
    incoming.run().await;
}

/// Puts our tag into the invitation, so that every response carries it, and
/// reads the dialog out of it.
fn open(core: &Core, line: &Line, leg: LegId, transaction: &mut Transaction) -> Option<Dialog> {
    let to = wire::values(&transaction.original.headers, "to")
        .next()?
        .to_owned();
    let local = format!("{to};tag={}", leg.0.simple());
    transaction
        .original
        .headers
        .unique_push(Header::To(untyped::To::new(&local)));
    let peer = transaction.connection.as_ref()?.get_remote_addr()?.clone();
    let over = peer.r#type?;
    let own = core.advertised(peer.get_socketaddr().ok()?.ip());
    let contact = match over {
        // The PBX reaches us by the connection that we opened, and by no other.
        rsipstack::sip::Transport::Tls => line.contact_uri()?,
        _ => wire::contact(&line.contact, own, over),
    };
    Dialog::of_invitation(
        &transaction.original,
        local,
        peer,
        wire::address(over, own),
        contact,
    )
}

async fn listen(mut transaction: Transaction, hear: mpsc::UnboundedSender<Heard>) {
    while let Some(message) = transaction.receive().await {
        if let SipMessage::Request(request) = message {
            let heard = match request.method {
                Method::Ack => Heard::Acknowledged(request.body),
                Method::Cancel => Heard::Cancelled,
                _ => continue,
            };
            let _ = hear.send(heard);
        }
    }
    let _ = hear.send(Heard::Over);
}

impl Incoming {
    async fn run(mut self) {
        let headers = &self.invitation.headers;
        let event = Event::Incoming {
            leg: self.leg,
            line: self.line.id,
            caller: identity::caller(headers),
            dialled: identity::dialled(headers),
            audio: self.offer.as_ref().map(|offer| self.sdp.heard(offer)),
            from: self.from,
        };
        self.core.tell(event).await;
        match self.ring().await {
            Ok(local) => self.confirm(local).await,
            Err(end) => self.ended(end).await,
        }
    }

    /// Until the call is answered; the stream of ours that it is answered with.
    async fn ring(&mut self) -> Result<AudioStream, LegEnd> {
        let mut again: Option<Instant> = None;
        loop {
            let unheard = self.unheard();
            tokio::select! {
                command = self.seat.commands.recv() => match command {
                    Some(Command::Ring) => {
                        self.let_ring();
                        again = Some(Instant::now() + RING_AGAIN);
                    }
                    Some(Command::Answer(local)) => return self.answer(local),
                    Some(Command::Refuse(refusal)) => {
                        self.respond(StatusCode::from(refusal.code()), Vec::new(), None);
                        return Err(LegEnd::Released);
                    }
                    // Only who was answered can be connected with somebody else.
                    Some(Command::Refer(_) | Command::Lend(_)) => {}
                    Some(Command::HangUp) | None => {
                        self.respond(StatusCode::TemporarilyUnavailable, Vec::new(), None);
                        return Err(LegEnd::Released);
                    }
                    // There is nothing to ask about yet, and nobody to take a key.
                    Some(Command::Hold(_) | Command::Press(_)) => {}
                },
                Some(request) = self.seat.requests.recv() => {
                    if self.early(request, StatusCode::ServerInternalError).await {
                        self.respond(StatusCode::RequestTerminated, Vec::new(), None);
                        return Err(LegEnd::Cancelled);
                    }
                }
                heard = self.heard.recv() => match heard {
                    Some(Heard::Cancelled) => {
                        self.respond(StatusCode::RequestTerminated, Vec::new(), None);
                        return Err(LegEnd::Cancelled);
                    }
                    Some(Heard::Acknowledged(_)) => {}
                    Some(Heard::Over) | None => return Err(LegEnd::Failed),
                },
                () = conversation::until(again) => {
                    self.let_ring();
                    again = Some(Instant::now() + RING_AGAIN);
                }
                () = conversation::until(unheard) => {
                    let now = Instant::now().into();
                    match self.reliable.as_mut().and_then(|reliable| reliable.time_out(now)) {
                        Some(reliable::Due::Repeat) => self.ring_on(),
                        Some(reliable::Due::GiveUp) => {
                            self.respond(StatusCode::ServerTimeOut, Vec::new(), None);
                            return Err(LegEnd::Failed);
                        }
                        None => {}
                    }
                }
                () = self.core.end.cancelled() => return Err(LegEnd::Released),
            }
        }
    }

    /// Tells that it rings, reliably where that is required (RFC 3262, section 3).
    fn let_ring(&mut self) {
        let Some(reliable) = &mut self.reliable else {
            return self.respond(StatusCode::Ringing, Vec::new(), None);
        };
        // It would have to carry the offer that is left to us, which is only
        // known with the answer; and one is confirmed before the next is sent.
        if self.offer.is_none() {
            return;
        }
        let Some(number) = reliable.send(Instant::now().into()) else {
            return;
        };
        let headers = vec![
            Header::Require(untyped::Require::new("100rel")),
            Header::RSeq(untyped::RSeq::new(number.to_string())),
        ];
        self.ringing = Some(self.response(StatusCode::Ringing, headers, None));
        self.ring_on();
    }

    fn ring_on(&self) {
        if let Some(ringing) = &self.ringing {
            let _ = self
                .respond
                .send(TransactionEvent::Respond(ringing.clone()));
        }
    }

    fn unheard(&self) -> Option<Instant> {
        let reliable = self.reliable.as_ref()?;
        reliable.poll_timeout().map(Instant::from_std)
    }

    /// A request of the dialog before our answer is confirmed: whether it was
    /// a BYE. `crossing` refuses another offer meanwhile.
    pub(crate) async fn early(&mut self, request: Transaction, crossing: StatusCode) -> bool {
        let Some(mut request) = conversation::in_dialog(&mut self.dialog, request).await else {
            return false;
        };
        let mut headers = conversation::offered();
        let offers = !request.original.body.is_empty();
        let code = match request.original.method {
            Method::Bye => StatusCode::OK,
            Method::Invite => crossing,
            Method::Update if offers => crossing,
            Method::Update => {
                self.dialog.retarget(&request.original.headers);
                headers.push(headers::contact(&self.dialog));
                StatusCode::OK
            }
            Method::Info => {
                conversation::told_key(&self.core, self.leg, &request).await;
                StatusCode::OK
            }
            Method::PRack => conversation::confirmed(self.reliable.as_mut(), &request),
            Method::Options | Method::Notify => StatusCode::OK,
            _ => StatusCode::MethodNotAllowed,
        };
        if code == StatusCode::ServerInternalError {
            headers.push(headers::retry_after());
        }
        let _ = request.reply_with(code, headers, None).await;
        request.original.method == Method::Bye
    }

    fn answer(&mut self, local: AudioStream) -> Result<AudioStream, LegEnd> {
        let description = match &self.offer {
            Some(offer) => self.sdp.answer(offer, &local),
            None => {
                // A PBX that takes none of it could not say so.
                self.sdp.widen(&local);
                Ok(self.sdp.offer(&local))
            }
        };
        let Ok(description) = description else {
            self.respond(StatusCode::NotAcceptableHere, Vec::new(), None);
            return Err(LegEnd::Failed);
        };
        let mut headers = conversation::offered();
        headers.push(headers::description_type());
        let said = headers::asked(&self.invitation.headers);
        // Too short an interval was refused when the invitation came.
        if let Ok(Some(agreed)) = self.session.asked(Instant::now().into(), said) {
            headers.extend(headers::agreed(agreed, said));
        }
        self.respond(StatusCode::OK, headers, Some(description));
        Ok(local)
    }

    pub(crate) async fn ended(&self, cause: LegEnd) {
        tracing::info!(leg = %self.leg, ?cause, "call ended");
        self.core
            .tell(Event::Ended {
                leg: self.leg,
                cause,
            })
            .await;
    }

    /// Through the transaction, which repeats it as needed.
    fn respond(&self, code: StatusCode, headers: Vec<Header>, body: Option<String>) {
        let response = self.response(code, headers, body);
        let _ = self.respond.send(TransactionEvent::Respond(response));
    }

    fn response(&self, code: StatusCode, headers: Vec<Header>, body: Option<String>) -> Response {
        let body = body.map(String::into_bytes);
        let mut response = self.core.stack.make_response(&self.invitation, code, body);
        if matches!(response.status_code.code(), 101..300) {
            let routes = self.invitation.headers.iter();
            let routes = routes.filter(|header| matches!(header, Header::RecordRoute(_)));
            response.headers.extend(routes.cloned().collect());
            response.headers.push(headers::contact(&self.dialog));
        }
        response.headers.extend(headers);
        response
    }
}
