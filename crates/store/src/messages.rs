//! Messages, stored together with their deliveries.

use model::id::{CompanyId, MessageId};
use model::message::{Delivery, Message};

use crate::{Page, PageRequest, Result, Store};

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
        let _ = (message, email_enabled);
        todo!()
    }

    /// The company's messages, the newest first. The search is for a number
    /// in any spelling, a name, or words of the text.
    pub async fn list(
        &self,
        company: CompanyId,
        search: Option<&str>,
        page: PageRequest,
    ) -> Result<Page<StoredMessage>> {
        let _ = (company, search, page);
        todo!()
    }

    /// One message.
    pub async fn get(&self, company: CompanyId, message: MessageId) -> Result<StoredMessage> {
        let _ = (company, message);
        todo!()
    }
}
