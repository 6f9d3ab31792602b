//! A push service with its browsers: takes what is pushed as RFC 8030 has it,
//! makes sure of who pushes (RFC 8292), and reads it as the browser would
//! (RFC 8291).

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::hmac;
use aws_lc_rs::signature::{self, ECDSA_P256_SHA256_FIXED};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use rustls::pki_types::CertificateDer;
use serde_json::Value;
use tokio::sync::watch;
use tokio::time::timeout;
use uuid::Uuid;

use super::listen::{Judge, Listening};
use super::receiver::Behaviour;
use super::{Asked, Manner};

/// Longest body (RFC 8030, section 7.2).
const BODY_MAX: usize = 4096;

/// A browser's own words on how to reach it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Address.
    pub endpoint: String,
    /// Public key in base64url.
    pub p256dh: String,
    /// Authentication secret in base64url.
    pub auth: String,
}

/// A notification that was taken and read.
#[derive(Clone, Debug, PartialEq)]
pub struct Pushed {
    /// When.
    pub at: Timestamp,
    /// For whom.
    pub endpoint: String,
    /// What is in it.
    pub note: Value,
    /// Header Urgency.
    pub urgency: String,
    /// Header Topic.
    pub topic: Option<String>,
    /// Header TTL, in seconds.
    pub ttl: u32,
    /// Who pushes may be reached there.
    pub contact: String,
}

struct Browser {
    key: PrivateKey,
    auth: [u8; 16],
    /// The only sender whose pushes it takes.
    sender: String,
    gone: bool,
}

/// A running push service; it stops when dropped.
pub struct PushService {
    listening: Listening,
    desk: Arc<Desk>,
}

struct Desk {
    origin: Mutex<String>,
    browsers: Mutex<HashMap<String, Browser>>,
    behaviour: Mutex<Behaviour>,
    kept: watch::Sender<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    asked: u64,
    pushed: Vec<Pushed>,
    refused: Vec<&'static str>,
}

impl PushService {
    /// Starts one that takes everything that is proper.
    pub async fn start() -> io::Result<Self> {
        Self::begin(false).await
    }

    /// The same with TLS, under a certificate of its own.
    pub async fn start_protected() -> io::Result<Self> {
        Self::begin(true).await
    }

    async fn begin(protected: bool) -> io::Result<Self> {
        let desk = Arc::new(Desk {
            origin: Mutex::default(),
            browsers: Mutex::default(),
            behaviour: Mutex::new(Box::new(|_| Manner::Take)),
            kept: watch::Sender::default(),
        });
        let listening = Listening::start(desk.clone(), protected).await?;
        *lock(&desk.origin) = listening.origin();
        Ok(Self { listening, desk })
    }

    /// The certificate to trust.
    pub fn certificate(&self) -> Option<CertificateDer<'static>> {
        self.listening.certificate.clone()
    }

    /// A browser subscribes, for pushes of this sender alone.
    pub fn subscribe(&self, sender: &str) -> io::Result<Subscription> {
        let broken = |_| io::Error::other("no key");
        let key = PrivateKey::generate(&ECDH_P256).map_err(broken)?;
        let mut auth = [0; 16];
        aws_lc_rs::rand::fill(&mut auth).map_err(broken)?;
        let point = key.compute_public_key().map_err(broken)?;
        let path = format!("/push/{}", Uuid::new_v4().simple());
        let subscription = Subscription {
            endpoint: format!("{}{path}", self.listening.origin()),
            p256dh: URL_SAFE_NO_PAD.encode(point),
            auth: URL_SAFE_NO_PAD.encode(auth),
        };
        let browser = Browser {
            key,
            auth,
            sender: sender.to_owned(),
            gone: false,
        };
        lock(&self.desk.browsers).insert(path, browser);
        Ok(subscription)
    }

    /// The browser's user takes the permission back.
    pub fn unsubscribe(&self, subscription: &Subscription) {
        let path = subscription.endpoint.replace(&self.listening.origin(), "");
        if let Some(browser) = lock(&self.desk.browsers).get_mut(&path) {
            browser.gone = true;
        }
    }

    /// How it behaves from now on with what is proper.
    pub fn behave(&self, behaviour: impl FnMut(u64) -> Manner + Send + 'static) {
        *lock(&self.desk.behaviour) = Box::new(behaviour);
    }

    /// What it has taken, in the order of coming.
    pub fn pushed(&self) -> Vec<Pushed> {
        self.desk.kept.borrow().pushed.clone()
    }

    /// How many it has taken, repeats included.
    pub fn taken(&self) -> usize {
        self.desk.kept.borrow().pushed.len()
    }

    /// Why it refused what was not proper.
    pub fn refused(&self) -> Vec<&'static str> {
        self.desk.kept.borrow().refused.clone()
    }

    /// Waits until it has taken so many. False where that does not come about in time.
    pub async fn pushed_so_many(&self, many: usize, within: Duration) -> bool {
        let mut kept = self.desk.kept.subscribe();
        let came = kept.wait_for(|kept| kept.pushed.len() >= many);
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
        let read = self.read(asked, Timestamp::now());
        let number = self.kept.borrow().asked;
        let manner = match &read {
            Ok(_) => lock(&self.behaviour)(number),
            Err((status, _)) => Manner::Refuse(*status),
        };
        self.kept.send_modify(|kept| {
            kept.asked += 1;
            match read {
                Ok(pushed) if manner.keeps() => kept.pushed.push(pushed),
                Ok(_) => {}
                Err((_, why)) => kept.refused.push(why),
            }
        });
        manner
    }

    fn yes(&self) -> u16 {
        201
    }
}

