//! Who is registered, and where.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rsipstack::sip::prelude::*;
use rsipstack::sip::uri::Scheme;
use rsipstack::sip::{Header, Request, StatusCode, Uri};
use rsipstack::transport::SipAddr;
use tokio::sync::watch;

use super::config::PbxConfig;
use super::digest::Credentials;
use super::quirks::Quality;

/// The realm of challenges, and the name in Call-IDs.
pub const REALM: &str = "romashka.example";

/// Nonces that are remembered; an older one is challenged anew.
const NONCES: usize = 1000;

/// Seconds granted where nothing is asked for (RFC 3261, section 10.2).
const EXPIRES_DEFAULT_S: u32 = 3600;

/// Where an extension is reached.
#[derive(Clone, Debug)]
pub struct Binding {
    /// The contact, as it was registered.
    pub contact: Uri,
    /// Where the registration came from: what a NAT, or a TCP connection, needs.
    pub from: SipAddr,
    /// How often it was registered, this time included.
    times: u32,
    until: Instant,
}

/// The answer to a registration.
#[derive(Debug)]
pub struct Reply {
    /// Status.
    pub status: StatusCode,
    /// Headers beside those that every answer has.
    pub headers: Vec<Header>,
}

/// The registrar.
#[derive(Debug)]
pub struct Registrar {
    config: PbxConfig,
    /// REGISTERs that were refused for being busy.
    busy: AtomicU32,
    nonces: Mutex<VecDeque<String>>,
    bindings: watch::Sender<HashMap<String, Binding>>,
}

impl Registrar {
    /// Nobody is registered at first.
    pub fn new(config: PbxConfig) -> Self {
        Self {
            config,
            busy: AtomicU32::new(0),
            nonces: Mutex::default(),
            bindings: watch::Sender::default(),
        }
    }

    /// Where the extension is reached now.
    pub fn binding(&self, user: &str) -> Option<Binding> {
        let bindings = self.bindings.borrow();
        let found = bindings.get(user)?;
        (found.until > Instant::now()).then(|| found.clone())
    }

    /// Waits until the extension was registered so often.
    pub async fn registered_times(&self, user: &str, times: u32) {
        let mut bindings = self.bindings.subscribe();
        // The sender lives as long as this registrar.
        let _ = bindings
            .wait_for(|all| all.get(user).is_some_and(|found| found.times >= times))
            .await;
    }

    /// Waits until the extension is registered.
    pub async fn registered(&self, user: &str) {
        let mut bindings = self.bindings.subscribe();
        // The sender lives as long as this registrar.
        let _ = bindings
            .wait_for(|all| {
                all.get(user)
                    .is_some_and(|found| found.until > Instant::now())
            })
            .await;
    }

    /// Waits until the extension is not registered any more: it left, or was
    /// not renewed in time.
    pub async fn unregistered(&self, user: &str) {
        let mut bindings = self.bindings.subscribe();
        loop {
            let until = bindings.borrow_and_update().get(user).map(|b| b.until);
            let Some(until) = until.filter(|until| *until > Instant::now()) else {
                return;
            };
            tokio::select! {
                _ = bindings.changed() => {}
                () = tokio::time::sleep_until(until.into()) => {}
            }
        }
    }

    /// Answers a REGISTER that came from an address.
    pub fn register(&self, request: &Request, from: Option<SipAddr>) -> Reply {
        let Some(user) = user_of(request) else {
            return refusal(StatusCode::BadRequest);
        };
        let quirks = &self.config.quirks;
        if self.busy.load(Ordering::Relaxed) < quirks.busy_at_first {
            self.busy.fetch_add(1, Ordering::Relaxed);
            return Reply {
                status: StatusCode::ServiceUnavailable,
                headers: vec![Header::RetryAfter("1".into())],
            };
        }
        if quirks.lists_nothing && request.contact_header().is_err() {
            return refusal(StatusCode::BadRequest);
        }
        let known = self.config.extensions.iter().find(|e| e.user == user);
        let Some(extension) = known else {
            return refusal(StatusCode::NotFound);
        };
        let given = request.headers.iter().find_map(|header| match header {
            Header::Authorization(given) if !quirks.as_proxy => Some(given.value()),
            Header::ProxyAuthorization(given) if quirks.as_proxy => Some(given.value()),
            _ => None,
        });
        let qop = match quirks.quality {
            Quality::Auth => "auth",
            Quality::AuthInt => "auth-int",
            Quality::Absent => "",
        };
        let credentials = given
            .and_then(Credentials::parse)
            .filter(|given| given.get("realm") == REALM && given.get("qop") == qop)
            .filter(|given| given.get("username") == quirks.auth_name.unwrap_or(&user));
        let password = extension.password.reveal();
        let right = |c: &Credentials| c.answers(self.config.challenge, "REGISTER", password);
        match credentials {
            Some(given) if right(&given) && self.knows(given.get("nonce")) => {
                self.bind(&user, request, from)
            }
            Some(given) => self.challenge(right(&given) && !quirks.nonces_once),
            None => self.challenge(false),
        }
    }

