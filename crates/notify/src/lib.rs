//! Deliveries of messages by letter and by push, events for webhooks, the steps
//! of messages that nobody takes on, and letters about sign-ins: when each
//! attempt is due, what is sent, and the way it takes.
//!
//! A delivery is marked as sent as soon as the next server has taken it,
//! before anything else. Only a crash between the two can send it again, and
//! then with the same id (Message-ID, Topic, webhook-id), so the receiver can
//! tell.

mod account;
mod http;
mod lane;
mod letter;
mod mailer;
mod push;
mod schedule;
mod steps;
mod webhook;
mod welcome;
mod worker;

pub use http::{Outbound, OutboundError, OutboundSettings, RequestError, Resolve, SystemResolver};
pub use mailer::{MailError, MailSettings, Mailer, Security};
pub use push::{Vapid, VapidError};
pub use schedule::Schedule;
pub use steps::Steps;
pub use webhook::HandSender;
pub use welcome::{Welcome, WelcomeError};
pub use worker::{Worker, WorkerParts};
