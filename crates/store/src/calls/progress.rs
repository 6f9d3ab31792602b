//! Writes: a call from its arrival to its end, and what is noted of it afterwards.

use jiff::Timestamp;
use model::call::{Call, CallResult, Ending, Happening, RecordingState, TimelineEntry};
use model::event::EventKind;
use model::id::{CallId, CompanyId, UserId};
use model::message::Message;
use sea_orm::sea_query::{Expr, Func, OnConflict};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Select, UpdateMany,
};
use uuid::Uuid;

use super::history::to_call_back;
use super::{Calls, call};
use crate::column::{from_name, json, millis, name, phone};
use crate::entity::call::{Column, Entity, Model};
use crate::entity::{call_timeline, line};
use crate::search::Terms;
use crate::{ChangeKind, Conflict, Result, StoreError, StoredMessage, events, messages};

impl Calls<'_> {
    /// Stores a call that arrived, or that an operator has placed. Again is no
    /// error, so an uncertain write can be repeated.
    pub async fn insert(&self, call: &Call) -> Result<()> {
        let txn = self.store.begin().await?;
        line::Entity::find_by_id(call.line.0)
            .filter(line::Column::CompanyId.eq(call.company.0))
            .one(&txn)
            .await?
            .ok_or(StoreError::NotFound)?;
        let new = row(call)?;
        let inserted = Entity::insert(new.clone().into_active_model())
            .on_conflict(OnConflict::column(Column::Id).do_nothing().to_owned())
            .exec_without_returning(&txn)
            .await?;
        let stored = match inserted {
            0 => of_company(&txn, call.company, call.id).await?,
            _ => new,
        };
        let begun = TimelineEntry {
            at: call.arrived_at,
            happening: match call.operator.filter(|_| call.outgoing) {
                Some(operator) => Happening::Placed { operator },
                None => Happening::Arrived,
            },
        };
        append(&txn, call.id, &begun).await?;
        if inserted > 0 {
            events::of_call(&txn, EventKind::CallArrived, &stored, call.arrived_at).await?;
        }
        txn.commit().await?;
        self.store.tell(call.company, ChangeKind::Call(call.id));
        if call.outgoing {
            self.store.tell(call.company, ChangeKind::Tasks);
        }
        self.store.wake_deliveries();
        Ok(())
    }

    /// Appends to what happened; the same entry twice is kept once.
    pub async fn append_timeline(
        &self,
        company: CompanyId,
        id: CallId,
        entry: &TimelineEntry,
    ) -> Result<()> {
        let txn = self.store.begin().await?;
        of_company(&txn, company, id).await?;
        append(&txn, id, entry).await?;
        match entry.happening {
            // Known from here on, so that the day's figures leave it out while it runs.
            Happening::LineCheckStarted => expect_result(&txn, id, CallResult::TestCall).await?,
            // Stays true if the server dies while the two still talk through it.
            Happening::Transferred { .. } => {
                expect_result(&txn, id, CallResult::Transferred).await?;
            }
            _ => {}
        }
        txn.commit().await?;
        self.store.tell(company, ChangeKind::Call(id));
        Ok(())
    }

    /// An operator answered, or whom the operator called. The first answer's time stays when
    /// another operator takes over. Lost calls of that number wait for nobody any more: «Перезвонили».
    pub async fn set_answered(
        &self,
        company: CompanyId,
        id: CallId,
        operator: UserId,
        at: Timestamp,
    ) -> Result<()> {
        let txn = self.store.begin().await?;
        let mut row = of_company(&txn, company, id).await?;
        let first = row.answered_at.is_none();
        row.answered_at.get_or_insert(millis(at));
        row.operator_id = Some(operator.0);
        Entity::update_many()
            .col_expr(Column::AnsweredAt, Expr::value(row.answered_at))
            .col_expr(Column::OperatorId, Expr::value(row.operator_id))
            .filter(Column::Id.eq(id.0))
            .exec(&txn)
            .await?;
        let mut settled = Vec::new();
        if first {
            settled = settle(&txn, &row, operator, at).await?;
            events::of_call(&txn, EventKind::CallAnswered, &row, at).await?;
        }
        txn.commit().await?;
        for call in settled.iter().copied().chain([id]) {
            self.store.tell(company, ChangeKind::Call(call));
        }
        if !settled.is_empty() {
            self.store.tell(company, ChangeKind::Tasks);
        }
        self.store.wake_deliveries();
        Ok(())
    }

    /// Ends the call, and says so in the timeline. Its result is the ending's,
    /// and of an outgoing call whether somebody answered, unless a message or the
    /// operator gave one. The same ending again is no error; another one is a conflict.
    pub async fn finish(
        &self,
        company: CompanyId,
        id: CallId,
        ending: Ending,
        ended_at: Timestamp,
    ) -> Result<()> {
        let txn = self.store.begin().await?;
        let row = finish(&txn, company, id, ending, ended_at).await?;
        txn.commit().await?;
        self.store.tell(company, ChangeKind::Call(id));
        // Whom an operator has called is called no more; who is lost is owed a call.
        if row.outgoing || is_owed(&row)? {
            self.store.tell(company, ChangeKind::Tasks);
        }
        self.store.wake_deliveries();
        Ok(())
    }

    /// Ends the call with a voice message, which is stored with its deliveries
    /// in the same transaction. Can be repeated like [`Calls::finish`].
    pub async fn finish_with_voice_message(
        &self,
        message: &Message,
        ended_at: Timestamp,
        email_enabled: bool,
    ) -> Result<StoredMessage> {
        let txn = self.store.begin().await?;
        let ending = Ending::VoiceMessageLeft;
        finish(&txn, message.company, message.call, ending, ended_at).await?;
        let created = messages::store(&txn, message, email_enabled).await?;
        txn.commit().await?;
        self.store
            .tell(message.company, ChangeKind::Call(message.call));
        messages::tell(self.store, &created);
        Ok(created.stored)
    }

    /// The operator's own choice, before or after the end: it stays against messages and ending.
    pub async fn set_result(
        &self,
        company: CompanyId,
        id: CallId,
        result: CallResult,
    ) -> Result<()> {
        let txn = self.store.begin().await?;
        let row = of_company(&txn, company, id).await?;
        Entity::update_many()
            .col_expr(Column::Result, Expr::value(name(result)?))
            .col_expr(Column::ResultChosen, Expr::value(true))
            .filter(Column::Id.eq(id.0))
            .exec(&txn)
            .await?;
        txn.commit().await?;
        self.store.tell(company, ChangeKind::Call(id));
        if is_owed(&row)? {
            self.store.tell(company, ChangeKind::Tasks);
        }
        Ok(())
    }

    /// How the recording stands.
    pub async fn set_recording(
        &self,
        company: CompanyId,
        id: CallId,
        state: RecordingState,
        ms: u32,
    ) -> Result<()> {
        let update = Entity::update_many()
            .col_expr(Column::Recording, Expr::value(name(state)?))
            .col_expr(Column::RecordingMs, Expr::value(i64::from(ms)));
        self.update(company, id, update).await
    }

    /// Whether somebody called back; who says so, and when.
    pub async fn set_called_back(
        &self,
        company: CompanyId,
        id: CallId,
        called_back: bool,
        by: UserId,
        at: Timestamp,
    ) -> Result<()> {
        let noted = called_back.then_some((millis(at), by.0));
        let update = Entity::update_many()
            .col_expr(Column::CalledBack, Expr::value(called_back))
            .col_expr(Column::CalledBackAt, Expr::value(noted.map(|(at, _)| at)))
            .col_expr(Column::CalledBackBy, Expr::value(noted.map(|(_, by)| by)));
        self.update(company, id, update).await?;
        self.store.tell(company, ChangeKind::Tasks);
        Ok(())
    }

    /// Ends every call that a stopped server left running, and gives them
    /// back as they are now. For the start, not scoped.
    pub async fn close_unfinished(&self, now: Timestamp) -> Result<Vec<Call>> {
        let txn = self.store.begin().await?;
        let mut closed = Vec::new();
        // All of them first: whoever holds the company's events waits for no call.
        for row in running().lock_exclusive().all(&txn).await? {
            let (company, id) = (CompanyId(row.company_id), CallId(row.id));
            let row = finish(&txn, company, id, Ending::ServerStopped, now).await?;
            closed.push(call(&row)?);
        }
        txn.commit().await?;
        for call in &closed {
            self.store.tell(call.company, ChangeKind::Call(call.id));
        }
        self.store.wake_deliveries();
        Ok(closed)
    }

    async fn update(
        &self,
        company: CompanyId,
        id: CallId,
        update: UpdateMany<Entity>,
    ) -> Result<()> {
        let updated = update
            .filter(Column::Id.eq(id.0))
            .filter(Column::CompanyId.eq(company.0))
            .exec(self.store.writer())
            .await?;
        if updated.rows_affected == 0 {
            return Err(StoreError::NotFound);
        }
        self.store.tell(company, ChangeKind::Call(id));
        Ok(())
    }
}

