//! «Линии и сценарии».

pub mod account;
pub mod connect;
pub mod create;
pub mod delete;
pub mod disconnect;
pub mod journal;
pub mod list;
mod problems;
pub mod read;
pub mod rename;
pub mod script;
mod view;
pub mod wordings;

pub use view::LineView;

/// Longest name of a line, in characters.
const NAME_MAX: usize = 100;
