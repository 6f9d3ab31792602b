//! Webhooks: a company's events, posted to a receiver of its own, signed as
//! Standard Webhooks has it.

mod by_hand;
mod decide;
mod post;
mod sign;

pub use by_hand::HandSender;
pub(crate) use decide::{Head, decide};
pub(crate) use post::Post;
