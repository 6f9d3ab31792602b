//! What people do with messages: read, accept, give back, close, comment, assign.

use jiff::Timestamp;
use model::id::{CompanyId, EmployeeId, EventId, MessageId};
use model::message::{DeliveryState, MessageState};
use model::notice::Event;
use sea_orm::sea_query::{LockType, OnConflict};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};

use super::effects::{accept, close_held, follow, mark_read, read, settle, start_again};
use super::{Messages, one, save, stored};
use crate::column::{from_name, millis, name};
use crate::entity::message::Model;
use crate::entity::{employee, message_event};
use crate::notice::steps;
use crate::{Actor, ChangeKind, Conflict, Result, Seen, StoreError, StoredMessage, timeline};

/// A comment to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Id, chosen by its writer.
    pub id: EventId,
    /// What it says.
    pub text: String,
}

impl Messages<'_> {
    /// The actor has read it; again is no error. The next step of the
    /// escalation waits anew, once, where the actor is one who was told.
    pub async fn read(
        &self,
        company: CompanyId,
        seen: &Seen,
        id: MessageId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<StoredMessage> {
        let (txn, mut row) = self.open(company, seen, id).await?;
        read(&txn, &mut row, actor, now).await?;
        self.done(txn, row, actor).await
    }

    /// «Принять»: the actor takes the message on, and nobody else is told of
    /// it any more. Again is no error; where another one has,
    /// [`Conflict::AlreadyAccepted`]; a closed one is to be opened first.
    pub async fn accept(
        &self,
        company: CompanyId,
        seen: &Seen,
        id: MessageId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<StoredMessage> {
        let (txn, mut row) = self.open(company, seen, id).await?;
        accept(&txn, &mut row, actor, now).await?;
        self.done(txn, row, actor).await
    }

    /// Gives an accepted message back: it is open, those whom it is for are
    /// told again, but for the actor. An open one stays as it is.
    pub async fn release(
        &self,
        company: CompanyId,
        seen: &Seen,
        id: MessageId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<StoredMessage> {
        let (txn, mut row) = self.open(company, seen, id).await?;
        match from_name(&row.state)? {
            MessageState::Open => {}
            MessageState::Closed => return Err(StoreError::conflict(Conflict::MessageClosed)),
            MessageState::Accepted => {
                row.assignee_id = None;
                row.assignee_name = None;
                start_again(&mut row, now, actor.employee)?;
                timeline::add(&txn, timeline::of(&row), now, Some(actor), &Event::Released).await?;
            }
        }
        self.done(txn, row, actor).await
    }

    /// The message is done; again is no error.
    pub async fn close(
        &self,
        company: CompanyId,
        seen: &Seen,
        id: MessageId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<StoredMessage> {
        let (txn, mut row) = self.open(company, seen, id).await?;
        if from_name::<MessageState>(&row.state)? != MessageState::Closed {
            mark_read(&txn, &row, actor, now).await?;
            row.state = name(MessageState::Closed)?;
            row.closed_by = Some(actor.user.0);
            row.closed_by_name = Some(actor.name.clone());
            row.closed_at = Some(millis(now));
            settle(&txn, &mut row).await?;
            follow(&txn, &row, actor, DeliveryState::Closed, now).await?;
            close_held(&txn, &row, now).await?;
            timeline::add(&txn, timeline::of(&row), now, Some(actor), &Event::Closed).await?;
        }
        self.done(txn, row, actor).await
    }

    /// A closed message is open again, and those whom it is for are told. One
    /// that is not closed stays as it is.
    pub async fn reopen(
        &self,
        company: CompanyId,
        seen: &Seen,
        id: MessageId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<StoredMessage> {
        let (txn, mut row) = self.open(company, seen, id).await?;
        if from_name::<MessageState>(&row.state)? == MessageState::Closed {
            start_again(&mut row, now, None)?;
            timeline::add(&txn, timeline::of(&row), now, Some(actor), &Event::Reopened).await?;
        }
        self.done(txn, row, actor).await
    }

    /// Writes beside the message. The comment's id is chosen by its writer:
    /// the same again is stored once, another one under it is a conflict.
    pub async fn comment(
        &self,
        company: CompanyId,
        seen: &Seen,
        id: MessageId,
        comment: &Comment,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<StoredMessage> {
        let (txn, row) = self.open(company, seen, id).await?;
        let event = Event::Comment {
            text: comment.text.clone(),
        };
        let new = timeline::entry(comment.id.0, timeline::of(&row), now, Some(actor), &event)?;
        let inserted = message_event::Entity::insert(new.clone().into_active_model())
            .on_conflict(
                OnConflict::column(message_event::Column::Id)
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(&txn)
            .await?;
        if inserted == 0 {
            let stored = message_event::Entity::find_by_id(comment.id.0)
                .one(&txn)
                .await?;
            let again = stored.map(|stored| message_event::Model {
                at: new.at,
                user_name: new.user_name.clone(),
                ..stored
            });
            if again != Some(new) {
                return Err(StoreError::conflict(Conflict::MessageDiffers));
            }
        }
        self.done(txn, row, actor).await
    }

    /// Gives an open or accepted message to an employee of the company, who
    /// is told and sees it from now on. Oneself takes it on by that.
    pub async fn assign(
        &self,
        company: CompanyId,
        seen: &Seen,
        id: MessageId,
        employee: EmployeeId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<StoredMessage> {
        let (txn, mut row) = self.open(company, seen, id).await?;
        if from_name::<MessageState>(&row.state)? == MessageState::Closed {
            return Err(StoreError::conflict(Conflict::MessageClosed));
        }
        let to = employee::Entity::find_by_id(employee.0)
            .filter(employee::Column::CompanyId.eq(company.0))
            .one(&txn)
            .await?
            .ok_or_else(|| StoreError::conflict(Conflict::UnknownRecipient))?;
        let assigned = Event::Assigned {
            employee,
            to: to.name.clone(),
        };
        timeline::add(&txn, timeline::of(&row), now, Some(actor), &assigned).await?;
        row.assignee_id = Some(to.id);
        row.assignee_name = Some(to.name);
        steps::show(&txn, row.id, to.id).await?;
        start_again(&mut row, now, None)?;
        if actor.employee == Some(employee) {
            accept(&txn, &mut row, actor, now).await?;
        }
        self.done(txn, row, actor).await
    }

    /// Begins to do something with a message that the actor may see.
    async fn open(
        &self,
        company: CompanyId,
        seen: &Seen,
        id: MessageId,
    ) -> Result<(DatabaseTransaction, Model)> {
        let txn = self.store.begin().await?;
        // Entries of the timeline that refer to the row are written beside this lock.
        let row = one(company, seen, id)?
            .lock(LockType::NoKeyUpdate)
            .one(&txn)
            .await?;
        Ok((txn, row.ok_or(StoreError::NotFound)?))
    }

    /// Stores what was done, tells of it, and wakes whoever goes on.
    async fn done(
        &self,
        txn: DatabaseTransaction,
        row: Model,
        actor: &Actor,
    ) -> Result<StoredMessage> {
        let (company, id) = (CompanyId(row.company_id), MessageId(row.id));
        save(&txn, &row).await?;
        let stored = stored(&txn, &[row], Some(actor.user)).await?.swap_remove(0);
        txn.commit().await?;
        self.store.tell(company, ChangeKind::Message(id));
        self.store.tell(company, ChangeKind::Tasks);
        self.store.wake_steps();
        Ok(stored)
    }
}
