//! «Линии и сценарии».

pub mod account;
pub mod connect;
pub mod create;
pub mod delete;
pub mod disconnect;
pub mod doctor;
pub mod forecast;
pub mod journal;
pub mod list;
mod problems;
pub mod prompt;
pub(super) mod questions;
pub mod read;
pub mod rename;
pub mod script;
mod surroundings;
pub mod trace;
mod trust;
mod view;
mod warnings;
pub mod wordings;

pub use view::LineView;

/// Longest name of a line, in characters.
const NAME_MAX: usize = 100;
