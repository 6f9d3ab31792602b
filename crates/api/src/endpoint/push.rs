//! Notifications on the own devices.

pub mod key;
pub mod subscribe;
pub mod unsubscribe;
