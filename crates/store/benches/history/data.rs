//! A company with a long history, made by the same numbers each time.

use jiff::Timestamp;
use model::id::{CompanyId, LineId, UserId};
use model::line::Scenario;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, TransactionTrait};
use store::Store;
use uuid::Uuid;

use crate::world::World;

const DAY: i64 = 86_400_000;
/// How far back the history goes.
const DAYS: i64 = 3 * 365;
/// Rows of one INSERT.
const BATCH: usize = 500;
/// Lines; the first has most of the calls, the last has twenty.
const LINES: usize = 6;
/// Words of the company's messages.
const WORDS: u64 = 4000;

/// What was made, as far as queries have to know it.
pub struct History {
    pub company: CompanyId,
    pub lines: Vec<LineId>,
    pub operator: UserId,
    /// Time of the newest call, in milliseconds.
    pub now: i64,
    pub calls: usize,
}

/// Numbers that look random and are the same each time (splitmix64).
pub fn mixed(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The caller's number of a call: every second one has called before.
pub fn caller(n: usize) -> String {
    let who = mixed(n as u64) % 500_000;
    let area = [926, 916, 903, 495, 812][(who % 5) as usize];
    format!("7{area}{:07}", mixed(who) % 10_000_000)
}

/// A word of its own for each number, such as «малокенури».
pub fn word(n: u64) -> String {
    const SYLLABLES: [&str; 16] = [
        "ма", "ло", "ке", "ну", "ри", "со", "ве", "да", "ти", "по", "гу", "бе", "ры", "за", "ми",
        "хо",
    ];
    let mut mixed = mixed(n);
    let mut word = String::new();
    for _ in 0..3 + mixed % 3 {
        word += SYLLABLES[(mixed % 16) as usize];
        mixed /= 16;
    }
    word
}

/// Frequent words are a hundred times as frequent as rare ones.
fn text(n: usize, calls: usize) -> String {
    let mut text = String::from("просит перезвонить");
    for place in 0..8 {
        let random = mixed((n as u64) << 8 | place);
        let share = (random >> 32) as f64 / f64::from(u32::MAX);
        text += " ";
        text += &word((share.powi(3) * WORDS as f64) as u64);
    }
    // Frequent long ago, and never since.
    if n < calls / 3 && n.is_multiple_of(2) {
        text += " карниз";
    }
    // Twenty of them, anywhere.
    if n.is_multiple_of(calls / 20) {
        text += " орхидея";
    }
    text
}

fn terms(number: &str, words: &str) -> String {
    let mut terms = String::new();
    for start in 0..number.len() - 1 {
        terms += " ";
        terms += &number[start..];
    }
    let mut known = Vec::new();
    for word in words.split_whitespace().filter(|word| !word.is_empty()) {
        if !known.contains(&word) {
            known.push(word);
            terms += " ";
            terms += word;
        }
    }
    terms
}

impl History {
    /// Fills the database of the store, past the store: a million calls one by one take an hour.
    pub async fn make(store: &Store, url: &str, calls: usize) -> Self {
        let world = World::new(store, "Ромашка").await;
        let mut lines = vec![world.line];
        for n in 1..LINES {
            let name = format!("Линия {n}");
            let line = store
                .lines()
                .create(world.company, &name, Scenario::MissedCalls)
                .await
                .expect("line");
            lines.push(line.id);
        }
        let history = Self {
            company: world.company,
            lines,
            operator: world.operator,
            now: Timestamp::now().as_millisecond(),
            calls,
        };
        let url = url.replacen("postgresql:", "postgres:", 1);
        let db = Database::connect(url).await.expect("connected");
        let later = history.put_indices_off(&db).await;
        for first in (0..calls).step_by(BATCH * 20) {
            let txn = db.begin().await.expect("begun");
            for from in (first..calls.min(first + BATCH * 20)).step_by(BATCH) {
                let to = calls.min(from + BATCH);
                for sql in history.batch(db.get_database_backend(), from..to) {
                    txn.execute_unprepared(&sql).await.expect("inserted");
                }
            }
            txn.commit().await.expect("committed");
        }
        for sql in later {
            db.execute_unprepared(&sql).await.expect("indexed");
        }
        match db.get_database_backend() {
            DbBackend::Postgres => db.execute_unprepared("VACUUM ANALYZE").await,
            _ => {
                db.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)")
                    .await
            }
        }
        .expect("tidied");
        history
    }

    /// PostgreSQL makes an index of a full table in a fraction of the time.
    async fn put_indices_off(&self, db: &DatabaseConnection) -> Vec<String> {
        if db.get_database_backend() != DbBackend::Postgres {
            return Vec::new();
        }
        let mut later = Vec::new();
        for name in ["calls_search", "messages_search"] {
            let asked = format!("SELECT indexdef FROM pg_indexes WHERE indexname = '{name}'");
            let asked = sea_orm::Statement::from_string(DbBackend::Postgres, asked);
            let row = db
                .query_one_raw(asked)
                .await
                .expect("asked")
                .expect("an index");
            later.push(row.try_get("", "indexdef").expect("a definition"));
            db.execute_unprepared(&format!("DROP INDEX {name}"))
                .await
                .expect("dropped");
        }
        later
    }

    /// When a call arrived: evenly over the years.
    pub fn arrived(&self, n: usize) -> i64 {
        let back = (self.calls - 1 - n) as i64;
        self.now - back * (DAYS * DAY / self.calls as i64)
    }

    fn line(&self, n: usize) -> LineId {
        // The last one was tried out two years ago.
        if n < self.calls / 3 && n.is_multiple_of(self.calls / 60) {
            return self.lines[LINES - 1];
        }
        let at = match mixed(n as u64 ^ 0x11) % 100 {
            0..60 => 0,
            60..85 => 1,
            85..95 => 2,
            95..99 => 3,
            _ => 4,
        };
        self.lines[at]
    }

    fn batch(&self, backend: DbBackend, calls: std::ops::Range<usize>) -> Vec<String> {
        let uuid = |id: Uuid| match backend {
            DbBackend::Postgres => format!("'{id}'"),
            _ => format!("x'{}'", id.simple()),
        };
        let company = uuid(self.company.0);
        let recipient = format!(r#"{{"to":"employee","employee":"{}"}}"#, Uuid::nil());
        let (mut rows, mut messages, mut deliveries) = (Vec::new(), Vec::new(), Vec::new());
        for n in calls {
            let at = self.arrived(n);
            let (id, line) = (uuid(made_id(at, n, 0)), uuid(self.line(n).0));
            let number = caller(n);
            let name = if n.is_multiple_of(3) {
                word(mixed(n as u64) % 900)
            } else {
                String::new()
            };
            let (result, answered) = match mixed(n as u64 ^ 0x22) % 10_000 {
                0..6000 => ("message_taken", true),
                6000..7500 => ("lost", false),
                7500..8500 => ("dropped", true),
                8500..9000 => ("reached", true),
                9000..9990 => ("wrong_number", true),
                9990..9999 => ("spam", true),
                _ => ("test_call", false),
            };
            let waited = (mixed(n as u64 ^ 0x33) % 40_000) as i64;
            let (answered_at, operator) = if answered {
                ((at + waited).to_string(), uuid(self.operator.0))
            } else {
                ("NULL".into(), "NULL".into())
            };
            let back = result == "lost" && !n.is_multiple_of(20);
            let outgoing = result == "reached";
            let mut words = name.clone();
            if result == "message_taken" {
                let text = text(n, self.calls);
                words = format!("{name} {text}");
                let message = uuid(made_id(at, n, 1));
                let found = terms(&number, &words);
                messages.push(format!(
                    "({message},{company},{id},'{recipient}','Продажи','{name}','+{number}','{text}',\
                     {operator},{},'{found}')",
                    at + 60_000
                ));
                let delivery = uuid(made_id(at, n, 2));
                deliveries.push(format!(
                    "({delivery},{message},{company},'cabinet','','delivered',1,{at})"
                ));
            }
            rows.push(format!(
                "({id},{company},{line},'+{number}','{name}',{at},{answered_at},{},\
                 'caller_hung_up','{result}',FALSE,{operator},'ready',30000,{back},{outgoing},'{}')",
                at + 90_000,
                terms(&number, &words),
            ));
        }
        let mut batch = vec![format!(
            "INSERT INTO calls (id, company_id, line_id, caller_number, caller_name, arrived_at, \
             answered_at, ended_at, ending, result, result_chosen, operator_id, recording, \
             recording_ms, called_back, outgoing, search_text) VALUES {}",
            rows.join(",")
        )];
        if !messages.is_empty() {
            batch.push(format!(
                "INSERT INTO messages (id, company_id, call_id, recipient, recipient_name, \
                 caller_name, caller_phone, text, author_id, created_at, search_text) VALUES {}",
                messages.join(",")
            ));
            batch.push(format!(
                "INSERT INTO deliveries (id, message_id, company_id, channel, address, state, \
                 attempts, changed_at) VALUES {}",
                deliveries.join(",")
            ));
        }
        batch
    }
}

/// An id as the program makes them: by time first.
fn made_id(at: i64, n: usize, kind: u64) -> Uuid {
    let random = u128::from(mixed((n as u64) << 2 | kind)) & 0x3fff_ffff_ffff_ffff;
    let time = u128::from(at.unsigned_abs()) << 80;
    Uuid::from_u128(time | 0x7000 << 64 | 0x8000_0000_0000_0000 | random)
}
