//! Runs live calls: the thin driver between SIP, media, desk and the call's
//! own words.

pub mod desk;
pub mod handle;
mod shared;
