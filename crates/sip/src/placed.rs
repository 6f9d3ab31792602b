//! A call that this side places through a line's PBX, until it is answered.

use std::sync::Arc;
use std::time::Duration;

use model::audio::AudioStream;
use model::id::LegId;
use rsipstack::sip::headers::untyped;
use rsipstack::sip::{Header, Headers, Method, Request, Response, StatusCode};
use rsipstack::transaction::Transaction;
use rsipstack::transport::SipAddr;
use tokio::time::Instant;

use crate::conversation::{self, Conversation};
use crate::core::{Core, Seat};
use crate::dialog::Dialog;
use crate::digest::Challenge;
use crate::early::Progress;
use crate::event::{Event, LegEnd};
use crate::headers;
use crate::info::Keys;
use crate::invitation::{self, Opening, Within};
use crate::leg::Command;
use crate::line::Line;
use crate::lookup::Server;
use crate::sdp::Local;
use crate::session::Session;
use crate::wire::{self, Head};

/// Invitations tried: one to be challenged, one for a new nonce, one for a
/// longer session, one with every codec, one without encrypted sound.
const INVITATIONS_MAX: u32 = 6;

/// Challenges of one side that are answered: a first one, and a new nonce. Who
/// goes on asking would only collect digests.
const LOGINS_MAX: u32 = 2;
/// How long a withdrawn invitation's end is awaited (RFC 3261, section 9.1).
const WITHDRAWN_WITHIN: Duration = Duration::from_secs(32);

/// A call to place.
pub(crate) struct Placed {
    pub(crate) core: Arc<Core>,
    pub(crate) line: Arc<Line>,
    pub(crate) leg: LegId,
    pub(crate) seat: Seat,
    /// Names the dialog, with the leg as our tag.
    pub(crate) call_id: String,
    pub(crate) to: String,
    pub(crate) local: AudioStream,
}

/// How one invitation went.
enum Outcome {
    Answered(Response),
    Challenged(Challenge),
    /// 422: the session is to last longer without a refresh, at least so many seconds.
    TooBrief(u32),
    Ended(LegEnd),
    /// Withdrawn, and told already.
    Withdrawn,
    /// Withdrawn too late: the answer has to be taken back.
    AnsweredAfterAll(Response),
}

impl Placed {
    /// Places the call and serves it to its end.
    pub(crate) async fn run(mut self) {
        let mut progress = Progress::new(Local::of(&self.line), self.local.clone());
        let mut offer = progress.offer();
        let mut session = Session::new(true);
        let mut challenged = [0; 2];
        let mut outcome = Outcome::Ended(LegEnd::Failed);
        let mut sent = None;
        for seq in 1..=INVITATIONS_MAX {
            let Some((mut invite, peer)) = self.invitation(seq, &offer, &session, &progress.logins)
            else {
                break;
            };
            // What follows the invitation, as its CANCEL, has to go the same way.
            let peer = self.line.way.carrier(&mut invite, &peer).await;
            sent = Some((invite.clone(), peer.clone()));
            outcome = self.invite(invite, &peer, &mut progress).await;
            match outcome {
                Outcome::Challenged(challenge) => {
                    let times = &mut challenged[usize::from(challenge.proxy)];
                    *times += 1;
                    let refused = *times > LOGINS_MAX;
                    let logins = &mut progress.logins;
                    logins.retain(|(old, _)| old.proxy != challenge.proxy);
                    logins.push((challenge, 1));
                    outcome = Outcome::Ended(LegEnd::Refused { code: 401 });
                    if refused {
                        break;
                    }
                }
                Outcome::TooBrief(min_s) => {
                    let raised = session.raised(min_s);
                    outcome = Outcome::Ended(LegEnd::Refused { code: 422 });
                    if !raised {
                        break;
                    }
                }
                // It does not take the sound so: then as it takes it.
                Outcome::Ended(LegEnd::Refused {
                    code: 415 | 488 | 606,
                }) if progress.relent() => {
                    offer = progress.offer();
                }
                _ => break,
            }
        }
        let (response, withdrawn) = match outcome {
            Outcome::Answered(response) => (response, false),
            Outcome::AnsweredAfterAll(response) => (response, true),
            Outcome::Ended(cause) => return self.ended(cause).await,
            Outcome::Withdrawn | Outcome::Challenged(_) | Outcome::TooBrief(_) => return,
        };
        let dialog = sent.and_then(|(invite, peer)| {
            // Within the call requests are small again.
            let peer = self.line.peer().unwrap_or(peer);
            let (via, contact) = self.place(&peer)?;
            Dialog::of_answer(&invite, &response, peer, via, contact)
        });
        let Some(mut dialog) = dialog else {
            if !withdrawn {
                self.ended(LegEnd::Failed).await;
            }
            return;
        };
        let theirs = progress.answered(&response, &mut dialog);
        session.granted(Instant::now().into(), headers::granted(&response.headers));
        let Progress { sdp, logins, .. } = progress;
        let mut conversation = Conversation::new(
            self.core, self.line, self.seat, dialog, sdp, self.local, session,
        );
        conversation.logins = logins;
        conversation.keys = Keys::of(&response.headers);
        if withdrawn {
            conversation.leave().await;
        } else {
            conversation.begin(theirs).await;
        }
    }

