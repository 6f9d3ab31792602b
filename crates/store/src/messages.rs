//! Messages, stored together with their deliveries.

use std::collections::HashMap;

use jiff::Timestamp;
use model::call::CallResult;
use model::id::{CallId, CompanyId, DeliveryId, EmployeeId, MessageId, UserId};
use model::message::{Channel, Delivery, DeliveryState, Message};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};
use uuid::Uuid;

use crate::calls::progress;
use crate::column::{
    from_json, from_name, json, millis, name, narrow, phone, timestamp, timestamp_opt,
};
use crate::entity::delivery;
use crate::entity::message::{Column, Entity, Model};
use crate::history::{History, Wanted, list};
use crate::recipient::resolve;
use crate::search::{Search, Terms};
use crate::search_index::{Indexed, MESSAGES};
use crate::{ChangeKind, Conflict, Page, PageRequest, Result, Seen, Store, StoreError, lookup};

/// A delivery with its addressee's name, which outlives the employee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDelivery {
    /// The delivery.
    pub delivery: Delivery,
    /// Name of the employee; none for the cabinet.
    pub employee_name: Option<String>,
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
    /// That somebody may see.
    pub seen: Seen,
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
        progress::of_company(&txn, message.company, message.call).await?;
        let created = store(&txn, message, email_enabled).await?;
        if created.fresh {
            progress::expect_result(&txn, message.call, CallResult::MessageTaken).await?;
        }
        txn.commit().await?;
        if created.fresh {
            self.store
                .tell(message.company, ChangeKind::Call(message.call));
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
        let (rows, next) = list::<Entity>(reader, &wanted, request).await?;
        let items = stored(reader, &rows).await?;
        Ok(Page { items, next })
    }

    /// One message.
    pub async fn get(&self, company: CompanyId, id: MessageId) -> Result<StoredMessage> {
        let reader = self.store.reader();
        let row = Entity::find_by_id(id.0)
            .filter(Column::CompanyId.eq(company.0))
            .one(reader)
            .await?
            .ok_or(StoreError::NotFound)?;
        Ok(stored(reader, &[row]).await?.swap_remove(0))
    }
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
    Ok(Wanted {
        company,
        seek: filter.seen.messages()?,
        check: None,
        search: Search::parse(filter.search.as_deref()),
        from: filter.from.map(millis),
        to: filter.to.map(millis),
    })
}

/// Adds the terms of a message.
fn with_terms(terms: Terms, message: &Message) -> Terms {
    terms
        .number(&phone(&message.caller_phone))
        .words(&message.caller_name)
        .words(&message.text)
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
    let resolved = resolve(txn, message.company, message.recipient).await?;
    let new = row(message, resolved.name)?;
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
    let now = millis(message.created_at);
    let mut deliveries = vec![delivery::Model {
        id: Uuid::now_v7(),
        message_id: message.id.0,
        company_id: message.company.0,
        employee_id: None,
        employee_name: None,
        channel: name(Channel::Cabinet)?,
        address: String::new(),
        state: name(DeliveryState::Delivered)?,
        attempts: 1,
        next_at: None,
        leased_until: None,
        error: None,
        changed_at: now,
    }];
    for addressee in resolved.addressees.into_iter().filter(|_| email_enabled) {
        deliveries.push(delivery::Model {
            id: Uuid::now_v7(),
            message_id: message.id.0,
            company_id: message.company.0,
            employee_id: Some(addressee.id),
            employee_name: Some(addressee.name),
            channel: name(Channel::Email)?,
            address: addressee.email,
            state: name(DeliveryState::Queued)?,
            attempts: 0,
            next_at: Some(now),
            leased_until: None,
            error: None,
            changed_at: now,
        });
    }
    for row in deliveries {
        delivery::Entity::insert(row.into_active_model())
            .exec_without_returning(txn)
            .await?;
    }
    Ok(CreatedMessage {
        stored: stored(txn, &[new]).await?.swap_remove(0),
        fresh: true,
    })
}

