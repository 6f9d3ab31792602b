//! A call that the PBX sends here, from its invitation to the confirmed
//! answer. What follows is the [`Conversation`].

use std::sync::Arc;
use std::time::Duration;

use model::audio::AudioStream;
use model::id::LegId;
use rsipstack::sip::headers::untyped;
use rsipstack::sip::{Header, Method, Request, SipMessage, StatusCode};
use rsipstack::transaction::Transaction;
use rsipstack::transaction::transaction::{TransactionEvent, TransactionEventSender};
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::conversation::{self, Conversation};
use crate::core::{Core, Seat};
use crate::dialog::Dialog;
use crate::event::{Event, LegEnd, Refusal};
use crate::identity;
use crate::line::Line;
use crate::sdp::{Local, Remote, SdpError};
use crate::wire;

/// Proxies forget a call that is silent for three minutes (RFC 3261, section 13.3.1.1).
const RING_AGAIN: Duration = Duration::from_secs(60);
/// The stack gives an answer up after 32 s; this stands behind it.
const CONFIRM_WITHIN: Duration = Duration::from_secs(40);

/// What a leg is told to do.
#[derive(Debug)]
pub(crate) enum Command {
    Ring,
    Answer(AudioStream),
    Refuse(Refusal),
    HangUp,
}

/// What comes through the invitation's own transaction.
enum Heard {
    /// With the ACK's body.
    Acknowledged(Vec<u8>),
    Cancelled,
    /// It is over, and nothing more comes.
    Over,
}

struct Incoming {
    core: Arc<Core>,
    line: Arc<Line>,
    leg: LegId,
    seat: Seat,
    dialog: Dialog,
    sdp: Local,
    /// None where the offer is left to us.
    offer: Option<Remote>,
    invitation: Request,
    respond: TransactionEventSender,
    heard: mpsc::UnboundedReceiver<Heard>,
}