impl Desk {
    fn read(&self, asked: &Asked, now: Timestamp) -> Result<Pushed, (u16, &'static str)> {
        let browsers = lock(&self.browsers);
        let browser = browsers.get(&asked.path).ok_or((404, "nobody is there"))?;
        if browser.gone {
            return Err((410, "the browser is gone"));
        }
        if asked.method != "POST" {
            return Err((405, "only POST pushes"));
        }
        if asked.body.len() > BODY_MAX {
            return Err((413, "the body is too long"));
        }
        let ttl = asked.header("ttl").and_then(|ttl| ttl.parse().ok());
        let ttl = ttl.ok_or((400, "no TTL (RFC 8030, section 5.2)"))?;
        let urgency = asked.header("urgency").unwrap_or("normal");
        if !["very-low", "low", "normal", "high"].contains(&urgency) {
            return Err((400, "no such urgency (RFC 8030, section 5.3)"));
        }
        let topic = asked.header("topic");
        let proper = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if topic.is_some_and(|topic| topic.len() > 32 || !topic.chars().all(proper)) {
            return Err((400, "no proper topic (RFC 8030, section 5.4)"));
        }
        if asked.header("content-encoding") != Some("aes128gcm") {
            return Err((415, "not sealed as RFC 8291 has it"));
        }
        let contact = self.sender(asked, &browser.sender, now)?;
        let text = opened(browser, &asked.body).ok_or((400, "the browser can't read it"))?;
        let note = serde_json::from_slice(&text).map_err(|_| (400, "it is no JSON"))?;
        Ok(Pushed {
            at: now,
            endpoint: format!("{}{}", lock(&self.origin), asked.path),
            note,
            urgency: urgency.to_owned(),
            topic: topic.map(str::to_owned),
            ttl,
            contact,
        })
    }

    /// Makes sure of the sender, and gives its contact.
    fn sender(
        &self,
        asked: &Asked,
        wanted: &str,
        now: Timestamp,
    ) -> Result<String, (u16, &'static str)> {
        let no = |why| (403, why);
        let value = asked.header("authorization").ok_or((401, "no VAPID"))?;
        let parts = value.strip_prefix("vapid ").ok_or((401, "no VAPID"))?;
        let part = |name: &str| {
            let mut all = parts.split(',').map(str::trim);
            all.find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
        };
        let (Some(token), Some(key)) = (part("t"), part("k")) else {
            return Err(no("no token or no key"));
        };
        if key != wanted {
            return Err(no("another sender than the browser allowed"));
        }
        let decoded = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| no("no base64url"));
        let (signed, tag) = token.rsplit_once('.').ok_or(no("no signature"))?;
        signature::UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, decoded(key)?)
            .verify(signed.as_bytes(), &decoded(tag)?)
            .map_err(|_| no("a wrong signature"))?;
        let (head, claims) = signed.split_once('.').ok_or(no("no claims"))?;
        let json = |text: &str| -> Result<Value, (u16, &'static str)> {
            serde_json::from_slice(&decoded(text)?).map_err(|_| no("no JSON"))
        };
        let (head, claims) = (json(head)?, json(claims)?);
        if head["alg"] != "ES256" {
            return Err(no("another algorithm than ES256"));
        }
        if claims["aud"] != lock(&self.origin).as_str() {
            return Err(no("made out to another push service"));
        }
        let left = claims["exp"].as_i64().unwrap_or_default() - now.as_second();
        if !(1..=24 * 60 * 60).contains(&left) {
            return Err(no("run out, or good for more than a day"));
        }
        let contact = claims["sub"].as_str().unwrap_or_default();
        if !contact.starts_with("mailto:") && !contact.starts_with("https:") {
            return Err(no("no contact"));
        }
        Ok(contact.to_owned())
    }
}

/// What the browser reads of a sealed body.
fn opened(browser: &Browser, body: &[u8]) -> Option<Vec<u8>> {
    let (salt, rest) = body.split_at_checked(16)?;
    let (record, rest) = rest.split_at_checked(4)?;
    let record = u32::from_be_bytes(record.try_into().ok()?);
    let (length, rest) = rest.split_first()?;
    let (theirs, sealed) = rest.split_at_checked(usize::from(*length))?;
    // A browser takes one record alone (RFC 8291, section 4).
    if sealed.len() > usize::try_from(record).ok()? {
        return None;
    }
    let own = browser.key.compute_public_key().ok()?;
    let peer = UnparsedPublicKey::new(&ECDH_P256, theirs);
    let secret = agree(&browser.key, peer, (), |secret| Ok(secret.to_vec())).ok()?;
    let info = [b"WebPush: info\0", own.as_ref(), theirs].concat();
    let input = derived(&browser.auth, &secret, &info, 32);
    let key = derived(salt, &input, b"Content-Encoding: aes128gcm\0", 16);
    let nonce = derived(salt, &input, b"Content-Encoding: nonce\0", 12);
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).ok()?);
    let nonce = Nonce::try_assume_unique_for_key(&nonce).ok()?;
    let mut text = sealed.to_vec();
    let text = key.open_in_place(nonce, Aad::empty(), &mut text).ok()?;
    let end = text.iter().rposition(|byte| *byte != 0)?;
    (text[end] == 2).then(|| text[..end].to_vec())
}

/// HKDF with SHA-256 written out of RFC 5869, for one block.
fn derived(salt: &[u8], secret: &[u8], info: &[u8], length: usize) -> Vec<u8> {
    let mac = |key: &[u8], text: &[u8]| {
        hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text)
            .as_ref()
            .to_vec()
    };
    let mut block = mac(&mac(salt, secret), &[info, &[1]].concat());
    block.truncate(length);
    block
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
