//! «Сводка»: what a company's day or week was like, by letter, to the
//! administrators who want it.
//!
//! That a period's summary is due is noted together with the letter's place
//! in the queue; the letter leaves like any other, and repeats carry its id.

use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use model::user::Summary;
use store::{DueSummary, Store, StoreError};
use tokio::time::{sleep, timeout};

use crate::mailer::{Mailer, Refusal};
use crate::schedule::{Next, Schedule};
use period::{Period, due};

mod letter;
mod period;

/// One summary is taken at a time, and nobody else takes it for so long.
const LEASE: SignedDuration = SignedDuration::from_secs(120);
/// The longest that a letter may be on its way to the mail server.
const LETTER_MAX: Duration = Duration::from_secs(90);
/// So often it is looked whether one is due: zones differ by quarters of an hour.
const ROUND: Duration = Duration::from_secs(60);
/// After a day the next summary says more than this one.
const TRIED_FOR: SignedDuration = SignedDuration::from_hours(24);

/// Sends summaries, until told to stop.
pub struct Summaries {
    store: Store,
    mailer: Mailer,
}

impl Summaries {
    /// Of these parts.
    pub fn new(store: Store, mailer: Mailer) -> Self {
        Self { store, mailer }
    }

    /// Runs until `stop` completes. A letter in hand is given up: it is sent again.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        tokio::select! {
            () = self.go_on() => {}
            () = stop => {}
        }
    }

    async fn go_on(&self) {
        loop {
            if let Err(error) = self.round(Timestamp::now()).await {
                tracing::warn!(%error, "summaries can't be sent; tried again");
            }
            sleep(ROUND).await;
        }
    }

    /// Puts into the queue what is due at this time, and sends what is there.
    pub async fn round(&self, now: Timestamp) -> Result<(), StoreError> {
        let summaries = self.store.summaries();
        for one in summaries.subscribers().await? {
            let zone = TimeZone::get(&one.zone).unwrap_or(TimeZone::UTC);
            if let Some(period) = due(now, &zone, one.summary, one.sent_for.as_deref()) {
                summaries.add(one.user, &period.to_string(), now).await?;
            }
        }
        while let Some(due) = summaries.take_due(now, now + LEASE).await? {
            self.send(&due, now).await?;
        }
        Ok(())
    }

    async fn send(&self, due: &DueSummary, now: Timestamp) -> Result<(), StoreError> {
        let summaries = self.store.summaries();
        let error = match self.attempt(due).await? {
            Ok(()) => return summaries.remove(due.id).await,
            Err(Refusal::ForNow(error)) => {
                let schedule = Schedule {
                    tried_for: TRIED_FOR,
                    ..Schedule::default()
                };
                match schedule.after_failure(due.created_at, now, due.attempts, rand::random()) {
                    Next::Again(at) => {
                        tracing::warn!(letter = %due.id, attempt = due.attempts, error, "a summary is tried again");
                        return summaries.again(due.id, at).await;
                    }
                    Next::GivenUp => error,
                }
            }
            Err(Refusal::ForGood(error)) => error,
        };
        tracing::warn!(letter = %due.id, user = %due.user.id, error, "a summary was given up");
        summaries.remove(due.id).await
    }

    /// Sends it, unless there is nothing to tell or nobody wants it any more.
    async fn attempt(&self, due: &DueSummary) -> Result<Result<(), Refusal>, StoreError> {
        let zone = TimeZone::get(&due.zone).unwrap_or(TimeZone::UTC);
        let period = due.period.parse::<Period>().ok();
        let period = period.and_then(|period| Some((period, period.bounds(&zone)?)));
        let (Some((period, (from, to))), Some(company), true) =
            (period, due.user.company, due.summary != Summary::None)
        else {
            return Ok(Ok(()));
        };
        let figures = self.store.summaries().figures(company, from, to).await?;
        if figures.is_empty() {
            return Ok(Ok(()));
        }
        let letter = match letter::letter(due, &period, &zone, &figures, &self.mailer) {
            Ok(letter) => letter,
            Err(error) => return Ok(Err(Refusal::ForGood(error.to_string()))),
        };
        let sent = timeout(LETTER_MAX, self.mailer.send(letter)).await;
        Ok(sent.unwrap_or_else(|_| Err(Refusal::ForNow("the mail server is too slow".into()))))
    }
}
