//! How fast «Главная» is on a company's long history: every list, filter,
//! search and count, on SQLite and PostgreSQL, over data that are made here.
//!
//! `HISTORY_CALLS` says how many calls (a million where it is not set),
//! `HISTORY_RUNS` how often each query is asked (100).

#![allow(missing_docs, reason = "a program that measures")]

#[allow(dead_code, reason = "shared with the contract's stories")]
#[path = "../../tests/contract/cluster.rs"]
mod cluster;
mod data;
mod queries;
#[allow(dead_code, reason = "shared with the contract's stories")]
#[path = "../../tests/contract/world.rs"]
mod world;

use std::time::{Duration, Instant};

use store::Store;

use crate::data::History;

/// What «Главная» promises of each answer at the 99th percentile.
const PROMISED: Duration = Duration::from_millis(100);

fn main() {
    // `cargo test --benches` runs this as well, and is no time to measure.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let calls = number("HISTORY_CALLS", 1_000_000);
    let runs = number("HISTORY_RUNS", 100);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let sqlite = format!("sqlite://{}/history.db", folder.path().display());
    let late = runtime.block_on(measure("SQLite", &sqlite, calls, runs));

    let cluster = cluster::Cluster::start();
    cluster.create("history", "template1");
    let postgres = cluster.url("history");
    let later = runtime.block_on(measure("PostgreSQL", &postgres, calls, runs));
    if late + later > 0 {
        println!(
            "\n{} queries took longer than {PROMISED:?} at the 99th percentile",
            late + later
        );
        std::process::exit(1);
    }
}

fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
}

/// Fills a database, asks it, and tells how many queries were late.
async fn measure(database: &str, url: &str, calls: usize, runs: usize) -> usize {
    let store = Store::open(url, world::key()).await.expect("opened");
    let begun = Instant::now();
    let history = History::make(&store, url, calls).await;
    println!(
        "\n{database}: {calls} calls made in {:.0?}",
        begun.elapsed()
    );
    println!(
        "{:52} {:>9} {:>9} {:>6} {:>8}",
        "query", "p50", "p99", "rows", "answers"
    );
    let mut late = 0;
    for query in queries::all(&history) {
        let mut times = Vec::with_capacity(runs);
        let mut last = queries::Answer::default();
        for run in 0..runs {
            let asked = Instant::now();
            last = (query.ask)(&store, &history, run).await;
            times.push(asked.elapsed());
        }
        times.sort_unstable();
        let p99 = times[(times.len() * 99 / 100).min(times.len() - 1)];
        let answers = match &query.whole {
            Some(filter) => queries::answers(&store, &history, filter).await.to_string(),
            None => String::new(),
        };
        let mark = if p99 > PROMISED { " LATE" } else { "" };
        late += usize::from(p99 > PROMISED);
        println!(
            "{:52} {:>9.1?} {:>9.1?} {:>6} {answers:>8}{mark}",
            query.name,
            times[times.len() / 2],
            p99,
            last.rows,
        );
    }
    store.close().await.expect("closed");
    late
}