    fn place(&self, peer: &SipAddr) -> Option<(SipAddr, rsipstack::sip::Uri)> {
        let own = self.core.advertised(peer.get_socketaddr().ok()?.ip());
        Some((wire::address(peer.r#type?, own), self.line.contact_uri()?))
    }

    fn invitation(
        &self,
        seq: u32,
        offer: &str,
        session: &Session,
        logins: &[(Challenge, u32)],
    ) -> Option<(Request, SipAddr)> {
        let account = &self.line.account;
        let peer = self.line.peer()?;
        let (via, contact) = self.place(&peer)?;
        let server = Server::parse(&account.server, account.port);
        let target = wire::uri(Some(&self.to), wire::host(&server, true)?);
        let mut invite = Head {
            method: Method::Invite,
            uri: target.clone(),
            via,
            from: &format!("<{}>;tag={}", self.line.record()?, self.leg.0.simple()),
            to: &format!("<{target}>"),
            call_id: &self.call_id,
            seq,
            routes: &wire::proxy_route(account),
        }
        .request(&self.core.stack)?;
        invite.body = offer.as_bytes().to_vec();
        invite
            .headers
            .push(Header::Contact(untyped::Contact::new(format!(
                "<{contact}>"
            ))));
        invite.headers.push(headers::allow());
        invite.headers.push(headers::description_type());
        invite.headers.extend(headers::wish(session, false));
        wire::log_in(&mut invite, account, logins);
        Some((invite, peer))
    }

    async fn invite(
        &mut self,
        invite: Request,
        peer: &SipAddr,
        progress: &mut Progress,
    ) -> Outcome {
        let Some((via, contact)) = self.place(peer) else {
            return Outcome::Ended(LegEnd::Failed);
        };
        let line = self.line.clone();
        let within = Within::Opened(Box::new(Opening { via, contact, line }));
        let sent = invitation::send(&self.line.way, invite.clone(), peer, within).await;
        let Ok(mut heard) = sent else {
            return Outcome::Ended(LegEnd::Failed);
        };
        let mut given_up = None;
        let (mut provisional, mut rung, mut withdrawn) = (false, false, false);
        loop {
            tokio::select! {
                response = heard.recv() => {
                    let Some(response) = response else {
                        return if withdrawn { Outcome::Withdrawn } else { Outcome::Ended(LegEnd::Failed) };
                    };
                    match response.status_code.code() {
                        code @ 100..200 => {
                            // A CANCEL before any response may overtake its INVITE.
                            if withdrawn && !provisional {
                                self.cancel(&invite, peer);
                                given_up = Some(Instant::now() + WITHDRAWN_WITHIN);
                            }
                            provisional = true;
                            if code > 100 && !rung && !withdrawn {
                                rung = true;
                                self.core.tell(Event::Ringing { leg: self.leg }).await;
                            }
                            if code > 100 {
                                let early = self.progresses(&invite, peer, &response, progress);
                                if let Some(audio) = early.filter(|_| !withdrawn) {
                                    self.core.tell(Event::Early { leg: self.leg, audio }).await;
                                }
                            }
                        }
                        200..300 if withdrawn => return Outcome::AnsweredAfterAll(response),
                        200..300 => return Outcome::Answered(response),
                        _ if withdrawn => return Outcome::Withdrawn,
                        code @ (401 | 407) => {
                            return match Challenge::strongest(wire::challenges(&response)) {
                                Some(challenge) => Outcome::Challenged(challenge),
                                None => Outcome::Ended(LegEnd::Refused { code }),
                            };
                        }
                        422 => {
                            let min_s = wire::number(&response.headers, "min-se");
                            return Outcome::TooBrief(min_s.unwrap_or(0));
                        }
                        code => return Outcome::Ended(LegEnd::Refused { code }),
                    }
                }
                Some(command) = self.seat.commands.recv() => {
                    if !withdrawn && matches!(command, Command::HangUp | Command::Refuse(_)) {
                        withdrawn = true;
                        self.ended(LegEnd::Released).await;
                        if provisional {
                            self.cancel(&invite, peer);
                            given_up = Some(Instant::now() + WITHDRAWN_WITHIN);
                        }
                    }
                }
                Some(mut request) = self.seat.requests.recv() => {
                    let code = match request.original.method {
                        Method::Update if !request.original.body.is_empty() => {
                            self.offered(request, progress, withdrawn).await;
                            continue;
                        }
                        Method::Invite => StatusCode::RequestPending,
                        Method::Update | Method::Info | Method::Options | Method::Notify | Method::Bye => StatusCode::OK,
                        _ => StatusCode::MethodNotAllowed,
                    };
                    let _ = request.reply_with(code, conversation::offered(), None).await;
                }
                () = conversation::until(given_up) => return Outcome::Withdrawn,
                () = self.core.end.cancelled() => return Outcome::Withdrawn,
            }
        }
    }

    /// Takes a provisional response, and confirms it where that is asked for;
    /// where sound comes from before the answer, once that is told.
    fn progresses(
        &self,
        invite: &Request,
        peer: &SipAddr,
        response: &Response,
        progress: &mut Progress,
    ) -> Option<AudioStream> {
        let open = || {
            // Within the call requests are small again.
            let peer = self.line.peer().unwrap_or_else(|| peer.clone());
            let (via, contact) = self.place(&peer)?;
            Dialog::of_answer(invite, response, peer, via, contact)
        };
        let news = progress.take(response, (&self.core.stack, &self.line), open);
        if let Some(prack) = news.prack {
            let peer = self.line.peer().unwrap_or_else(|| peer.clone());
            let way = self.line.way.clone();
            // It is repeated until it is answered; the answer says nothing more.
            tokio::spawn(async move {
                let _ = wire::exchange(&way, prack, &peer).await;
            });
        }
        news.audio
    }

    /// They offer another stream before their answer.
    async fn offered(&self, mut request: Transaction, progress: &mut Progress, withdrawn: bool) {
        match progress.offered(&request.original) {
            Ok((ours, headers, audio)) => {
                let headers = [conversation::offered(), headers].concat();
                let body = Some(ours.into_bytes());
                let _ = request.reply_with(StatusCode::OK, headers, body).await;
                if !withdrawn {
                    let leg = self.leg;
                    self.core.tell(Event::Early { leg, audio }).await;
                }
            }
            Err(code) => {
                let mut headers = conversation::offered();
                if code == StatusCode::ServerInternalError {
                    headers.push(headers::retry_after());
                }
                let _ = request.reply_with(code, headers, None).await;
            }
        }
    }

    /// CANCEL is a transaction of its own with the INVITE's branch (RFC 3261, section 9.1).
    fn cancel(&self, invite: &Request, peer: &SipAddr) {
        let kept = |header: &&Header| {
            matches!(
                header,
                Header::Via(_)
                    | Header::Route(_)
                    | Header::From(_)
                    | Header::To(_)
                    | Header::CallId(_)
                    | Header::MaxForwards(_)
                    | Header::UserAgent(_)
            )
        };
        let mut headers = Headers::from(
            invite
                .headers
                .iter()
                .filter(kept)
                .cloned()
                .collect::<Vec<_>>(),
        );
        let seq = wire::number(&invite.headers, "cseq").unwrap_or(1);
        headers.push(Header::CSeq(untyped::CSeq::new(format!("{seq} CANCEL"))));
        let cancel = Request {
            method: Method::Cancel,
            uri: invite.uri.clone(),
            version: invite.version,
            headers,
            body: Vec::new(),
        };
        let (way, peer) = (self.line.way.clone(), peer.clone());
        tokio::spawn(async move {
            let _ = wire::exchange(&way, cancel, &peer).await;
        });
    }

    async fn ended(&self, cause: LegEnd) {
        tracing::info!(leg = %self.leg, ?cause, "placed call ended");
        self.core
            .tell(Event::Ended {
                leg: self.leg,
                cause,
            })
            .await;
    }
}
