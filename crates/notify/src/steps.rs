//! Runs the steps of messages that nobody has taken on, as they fall due.
//! Needs no mail: operators' calls and notifications are steps as well.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use store::{StepTaken, Store, StoreError};
use tokio::time::sleep;

/// The longest sleep: other servers store messages too, and clocks are set.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);
/// Pause while the database is away, or after a step that can't be decided.
const PAUSE: Duration = Duration::from_secs(2);

/// Runs due steps, until told to stop.
pub struct Steps {
    store: Store,
    email_enabled: bool,
}

impl Steps {
    /// Of a store; letters are queued where mail is set up.
    pub fn new(store: Store, email_enabled: bool) -> Self {
        Self {
            store,
            email_enabled,
        }
    }

    /// Runs until `stop` completes. A step that is in hand is one
    /// transaction: it is done whole, or by the next server.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let wakeup = self.store.step_wakeup();
        tokio::pin!(stop);
        loop {
            let pause = tokio::select! {
                () = &mut stop => return,
                pause = self.run_due() => pause,
            };
            tokio::select! {
                () = &mut stop => return,
                () = wakeup.notified() => {}
                () = sleep(pause) => {}
            }
        }
    }

    /// Takes what is due; gives the time until the next.
    async fn run_due(&self) -> Duration {
        match self.try_run_due().await {
            Ok(pause) => pause,
            Err(error) if error.is_retryable() => {
                tracing::warn!(%error, "steps of messages can't be read; tried again");
                PAUSE
            }
            Err(error) => {
                tracing::error!(%error, "a step of a message can't be decided; put off");
                PAUSE
            }
        }
    }

    async fn try_run_due(&self) -> Result<Duration, StoreError> {
        let notice = self.store.notice();
        while let Some(taken) = notice
            .take_due_step(Timestamp::now(), self.email_enabled)
            .await?
        {
            tell(&taken);
        }
        let Some(next) = notice.next_step_at().await? else {
            return Ok(LONGEST_SLEEP);
        };
        let until = next.duration_since(Timestamp::now());
        let until = Duration::try_from(until.max(SignedDuration::ZERO));
        Ok(until.unwrap_or_default().min(LONGEST_SLEEP))
    }
}

fn tell(taken: &StepTaken) {
    metrics::counter!("telefonistka_message_steps_total").increment(1);
    let late = Timestamp::now().duration_since(taken.due_at).as_secs_f64();
    metrics::histogram!("telefonistka_message_step_late_seconds").record(late.max(0.0));
    if taken.nobody {
        metrics::counter!("telefonistka_messages_without_addressee_total").increment(1);
        tracing::warn!(message = %taken.message, company = %taken.company,
            "nobody could be told of a message; the company's administrators are");
    }
    if taken.exhausted {
        metrics::counter!("telefonistka_messages_not_accepted_total").increment(1);
        tracing::error!(message = %taken.message, company = %taken.company,
            "nobody has accepted a message in three days");
    }
}
