//! Letters: of messages and of sign-ins.

use std::time::Duration;

use jiff::Timestamp;
use lettre::Message;
use store::{DueAccountLetter, DueDelivery, StoreError};
use tokio::time::timeout;

use super::Shared;
use super::settle::until_stored;
use crate::account::{self, good_for};
use crate::letter::letter;
use crate::mailer::{Mailer, Refusal};
use crate::schedule::Next;

/// The longest that a letter may be on its way to the mail server: less than
/// the lease, or another worker would send it as well.
const LETTER_MAX: Duration = Duration::from_secs(90);

impl Shared {
    fn mailer(&self) -> Result<&Mailer, Refusal> {
        let mailer = self.parts.mailer.as_ref();
        mailer.ok_or_else(|| Refusal::ForNow("no mail server is configured".into()))
    }

    /// Sends the letter of a message.
    pub(super) async fn write(&self, due: &DueDelivery) -> Result<(), Refusal> {
        let mailer = self.mailer()?;
        let letter = letter(due, mailer).map_err(|error| Refusal::ForGood(error.to_string()))?;
        send(mailer, letter).await
    }

    /// Sends a letter with a link to choose a password.
    pub(super) async fn write_to(&self, due: DueAccountLetter) {
        let sent = match self.try_write_to(&due).await {
            Ok(sent) => sent,
            Err(error) => {
                tracing::warn!(letter = %due.id, %error, "a letter about a sign-in waits for the database");
                return;
            }
        };
        let letters = self.parts.store.account_letters();
        let error = match sent {
            Ok(()) => {
                until_stored(due.id, || letters.remove(due.id)).await;
                return;
            }
            Err(Refusal::ForNow(error)) => {
                let (now, jitter) = (Timestamp::now(), rand::random::<f64>());
                let schedule = &self.parts.schedule;
                if let Next::Again(at) =
                    schedule.after_failure(due.created_at, now, due.attempts, jitter)
                {
                    tracing::warn!(letter = %due.id, attempt = due.attempts, error, "a letter about a sign-in is tried again");
                    until_stored(due.id, || letters.again(due.id, at)).await;
                    return;
                }
                error
            }
            Err(Refusal::ForGood(error)) => error,
        };
        tracing::warn!(letter = %due.id, user = %due.user.id, error, "a letter about a sign-in was given up");
        until_stored(due.id, || letters.remove(due.id)).await;
    }

    /// The token is made for this attempt: only its hash is stored, so there
    /// is none of before.
    async fn try_write_to(
        &self,
        due: &DueAccountLetter,
    ) -> Result<Result<(), Refusal>, StoreError> {
        let mailer = match self.mailer() {
            Ok(mailer) => mailer,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let now = Timestamp::now();
        let expires_at = now + good_for(due.kind);
        let tokens = self.parts.store.password_tokens();
        let token = tokens.issue(due.user.id, now, expires_at).await?;
        Ok(match account::letter(due, &token, mailer) {
            Ok(letter) => send(mailer, letter).await,
            Err(error) => Err(Refusal::ForGood(error.to_string())),
        })
    }
}

async fn send(mailer: &Mailer, letter: Message) -> Result<(), Refusal> {
    timeout(LETTER_MAX, mailer.send(letter))
        .await
        .unwrap_or_else(|_| Err(Refusal::ForNow("the mail server is too slow".into())))
}
