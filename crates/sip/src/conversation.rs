//! A call whose answer is confirmed, whichever side placed it: the PBX may
//! change it, the session timer is kept, either side may end it.

use std::sync::Arc;

use model::audio::AudioStream;
use model::id::LegId;
use rsipstack::sip::{Method, StatusCode};
use rsipstack::transaction::Transaction;
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::change::Unconfirmed;
use crate::core::{Core, Seat};
use crate::dialog::Dialog;
use crate::digest::Challenge;
use crate::event::{Event, LegEnd};
use crate::headers;
use crate::info::{self, Keys};
use crate::leg::Command;
use crate::line::Line;
use crate::merged::Served;
use crate::refer::Referring;
use crate::reliable::Reliable;
use crate::sdp::{Local, SdpError};
use crate::session::{Due, Session};
use crate::wire;

/// A confirmed call.
pub(crate) struct Conversation {
    pub(crate) core: Arc<Core>,
    pub(crate) line: Arc<Line>,
    pub(crate) leg: LegId,
    pub(crate) seat: Seat,
    pub(crate) dialog: Dialog,
    pub(crate) sdp: Local,
    /// Our stream as last described.
    pub(crate) ours: AudioStream,
    /// Theirs, as last told.
    pub(crate) theirs: AudioStream,
    pub(crate) session: Session,
    /// The method of our refresh that is under way.
    pub(crate) refreshing: Option<Method>,
    /// Their last re-INVITE, until its answer is confirmed.
    pub(crate) unconfirmed: Option<Unconfirmed>,
    /// Answers to the PBX's challenges, and how many requests each has served.
    pub(crate) logins: Vec<(Challenge, u32)>,
    /// Challenges in a row that one refresh has met.
    pub(crate) tried: u32,
    /// A provisional response whose PRACK may come after the ACK.
    pub(crate) rung: Option<Reliable>,
    /// Keys of ours that go by INFO.
    pub(crate) keys: Keys,
    /// A REFER of ours that is not over.
    pub(crate) referring: Option<Referring>,
    /// Their invitation's place, so that no copy of it rings meanwhile.
    pub(crate) served: Option<Served>,
}

impl Conversation {
    /// A call that was just agreed.
    pub(crate) fn new(
        core: Arc<Core>,
        line: Arc<Line>,
        seat: Seat,
        dialog: Dialog,
        sdp: Local,
        ours: AudioStream,
        session: Session,
    ) -> Self {
        Self {
            leg: seat.leg(),
            core,
            line,
            seat,
            dialog,
            sdp,
            theirs: ours.clone(),
            ours,
            session,
            refreshing: None,
            unconfirmed: None,
            logins: Vec::new(),
            tried: 0,
            rung: None,
            keys: Keys::default(),
            referring: None,
            served: None,
        }
    }

    /// Tells that the call is answered, with what both sides agreed, and
    /// serves it to its end.
    pub(crate) async fn begin(mut self, theirs: Result<AudioStream, SdpError>) {
        let leg = self.leg;
        match theirs {
            Ok(audio) => {
                tracing::info!(%leg, "call answered");
                self.theirs = audio.clone();
                self.core.tell(Event::Answered { leg, audio }).await;
                if let Some(end) = self.talk().await {
                    self.end(end).await;
                    if end != LegEnd::HungUp {
                        self.leave().await;
                    }
                }
            }
            Err(_) => {
                self.end(LegEnd::Failed).await;
                self.leave().await;
            }
        }
    }

    async fn end(&self, cause: LegEnd) {
        tracing::info!(leg = %self.leg, ?cause, "call ended");
        self.core
            .tell(Event::Ended {
                leg: self.leg,
                cause,
            })
            .await;
    }

    /// Hangs up; the peer may be doing the same.
    pub(crate) async fn leave(mut self) {
        let bye = self.dialog.bye(&self.core.stack, &self.line);
        tokio::pin!(bye);
        loop {
            tokio::select! {
                () = &mut bye => return,
                Some(mut request) = self.seat.requests.recv() => {
                    let code = match request.original.method {
                        Method::Bye => StatusCode::OK,
                        _ => StatusCode::CallTransactionDoesNotExist,
                    };
                    let _ = request.reply(code).await;
                }
            }
        }
    }

