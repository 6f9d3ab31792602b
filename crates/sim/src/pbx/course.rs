//! The course of one call: it rings at the employee's, is forwarded to the
//! line, is answered, and ends.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use model::audio::{Digit, Law};
use rsipstack::dialog::dialog::{DialogState, TerminatedReason};
use rsipstack::dialog::dialog_layer::DialogLayer;
use rsipstack::dialog::invite_dialog::InviteDialog;
use rsipstack::sip::{Header, StatusCode};
use tokio::net::UdpSocket;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep, sleep_until};

use super::call::{CallEnd, CallEvent, CallSpec, Command, EndedBy, HangUp, Happened};
use super::change::{self, Descriptions};
use super::invitation;
use super::qualify;
use super::quirks::{Change, Keys, Quirks, Referrals};
use super::referral;
use super::registrar::Registrar;
use super::sdp::{self, Remote};
use super::sound::{Control, Report, Telephone};
use crate::hearing::Hearing;
use crate::speech::Speech;

/// How long the other side may take to agree that the call is over.
const PARTING: Duration = Duration::from_secs(5);

/// Further than any call lasts: a timer that is not set.
const NEVER: Duration = Duration::from_secs(7 * 24 * 3600);

/// A call, on its way through the PBX.
pub struct Course {
    pub spec: CallSpec,
    pub address: SocketAddr,
    pub law: Law,
    pub quirks: Quirks,
    pub forward_after: Duration,
    pub registrar: Arc<Registrar>,
    pub dialogs: Arc<DialogLayer>,
    pub commands: mpsc::UnboundedReceiver<Command>,
    pub events: watch::Sender<Vec<Happened>>,
    pub hearing: Hearing,
    /// The caller was connected with somebody who is not there.
    pub returns: bool,
}

/// The call once the line has been asked.
struct Asked {
    dialog: InviteDialog,
    /// Where the telephone's sound goes from and comes to.
    socket: Arc<UdpSocket>,
    /// Where it is described to come to.
    local: SocketAddr,
    /// Another port of the same telephone.
    spare: (Arc<UdpSocket>, SocketAddr),
    telephone: Option<mpsc::UnboundedSender<Control>>,
    reports: mpsc::UnboundedSender<Report>,
    /// The keys that the line pressed.
    pressed: Vec<Digit>,
    rang: bool,
    hung_up: bool,
    /// When the caller hangs up, once that is known.
    hang_up_at: Instant,
    /// When the call is over even if the other side never agrees.
    parted_at: Instant,
}

const BY_PBX: CallEnd = CallEnd {
    by: EndedBy::Pbx,
    code: None,
};
const BY_CALLER: CallEnd = CallEnd {
    by: EndedBy::Caller,
    code: None,
};

impl Course {
    /// Runs the call to its end.
    pub async fn run(mut self) {
        let mut end = self.place().await;
        if std::mem::take(&mut self.returns) {
            end = self.place().await;
        }
        self.note(CallEvent::Ended(end));
    }

    fn note(&self, event: CallEvent) {
        let at = jiff::Timestamp::now();
        self.events
            .send_modify(|events| events.push(Happened { at, event }));
    }

