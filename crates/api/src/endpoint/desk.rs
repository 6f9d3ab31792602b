//! «Рабочее место оператора».

pub mod board;
mod frames;
pub mod messages;
pub mod result;
pub mod socket;
pub mod tasks;
pub mod today;
