//! Somebody outside whom the line calls through the PBX: the telephone rings,
//! or the network announces something meanwhile, is answered, and is hung up
//! again after all was said.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use model::audio::Law;
use model::phone::Phone;
use rsipstack::dialog::dialog::{DialogState, DialogStateReceiver};
use rsipstack::dialog::invite_dialog::InviteDialog;
use rsipstack::sip::{Header, StatusCode};
use tokio::net::UdpSocket;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::sdp::{self, Writing};
use super::sound::{Control, Report, Telephone};
use crate::audio::{AudioError, Sound};
use crate::customer;
use crate::hearing::Hearing;
use crate::speech::Speech;

/// How long it rings.
const RINGS: Duration = Duration::from_secs(2);

/// How long after the answer they begin to speak: whoever calls greets first.
const GREETED: Duration = Duration::from_secs(3);

/// How long they stay after having said everything.
const LISTENING: Duration = Duration::from_secs(30);

/// Somebody outside who can be called.
#[derive(Clone, Debug)]
pub struct Person {
    /// Number, in any spelling.
    pub number: String,
    /// What is said after the answer.
    pub voice: Sound,
}

impl Person {
    /// Whether this is whom the line dialled, however it spelt the number.
    pub fn is_dialled_by(&self, user: &str) -> bool {
        Phone::parse(user).is_some_and(|dialled| Some(dialled) == Phone::parse(&self.number))
    }
}

/// What a network announces before the answer, where it does.
pub fn announcement() -> Result<Sound, AudioError> {
    customer::CALLERS[2].voice()
}

/// A call to such a person.
pub struct Called {
    pub person: Person,
    /// Something is announced before the answer.
    pub announces: bool,
    pub address: SocketAddr,
    pub law: Law,
    pub writing: Writing,
    pub dialog: InviteDialog,
    pub states: DialogStateReceiver,
}

impl Called {
    /// Runs the call to its end.
    pub async fn run(mut self) {
        let mut early = self.announce().await;
        let answers_at = Instant::now() + RINGS;
        let mut hangs_up_at = None;
        let mut telephone: Option<(mpsc::UnboundedSender<Control>, SocketAddr)> = None;
        let (reports, mut reported) = mpsc::unbounded_channel();
        loop {
            tokio::select! {
                state = self.states.recv() => match state {
                    None | Some(DialogState::Terminated(..)) => return,
                    Some(DialogState::Updated(_, request, handle)) => {
                        let Some((control, local)) = &telephone else { continue };
                        let remote = sdp::read(&request.body);
                        if let Some(remote) = remote {
                            // It listens as long as this end is held.
                            let _ = control.send(Control::Remote(remote));
                        }
                        let answer = sdp::describe(*local, self.law, remote.as_ref(), self.writing);
                        let _ = handle.respond(StatusCode::OK, Some(described()), Some(answer)).await;
                    }
                    Some(DialogState::Info(_, _, handle) | DialogState::Options(_, _, handle)) => {
                        let _ = handle.reply(StatusCode::OK).await;
                    }
                    Some(DialogState::Refer(_, _, handle) | DialogState::Notify(_, _, handle)) => {
                        let _ = handle.reply(StatusCode::NotImplemented).await;
                    }
                    Some(_) => {}
                },
                () = sleep_until(answers_at), if telephone.is_none() => {
                    telephone = self.answer(reports.clone()).await;
                    drop(early.take());
                    if telephone.is_none() {
                        let _ = self.dialog.reject(Some(StatusCode::NotAcceptableHere), None);
                        return;
                    }
                }
                Some(Report::Said) = reported.recv() => {
                    hangs_up_at = Some(Instant::now() + LISTENING);
                }
                () = sleep_until(hangs_up_at.unwrap_or(answers_at)), if hangs_up_at.is_some() => {
                    let _ = self.dialog.hangup().await;
                    return;
                }
            }
        }
    }

    /// Lets it ring; the telephone that announces something meanwhile.
    async fn announce(&self) -> Option<mpsc::UnboundedSender<Control>> {
        let voice = announcement().ok().filter(|_| self.announces);
        let (nobody, _) = mpsc::unbounded_channel();
        let early = match voice {
            Some(voice) => {
                self.telephone(Speech::new(voice, Duration::ZERO), nobody)
                    .await
            }
            None => None,
        };
        let (control, description) = match early {
            Some((control, _, description)) => (Some(control), Some(description)),
            None => (None, None),
        };
        let headers = description.as_ref().map(|_| described());
        // What can't be answered any more was cancelled, which its state tells.
        let _ = self.dialog.ringing(headers, description);
        control
    }

    /// Picks up; none where the two sides have nothing in common.
    async fn answer(
        &self,
        reports: mpsc::UnboundedSender<Report>,
    ) -> Option<(mpsc::UnboundedSender<Control>, SocketAddr)> {
        let speech = Speech::new(self.person.voice.clone(), GREETED);
        let (control, local, description) = self.telephone(speech, reports).await?;
        self.dialog
            .accept(Some(described()), Some(description))
            .ok()?;
        Some((control, local))
    }

    /// A telephone that says this, with its address and its description.
    async fn telephone(
        &self,
        speech: Speech,
        reports: mpsc::UnboundedSender<Report>,
    ) -> Option<(mpsc::UnboundedSender<Control>, SocketAddr, Vec<u8>)> {
        let remote = sdp::read(&self.dialog.initial_request().body)?;
        let socket = UdpSocket::bind((self.address.ip(), 0)).await.ok()?;
        let local = socket.local_addr().ok()?;
        let description = sdp::describe(local, self.law, Some(&remote), self.writing);
        let (control, controls) = mpsc::unbounded_channel();
        let telephone = Telephone {
            socket: Arc::new(socket),
            frames: 1,
            remote,
            speech,
            hearing: Hearing::default(),
            reports,
        };
        tokio::spawn(telephone.run(controls));
        Some((control, local, description))
    }
}

/// The headers of a description.
fn described() -> Vec<Header> {
    vec![Header::ContentType("application/sdp".into())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_is_called_by_every_spelling_of_the_number() {
        let person = Person {
            number: "+79261234567".into(),
            voice: Sound::new(&[]),
        };
        for user in ["89261234567", "79261234567", "+79261234567"] {
            assert!(person.is_dialled_by(user), "{user}");
        }
        assert!(!person.is_dialled_by("89261234568") && !person.is_dialled_by("200"));
    }
}
