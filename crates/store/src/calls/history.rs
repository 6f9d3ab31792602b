//! Reads: lists of calls and everything about one.

use std::collections::HashMap;

use jiff::Timestamp;
use model::call::{Call, Happening, TimelineEntry};
use model::id::{CallId, CompanyId, UserId};
use model::line::Recipient;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use super::{CallDetails, CallFilter, CallRow, Calls, EarlierCall, TimelineItem, call};
use crate::column::{from_json, millis, name, phone, timestamp, timestamp_opt};
use crate::entity::call::{Column, Entity, Model};
use crate::entity::{call_timeline, message};
use crate::history::{History, Wanted, list};
use crate::search::Search;
use crate::search_index::{CALLS, Indexed};
use crate::{
    MessageBrief, Page, PageRequest, Result, Seen, StoreError, lookup, messages, recipient,
};

impl Calls<'_> {
    /// The company's calls, the newest first. A page may hold fewer than were
    /// asked for, and still have a next one: looking through a long history
    /// for something rare ends after a while, to be gone on with.
    pub async fn list(
        &self,
        company: CompanyId,
        filter: &CallFilter,
        request: PageRequest,
    ) -> Result<Page<CallRow>> {
        let wanted = wanted(company, filter)?;
        let (rows, next) = list::<Entity>(self.store.reader(), &wanted, request).await?;
        let items = self.rows(&rows, &filter.seen).await?;
        Ok(Page { items, next })
    }

    /// One call with timeline and messages.
    pub async fn get(&self, company: CompanyId, id: CallId) -> Result<CallDetails> {
        self.get_seen(company, id, &Seen::Everything).await
    }

    /// One call with timeline and those of its messages that somebody may see;
    /// not found where the call itself is not theirs to see.
    pub async fn get_seen(
        &self,
        company: CompanyId,
        id: CallId,
        seen: &Seen,
    ) -> Result<CallDetails> {
        let reader = self.store.reader();
        let row = one(company, id, seen)?
            .one(reader)
            .await?
            .ok_or(StoreError::NotFound)?;
        let timeline = call_timeline::Entity::find()
            .filter(call_timeline::Column::CallId.eq(id.0))
            .order_by_asc(call_timeline::Column::At)
            .order_by_asc(call_timeline::Column::Id)
            .all(reader)
            .await?;
        let messages = message::Entity::find()
            .filter(message::Column::CallId.eq(id.0))
            .filter(seen.messages()?)
            .order_by_asc(message::Column::CreatedAt)
            .order_by_asc(message::Column::Id)
            .all(reader)
            .await?;
        Ok(CallDetails {
            row: self.rows(&[row], seen).await?.swap_remove(0),
            timeline: self.timeline(company, &timeline).await?,
            messages: messages::stored(reader, &messages, None).await?,
        })
    }

    /// Whether somebody may see the call.
    pub async fn is_seen(&self, company: CompanyId, id: CallId, seen: &Seen) -> Result<bool> {
        let row = one(company, id, seen)?.one(self.store.reader()).await?;
        Ok(row.is_some())
    }

    /// One call of whichever company: for the switchboard, not scoped.
    pub async fn by_id(&self, id: CallId) -> Result<Call> {
        let row = Entity::find_by_id(id.0).one(self.store.reader()).await?;
        call(&row.ok_or(StoreError::NotFound)?)
    }

    /// A call that this operator answered or placed, of whichever company; scoped by the operator.
    pub async fn get_for_operator(&self, operator: UserId, id: CallId) -> Result<Call> {
        let row = Entity::find_by_id(id.0)
            .filter(Column::OperatorId.eq(operator.0))
            .one(self.store.reader())
            .await?;
        call(&row.ok_or(StoreError::NotFound)?)
    }

    /// Calls that the operator answered or placed and that began from then until
    /// then, the newest first, of all companies; scoped by the operator.
    pub async fn list_for_operator(
        &self,
        operator: UserId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<CallRow>> {
        let rows = answered_by(operator, from, to)
            .all(self.store.reader())
            .await?;
        self.rows(&rows, &Seen::Everything).await
    }

    /// Earlier calls of the same number to the company, and of operators to it, the newest first.
    pub async fn earlier(
        &self,
        company: CompanyId,
        number: &str,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<EarlierCall>> {
        let number = phone(number);
        if number.is_empty() {
            return Ok(Vec::new());
        }
        let rows = of_number(company, number, before)
            .limit(u64::from(limit))
            .all(self.store.reader())
            .await?;
        let mut briefs = self.briefs(&rows, &Seen::Everything).await?;
        rows.iter()
            .map(|row| {
                Ok(EarlierCall {
                    call: CallId(row.id),
                    outgoing: row.outgoing,
                    at: timestamp(row.arrived_at)?,
                    result: call(row)?.result,
                    text: briefs.remove(&row.id).map(|brief| brief.text),
                })
            })
            .collect()
    }

    async fn rows(&self, rows: &[Model], seen: &Seen) -> Result<Vec<CallRow>> {
        let reader = self.store.reader();
        let companies =
            lookup::company_names(reader, rows.iter().map(|row| row.company_id)).await?;
        let lines = lookup::line_names(reader, rows.iter().map(|row| row.line_id)).await?;
        let people = rows.iter().filter_map(|row| row.operator_id);
        let people = people.chain(rows.iter().filter_map(|row| row.called_back_by));
        let people = lookup::user_names(reader, people).await?;
        let mut briefs = self.briefs(rows, seen).await?;
        rows.iter()
            .map(|row| {
                Ok(CallRow {
                    call: call(row)?,
                    company_name: companies.get(&row.company_id).cloned().unwrap_or_default(),
                    line_name: lines.get(&row.line_id).cloned().unwrap_or_default(),
                    operator_name: row.operator_id.and_then(|id| people.get(&id).cloned()),
                    message: briefs.remove(&row.id),
                    called_back_at: timestamp_opt(row.called_back_at)?,
                    called_back_by: row.called_back_by.and_then(|id| people.get(&id).cloned()),
                })
            })
            .collect()
    }

    /// The newest message of each call that has one to be seen.
    async fn briefs(&self, rows: &[Model], seen: &Seen) -> Result<HashMap<Uuid, MessageBrief>> {
        if rows.is_empty() {
            return Ok(HashMap::new());
        }
        let messages = message::Entity::find()
            .filter(message::Column::CallId.is_in(rows.iter().map(|row| row.id)))
            .filter(seen.messages()?)
            .order_by_asc(message::Column::CreatedAt)
            .order_by_asc(message::Column::Id)
            .all(self.store.reader())
            .await?;
        // A later one replaces an earlier one of the same call.
        Ok(messages
            .into_iter()
            .map(|message| (message.call_id, messages::brief(message)))
            .collect())
    }

    async fn timeline(
        &self,
        company: CompanyId,
        rows: &[call_timeline::Model],
    ) -> Result<Vec<TimelineItem>> {
        let mut entries = Vec::with_capacity(rows.len());
        for row in rows {
            entries.push(TimelineEntry {
                at: timestamp(row.at)?,
                happening: from_json(&row.happening)?,
            });
        }
        let named = entries.iter().filter_map(|e| operator(&e.happening));
        let names = lookup::user_names(self.store.reader(), named.map(|id| id.0)).await?;
        let mut items = Vec::with_capacity(entries.len());
        for entry in entries {
            let colleague_name = match colleague(&entry.happening) {
                Some(recipient) => {
                    recipient::known_name(self.store.reader(), company, recipient).await?
                }
                None => None,
            };
            items.push(TimelineItem {
                operator_name: operator(&entry.happening).and_then(|id| names.get(&id.0).cloned()),
                colleague_name,
                entry,
            });
        }
        Ok(items)
    }
}

fn one(company: CompanyId, id: CallId, seen: &Seen) -> Result<Select<Entity>> {
    Ok(Entity::find_by_id(id.0)
        .filter(Column::CompanyId.eq(company.0))
        .filter(seen.calls()?))
}

impl History for Entity {
    const INDEXED: Indexed = CALLS;
    const COMPANY: Column = Column::CompanyId;
    const ID: Column = Column::Id;
    const TIME: Column = Column::ArrivedAt;
    const TERMS: Column = Column::SearchText;

    fn place(row: &Model) -> (i64, Uuid) {
        (row.arrived_at, row.id)
    }
}

/// What [`Calls::list`] looks for.
pub(crate) fn wanted(company: CompanyId, filter: &CallFilter) -> Result<Wanted> {
    let line = filter.line.map(|line| Column::LineId.eq(line.0));
    let result = filter.result.map(name).transpose()?.map(|result| {
        Condition::all()
            .add(Column::Result.eq(result))
            .add(Column::EndedAt.is_not_null())
    });
    let narrower = Condition::all().add_option(line).add_option(result);
    let lost = filter.not_called_back.then(to_call_back);
    let (seek, check) = match (filter.outgoing, lost) {
        (Some(true), lost) => (Condition::all().add(placed()), narrower.add_option(lost)),
        (_, Some(lost)) => (Condition::all().add(lost), narrower),
        (_, None) => (narrower, Condition::all()),
    };
    let check = check.add_option((filter.outgoing == Some(false)).then(came_in));
    // Who sees little of a long history is shown it in pages that are not full.
    let check = match &filter.seen {
        Seen::Everything => check,
        own => check.add(own.calls()?),
    };
    Ok(Wanted {
        company,
        seek,
        check: (!check.is_empty()).then_some(check),
        search: Search::parse(filter.search.as_deref()),
        from: filter.from.map(millis),
        to: filter.to.map(millis),
    })
}

/// Word for word the condition of the index `calls_outgoing`.
fn placed() -> Expr {
    Expr::cust("outgoing")
}

/// The others. No index is by it: they are nearly all.
pub(crate) fn came_in() -> Expr {
    Expr::cust("NOT outgoing")
}

/// Word for word the condition of the indices `calls_to_call_back` and
/// `calls_lost`. A CASE, so that the databases don't take parts of it for a seek in another index.
pub(crate) fn to_call_back() -> Expr {
    Expr::cust(
        "CASE result WHEN 'lost' THEN ended_at IS NOT NULL AND NOT called_back ELSE FALSE END",
    )
}

pub(crate) fn answered_by(operator: UserId, from: Timestamp, to: Timestamp) -> Select<Entity> {
    Entity::find()
        .filter(Column::OperatorId.eq(operator.0))
        .filter(Column::ArrivedAt.gte(millis(from)))
        .filter(Column::ArrivedAt.lt(millis(to)))
        .order_by_desc(Column::ArrivedAt)
}

pub(crate) fn of_number(company: CompanyId, number: String, before: Timestamp) -> Select<Entity> {
    Entity::find()
        .filter(Column::CompanyId.eq(company.0))
        .filter(Column::CallerNumber.eq(number))
        .filter(Column::ArrivedAt.lt(millis(before)))
        .order_by_desc(Column::ArrivedAt)
}

/// The colleague whom a happening names.
fn colleague(happening: &Happening) -> Option<Recipient> {
    match happening {
        Happening::TransferBegun { colleague, .. }
        | Happening::TransferRinging { colleague }
        | Happening::TransferAnswered { colleague }
        | Happening::TransferFailed { colleague, .. }
        | Happening::TalkingTogether { colleague }
        | Happening::Transferred { colleague } => Some(colleague.recipient),
        _ => None,
    }
}

/// The operator whom a happening names.
fn operator(happening: &Happening) -> Option<UserId> {
    match happening {
        Happening::Placed { operator }
        | Happening::Offered { operator }
        | Happening::OfferMissed { operator }
        | Happening::OfferDeclined { operator }
        | Happening::Answered { operator }
        | Happening::OperatorLost { operator }
        | Happening::OperatorBack { operator }
        | Happening::TransferBegun { operator, .. }
        | Happening::TakenBack { operator }
        | Happening::SupervisorJoined { operator }
        | Happening::SupervisorLeft { operator } => Some(*operator),
        Happening::Arrived
        | Happening::CalleeRinging
        | Happening::QueueAnswered
        | Happening::Held
        | Happening::Resumed
        | Happening::TransferRinging { .. }
        | Happening::TransferAnswered { .. }
        | Happening::TransferFailed { .. }
        | Happening::TalkingTogether { .. }
        | Happening::Transferred { .. }
        | Happening::VoiceMessageStarted
        | Happening::LineCheckStarted
        | Happening::Ended { .. } => None,
    }
}
