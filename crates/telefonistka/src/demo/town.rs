//! Everything around the demo's server: the PBX with its callers, and the mail.

use std::time::Duration;

use api::{Demo, DemoMail, DemoSignIn, PlaceCallError};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sim::audio::AudioError;
use sim::customer::{self, Caller};
use sim::mail::MailCatcher;
use sim::pbx::{CallHandle, CallSpec, HangUp, Pbx, Person};

use super::seed;

/// How long after the answer a caller begins to speak: the operator greets first.
const GREETING: Duration = Duration::from_secs(3);

/// How long a caller stays after having said everything.
const LISTENING: Duration = Duration::from_secs(30);

/// How long a caller lets it ring.
const PATIENCE: Duration = Duration::from_secs(600);

/// The world outside of the demo's server.
pub struct Town {
    pbx: Pbx,
    mail: MailCatcher,
}

impl Town {
    /// Of these parts.
    pub fn new(pbx: Pbx, mail: MailCatcher) -> Self {
        Self { pbx, mail }
    }

    /// The customer's PBX.
    pub fn pbx(&self) -> &Pbx {
        &self.pbx
    }

    /// Lets somebody call, who says what the voice holds.
    pub fn call(&self, caller: &Caller, voice: sim::audio::Sound, hang_up: HangUp) -> CallHandle {
        self.pbx.call(CallSpec {
            caller_number: Some(caller.number.to_owned()),
            caller_name: Some(caller.name.to_owned()),
            dialled: caller.dialled.to_owned(),
            to_extension: customer::LINE_USER.to_owned(),
            voice,
            speak_after: GREETING,
            hang_up,
            patience: PATIENCE,
        })
    }
}

/// Those who call answer as well, when they are called back.
pub fn people() -> Result<Vec<Person>, AudioError> {
    let people = customer::CALLERS.iter().map(|caller| {
        Ok(Person {
            number: caller.number.to_owned(),
            voice: caller.voice()?,
        })
    });
    people.collect()
}

impl std::fmt::Debug for Town {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Town").finish_non_exhaustive()
    }
}

impl Demo for Town {
    fn sign_ins(&self) -> Vec<DemoSignIn> {
        seed::SIGN_INS
            .map(|(who, login, role)| DemoSignIn {
                role,
                who: who.to_owned(),
                login: login.to_owned(),
                password: seed::PASSWORD.to_owned(),
                url: seed::enter(role),
            })
            .into()
    }

    fn pbx_running(&self) -> bool {
        self.pbx.registered(customer::LINE_USER)
    }

    fn callers(&self) -> Vec<String> {
        customer::CALLERS
            .iter()
            .map(|caller| caller.id.to_owned())
            .collect()
    }

    fn place_call<'a>(&'a self, caller: &'a str) -> BoxFuture<'a, Result<(), PlaceCallError>> {
        async move {
            let caller = customer::caller(caller).ok_or(PlaceCallError::UnknownCaller)?;
            let voice = caller
                .voice()
                .map_err(|e| PlaceCallError::Failed(e.to_string()))?;
            self.call(caller, voice, HangUp::Said(LISTENING));
            Ok(())
        }
        .boxed()
    }

    fn mails(&self) -> Vec<DemoMail> {
        let mut mails: Vec<DemoMail> = self
            .mail
            .mails()
            .into_iter()
            .map(|mail| DemoMail {
                id: uuid::Uuid::from_u128(mail.id.into()),
                to: mail.to.join(", "),
                subject: mail.subject,
                text: mail.text,
                html: mail.html,
                at: mail.at,
            })
            .collect();
        mails.reverse();
        mails
    }
}
