//! The company's messages, and what people do with them.

pub mod accept;
pub mod assign;
pub mod close;
pub mod comment;
pub mod delivered;
pub mod export;
pub mod list;
pub mod mark_read;
pub mod read;
pub mod release;
pub mod reopen;
pub mod retry;
mod row;
pub mod unread;

pub use row::MessageRow;