/// Serves an invitation that found its line.
pub(crate) async fn serve(core: Arc<Core>, line: Arc<Line>, mut transaction: Transaction) {
    let offer = match transaction.original.body.as_slice() {
        [] => None,
        body => match Remote::parse(body) {
            Ok(offer) => Some(offer),
            Err(error) => {
                let code = match error {
                    SdpError::Malformed => StatusCode::BadRequest,
                    SdpError::NothingInCommon => StatusCode::NotAcceptableHere,
                };
                let _ = transaction.reply(code).await;
                return;
            }
        },
    };
    let leg = LegId(uuid::Uuid::new_v4());
    let Some(dialog) = open(&core, &line, leg, &mut transaction) else {
        let _ = transaction.reply(StatusCode::BadRequest).await;
        return;
    };
    let tag = leg.0.simple().to_string();
    let Some(seat) = core.seat(leg, (dialog.call_id.clone(), tag)) else {
        let _ = transaction.reply(StatusCode::ServiceUnavailable).await;
        return;
    };
    let _ = transaction.send_trying().await;
    let invitation = transaction.original.clone();
    let respond = transaction.tu_sender.clone();
    let (hear, heard) = mpsc::unbounded_channel();
    tokio::spawn(listen(transaction, hear));
    tracing::info!(%leg, line = %line.id, "call arrived");
    let incoming = Incoming {
        sdp: Local::new(rand::random::<u32>().into()),
        core,
        line,
        leg,
        seat,
        dialog,
        offer,
        invitation,
        respond,
        heard,
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
    let contact = wire::contact(&line.contact, own, over);
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
            audio: self.offer.as_ref().map(|offer| offer.audio.clone()),
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
            tokio::select! {
                command = self.seat.commands.recv() => match command {
                    Some(Command::Ring) => {
                        self.respond(StatusCode::Ringing, Vec::new(), None);
                        again = Some(Instant::now() + RING_AGAIN);
                    }
                    Some(Command::Answer(local)) => return self.answer(local),
                    Some(Command::Refuse(refusal)) => {
                        self.respond(StatusCode::from(refusal.code()), Vec::new(), None);
                        return Err(LegEnd::Released);
                    }
                    Some(Command::HangUp) | None => {
                        self.respond(StatusCode::TemporarilyUnavailable, Vec::new(), None);
                        return Err(LegEnd::Released);
                    }
                },
                Some(mut request) = self.seat.requests.recv() => {
                    if request.original.method == Method::Bye {
                        let _ = request.reply(StatusCode::OK).await;
                        self.respond(StatusCode::RequestTerminated, Vec::new(), None);
                        return Err(LegEnd::Cancelled);
                    }
                    self.early(request).await;
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
                    self.respond(StatusCode::Ringing, Vec::new(), None);
                    again = Some(Instant::now() + RING_AGAIN);
                }
                () = self.core.end.cancelled() => return Err(LegEnd::Released),
            }
        }
    }

    /// A request of the dialog before our answer is confirmed.
    async fn early(&mut self, mut request: Transaction) {
        self.dialog.in_order(&request.original);
        let code = match request.original.method {
            // Our answer to their first offer is still under way.
            Method::Invite => StatusCode::RequestPending,
            Method::Update if !request.original.body.is_empty() => StatusCode::RequestPending,
            Method::Info => {
                self.digit(&request.original).await;
                StatusCode::OK
            }
            Method::Update | Method::Options | Method::Notify => StatusCode::OK,
            _ => StatusCode::MethodNotAllowed,
        };
        let _ = request
            .reply_with(code, vec![conversation::allow()], None)
            .await;
    }

    async fn digit(&self, request: &Request) {
        if let Some(digit) = conversation::digit(request) {
            self.core
                .tell(Event::Digit {
                    leg: self.leg,
                    digit,
                })
                .await;
        }
    }

    fn answer(&mut self, local: AudioStream) -> Result<AudioStream, LegEnd> {
        let description = match &self.offer {
            Some(offer) => self.sdp.answer(offer, &local),
            None => Ok(self.sdp.offer(&local)),
        };
        let Ok(description) = description else {
            self.respond(StatusCode::NotAcceptableHere, Vec::new(), None);
            return Err(LegEnd::Failed);
        };
        let mut headers = vec![conversation::allow(), conversation::description_type()];
        headers.extend(
            conversation::session_timer(&self.invitation)
                .map(|t| t.headers)
                .unwrap_or_default(),
        );
        self.respond(StatusCode::OK, headers, Some(description));
        Ok(local)
    }

    /// Waits for the ACK of the answer.
    async fn confirm(mut self, local: AudioStream) {
        let deadline = Instant::now() + CONFIRM_WITHIN;
        // Once the leg has ended for the product, only the peer is still owed a BYE.
        let mut ended = false;
        loop {
            tokio::select! {
                heard = self.heard.recv() => match heard {
                    Some(Heard::Acknowledged(ack)) => {
                        if ended {
                            break;
                        }
                        return self.confirmed(local, &ack).await;
                    }
                    Some(Heard::Cancelled) => ended = self.end_once(ended, LegEnd::Cancelled).await,
                    Some(Heard::Over) | None => {
                        self.end_once(ended, LegEnd::NotConfirmed).await;
                        break;
                    }
                },
                Some(command) = self.seat.commands.recv() => {
                    if matches!(command, Command::HangUp | Command::Refuse(_)) {
                        ended = self.end_once(ended, LegEnd::Released).await;
                    }
                }
                Some(mut request) = self.seat.requests.recv() => {
                    if request.original.method == Method::Bye {
                        let _ = request.reply(StatusCode::OK).await;
                        self.end_once(ended, LegEnd::HungUp).await;
                        return;
                    }
                    self.early(request).await;
                }
                () = tokio::time::sleep_until(deadline) => {
                    self.end_once(ended, LegEnd::NotConfirmed).await;
                    break;
                }
                () = self.core.end.cancelled() => return,
            }
        }
        self.dialog.bye(&self.core.stack, &self.line).await;
    }

    async fn confirmed(self, local: AudioStream, ack: &[u8]) {
        let theirs = match &self.offer {
            Some(offer) => offer.agreed(&local),
            None => Remote::parse(ack).and_then(|answer| answer.agreed(&local)),
        };
        let conversation = Conversation {
            timer: conversation::session_timer(&self.invitation).map(|timer| timer.deadline()),
            core: self.core,
            line: self.line,
            leg: self.leg,
            seat: self.seat,
            dialog: self.dialog,
            sdp: self.sdp,
            ours: local,
        };
        conversation.begin(theirs).await;
    }

    async fn end_once(&self, ended: bool, end: LegEnd) -> bool {
        if !ended {
            self.ended(end).await;
        }
        true
    }

    async fn ended(&self, cause: LegEnd) {
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
        let body = body.map(String::into_bytes);
        let mut response = self.core.stack.make_response(&self.invitation, code, body);
        if matches!(response.status_code.code(), 101..300) {
            let routes = self.invitation.headers.iter();
            let routes = routes.filter(|header| matches!(header, Header::RecordRoute(_)));
            response.headers.extend(routes.cloned().collect());
            response.headers.push(conversation::contact(&self.dialog));
        }
        response.headers.extend(headers);
        let _ = self.respond.send(TransactionEvent::Respond(response));
    }
}
