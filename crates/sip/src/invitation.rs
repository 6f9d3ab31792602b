//! An INVITE of ours on its way: what is answered to it, and the ACK of every
//! 2xx.

use std::sync::Arc;

use model::pbx::Fault;
use rsipstack::sip::headers::untyped;
use rsipstack::sip::{Header, Request, Response, SipMessage};
use rsipstack::transaction::Transaction;
use rsipstack::transaction::endpoint::{EndpointInnerRef, MessageInspector};
use rsipstack::transport::SipAddr;
use tokio::sync::mpsc;

use crate::dialog::Dialog;
use crate::line::Line;
use crate::trace::Traces;
use crate::wire::{self, Way};

/// Most branches of a forked call that are hung up one by one.
const FORKS_MAX: usize = 8;

/// Leaves the ACK of a 2xx to us. The stack would send it to the Contact,
/// which behind a NAT nobody can reach, and so the call would end at 32 s; it
/// keeps its hands off a 2xx whose second Via says that it is another's.
///
/// What goes by is traced here too: on its way to a transaction once more,
/// but then without where it came from.
pub(crate) struct OwnAck(pub(crate) Traces);

impl MessageInspector for OwnAck {
    fn before_send(&self, message: SipMessage, _: Option<&SipAddr>) -> SipMessage {
        self.0.take(&message, true);
        message
    }

    fn after_received(&self, mut message: SipMessage, from: Option<&SipAddr>) -> SipMessage {
        if from.is_some() {
            self.0.take(&message, false);
        }
        if let SipMessage::Response(response) = &mut message
            && matches!(response.status_code.code(), 200..300)
            && is_of_invite(response)
        {
            response.headers.push(Header::Via(untyped::Via::new(
                "SIP/2.0/UDP own.invalid;branch=z9hG4bKown",
            )));
        }
        message
    }
}

fn is_of_invite(response: &Response) -> bool {
    let cseq = wire::values(&response.headers, "cseq").next();
    cseq.is_some_and(|cseq| cseq.trim_end().ends_with(" INVITE"))
}

/// What this side is in a dialog that is yet to be opened.
pub(crate) struct Opening {
    pub(crate) via: SipAddr,
    pub(crate) contact: rsipstack::sip::Uri,
    pub(crate) line: Arc<Line>,
}

/// The dialog that an invitation opens or goes on with.
pub(crate) enum Within {
    /// A new one, by the first 2xx.
    Opened(Box<Opening>),
    /// One that is there already.
    Known(Box<Dialog>),
}

/// Sends the invitation; its responses follow, each 2xx being acknowledged.
/// Repetitions are not told, nor are other branches of a forked call: those are hung up.
pub(crate) async fn send(
    way: &Way,
    invite: Request,
    peer: &SipAddr,
    within: Within,
) -> Result<mpsc::UnboundedReceiver<Response>, Fault> {
    let mut transaction = wire::open(way, invite.clone(), peer).await?;
    transaction
        .send()
        .await
        .map_err(|_| Fault::ConnectionRefused)?;
    let (hear, heard) = mpsc::unbounded_channel();
    let invitation = Invitation {
        stack: way.stack.clone(),
        traces: way.traces.clone(),
        invite,
        peer: peer.clone(),
        within,
        answered: Vec::new(),
    };
    tokio::spawn(invitation.listen(transaction, hear));
    Ok(heard)
}

struct Invitation {
    stack: EndpointInnerRef,
    traces: Traces,
    invite: Request,
    peer: SipAddr,
    within: Within,
    /// Tags of those that answered, the first one being talked to.
    answered: Vec<String>,
}

impl Invitation {
    /// Until the transaction is over, for answers are repeated.
    async fn listen(mut self, mut transaction: Transaction, hear: mpsc::UnboundedSender<Response>) {
        while let Some(message) = transaction.receive().await {
            let SipMessage::Response(response) = message else {
                continue;
            };
            if !matches!(response.status_code.code(), 200..300) {
                let _ = hear.send(response);
                continue;
            }
            let Some(dialog) = self.dialog(&response) else {
                let _ = hear.send(response);
                continue;
            };
            self.acknowledge(&transaction, &dialog).await;
            let tag = wire::tag(&dialog.remote).unwrap_or_default().to_owned();
            if self.answered.contains(&tag) || self.answered.len() > FORKS_MAX {
                continue;
            }
            let first = self.answered.is_empty();
            self.answered.push(tag);
            // Whoever answers after the first, or after everybody here went, is left alone again.
            if !first || hear.send(response).is_err() {
                self.leave(dialog);
            }
        }
    }

    fn dialog(&self, response: &Response) -> Option<Dialog> {
        match &self.within {
            Within::Opened(opening) => Dialog::of_answer(
                &self.invite,
                response,
                self.peer.clone(),
                opening.via.clone(),
                opening.contact.clone(),
            ),
            Within::Known(dialog) => {
                let mut dialog = dialog.clone();
                dialog.retarget(&response.headers);
                Some(*dialog)
            }
        }
    }

    async fn acknowledge(&self, transaction: &Transaction, dialog: &Dialog) {
        let Some(ack) = dialog.ack(&self.stack, &self.invite) else {
            return;
        };
        if let Some(connection) = &transaction.connection {
            // It goes by the stack, and its inspector.
            let ack = SipMessage::Request(ack);
            self.traces.take(&ack, true);
            // A lost one is sent again with the next repetition of the answer.
            let _ = connection.send(ack, Some(&self.peer)).await;
        }
    }

    fn leave(&self, mut dialog: Dialog) {
        if let Within::Opened(opening) = &self.within {
            let (stack, line) = (self.stack.clone(), opening.line.clone());
            tokio::spawn(async move { dialog.bye(&stack, &line).await });
        }
    }
}

#[cfg(test)]
mod tests {
    use rsipstack::sip::{Response, SipMessage};
    use rsipstack::transaction::endpoint::MessageInspector as _;

    use super::OwnAck;
    use crate::trace::Traces;
    use crate::wire;

    #[test]
    fn only_answers_to_invitations_are_kept_from_the_stack() {
        let vias = |status: &str, method: &str| {
            let text = format!(
                "SIP/2.0 {status} X\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nCSeq: 1 {method}\r\n\r\n"
            );
            let response = Response::try_from(text.as_str()).expect("a response");
            let inspector = OwnAck(Traces::default());
            match inspector.after_received(SipMessage::Response(response), None) {
                SipMessage::Response(response) => wire::values(&response.headers, "via").count(),
                SipMessage::Request(_) => 0,
            }
        };
        assert_eq!(vias("200", "INVITE"), 2);
        assert_eq!(vias("180", "INVITE"), 1);
        assert_eq!(vias("487", "INVITE"), 1);
        assert_eq!(vias("200", "UPDATE"), 1);
    }
}
