//! A call from an extension to itself, as whoever tries a line places. Each
//! end is told the other's description, and so they talk without the PBX.

use std::net::SocketAddr;
use std::sync::Arc;

use model::audio::Law;
use rsipstack::dialog::dialog::{DialogState, DialogStateReceiver, TerminatedReason};
use rsipstack::dialog::dialog_layer::DialogLayer;
use rsipstack::dialog::invite_dialog::InviteDialog;
use rsipstack::sip::prelude::*;
use rsipstack::sip::{Header, StatusCode};
use rsipstack::transaction::Transaction;

use super::call::{CallSpec, HangUp};
use super::config::PbxConfig;
use super::invitation;
use super::quirks::Quirks;
use super::referral;
use super::registrar::Registrar;
use super::sdp;
use crate::audio::Sound;

/// One end of the call.
struct End {
    dialog: InviteDialog,
    states: DialogStateReceiver,
    /// Where it takes sound, once that is known.
    sound: Option<SocketAddr>,
}

/// The call.
pub struct Round {
    caller: End,
    callee: End,
    answered: bool,
    law: Law,
    quirks: Quirks,
}

impl Round {
    /// None where it is no such call, the PBX lets nobody call themselves, or
    /// the extension is not registered.
    pub fn begin(
        transaction: &Transaction,
        dialogs: &Arc<DialogLayer>,
        registrar: &Registrar,
        (config, address): &(PbxConfig, SocketAddr),
    ) -> Option<Self> {
        let request = &transaction.original;
        let user = request.uri.user()?;
        let from = request.from_header().ok()?.uri().ok()?;
        if from.user() != Some(user) || config.quirks.refuses_itself {
            return None;
        }
        let binding = registrar.binding(user)?;
        // Nobody forwards the call.
        let quirks = Quirks {
            no_diversion: true,
            history: false,
            ..config.quirks.clone()
        };
        let spec = CallSpec {
            caller_number: Some(user.to_owned()),
            caller_name: None,
            dialled: user.to_owned(),
            to_extension: user.to_owned(),
            voice: Sound::new(&[]),
            speak_after: config.forward_after,
            hang_up: HangUp::Never,
            patience: config.forward_after,
        };
        let option = invitation::to(&binding, &spec, *address, &quirks, request.body.clone());
        let sound = sdp::read(&request.body).map(|caller| caller.address);
        let (told, states) = dialogs.new_dialog_state_channel();
        let contact = invitation::at(user, *address);
        let dialog = dialogs.get_or_create_server_invite(transaction, told, None, Some(contact));
        let caller = End {
            dialog: dialog.ok()?,
            states,
            sound,
        };
        let (told, states) = dialogs.new_dialog_state_channel();
        let (dialog, _) = dialogs.do_invite_async(option, told).ok()?;
        let callee = End {
            dialog,
            states,
            sound: None,
        };
        Some(Self {
            caller,
            callee,
            answered: false,
            law: config.law,
            quirks,
        })
    }

    /// The caller's dialog, for what the caller sends next.
    pub fn caller(&self) -> InviteDialog {
        self.caller.dialog.clone()
    }

    /// Runs the call to its end.
    pub async fn run(mut self) {
        loop {
            tokio::select! {
                state = self.caller.states.recv() => match state {
                    None | Some(DialogState::Terminated(..)) => {
                        // It ended by itself, or ends now.
                        let _ = self.callee.dialog.hangup().await;
                        return;
                    }
                    Some(state) => self.within(state, true).await,
                },
                state = self.callee.states.recv() => match state {
                    Some(DialogState::Early(..)) => {
                        // What can't be rung any more was cancelled, which its state tells.
                        let _ = self.caller.dialog.ringing(None, None);
                    }
                    Some(DialogState::Confirmed(_, response)) if !self.answered => {
                        self.answered = true;
                        self.callee.sound = sdp::read(&response.body).map(|callee| callee.address);
                        let headers = vec![Header::ContentType("application/sdp".into())];
                        let _ = self.caller.dialog.accept(Some(headers), Some(response.body));
                    }
                    None => return,
                    Some(DialogState::Terminated(_, reason)) => return self.left(reason).await,
                    Some(state) => self.within(state, false).await,
                },
            }
        }
    }

    /// The callee hung up or refused.
    async fn left(&self, reason: TerminatedReason) {
        let caller = &self.caller.dialog;
        let _ = match reason {
            _ if self.answered => caller.hangup().await,
            TerminatedReason::UasOther(status) | TerminatedReason::ProxyError(status) => {
                caller.reject(Some(status), None)
            }
            TerminatedReason::UasBusy => caller.reject(Some(StatusCode::BusyHere), None),
            _ => caller.reject(Some(StatusCode::TemporarilyUnavailable), None),
        };
    }

    /// What one end asks for within the call.
    async fn within(&self, state: DialogState, of_caller: bool) {
        let (this, other) = match of_caller {
            true => (&self.caller, &self.callee),
            false => (&self.callee, &self.caller),
        };
        match state {
            DialogState::Updated(_, request, handle) => {
                let answer = other.sound.zip(sdp::read(&request.body));
                let answer = answer.map(|(sound, remote)| {
                    sdp::describe(sound, self.law, Some(&remote), self.quirks.writing())
                });
                let headers = vec![Header::ContentType("application/sdp".into())];
                // Where it can't be answered, the dialog ends and says so.
                let _ = match answer {
                    Some(answer) => {
                        handle
                            .respond(StatusCode::OK, Some(headers), Some(answer))
                            .await
                    }
                    None => handle.reply(StatusCode::NotAcceptableHere).await,
                };
            }
            DialogState::Info(_, _, handle) | DialogState::Options(_, _, handle) => {
                let _ = handle.reply(StatusCode::OK).await;
            }
            DialogState::Refer(_, _, handle) => {
                referral::answer(self.quirks.referrals, handle, this.dialog.clone()).await;
            }
            DialogState::Message(_, _, handle) | DialogState::Notify(_, _, handle) => {
                let _ = handle.reply(StatusCode::NotImplemented).await;
            }
            _ => {}
        }
    }
}
