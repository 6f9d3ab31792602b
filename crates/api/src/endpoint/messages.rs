//! The company's messages.

pub mod export;
pub mod list;
mod row;

pub use row::MessageRow;
