//! What the doctor asks within a call: hold (RFC 3264, section 8.4) and
//! transfer (RFC 3515).

use model::audio::{AudioStream, Direction};
use rsipstack::sip::headers::untyped;
use rsipstack::sip::{Header, Method};

use crate::conversation::Conversation;
use crate::digest::Challenge;
use crate::event::Event;
use crate::headers;
use crate::refresh;
use crate::wire;

/// Requests that one question may take: one to be challenged, one to answer.
const REQUESTS: u32 = 2;

/// A question within a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exam {
    /// To hold the call, or to take it back.
    Hold(bool),
    /// To transfer it to the line's own extension.
    Transfer,
}

impl Conversation {
    /// Asks; [`Event::Examined`] follows.
    pub(crate) fn examine(&mut self, exam: Exam) {
        let mut dialog = self.dialog.clone();
        self.dialog.seq += REQUESTS;
        let (method, extra, body) = match exam {
            Exam::Hold(on) => {
                let direction = match on {
                    true => Direction::SendOnly,
                    false => Direction::SendRecv,
                };
                let stream = AudioStream {
                    direction,
                    ..self.ours.clone()
                };
                let extra = vec![
                    headers::contact(&self.dialog),
                    headers::allow(),
                    headers::description_type(),
                ];
                (Method::Invite, extra, self.sdp.offer(&stream).into_bytes())
            }
            Exam::Transfer => {
                let target = self.line.record().map(|uri| format!("<{uri}>"));
                let target = target.unwrap_or_default();
                let extra = vec![
                    headers::contact(&self.dialog),
                    Header::ReferTo(untyped::ReferTo::new(target.clone())),
                    Header::Other("Referred-By".into(), target),
                ];
                (Method::Refer, extra, Vec::new())
            }
        };
        let (core, line, leg) = (self.core.clone(), self.line.clone(), self.leg);
        let mut logins = self.logins.clone();
        tokio::spawn(async move {
            let mut code = None;
            for _ in 0..REQUESTS {
                let Some(mut request) = dialog.request(&core.stack, method.clone()) else {
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
