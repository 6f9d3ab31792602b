//! Messages, stored together with their deliveries.

mod actions;
mod effects;
mod rows;

use jiff::Timestamp;
use model::call::CallResult;
use model::id::{CompanyId, EmployeeId, MessageId, UserId};
use model::message::{Channel, Delivery, DeliveryState, Message, MessageState};
use model::notice::Event;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
};
use uuid::Uuid;

use crate::calls::progress;
use crate::column::{millis, name, phone, timestamp};
use crate::entity::message::{Column, Entity, Model};
use crate::entity::{delivery, message_read};
use crate::history::{History, Wanted, list};
use crate::notice::steps;
use crate::page::merged;
use crate::recipient::recipient_name;
use crate::search::{Search, Terms};
use crate::search_index::{Indexed, MESSAGES};
use crate::timeline::{self, MessageHappening};
use crate::{
    ChangeKind, Conflict, Page, PageRequest, Result, Seen, Store, StoreError, lookup, webhooks,
};

pub use self::actions::Comment;
pub(crate) use self::effects::{accept, postpone};
pub(crate) use self::rows::{brief, delivery, message, row, save, stored};

/// Most unread messages that are counted: a badge says «99+».
const UNREAD_MAX: u64 = 100;
/// Open messages, the newest ones, among which they are looked for.
const UNREAD_AMONG: u64 = 1000;

/// A delivery with its addressee's name, which outlives the employee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDelivery {
    /// The delivery.
    pub delivery: Delivery,
    /// Name of the employee, or of the administrator who is told instead; none for the cabinet.
    pub employee_name: Option<String>,
}

/// Who took a message on, or closed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The user, who may be gone.
    pub by: Option<UserId>,
    /// By name.
    pub name: String,
    /// When.
    pub at: Timestamp,
}

/// A message with what is shown beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredMessage {
    /// The message.
    pub message: Message,
    /// Name of the department or employee, as it was when the message was stored.
    pub recipient_name: String,
    /// The operator's name.
    pub author_name: Option<String>,
    /// Whether somebody has taken it on.
    pub state: MessageState,
    /// Who has.
    pub accepted: Option<Mark>,
    /// Who has closed it.
    pub closed: Option<Mark>,
    /// To whom it was assigned; none where the employee was deleted since.
    pub assignee: Option<EmployeeId>,
    /// By name.
    pub assignee_name: Option<String>,
    /// Whether it is open and the viewer who asks has not read it; false where none does.
    pub unread: bool,
    /// When the next step of its escalation is due.
    pub next_step_at: Option<Timestamp>,
    /// Its deliveries, the cabinet's first.
    pub deliveries: Vec<StoredDelivery>,
}

/// What a list of calls shows of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageBrief {
    /// Id.
    pub id: MessageId,
    /// The question.
    pub text: String,
    /// Name of the recipient.
    pub recipient_name: String,
}

/// Which messages are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageFilter {
    /// Stored at this time or later.
    pub from: Option<Timestamp>,
    /// Stored before this time.
    pub to: Option<Timestamp>,
    /// Parts of a number in any spelling, or beginnings of words of a name or the text.
    pub search: Option<String>,
    /// In this state.
    pub state: Option<MessageState>,
    /// That somebody may see.
    pub seen: Seen,
    /// For whom it is told what is unread.
    pub viewer: Option<UserId>,
}

/// A message with its timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageDetails {
    /// The message.
    pub stored: StoredMessage,
    /// What happened to it, in order; the newest thousand.
    pub timeline: Vec<MessageHappening>,
}

/// The outcome of storing a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedMessage {
    /// As it is stored.
    pub stored: StoredMessage,
    /// Whether this call stored it; false on a repeat.
    pub fresh: bool,
}

/// Messages.
#[derive(Clone, Copy)]
pub struct Messages<'a> {
    pub(crate) store: &'a Store,
}