    async fn place(&mut self) -> CallEnd {
        self.note(CallEvent::Dialled);
        tokio::select! {
            () = sleep(self.forward_after) => {}
            () = hung_up(&mut self.commands) => return BY_CALLER,
        }
        let Some(binding) = self.registrar.binding(&self.spec.to_extension) else {
            return CallEnd {
                by: EndedBy::Pbx,
                code: Some(StatusCode::TemporarilyUnavailable.code()),
            };
        };
        let endpoint = &self.dialogs.endpoint;
        if self.quirks.qualifies && !qualify::answers(endpoint, self.address, &binding).await {
            return BY_PBX;
        }
        let (Ok((socket, seen)), Ok(spare)) = (self.socket().await, self.socket().await) else {
            return BY_PBX;
        };
        // Behind NAT the telephone does not know where it is seen.
        let local = match self.quirks.sound_from_elsewhere {
            false => seen,
            true => spare.1,
        };
        let offer = sdp::describe(local, self.law, None, self.quirks.writing());
        let option = invitation::to(&binding, &self.spec, self.address, &self.quirks, offer);
        let (states, mut changes) = self.dialogs.new_dialog_state_channel();
        self.note(CallEvent::Forwarded);
        let Ok((dialog, _)) = self.dialogs.do_invite_async(option, states) else {
            return BY_PBX;
        };
        let (reports, mut reported) = mpsc::unbounded_channel();
        let (told, mut tellings) = mpsc::unbounded_channel();
        let now = Instant::now();
        let mut asked = Asked {
            dialog,
            socket,
            local,
            spare,
            telephone: None,
            reports,
            pressed: Vec::new(),
            rang: false,
            hung_up: false,
            hang_up_at: now + self.spec.patience,
            parted_at: now + NEVER,
        };
        loop {
            tokio::select! {
                change = changes.recv() => {
                    let Some(change) = change else { return BY_PBX };
                    if let Some(end) = self.changed(&mut asked, change, &told).await {
                        self.dialogs.remove_dialog(&asked.dialog.id());
                        return end;
                    }
                }
                Some(report) = reported.recv() => match report {
                    Report::Said => {
                        self.note(CallEvent::Said);
                        if let HangUp::Said(after) = self.spec.hang_up {
                            asked.hang_up_at = Instant::now() + after;
                        }
                    }
                    Report::Digit(digit) => {
                        self.note(CallEvent::Digit(digit));
                        self.pressed(&mut asked, digit);
                    }
                },
                Some(command) = self.commands.recv() => match command {
                    Command::HangUp => asked.hang_up(),
                    Command::Digit(digit) => self.press(&asked, digit, &told),
                },
                Some(said) = tellings.recv() => self.note(said),
                () = sleep_until(asked.hang_up_at) => asked.hang_up(),
                () = sleep_until(asked.parted_at) => {
                    self.dialogs.remove_dialog(&asked.dialog.id());
                    return BY_CALLER;
                }
            }
        }
    }

    /// What a change of the dialog means; the end, where it is one.
    async fn changed(
        &mut self,
        asked: &mut Asked,
        change: DialogState,
        told: &mpsc::UnboundedSender<CallEvent>,
    ) -> Option<CallEnd> {
        match change {
            DialogState::Early(..) if !asked.rang => {
                asked.rang = true;
                self.note(CallEvent::Rang);
                if let HangUp::Ringing(after) = self.spec.hang_up {
                    asked.hang_up_at = Instant::now() + after;
                }
            }
            DialogState::Confirmed(_, response) if asked.telephone.is_none() && !asked.hung_up => {
                let Some(remote) = sdp::read(&response.body) else {
                    asked.hang_up();
                    return Some(BY_PBX);
                };
                self.note(CallEvent::Answered);
                asked.telephone = Some(self.telephone(asked, remote));
                if let Some(change) = self.quirks.change {
                    self.change(change, asked, remote, told);
                }
                asked.hang_up_at = Instant::now()
                    + match self.spec.hang_up {
                        HangUp::Answered(after) => after,
                        _ => NEVER,
                    };
            }
            DialogState::Updated(_, request, handle) => {
                let remote = sdp::read(&request.body);
                if remote.is_none() && !request.body.is_empty() {
                    let _ = handle.reply(StatusCode::NotAcceptableHere).await;
                    return None;
                }
                if let (Some(remote), Some(telephone)) = (remote, &asked.telephone) {
                    let _ = telephone.send(Control::Remote(remote));
                }
                let answer = sdp::describe(
                    asked.local,
                    self.law,
                    remote.as_ref(),
                    self.quirks.writing(),
                );
                let headers = vec![Header::ContentType("application/sdp".into())];
                // Where the answer can't be sent, the dialog ends and says so.
                let _ = (handle.respond(StatusCode::OK, Some(headers), Some(answer))).await;
                self.note(CallEvent::Changed);
            }
            DialogState::Info(_, _, handle) | DialogState::Options(_, _, handle) => {
                let _ = handle.reply(StatusCode::OK).await;
            }
            DialogState::Refer(_, _, handle) => {
                self.returns = self.quirks.referrals == Referrals::Returning;
                referral::answer(self.quirks.referrals, handle, asked.dialog.clone()).await;
                self.note(CallEvent::Referred);
            }
            DialogState::Message(_, _, handle) | DialogState::Notify(_, _, handle) => {
                let _ = handle.reply(StatusCode::NotImplemented).await;
            }
            DialogState::Terminated(_, reason) => return Some(asked.end(reason)),
            _ => {}
        }
        None
    }

