//! The contract of the store, told once and held by both databases.

#![allow(missing_docs, reason = "tests speak for themselves")]

/// Each story is one `async fn(Store)`; it runs as `…::sqlite` and as `…::postgres`.
macro_rules! stories {
    ($($story:ident)*) => {$(
        mod $story {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let database = crate::databases::Sqlite::new();
                super::$story(database.store().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let database = crate::databases::Postgres::new();
                super::$story(database.store().await).await;
            }
        }
    )*};
}

/// The outcome is an error of this shape.
macro_rules! assert_fails {
    ($outcome:expr, $pattern:pat) => {
        match $outcome {
            Err($pattern) => {}
            Err(other) => panic!("failed otherwise: {other:?}"),
            Ok(_) => panic!("did not fail"),
        }
    };
}

mod accounts;
mod actions;
mod api_keys;
mod away;
mod bounces;
mod callers;
mod calls;
mod changes;
mod cluster;
mod companies;
mod concurrency;
mod databases;
mod deliveries;
mod delivery_events;
mod durability;
mod events;
mod history;
mod lines;
mod messages;
mod outgoing;
mod people;
mod push;
mod reach;
mod scoping;
mod seen;
mod sessions;
mod shifts;
mod steps;
mod summaries;
mod tasks;
mod users;
mod ways;
mod webhooks;
mod world;
