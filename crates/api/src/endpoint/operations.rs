//! For whoever keeps the server running.

pub mod health;
pub mod metrics;
pub mod openapi;
pub mod ready;
