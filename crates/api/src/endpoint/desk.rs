//! «Рабочее место оператора».

pub mod messages;
pub mod result;
pub mod socket;
pub mod tasks;
pub mod today;
