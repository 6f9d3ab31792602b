//! The worker against receivers, push services and mail servers that answer
//! over real connections, well and badly.

#![allow(missing_docs, reason = "tests speak for themselves")]

mod fairness;
mod outbound;
mod push;
mod webhooks;
mod world;