/// Tells of a message that was committed, and wakes its deliveries.
pub(crate) fn tell(store: &Store, created: &CreatedMessage) {
    if created.fresh {
        let message = &created.stored.message;
        store.tell(message.company, ChangeKind::Message(message.id));
        store.wake_deliveries();
    }
}

/// A repeat is the same in all that was said; it may come at another time.
async fn repeated(
    txn: &DatabaseTransaction,
    message: &Message,
    stored_row: Model,
) -> Result<CreatedMessage> {
    let again = Model {
        created_at: stored_row.created_at,
        search_text: stored_row.search_text.clone(),
        ..row(message, stored_row.recipient_name.clone())?
    };
    if again != stored_row {
        return Err(StoreError::conflict(Conflict::MessageDiffers));
    }
    Ok(CreatedMessage {
        stored: stored(txn, &[stored_row]).await?.swap_remove(0),
        fresh: false,
    })
}

fn row(message: &Message, recipient_name: String) -> Result<Model> {
    let caller_phone = phone(&message.caller_phone);
    Ok(Model {
        id: message.id.0,
        company_id: message.company.0,
        call_id: message.call.0,
        recipient: json(&message.recipient)?,
        recipient_name,
        caller_name: message.caller_name.clone(),
        caller_phone,
        text: message.text.clone(),
        author_id: message.author.map(|author| author.0),
        created_at: millis(message.created_at),
        search_text: with_terms(Terms::default(), message).text(),
    })
}

/// Messages with what is shown beside them.
pub(crate) async fn stored<C: ConnectionTrait>(
    db: &C,
    rows: &[Model],
) -> Result<Vec<StoredMessage>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let authors = lookup::user_names(db, rows.iter().filter_map(|row| row.author_id)).await?;
    // Ids grow in the order in which deliveries were made: the cabinet's is the first.
    let deliveries = delivery::Entity::find()
        .filter(delivery::Column::MessageId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(delivery::Column::Id)
        .all(db)
        .await?;
    let mut by_message: HashMap<Uuid, Vec<StoredDelivery>> = HashMap::new();
    for row in &deliveries {
        by_message
            .entry(row.message_id)
            .or_default()
            .push(StoredDelivery {
                delivery: delivery(row)?,
                employee_name: row.employee_name.clone(),
            });
    }
    rows.iter()
        .map(|row| {
            Ok(StoredMessage {
                message: message(row)?,
                recipient_name: row.recipient_name.clone(),
                author_name: row.author_id.and_then(|id| authors.get(&id).cloned()),
                deliveries: by_message.remove(&row.id).unwrap_or_default(),
            })
        })
        .collect()
}

pub(crate) fn brief(row: Model) -> MessageBrief {
    MessageBrief {
        id: MessageId(row.id),
        text: row.text,
        recipient_name: row.recipient_name,
    }
}

pub(crate) fn message(row: &Model) -> Result<Message> {
    Ok(Message {
        id: MessageId(row.id),
        company: CompanyId(row.company_id),
        call: CallId(row.call_id),
        recipient: from_json(&row.recipient)?,
        caller_name: row.caller_name.clone(),
        caller_phone: row.caller_phone.clone(),
        text: row.text.clone(),
        author: row.author_id.map(UserId),
        created_at: timestamp(row.created_at)?,
    })
}

pub(crate) fn delivery(row: &delivery::Model) -> Result<Delivery> {
    Ok(Delivery {
        id: DeliveryId(row.id),
        message: MessageId(row.message_id),
        employee: row.employee_id.map(EmployeeId),
        channel: from_name(&row.channel)?,
        address: row.address.clone(),
        state: from_name(&row.state)?,
        attempts: narrow(row.attempts)?,
        next_at: timestamp_opt(row.next_at)?,
        error: row.error.clone(),
        changed_at: timestamp(row.changed_at)?,
    })
}