impl Messages<'_> {
    /// Stores a message of a call with its deliveries, in one transaction: one
    /// to the cabinet, and where mail is set up, one to each addressee that
    /// the recipient comes to. The call's result becomes «Сообщение принято»
    /// unless the operator chose another. The same message again gives the
    /// stored one; another one under the same id is a conflict.
    pub async fn create(&self, message: &Message, email_enabled: bool) -> Result<CreatedMessage> {
        let txn = self.store.begin().await?;
        let call = progress::of_company(&txn, message.company, message.call).await?;
        let created = store(&txn, message, email_enabled).await?;
        if created.fresh {
            progress::expect_result(&txn, message.call, CallResult::MessageTaken).await?;
        }
        txn.commit().await?;
        if created.fresh {
            self.store
                .tell(message.company, ChangeKind::Call(message.call));
            if progress::is_owed(&call)? {
                self.store.tell(message.company, ChangeKind::Tasks);
            }
        }
        tell(self.store, &created);
        Ok(created)
    }

    /// The company's messages, the newest first. As with calls, a page that is
    /// not full may have a next one.
    pub async fn list(
        &self,
        company: CompanyId,
        filter: &MessageFilter,
        request: PageRequest,
    ) -> Result<Page<StoredMessage>> {
        let reader = self.store.reader();
        lookup::company(reader, company).await?;
        let wanted = wanted(company, filter)?;
        let mut found = list::<Entity>(reader, &wanted, request).await?;
        if let Some(besides) = besides(company, filter)? {
            let more = list::<Entity>(reader, &besides, request).await?;
            found = merged(found, more, request, Entity::place);
        }
        let (rows, next) = found;
        let items = stored(reader, &rows, filter.viewer).await?;
        Ok(Page { items, next })
    }

    /// One message that somebody may see.
    pub async fn get(
        &self,
        company: CompanyId,
        seen: &Seen,
        id: MessageId,
    ) -> Result<StoredMessage> {
        let reader = self.store.reader();
        let row = one(company, seen, id)?.one(reader).await?;
        let row = row.ok_or(StoreError::NotFound)?;
        Ok(stored(reader, &[row], None).await?.swap_remove(0))
    }

    /// One message with its timeline; `viewer` is who looks.
    pub async fn details(
        &self,
        company: CompanyId,
        seen: &Seen,
        id: MessageId,
        viewer: UserId,
    ) -> Result<MessageDetails> {
        let reader = self.store.reader();
        let row = one(company, seen, id)?.one(reader).await?;
        let row = row.ok_or(StoreError::NotFound)?;
        let timeline = timeline::told(reader, row.id).await?;
        Ok(MessageDetails {
            stored: stored(reader, &[row], Some(viewer)).await?.swap_remove(0),
            timeline,
        })
    }

    /// How many open messages a user who sees these has not read; 100 is the most.
    pub async fn unread(&self, company: CompanyId, seen: &Seen, user: UserId) -> Result<u64> {
        let reader = self.store.reader();
        lookup::company(reader, company).await?;
        let mut all = vec![unread(company, seen.addressed()?, user)?];
        if let Some(besides) = seen.besides()? {
            all.push(unread(company, besides, user)?);
        }
        let mut count = 0;
        for query in all {
            let found: Vec<Uuid> = query.into_tuple().all(reader).await?;
            count += found.len() as u64;
        }
        Ok(std::cmp::min(count, UNREAD_MAX))
    }
}

/// The message, where somebody may see it.
pub(crate) fn one(company: CompanyId, seen: &Seen, id: MessageId) -> Result<Select<Entity>> {
    Ok(Entity::find_by_id(id.0)
        .filter(Column::CompanyId.eq(company.0))
        .filter(seen.messages()?))
}

/// Ids of the newest open messages that the user has not read.
pub(crate) fn unread(company: CompanyId, seek: Condition, user: UserId) -> Result<Select<Entity>> {
    let newest = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::CompanyId.eq(company.0))
        .filter(Column::State.eq(name(MessageState::Open)?))
        .filter(seek)
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(UNREAD_AMONG)
        .into_query();
    let newest = Query::select()
        .column(Column::Id)
        .from_subquery(newest, "newest")
        .to_owned();
    let of_user = Query::select()
        .expr(Expr::val(1))
        .from(message_read::Entity)
        .cond_where(message_read::Column::UserId.eq(user.0))
        .cond_where(
            Expr::col((message_read::Entity, message_read::Column::MessageId))
                .equals((Entity, Column::Id)),
        )
        .to_owned();
    Ok(Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Id.in_subquery(newest))
        .filter(Expr::exists(of_user).not())
        .limit(UNREAD_MAX))
}

impl History for Entity {
    const INDEXED: Indexed = MESSAGES;
    const COMPANY: Column = Column::CompanyId;
    const ID: Column = Column::Id;
    const TIME: Column = Column::CreatedAt;
    const TERMS: Column = Column::SearchText;

    fn place(row: &Model) -> (i64, Uuid) {
        (row.created_at, row.id)
    }
}

