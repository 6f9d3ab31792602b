//! What was committed survives `kill -9`.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use model::id::{CallId, CompanyId};
use store::Store;

use crate::databases::Sqlite;
use crate::world::{World, key};

const URL: &str = "STORE_TEST_URL";

/// Not a test by itself: the other one runs it as a process to be killed. It
/// stores calls as long as it lives, and tells each one after its commit.
#[tokio::test]
async fn writer_sqlite() {
    let Ok(url) = std::env::var(URL) else { return };
    let store = Store::open(&url, key()).await.expect("opened");
    let world = World::new(&store, "Ромашка").await;
    for n in 0.. {
        let call = world.call("101", n).await;
        let mut out = std::io::stdout().lock();
        writeln!(out, "committed {} {call}", world.company).expect("told");
        out.flush().expect("told");
    }
}

#[tokio::test]
async fn commits_survive_a_kill_sqlite() {
    let database = Sqlite::new();
    let mut child = Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "durability::writer_sqlite", "--nocapture"])
        .env(URL, database.url())
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    let out = BufReader::new(child.stdout.take().expect("piped"));
    let mut committed: Vec<(CompanyId, CallId)> = Vec::new();
    for line in out.lines() {
        let line = line.expect("text");
        // The harness writes its own words on the same line as the first of ours.
        if let Some((_, told)) = line.split_once("committed ") {
            let (company, call) = told.split_once(' ').expect("two ids");
            committed.push((company.parse().expect("id"), call.parse().expect("id")));
        }
        if committed.len() == 50 {
            child.kill().expect("killed"); // SIGKILL, in the midst of the next write
        }
    }
    child.wait().expect("gone");
    assert!(committed.len() >= 50);

    let store = database.store().await;
    for (company, call) in committed {
        store.calls().get(company, call).await.expect("survived");
    }
}