    fn challenge(&self, stale: bool) -> Reply {
        let quirks = &self.config.quirks;
        let nonce = format!("{:032x}", rand::random::<u128>());
        let digest = |algorithm: &str| {
            let qop = match quirks.quality {
                Quality::Auth => ", qop=\"auth\"",
                Quality::AuthInt => ", qop=\"auth-int\"",
                Quality::Absent => "",
            };
            let stale = if stale { ", stale=true" } else { "" };
            format!(
                "Digest realm=\"{REALM}\", nonce=\"{nonce}\", algorithm={algorithm}{qop}{stale}"
            )
        };
        let weaker = match quirks.weaker_too {
            true => vec![format!("Basic realm=\"{REALM}\""), digest("MD5")],
            false => Vec::new(),
        };
        let challenges = weaker
            .into_iter()
            .chain([digest(self.config.challenge.name())]);
        let (status, headers) = match quirks.as_proxy {
            false => (
                StatusCode::Unauthorized,
                challenges
                    .map(|value| Header::WwwAuthenticate(value.into()))
                    .collect(),
            ),
            true => (
                StatusCode::ProxyAuthenticationRequired,
                challenges
                    .map(|value| Header::ProxyAuthenticate(value.into()))
                    .collect(),
            ),
        };
        let mut nonces = self.nonces.lock().unwrap_or_else(PoisonError::into_inner);
        if nonces.len() == NONCES {
            nonces.pop_front();
        }
        nonces.push_back(nonce);
        Reply { status, headers }
    }

    fn knows(&self, nonce: &str) -> bool {
        let mut nonces = self.nonces.lock().unwrap_or_else(PoisonError::into_inner);
        let known = nonces.iter().position(|known| known == nonce);
        if self.config.quirks.nonces_once
            && let Some(at) = known
        {
            nonces.remove(at);
        }
        known.is_some()
    }

    fn bind(&self, user: &str, request: &Request, from: Option<SipAddr>) -> Reply {
        let Ok(contacts) = request.typed_contact_headers() else {
            return refusal(StatusCode::BadRequest);
        };
        let in_general = (request.expires_header())
            .map_or(Some(EXPIRES_DEFAULT_S), |e| e.value().trim().parse().ok());
        let (Some(in_general), Some(from)) = (in_general, from) else {
            return refusal(StatusCode::BadRequest);
        };
        for contact in contacts {
            let asked = contact.expires().unwrap_or(in_general);
            if asked == 0 {
                let all = contact.uri.scheme == Some(Scheme::Other("*".into()));
                self.bindings.send_modify(|bindings| {
                    if (bindings.get(user)).is_some_and(|b| all || b.contact == contact.uri) {
                        bindings.remove(user);
                    }
                });
                continue;
            }
            if asked < self.config.expires_min_s {
                let least = self.config.expires_min_s.to_string();
                return Reply {
                    status: StatusCode::IntervalTooBrief,
                    headers: vec![Header::MinExpires(least.into())],
                };
            }
            let granted = asked.min(self.config.expires_max_s);
            let before = self.bindings.borrow().get(user).map_or(0, |b| b.times);
            let binding = Binding {
                contact: contact.uri,
                from: from.clone(),
                times: before + 1,
                until: Instant::now() + Duration::from_secs(granted.into()),
            };
            self.bindings.send_modify(|bindings| {
                bindings.insert(user.to_owned(), binding);
            });
        }
        self.accepted(user)
    }

    fn accepted(&self, user: &str) -> Reply {
        let quirks = &self.config.quirks;
        let headers = self.binding(user).map_or_else(Vec::new, |binding| {
            let left = binding.until.saturating_duration_since(Instant::now());
            let seconds = left.as_secs_f64().round();
            let contact = &binding.contact;
            if quirks.hides_contacts {
                return vec![Header::Expires(seconds.to_string().into())];
            }
            let mut headers = Vec::new();
            let value = match quirks.decorates {
                true => {
                    // A telephone on the employee's table, which is to be left alone.
                    let other = "<sip:200@192.0.2.200:5060>;expires=17;q=0.1";
                    headers.push(Header::Contact(other.into()));
                    let parameters = "q=0.7;+sip.instance=\"<urn:uuid:0>\";reg-id=1";
                    format!("\"200\" <{contact};line=sr-1>;{parameters};Expires={seconds}")
                }
                false => format!("<{contact}>;expires={seconds}"),
            };
            headers.push(Header::Contact(value.into()));
            headers
        });
        Reply {
            status: StatusCode::OK,
            headers,
        }
    }
}

fn refusal(status: StatusCode) -> Reply {
    Reply {
        status,
        headers: Vec::new(),
    }
}

/// The address-of-record's user.
fn user_of(request: &Request) -> Option<String> {
    let to = request.to_header().ok()?.typed().ok()?;
    Some(to.uri.auth?.user)
}