    /// None where the whole endpoint ends.
    async fn talk(&mut self) -> Option<LegEnd> {
        let (acknowledge, mut acknowledged) = mpsc::unbounded_channel();
        let (outcomes, mut refreshed) = mpsc::unbounded_channel();
        let (referrals, mut referred) = mpsc::unbounded_channel();
        let (informs, mut informed) = mpsc::unbounded_channel();
        loop {
            tokio::select! {
                Some(command) = self.seat.commands.recv() => match command {
                    Command::HangUp | Command::Refuse(_) => return Some(LegEnd::Released),
                    Command::Hold(on) => self.hold(on),
                    Command::Press(digit) => self.press(digit, &informs).await,
                    Command::Refer(target) => self.refer(target, &referrals).await,
                    Command::Lend(leg) => self.lend(leg),
                    Command::Ring | Command::Answer(_) => {}
                },
                Some(request) = self.seat.requests.recv() => {
                    let Some(mut request) = in_dialog(&mut self.dialog, request).await else {
                        continue;
                    };
                    match request.original.method {
                        Method::Bye => {
                            let _ = request.reply(StatusCode::OK).await;
                            self.hear_out(&mut referred).await;
                            return Some(LegEnd::HungUp);
                        }
                        Method::Invite | Method::Update => self.change(request, &acknowledge).await,
                        _ => self.aside(request).await,
                    }
                }
                Some(ack) = acknowledged.recv() => {
                    if let Some(end) = self.acknowledged(ack).await {
                        return Some(end);
                    }
                }
                Some(outcome) = refreshed.recv() => self.refreshed(outcome, &outcomes).await,
                Some(outcome) = informed.recv() => self.informed(outcome, &informs).await,
                Some(outcome) = referred.recv() => self.refer_answered(outcome, &referrals).await,
                () = until(self.session.poll_timeout().map(Instant::from_std)) => {
                    match self.session.time_out(Instant::now().into()) {
                        Some(Due::Refresh { update }) => self.refresh(update, &outcomes),
                        Some(Due::Over) => return Some(LegEnd::Failed),
                        None => {}
                    }
                }
                () = self.core.end.cancelled() => return None,
            }
        }
    }

    /// Whatever else a PBX says within a call.
    async fn aside(&mut self, mut request: Transaction) {
        let code = match request.original.method {
            Method::Info => {
                told_key(&self.core, self.leg, &request).await;
                StatusCode::OK
            }
            Method::PRack => confirmed(self.rung.as_mut(), &request),
            Method::Notify => {
                self.notified(&request.original).await;
                StatusCode::OK
            }
            Method::Options => StatusCode::OK,
            _ => StatusCode::MethodNotAllowed,
        };
        let _ = request.reply_with(code, offered(), None).await;
    }
}

/// What this side says about itself within a dialog.
pub(crate) fn offered() -> Vec<rsipstack::sip::Header> {
    vec![headers::allow(), headers::supported()]
}

/// A request as it may be served within the dialog: the others are refused
/// (RFC 3261, section 12.2.2).
pub(crate) async fn in_dialog(
    dialog: &mut Dialog,
    mut request: Transaction,
) -> Option<Transaction> {
    let original = &request.original;
    let refusal = if !dialog.is_theirs(original) {
        StatusCode::CallTransactionDoesNotExist
    } else if !dialog.in_order(original) {
        StatusCode::ServerInternalError
    } else {
        return Some(request);
    };
    let _ = request.reply_with(refusal, Vec::new(), None).await;
    None
}

/// Tells the key of an INFO, where it is about one.
pub(crate) async fn told_key(core: &Core, leg: LegId, request: &Transaction) {
    if let Some(digit) = info::digit(&request.original) {
        core.tell(Event::Digit { leg, digit }).await;
    }
}

/// The answer to a PRACK (RFC 3262, section 3).
pub(crate) fn confirmed(rung: Option<&mut Reliable>, prack: &Transaction) -> StatusCode {
    let rack = wire::values(&prack.original.headers, "rack").next();
    match rack {
        None => StatusCode::BadRequest,
        Some(rack) if rung.is_some_and(|rung| rung.confirmed(rack)) => StatusCode::OK,
        Some(_) => StatusCode::CallTransactionDoesNotExist,
    }
}

/// Sleeps until the moment, for ever where there is none.
pub(crate) async fn until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
