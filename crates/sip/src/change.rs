//! What the PBX changes within a conversation: re-INVITE and UPDATE (RFC
//! 3261, section 14.2; RFC 3311).

use model::audio::AudioStream;
use rsipstack::sip::{Method, SipMessage, StatusCode};
use rsipstack::transaction::Transaction;
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::conversation::Conversation;
use crate::event::{Event, LegEnd};
use crate::headers;
use crate::sdp::SdpError;
use crate::wire;

/// What became of the answer to a re-INVITE.
pub(crate) struct Acknowledged {
    /// CSeq of the re-INVITE.
    seq: u32,
    /// The ACK's body; none where the ACK never came.
    body: Option<Vec<u8>>,
}

/// Their re-INVITE whose answer waits for its ACK.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unconfirmed {
    /// Its CSeq.
    seq: u32,
    /// Whether the ACK is to bring an answer to an offer of ours.
    offered: bool,
}

impl Conversation {
    /// A re-INVITE or UPDATE.
    pub(crate) async fn change(
        &mut self,
        mut request: Transaction,
        acknowledge: &mpsc::UnboundedSender<Acknowledged>,
    ) {
        let invite = request.original.method == Method::Invite;
        let offers = !request.original.body.is_empty();
        if let Some(code) = self.crossing(invite, offers) {
            let _ = request.reply(code).await;
            return;
        }
        let said = headers::asked(&request.original.headers);
        let mut session = self.session.clone();
        let Ok(agreed) = session.asked(Instant::now().into(), said) else {
            let code = StatusCode::SessionIntervalTooSmall;
            let _ = request
                .reply_with(code, vec![headers::min_se()], None)
                .await;
            return;
        };
        let mut changed = None;
        let description = match request.original.body.as_slice() {
            [] => Ok(invite.then(|| self.sdp.offer(&self.ours))),
            body => self.sdp.read(body).and_then(|offer| {
                let answer = self.sdp.answer(&offer, &self.ours)?;
                changed = Some(self.sdp.agreed(&offer, &self.ours)?);
                Ok(Some(answer))
            }),
        };
        let description = match description {
            Ok(description) => description,
            Err(error) => {
                // The session goes on as it was (RFC 3261, section 14.2).
                let code = match error {
                    SdpError::Malformed => StatusCode::BadRequest,
                    SdpError::NothingInCommon => StatusCode::NotAcceptableHere,
                };
                let _ = request.reply(code).await;
                return;
            }
        };
        self.session = session;
        self.dialog.retarget(&request.original.headers);
        let mut headers = vec![
            headers::contact(&self.dialog),
            headers::allow(),
            headers::supported(),
        ];
        headers.extend(description.as_ref().map(|_| headers::description_type()));
        headers.extend(agreed.into_iter().flat_map(|a| headers::agreed(a, said)));
        let body = description.map(String::into_bytes);
        let sent = request.reply_with(StatusCode::OK, headers, body).await;
        if let Some(audio) = changed {
            self.changed(audio).await;
        }
        if invite && sent.is_ok() {
            let seq = wire::number(&request.original.headers, "cseq").unwrap_or_default();
            let offered = !offers;
            self.unconfirmed = Some(Unconfirmed { seq, offered });
            tokio::spawn(wait_for_ack(request, seq, acknowledge.clone()));
        }
    }

    /// What a change is refused with because another one is under way: RFC
    /// 3261, section 14.2 for re-INVITE, RFC 3311, section 5.2 for UPDATE.
    fn crossing(&self, invite: bool, offers: bool) -> Option<StatusCode> {
        // Of ours, only a re-INVITE carries an offer.
        let ours = self.refreshing == Some(Method::Invite);
        let awaited = self.unconfirmed.is_some_and(|u| u.offered);
        ((invite || offers) && (ours || awaited)).then_some(StatusCode::RequestPending)
    }

    /// What became of an answer of ours; the end of the call where it was never
    /// confirmed (RFC 3261, section 14.2). Only the latest one counts.
    pub(crate) async fn acknowledged(&mut self, ack: Acknowledged) -> Option<LegEnd> {
        let latest = self.unconfirmed.take_if(|latest| latest.seq == ack.seq)?;
        let Some(body) = ack.body else {
            return Some(LegEnd::NotConfirmed);
        };
        if latest.offered
            && let Ok(audio) = (self.sdp.read(&body)).and_then(|a| self.sdp.agreed(&a, &self.ours))
        {
            self.changed(audio).await;
        }
        None
    }

    /// Tells where sound goes from now on.
    pub(crate) async fn changed(&mut self, audio: AudioStream) {
        self.theirs = audio.clone();
        let leg = self.leg;
        self.core.tell(Event::Changed { leg, audio }).await;
    }
}

async fn wait_for_ack(
    mut request: Transaction,
    seq: u32,
    acknowledge: mpsc::UnboundedSender<Acknowledged>,
) {
    let mut body = None;
    while let Some(message) = request.receive().await {
        if let SipMessage::Request(ack) = message
            && ack.method == Method::Ack
        {
            body = Some(ack.body);
            break;
        }
    }
    let _ = acknowledge.send(Acknowledged { seq, body });
}
