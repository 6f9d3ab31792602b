//! Carries out what falls due: letters, notifications, events for webhooks.
//!
//! One loop looks for what is due and gives each piece a place in the lane of
//! its way; the pieces run side by side, and each stores its outcome before
//! anything else happens with it.

mod letters;
mod lines;
mod pushes;
mod settle;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use model::message::Channel;
use store::{Store, StoreError, Taking};
use tokio::task::{Id, JoinSet};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::http::Outbound;
use crate::lane::{Lane, Place};
use crate::mailer::Mailer;
use crate::push::Vapid;
use crate::schedule::Schedule;

/// Nobody else takes what is in hand for so long. Longer than any attempt, or
/// another worker would make it as well.
const LEASE: SignedDuration = SignedDuration::from_secs(120);
/// The longest sleep: other servers store messages too, and clocks are set.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);
/// Pause while the database is away.
const DATABASE_PAUSE: Duration = Duration::from_secs(2);
/// What is in hand when the worker is told to stop has so long to end.
const STOP_GRACE: Duration = Duration::from_secs(30);
/// What was kept long enough is deleted so often.
const HOUSEKEEPING: Duration = Duration::from_secs(60 * 60);

/// Not in the beginning, when there is enough else to do.
const BEGINNING: Duration = Duration::from_secs(60);

/// Places of each way, and of one company in it. A place is a connection that
/// waits, so they cost little; mail servers mind many from one sender.
const MAIL: (usize, usize) = (8, 4);
const ACCOUNT: (usize, usize) = (2, 2);
const PUSH: (usize, usize) = (16, 4);
const WEBHOOK: (usize, usize) = (32, 4);
const RETOLD: (usize, usize) = (4, 2);

/// What the worker works with.
pub struct WorkerParts {
    /// Where what is due stands.
    pub store: Store,
    /// The way of letters; none where no mail server is configured.
    pub mailer: Option<Mailer>,
    /// The way of requests.
    pub outbound: Outbound,
    /// The key that notifications are signed with.
    pub vapid: Arc<Vapid>,
    /// Pauses between attempts.
    pub schedule: Schedule,
}

/// Carries out what is due, until told to stop.
pub struct Worker {
    shared: Arc<Shared>,
}

/// What every piece of work uses.
struct Shared {
    parts: WorkerParts,
    stopping: CancellationToken,
}

/// The ways, in the order of their lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Way {
    Mail,
    Account,
    Push,
    /// Lines of events.
    Webhook,
    /// Single events that somebody asked to be tried again.
    Retold,
}

impl Way {
    const ALL: [Self; 5] = [
        Self::Account,
        Self::Mail,
        Self::Push,
        Self::Webhook,
        Self::Retold,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Mail => "email",
            Self::Account => "account",
            Self::Push => "push",
            Self::Webhook => "webhook",
            Self::Retold => "webhook_again",
        }
    }

    fn lane(self) -> Lane {
        let (places, of_company) = match self {
            Self::Mail => MAIL,
            Self::Account => ACCOUNT,
            Self::Push => PUSH,
            Self::Webhook => WEBHOOK,
            Self::Retold => RETOLD,
        };
        Lane::new(places, of_company)
    }
}

/// What is in hand.
struct Hand {
    lanes: HashMap<Way, Lane>,
    running: JoinSet<()>,
    places: HashMap<Id, (Way, Place)>,
}

impl Worker {
    /// Of these parts.
    pub fn new(parts: WorkerParts) -> Self {
        Self {
            shared: Arc::new(Shared {
                parts,
                stopping: CancellationToken::new(),
            }),
        }
    }

    /// Runs until `stop` completes; what is in hand is finished then.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let wakeup = self.shared.parts.store.delivery_wakeup();
        let mut hand = Hand::new();
        tokio::pin!(stop);
        // Nothing is taken before what a dead worker held is free again.
        tokio::select! {
            () = self.release() => {}
            () = &mut stop => return,
        }
        let mut housekeeping = Instant::now() + BEGINNING;
        loop {
            if Instant::now() >= housekeeping {
                housekeeping += HOUSEKEEPING;
                let shared = Arc::clone(&self.shared);
                hand.running.spawn(async move { shared.keep_house().await });
            }
            let pause = {
                let fill = self.shared.fill(&mut hand);
                tokio::pin!(fill);
                tokio::select! {
                    pause = &mut fill => pause,
                    () = &mut stop => {
                        self.shared.stopping.cancel();
                        // What was taken is begun, and then finished.
                        let _ = timeout(STOP_GRACE, fill).await;
                        break;
                    }
                }
            };
            tokio::select! {
                () = &mut stop => break,
                () = hand.one_ended() => {}
                () = wakeup.notified() => {}
                () = sleep(pause) => {}
            }
        }
        self.shared.stopping.cancel();
        if timeout(STOP_GRACE, hand.all_ended()).await.is_err() {
            tracing::warn!(
                left = hand.running.len(),
                "stopped with deliveries in hand; they may be sent again"
            );
        }
    }

    async fn release(&self) {
        loop {
            match self.shared.parts.store.deliveries().release_leases().await {
                Ok(_) => return,
                Err(error) => {
                    tracing::warn!(%error, "deliveries can't be read; tried again");
                    sleep(DATABASE_PAUSE).await;
                }
            }
        }
    }
}