/// What [`Messages::list`] looks for.
pub(crate) fn wanted(company: CompanyId, filter: &MessageFilter) -> Result<Wanted> {
    among(company, filter, filter.seen.addressed()?)
}

/// What it looks for besides, for an employee.
pub(crate) fn besides(company: CompanyId, filter: &MessageFilter) -> Result<Option<Wanted>> {
    let seek = filter.seen.besides()?;
    seek.map(|seek| among(company, filter, seek)).transpose()
}

fn among(company: CompanyId, filter: &MessageFilter, seek: Condition) -> Result<Wanted> {
    let state = filter.state.map(name).transpose()?;
    Ok(Wanted {
        company,
        seek: seek.add_option(state.map(|state| Column::State.eq(state))),
        check: None,
        search: Search::parse(filter.search.as_deref()),
        from: filter.from.map(millis),
        to: filter.to.map(millis),
    })
}

/// Adds the terms of a message.
fn with_terms(terms: Terms, message: &Message) -> Terms {
    let terms = terms
        .number(&phone(&message.caller_phone))
        .words(&message.caller_name)
        .words(&message.text);
    let answers = message.answers.iter();
    answers.fold(terms, |terms, answer| terms.words(&answer.value))
}

/// Stores the message and its deliveries, or finds that it is stored. The
/// caller has made sure that the call is the company's.
pub(crate) async fn store(
    txn: &DatabaseTransaction,
    message: &Message,
    email_enabled: bool,
) -> Result<CreatedMessage> {
    if let Some(row) = Entity::find_by_id(message.id.0).one(txn).await? {
        return repeated(txn, message, row).await;
    }
    let recipient = recipient_name(txn, message.company, message.recipient).await?;
    let mut new = row(message, recipient.clone())?;
    let inserted = Entity::insert(new.clone().into_active_model())
        .on_conflict(OnConflict::column(Column::Id).do_nothing().to_owned())
        .exec_without_returning(txn)
        .await?;
    if inserted == 0 {
        // Another one has stored it since it was looked for.
        let row = Entity::find_by_id(message.id.0).one(txn).await?;
        return repeated(txn, message, row.ok_or(StoreError::NotFound)?).await;
    }
    progress::add_terms(txn, message.call, |terms| with_terms(terms, message)).await?;
    let cabinet = delivery::Model {
        id: Uuid::now_v7(),
        message_id: message.id.0,
        company_id: message.company.0,
        employee_id: None,
        employee_name: None,
        webhook_id: None,
        channel: name(Channel::Cabinet)?,
        address: String::new(),
        state: name(DeliveryState::Delivered)?,
        attempts: 1,
        next_at: None,
        leased_until: None,
        error: None,
        changed_at: new.created_at,
        held_until: None,
        tried_from: None,
    };
    delivery::Entity::insert(cabinet.into_active_model())
        .exec_without_returning(txn)
        .await?;
    let now = timestamp(new.created_at)?;
    let created = Event::Created { recipient };
    timeline::add(txn, timeline::of(&new), now, None, &created).await?;
    webhooks::deliveries::queue(txn, message.company, message.id, now).await?;
    steps::begin(txn, &mut new, now, email_enabled).await?;
    Ok(CreatedMessage {
        stored: stored(txn, &[new], None).await?.swap_remove(0),
        fresh: true,
    })
}

/// Tells of a message that was committed, and wakes its deliveries.
pub(crate) fn tell(store: &Store, created: &CreatedMessage) {
    if created.fresh {
        let message = &created.stored.message;
        store.tell(message.company, ChangeKind::Message(message.id));
        store.wake_deliveries();
        store.wake_steps();
    }
}

/// A repeat is the same in all that was said; it may come at another time.
async fn repeated(
    txn: &DatabaseTransaction,
    message: &Message,
    stored_row: Model,
) -> Result<CreatedMessage> {
    let said = row(message, stored_row.recipient_name.clone())?;
    let again = Model {
        id: said.id,
        company_id: said.company_id,
        call_id: said.call_id,
        recipient: said.recipient,
        caller_name: said.caller_name,
        caller_phone: said.caller_phone,
        text: said.text,
        answers: said.answers,
        urgent: said.urgent,
        author_id: said.author_id,
        ..stored_row.clone()
    };
    if again != stored_row {
        return Err(StoreError::conflict(Conflict::MessageDiffers));
    }
    Ok(CreatedMessage {
        stored: stored(txn, &[stored_row], None).await?.swap_remove(0),
        fresh: false,
    })
}
