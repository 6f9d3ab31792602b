//! A customer's receiver of events: checks each signature, keeps what it took.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use rustls::pki_types::CertificateDer;
use serde_json::Value;
use tokio::sync::watch;
use tokio::time::timeout;

use super::listen::{Judge, Listening};
use super::{Asked, Manner};

/// How far the sender's clock may be off (Standard Webhooks).
const CLOCK: i64 = 5 * 60;

/// An event that was kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Took {
    /// When.
    pub at: Timestamp,
    /// Its id: repeats have the same.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// Its number; none of a test.
    pub seq: Option<i64>,
    /// What it tells.
    pub data: Value,
}

/// Decides on each request, which is counted from 0.
pub type Behaviour = Box<dyn FnMut(u64) -> Manner + Send>;

/// A running receiver; it stops when dropped.
pub struct Receiver {
    listening: Listening,
    desk: Arc<Desk>,
}

struct Desk {
    secret: Mutex<String>,
    behaviour: Mutex<Behaviour>,
    kept: watch::Sender<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    asked: u64,
    took: Vec<Took>,
    forged: u64,
}

impl Receiver {
    /// Starts one that takes everything.
    pub async fn start() -> io::Result<Self> {
        Self::begin(false).await
    }

    /// The same with TLS, under a certificate of its own.
    pub async fn start_protected() -> io::Result<Self> {
        Self::begin(true).await
    }

    async fn begin(protected: bool) -> io::Result<Self> {
        let desk = Arc::new(Desk {
            secret: Mutex::default(),
            behaviour: Mutex::new(Box::new(|_| Manner::Take)),
            kept: watch::Sender::default(),
        });
        Ok(Self {
            listening: Listening::start(desk.clone(), protected).await?,
            desk,
        })
    }

    /// Where it takes events.
    pub fn url(&self) -> String {
        format!("{}/events", self.listening.origin())
    }

    /// The certificate to trust.
    pub fn certificate(&self) -> Option<CertificateDer<'static>> {
        self.listening.certificate.clone()
    }

    /// The secret that events have to be signed with.
    pub fn trust(&self, secret: &str) {
        *lock(&self.desk.secret) = secret.to_owned();
    }

    /// How it behaves from now on.
    pub fn behave(&self, behaviour: impl FnMut(u64) -> Manner + Send + 'static) {
        *lock(&self.desk.behaviour) = Box::new(behaviour);
    }

    /// What it has taken, repeats included, in the order of coming.
    pub fn took(&self) -> Vec<Took> {
        self.desk.kept.borrow().took.clone()
    }

    /// How many it has taken, repeats included.
    pub fn taken(&self) -> usize {
        self.desk.kept.borrow().took.len()
    }

    /// How many requests came.
    pub fn asked(&self) -> u64 {
        self.desk.kept.borrow().asked
    }

    /// How many of them had a wrong signature.
    pub fn forged(&self) -> u64 {
        self.desk.kept.borrow().forged
    }

    /// Waits until it has taken so many. False where that does not come about in time.
    pub async fn took_so_many(&self, many: usize, within: Duration) -> bool {
        let mut kept = self.desk.kept.subscribe();
        let came = kept.wait_for(|kept| kept.took.len() >= many);
        timeout(within, came).await.is_ok_and(|came| came.is_ok())
    }

    /// Waits until so many requests have come.
    pub async fn asked_so_often(&self, many: u64, within: Duration) -> bool {
        let mut kept = self.desk.kept.subscribe();
        let came = kept.wait_for(|kept| kept.asked >= many);
        timeout(within, came).await.is_ok_and(|came| came.is_ok())
    }
}

impl Judge for Desk {
    fn judge(&self, asked: &Asked) -> Manner {
        let number = self.kept.borrow().asked;
        let manner = lock(&self.behaviour)(number);
        let took = read(asked, &lock(&self.secret), Timestamp::now());
        self.kept.send_modify(|kept| {
            kept.asked += 1;
            match took {
                Some(took) if manner.keeps() => kept.took.push(took),
                Some(_) => {}
                None => kept.forged += 1,
            }
        });
        manner
    }

    fn yes(&self) -> u16 {
        204
    }
}

/// The event in a request that is signed as it should be.
fn read(asked: &Asked, secret: &str, now: Timestamp) -> Option<Took> {
    let id = asked.header("webhook-id")?;
    let second = asked.header("webhook-timestamp")?;
    if (second.parse::<i64>().ok()? - now.as_second()).abs() > CLOCK {
        return None;
    }
    let key = STANDARD.decode(secret.strip_prefix("whsec_")?).ok()?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    let mut signed = format!("{id}.{second}.").into_bytes();
    signed.extend_from_slice(&asked.body);
    let signatures = asked.header("webhook-signature")?.split(' ');
    let mut signatures =
        signatures.filter_map(|one| STANDARD.decode(one.strip_prefix("v1,")?).ok());
    signatures.find(|tag| hmac::verify(&key, &signed, tag).is_ok())?;
    let body: Value = serde_json::from_slice(&asked.body).ok()?;
    if asked.method != "POST" || body["id"].as_str() != Some(id) {
        return None;
    }
    Some(Took {
        at: now,
        id: id.to_owned(),
        kind: body["type"].as_str()?.to_owned(),
        seq: body["seq"].as_i64(),
        data: body["data"].clone(),
    })
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
