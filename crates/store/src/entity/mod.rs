//! Tables as the ORM sees them; nothing outside of the crate does.

pub(crate) mod account_letter;
pub(crate) mod call;
pub(crate) mod call_task;
pub(crate) mod call_timeline;
pub(crate) mod company;
pub(crate) mod delivery;
pub(crate) mod department;
pub(crate) mod employee;
pub(crate) mod escalation;
pub(crate) mod event;
pub(crate) mod event_counter;
pub(crate) mod line;
pub(crate) mod line_journal;
pub(crate) mod message;
pub(crate) mod message_event;
pub(crate) mod message_read;
pub(crate) mod message_viewer;
pub(crate) mod password_token;
pub(crate) mod push_subscription;
pub(crate) mod rota;
pub(crate) mod secret;
pub(crate) mod session;
pub(crate) mod user;
pub(crate) mod webhook;
pub(crate) mod webhook_attempt;
