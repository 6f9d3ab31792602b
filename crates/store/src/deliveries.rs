//! Deliveries on their way, for the workers that carry them out.

use jiff::Timestamp;
use model::call::Caller;
use model::company::Employee;
use model::id::DeliveryId;
use model::language::Language;
use model::message::{Delivery, Message};

use crate::{Result, Store};

/// A delivery whose attempt is due, with all that a letter needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueDelivery {
    /// The delivery; `attempts` counts the attempt that begins now.
    pub delivery: Delivery,
    /// What is to be delivered.
    pub message: Message,
    /// Name of the message's recipient.
    pub recipient_name: String,
    /// Name of the company.
    pub company_name: String,
    /// Language of the company.
    pub language: Language,
    /// IANA zone in which times are told.
    pub zone: String,
    /// Name of the line that the call came on.
    pub line_name: String,
    /// When the call arrived.
    pub arrived_at: Timestamp,
    /// Who called, as the PBX told it.
    pub caller: Caller,
    /// The operator's name; none for a voice message.
    pub author_name: Option<String>,
    /// The addressee; none where the employee was deleted since.
    pub employee: Option<Employee>,
}

/// Deliveries. None of this is scoped by company: a worker carries out everybody's.
#[derive(Clone, Copy)]
pub struct Deliveries<'a> {
    pub(crate) store: &'a Store,
}

impl Deliveries<'_> {
    /// Takes deliveries that are due, and keeps other workers off them until
    /// the lease ends. Each taking counts as an attempt, so one in which a
    /// worker dies is counted as well.
    pub async fn take_due(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: u32,
    ) -> Result<Vec<DueDelivery>> {
        let _ = (now, lease_until, limit);
        todo!()
    }

    /// The next server took it over.
    pub async fn mark_sent(&self, delivery: DeliveryId, now: Timestamp) -> Result<()> {
        let _ = (delivery, now);
        todo!()
    }

    /// The attempt failed; the next one is due then.
    pub async fn mark_failed_attempt(
        &self,
        delivery: DeliveryId,
        error: &str,
        next_at: Timestamp,
        now: Timestamp,
    ) -> Result<()> {
        let _ = (delivery, error, next_at, now);
        todo!()
    }

    /// It failed for good.
    pub async fn mark_failed(
        &self,
        delivery: DeliveryId,
        error: &str,
        now: Timestamp,
    ) -> Result<()> {
        let _ = (delivery, error, now);
        todo!()
    }

    /// When the next attempt is due (or a lease ends); none where nothing is queued.
    pub async fn next_due_at(&self) -> Result<Option<Timestamp>> {
        todo!()
    }
}
