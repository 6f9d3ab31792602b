//! Letters that come back.

pub(crate) mod reason;
pub(crate) mod report;
