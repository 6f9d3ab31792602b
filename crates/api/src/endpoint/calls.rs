//! The company's calls.

pub mod called_back;
pub mod events;
pub mod list;
pub mod peaks;
pub mod read;
pub mod recording;
mod row;
pub mod today;

pub use row::{CallRow, shown};