/// Whether a call is a lost one that nobody has called back.
pub(crate) fn is_owed(row: &Model) -> Result<bool> {
    let lost = row.result == Some(name(CallResult::Lost)?);
    Ok(lost && row.ended_at.is_some() && !row.called_back)
}

/// Ids of lost calls from a number that nobody has called back.
pub(crate) fn owed(company: CompanyId, number: &str) -> Select<Entity> {
    Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::CompanyId.eq(company.0))
        .filter(to_call_back())
        .filter(Column::CallerNumber.eq(number))
}

/// Somebody talks with whom the number is of: the calls that were lost before are settled by that.
async fn settle(
    txn: &DatabaseTransaction,
    reached: &Model,
    operator: UserId,
    at: Timestamp,
) -> Result<Vec<CallId>> {
    let Some(number) = &reached.caller_number else {
        return Ok(Vec::new());
    };
    let lost = owed(CompanyId(reached.company_id), number);
    let lost: Vec<Uuid> = lost.into_tuple().all(txn).await?;
    if !lost.is_empty() {
        Entity::update_many()
            .col_expr(Column::CalledBack, Expr::value(true))
            .col_expr(Column::CalledBackAt, Expr::value(millis(at)))
            .col_expr(Column::CalledBackBy, Expr::value(operator.0))
            .filter(Column::Id.is_in(lost.iter().copied()))
            .exec(txn)
            .await?;
    }
    Ok(lost.into_iter().map(CallId).collect())
}

