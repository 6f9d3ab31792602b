//! What the doctor does within a call: hold (RFC 3264, section 8.4).

use model::audio::{AudioStream, Direction};
use rsipstack::sip::Method;

use crate::conversation::Conversation;
use crate::digest::Challenge;
use crate::event::Event;
use crate::headers;
use crate::refresh;
use crate::wire;

/// Requests that one change may take: one to be challenged, one to answer.
const REQUESTS: u32 = 2;

impl Conversation {
    /// Holds the call, or takes it back; [`Event::Examined`] follows.
    pub(crate) fn hold(&mut self, on: bool) {
        let mut dialog = self.dialog.clone();
        self.dialog.seq += REQUESTS;
        let stream = AudioStream {
            direction: match on {
                true => Direction::SendOnly,
                false => Direction::SendRecv,
            },
            ..self.ours.clone()
        };
        let extra = vec![
            headers::contact(&self.dialog),
            headers::allow(),
            headers::description_type(),
        ];
        let body = self.sdp.offer(&stream).into_bytes();
        let (core, line, leg) = (self.core.clone(), self.line.clone(), self.leg);
        let mut logins = self.logins.clone();
        tokio::spawn(async move {
            let mut code = None;
            for _ in 0..REQUESTS {
                let Some(mut request) = dialog.request(&core.stack, Method::Invite) else {
                    break;
                };
                request.headers.extend(extra.clone());
                request.body.clone_from(&body);
                for (_, count) in &mut logins {
                    *count += 1;
                }
                wire::log_in(&mut request, &line.account, &logins);
                let Ok(response) = refresh::carry(&line.way, request, dialog.clone()).await else {
                    break;
                };
                code = Some(response.status_code.code());
                match Challenge::strongest(wire::challenges(&response)) {
                    Some(challenge) if matches!(code, Some(401 | 407)) => {
                        logins.retain(|(old, _)| old.proxy != challenge.proxy);
                        logins.push((challenge, 0));
                    }
                    _ => break,
                }
            }
            core.tell(Event::Examined { leg, code }).await;
        });
    }
}
