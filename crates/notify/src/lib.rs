//! Deliveries of messages, the steps of those that nobody takes on, and letters
//! about sign-ins: when each attempt is due, the letter, and the way it takes.
//!
//! A delivery is marked as sent as soon as the mail server has taken the
//! letter, before anything else. Only a crash between the two can send it
//! again, and then with the same Message-ID, so the receiver can tell.

mod account;
mod bounce;
mod letter;
mod mailer;
mod schedule;
mod steps;
mod summary;
mod welcome;
mod worker;

pub use bounce::{Bounces, MailboxSettings, Pauses};
pub use mailer::{MailError, MailSettings, Mailer, Returns, Security};
pub use steps::Steps;
pub use summary::Summaries;
pub use welcome::{Welcome, WelcomeError};
pub use worker::Worker;
