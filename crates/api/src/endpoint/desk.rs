//! «Рабочее место оператора».

pub mod board;
pub mod caller;
mod frames;
pub mod lost;
pub mod messages;
pub mod questions;
pub mod result;
pub mod shifts;
pub mod socket;
pub mod spam;
pub mod tasks;
pub mod today;
