//! The company's messages.

pub mod list;
mod row;

pub use row::MessageRow;
