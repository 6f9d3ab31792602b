//! Figures of a week, a month, or another time.

pub mod read;