    fn telephone(&self, asked: &Asked, remote: Remote) -> mpsc::UnboundedSender<Control> {
        let (control, controls) = mpsc::unbounded_channel();
        let telephone = Telephone {
            socket: asked.socket.clone(),
            frames: if self.quirks.long_packets { 2 } else { 1 },
            remote,
            speech: Speech::new(self.spec.voice.clone(), self.spec.speak_after),
            hearing: self.hearing.clone(),
            reports: asked.reports.clone(),
        };
        tokio::spawn(telephone.run(controls));
        control
    }

    /// Changes the call as this PBX does once it is answered.
    fn change(
        &self,
        change: Change,
        asked: &mut Asked,
        remote: Remote,
        told: &mpsc::UnboundedSender<CallEvent>,
    ) {
        let describe = |local| {
            let described = sdp::describe(local, self.law, Some(&remote), self.quirks.writing());
            String::from_utf8_lossy(&described).into_owned()
        };
        let descriptions = Descriptions {
            agreed: describe(asked.local),
            moved: describe(asked.spare.1),
        };
        if change == Change::Moves
            && let Some(telephone) = &asked.telephone
        {
            // It listens as long as this end is held.
            let _ = telephone.send(Control::Move(asked.spare.0.clone()));
            asked.local = asked.spare.1;
        }
        let (dialog, told) = (asked.dialog.clone(), told.clone());
        tokio::spawn(async move {
            let said = change::carry_out(change, descriptions, dialog).await;
            // The call that listens may have ended already.
            let _ = told.send(match said {
                Ok(()) => CallEvent::Agreed,
                Err(status) => CallEvent::Declined(status.code()),
            });
        });
    }

    /// The line pressed a key, which may be the last of the PBX's own transfer.
    fn pressed(&self, asked: &mut Asked, digit: Digit) {
        asked.pressed.push(digit);
        let code = self.quirks.transfer_code;
        if code.is_some_and(|code| referral::number(code, &asked.pressed).is_some()) {
            self.note(CallEvent::Transferred);
            asked.hang_up();
        }
    }

    fn press(&self, asked: &Asked, digit: Digit, told: &mpsc::UnboundedSender<CallEvent>) {
        let control = match self.quirks.keys {
            Keys::Events => Some(Control::Digit(digit)),
            Keys::Tones => Some(Control::Tones(digit)),
            Keys::Relay | Keys::Info => None,
        };
        if let Some(control) = control {
            if let Some(telephone) = &asked.telephone {
                // It listens as long as this end is held.
                let _ = telephone.send(control);
            }
            return;
        }
        let (keys, dialog, told) = (self.quirks.keys, asked.dialog.clone(), told.clone());
        tokio::spawn(async move {
            if let Err(status) = change::press(keys, digit.as_char(), &dialog).await {
                // The call that listens may have ended already.
                let _ = told.send(CallEvent::Declined(status.code()));
            }
        });
    }

    async fn socket(&self) -> std::io::Result<(Arc<UdpSocket>, SocketAddr)> {
        let socket = UdpSocket::bind((self.address.ip(), 0)).await?;
        let local = socket.local_addr()?;
        Ok((Arc::new(socket), local))
    }
}

impl Asked {
    /// Ends the call from the caller's side: CANCEL before the answer, BYE after it.
    fn hang_up(&mut self) {
        if self.hung_up {
            return;
        }
        self.hung_up = true;
        let now = Instant::now();
        (self.hang_up_at, self.parted_at) = (now + NEVER, now + PARTING);
        let dialog = self.dialog.clone();
        // What fails is a call that ended by itself, which its state tells.
        tokio::spawn(async move { dialog.hangup().await });
    }

    fn end(&self, reason: TerminatedReason) -> CallEnd {
        let code = match reason {
            TerminatedReason::UasOther(status) | TerminatedReason::ProxyError(status) => {
                Some(status.code())
            }
            TerminatedReason::UasBusy => Some(StatusCode::BusyHere.code()),
            TerminatedReason::Timeout => Some(StatusCode::RequestTimeout.code()),
            _ => None,
        };
        match code {
            _ if self.hung_up => BY_CALLER,
            Some(code @ (408 | 503)) if !self.rang => CallEnd {
                by: EndedBy::Pbx,
                code: Some(code),
            },
            code => CallEnd {
                by: EndedBy::Line,
                code,
            },
        }
    }
}

/// Waits until the caller hangs up; keys pressed before the answer go nowhere.
async fn hung_up(commands: &mut mpsc::UnboundedReceiver<Command>) {
    loop {
        match commands.recv().await {
            Some(Command::HangUp) => return,
            Some(Command::Digit(_)) => {}
            // Nobody can hang up any more.
            None => std::future::pending().await,
        }
    }
}
