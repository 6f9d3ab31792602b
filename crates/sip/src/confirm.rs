//! The answer to a call of the PBX, until it is confirmed by the ACK. The
//! stack repeats it meanwhile (RFC 3261, section 13.3.1.4).

use std::time::Duration;

use model::audio::AudioStream;
use rsipstack::sip::StatusCode;
use tokio::time::Instant;

use crate::conversation::Conversation;
use crate::event::LegEnd;
use crate::info::Keys;
use crate::leg::{Command, Heard, Incoming};

/// The stack gives an answer up after 32 s; this stands behind it.
const CONFIRM_WITHIN: Duration = Duration::from_secs(40);

impl Incoming {
    /// Waits for the ACK of the answer.
    pub(crate) async fn confirm(mut self, local: AudioStream) {
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
                Some(request) = self.seat.requests.recv() => {
                    if self.early(request, StatusCode::RequestPending).await {
                        self.end_once(ended, LegEnd::HungUp).await;
                        return;
                    }
                }
                () = tokio::time::sleep_until(deadline) => {
                    self.end_once(ended, LegEnd::NotConfirmed).await;
                    break;
                }
                () = self.core.end.cancelled() => return,
            }
        }
        self.conversation(local).leave().await;
    }

    async fn confirmed(self, local: AudioStream, ack: &[u8]) {
        let theirs = match &self.offer {
            Some(offer) => self.sdp.agreed(offer, &local),
            None => (self.sdp.read(ack)).and_then(|answer| self.sdp.agreed(&answer, &local)),
        };
        self.conversation(local).begin(theirs).await;
    }

    fn conversation(self, local: AudioStream) -> Conversation {
        let keys = Keys::of(&self.invitation.headers);
        let mut conversation = Conversation::new(
            self.core,
            self.line,
            self.seat,
            self.dialog,
            self.sdp,
            local,
            self.session,
        );
        conversation.rung = self.reliable;
        conversation.served = Some(self.served);
        conversation.keys = keys;
        conversation
    }

    async fn end_once(&self, ended: bool, end: LegEnd) -> bool {
        if !ended {
            self.ended(end).await;
        }
        true
    }
}
