//! Ten thousand messages through a server that is killed a thousand times.
//!
//! A child process of this very program stores messages and carries their
//! deliveries out: store and worker as the server has them, on a database with
//! its real durability. The parent kills it at random moments, fills its disk
//! once, and stands for the world around it: receivers of events, a push
//! service and a mail server that fail, hang, repeat and lie. In the end
//! every message has come on each of its ways, once when repeats are put
//! together by their ids, and nothing is left queued.
//!
//! The whole server takes longer to start than to be killed, so the child is
//! this slim part of it.

#![allow(missing_docs, reason = "tests speak for themselves")]

mod child;
mod mail;
mod parent;
mod plan;
mod world;

use std::path::PathBuf;

/// What the child is called with.
const CHILD: &str = "--child";

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some(CHILD) => {
            let plan = arguments.next().map(PathBuf::from).expect("a plan");
            let mut number = || arguments.next().and_then(|number| number.parse().ok());
            let numbers = number().expect("from")..number().expect("until");
            runtime.block_on(child::run(&plan, numbers));
        }
        // Asked for its tests, it has the one.
        Some("--list") => println!("chaos: test"),
        _ => runtime.block_on(parent::run()),
    }
}