impl Hand {
    fn new() -> Self {
        Self {
            lanes: Way::ALL.map(|way| (way, way.lane())).into(),
            running: JoinSet::new(),
            places: HashMap::new(),
        }
    }

    fn begin(&mut self, way: Way, place: Place, work: impl Future<Output = ()> + Send + 'static) {
        let id = self.running.spawn(work).id();
        self.places.insert(id, (way, place));
        if let Some(lane) = self.lanes.get_mut(&way) {
            lane.take(place);
            gauge(way, lane);
        }
    }

    /// Waits until something ends; forever while nothing is in hand.
    async fn one_ended(&mut self) {
        match self.running.join_next_with_id().await {
            Some(ended) => self.leave(ended),
            None => std::future::pending().await,
        }
        while let Some(ended) = self.running.try_join_next_with_id() {
            self.leave(ended);
        }
    }

    async fn all_ended(&mut self) {
        while let Some(ended) = self.running.join_next_with_id().await {
            self.leave(ended);
        }
    }

    fn leave(&mut self, ended: Result<(Id, ()), tokio::task::JoinError>) {
        let id = match ended {
            Ok((id, ())) => id,
            Err(error) => {
                tracing::error!(%error, "a delivery broke off; it is tried again");
                error.id()
            }
        };
        if let Some((way, place)) = self.places.remove(&id)
            && let Some(lane) = self.lanes.get_mut(&way)
        {
            lane.leave(place);
            gauge(way, lane);
        }
    }
}

fn gauge(way: Way, lane: &Lane) {
    let taken = u32::try_from(lane.taken()).unwrap_or(u32::MAX);
    metrics::gauge!("telefonistka_deliveries_in_hand", "channel" => way.name()).set(taken);
}

impl Shared {
    /// Begins what is due and has a place; gives the time until more is due.
    async fn fill(self: &Arc<Self>, hand: &mut Hand) -> Duration {
        match self.try_fill(hand).await {
            Ok(pause) => pause,
            Err(error) => {
                tracing::warn!(%error, "deliveries can't be read; tried again");
                DATABASE_PAUSE
            }
        }
    }

    async fn try_fill(self: &Arc<Self>, hand: &mut Hand) -> Result<Duration, StoreError> {
        for way in Way::ALL {
            if matches!(way, Way::Mail | Way::Account) && self.parts.mailer.is_none() {
                continue;
            }
            while !self.stopping.is_cancelled() && self.begin_some(way, hand).await? {}
        }
        let (store, now) = (&self.parts.store, Timestamp::now());
        let next = [
            store.deliveries().next_due_after(now).await?,
            store.account_letters().next_due_after(now).await?,
            store.webhooks().next_due_after(now).await?,
        ];
        let next = next.into_iter().flatten().min();
        let until = next.map(|at| at.duration_since(Timestamp::now()));
        let until = until.map(|d| Duration::try_from(d).unwrap_or(Duration::ZERO));
        Ok(until.unwrap_or(LONGEST_SLEEP).min(LONGEST_SLEEP))
    }

    /// Takes of one way what it has places for. Whether anything was taken.
    async fn begin_some(self: &Arc<Self>, way: Way, hand: &mut Hand) -> Result<bool, StoreError> {
        let Some(free) = hand.lanes.get(&way).and_then(Lane::free) else {
            return Ok(false);
        };
        let (store, now) = (&self.parts.store, Timestamp::now());
        let until = now + LEASE;
        let wanted = |channel| Taking {
            channel,
            passed_over: &free.passed_over,
            fresh: free.fresh,
        };
        let begun = match way {
            Way::Account => {
                let due = store.account_letters().take_due(now, until).await?;
                due.into_iter()
                    .map(|due| {
                        let place = Place {
                            company: due.user.company,
                            again: due.attempts > 1,
                        };
                        let shared = Arc::clone(self);
                        hand.begin(way, place, async move { shared.write_to(due).await });
                    })
                    .count()
            }
            Way::Mail | Way::Push | Way::Retold => {
                let channel = match way {
                    Way::Mail => Channel::Email,
                    Way::Push => Channel::Push,
                    _ => Channel::Webhook,
                };
                let deliveries = store.deliveries();
                let due = deliveries.take_due(wanted(channel), now, until, free.places);
                due.await?
                    .into_iter()
                    .map(|due| {
                        let place = Place {
                            company: Some(due.message.company),
                            again: due.delivery.attempts > 1,
                        };
                        let shared = Arc::clone(self);
                        hand.begin(way, place, async move { shared.deliver(&due).await });
                    })
                    .count()
            }
            Way::Webhook => {
                let webhooks = store.webhooks();
                let due = webhooks.take_due(now, until, free.places, &free.passed_over, free.fresh);
                due.await?
                    .into_iter()
                    .map(|taken| {
                        let place = Place {
                            company: Some(taken.company),
                            again: taken.again,
                        };
                        let shared = Arc::clone(self);
                        hand.begin(way, place, async move { shared.serve_line(taken).await });
                    })
                    .count()
            }
        };
        Ok(begun > 0)
    }

    async fn keep_house(&self) {
        if let Err(error) = self.parts.store.events().prune(Timestamp::now()).await {
            tracing::warn!(%error, "old events can't be deleted; tried again in an hour");
        }
    }
}
