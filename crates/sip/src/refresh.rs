//! The refreshes of a conversation's session that fall to this side (RFC
//! 4028, section 10): UPDATE, or a re-INVITE that changes nothing.

use model::pbx::Fault;
use rsipstack::sip::{Method, Request, Response};
use rsipstack::transport::SipAddr;
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::conversation::Conversation;
use crate::dialog::Dialog;
use crate::digest::Challenge;
use crate::headers;
use crate::invitation::{self, Within};
use crate::session::Refused;
use crate::wire::{self, Way};

/// Logins answered in one refresh: the second one only because PBXs change
/// the nonce without saying that the old one is stale.
const LOGINS_MAX: u32 = 2;

/// What came of a refresh.
pub(crate) type Outcome = Result<Response, Fault>;

impl Conversation {
    /// Sends a refresh, whose outcome follows.
    pub(crate) fn refresh(&mut self, update: bool, outcomes: &mpsc::UnboundedSender<Outcome>) {
        let method = if update {
            Method::Update
        } else {
            Method::Invite
        };
        // One at a time, and none while a change of theirs is under way.
        if self.refreshing.is_some() || (!update && self.unconfirmed.is_some()) {
            return self.refused(Refused::Glare);
        }
        let Some(mut request) = self.dialog.request(&self.core.stack, method) else {
            return self.refused(Refused::Otherwise { after_s: None });
        };
        request.headers.push(headers::contact(&self.dialog));
        request.headers.push(headers::allow());
        request.headers.extend(headers::wish(&self.session, true));
        if !update {
            request.headers.push(headers::description_type());
            request.body = self.sdp.again().as_bytes().to_vec();
        }
        for (_, count) in &mut self.logins {
            *count += 1;
        }
        wire::log_in(&mut request, &self.line.account, &self.logins);
        self.refreshing = Some(method);
        let (way, dialog) = (self.line.way.clone(), self.dialog.clone());
        let outcomes = outcomes.clone();
        tokio::spawn(async move {
            let _ = outcomes.send(carry(&way, request, dialog).await);
        });
    }

    /// Takes what came of a refresh.
    pub(crate) async fn refreshed(
        &mut self,
        outcome: Outcome,
        outcomes: &mpsc::UnboundedSender<Outcome>,
    ) {
        let Some(method) = self.refreshing.take() else {
            return;
        };
        let response = match outcome {
            Ok(response) => response,
            Err(_) => {
                // The stream of the invitation is gone: the line's own server then.
                if let Some(peer) = self.line.peer() {
                    self.dialog.peer = peer;
                }
                return self.refused(Refused::Otherwise { after_s: None });
            }
        };
        match response.status_code.code() {
            200..300 => {
                self.tried = 0;
                self.dialog.retarget(&response.headers);
                let said = headers::granted(&response.headers);
                self.session.granted(Instant::now().into(), said);
                if method == Method::Invite
                    && let Ok(audio) = (self.sdp.read(&response.body))
                        .and_then(|a| self.sdp.agreed(&a, &self.ours))
                    && audio != self.theirs
                {
                    self.changed(audio).await;
                }
            }
            401 | 407 if self.tried < LOGINS_MAX && self.dialog.is_with_server(&self.line) => {
                match Challenge::strongest(wire::challenges(&response)) {
                    Some(challenge) => {
                        self.tried += 1;
                        self.logins.retain(|(old, _)| old.proxy != challenge.proxy);
                        self.logins.push((challenge, 0));
                        self.refresh(method == Method::Update, outcomes);
                    }
                    None => self.refused(Refused::Otherwise { after_s: None }),
                }
            }
            code => {
                self.tried = 0;
                self.refused(headers::refused(code, &response.headers));
            }
        }
    }

    fn refused(&mut self, refused: Refused) {
        let now = Instant::now().into();
        self.session.refused(now, refused, rand::random());
    }
}

/// Sends a request within a dialog, and waits for its final response.
pub(crate) async fn carry(way: &Way, request: Request, dialog: Dialog) -> Outcome {
    let peer: SipAddr = dialog.peer.clone();
    if request.method != Method::Invite {
        return wire::exchange(way, request, &peer).await;
    }
    let within = Within::Known(Box::new(dialog));
    let mut responses = invitation::send(way, request, &peer, within).await?;
    while let Some(response) = responses.recv().await {
        if response.status_code.code() >= 200 {
            return Ok(response);
        }
    }
    Err(Fault::NoAnswer)
}