/// Calls without an end, by the index that holds only those.
pub(crate) fn running() -> Select<Entity> {
    Entity::find()
        .filter(Column::EndedAt.is_null())
        .order_by_asc(Column::ArrivedAt)
}

/// The call's row, for as long as the transaction lasts.
pub(crate) async fn of_company(
    txn: &DatabaseTransaction,
    company: CompanyId,
    id: CallId,
) -> Result<Model> {
    Entity::find_by_id(id.0)
        .filter(Column::CompanyId.eq(company.0))
        .lock_exclusive()
        .one(txn)
        .await?
        .ok_or(StoreError::NotFound)
}

/// Sets what the result is to be, where the operator chose none.
pub(crate) async fn expect_result(
    txn: &DatabaseTransaction,
    id: CallId,
    result: CallResult,
) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::Result, Expr::value(name(result)?))
        .filter(Column::Id.eq(id.0))
        .filter(Column::ResultChosen.eq(false))
        .exec(txn)
        .await?;
    Ok(())
}

/// Adds to the terms by which the call is found.
pub(crate) async fn add_terms(
    txn: &DatabaseTransaction,
    id: CallId,
    add: impl FnOnce(Terms) -> Terms,
) -> Result<()> {
    let row = Entity::find_by_id(id.0).one(txn).await?;
    let stored = row.ok_or(StoreError::NotFound)?.search_text;
    let text = add(Terms::stored(&stored)).text();
    if text != stored {
        Entity::update_many()
            .col_expr(Column::SearchText, Expr::value(text))
            .filter(Column::Id.eq(id.0))
            .exec(txn)
            .await?;
    }
    Ok(())
}

/// Ends the call, and gives its row as it is then.
async fn finish(
    txn: &DatabaseTransaction,
    company: CompanyId,
    id: CallId,
    ending: Ending,
    ended_at: Timestamp,
) -> Result<Model> {
    let row = of_company(txn, company, id).await?;
    if let Some(stored) = &row.ending {
        return if from_name::<Ending>(stored)? == ending {
            Ok(row)
        } else {
            Err(StoreError::conflict(Conflict::CallEnded))
        };
    }
    let result = match row.outgoing {
        true => ending.result_placed(row.answered_at.is_some()),
        false => ending.result(),
    };
    let result = Func::coalesce([Expr::col(Column::Result), Expr::value(name(result)?)]);
    Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(millis(ended_at)))
        .col_expr(Column::Ending, Expr::value(name(ending)?))
        .col_expr(Column::Result, result.into())
        .filter(Column::Id.eq(id.0))
        .exec(txn)
        .await?;
    let ended = TimelineEntry {
        at: ended_at,
        happening: Happening::Ended { ending },
    };
    append(txn, id, &ended).await?;
    let row = of_company(txn, company, id).await?;
    events::of_call(txn, EventKind::CallEnded, &row, ended_at).await?;
    Ok(row)
}

async fn append(txn: &DatabaseTransaction, id: CallId, entry: &TimelineEntry) -> Result<()> {
    use call_timeline::Column;
    let row = call_timeline::Model {
        id: Uuid::now_v7(),
        call_id: id.0,
        at: millis(entry.at),
        happening: json(&entry.happening)?,
    };
    call_timeline::Entity::insert(row.into_active_model())
        .on_conflict(
            OnConflict::columns([Column::CallId, Column::At, Column::Happening])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

fn row(call: &Call) -> Result<Model> {
    let number = call
        .caller
        .number
        .as_deref()
        .map(phone)
        .filter(|n| !n.is_empty());
    Ok(Model {
        id: call.id.0,
        company_id: call.company.0,
        line_id: call.line.0,
        outgoing: call.outgoing,
        search_text: Terms::default()
            .number(number.as_deref().unwrap_or_default())
            .words(call.caller.name.as_deref().unwrap_or_default())
            .text(),
        caller_number: number,
        caller_name: call.caller.name.clone(),
        arrived_at: millis(call.arrived_at),
        answered_at: call.answered_at.map(millis),
        ended_at: call.ended_at.map(millis),
        ending: call.ending.map(name).transpose()?,
        result: call.result.map(name).transpose()?,
        result_chosen: false,
        operator_id: call.operator.map(|operator| operator.0),
        recording: name(call.recording)?,
        recording_ms: i64::from(call.recording_ms),
        called_back: call.called_back,
        called_back_at: None,
        called_back_by: None,
    })
}
