//! How often somebody may try, and how much may come in.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use model::id::ApiKeyId;

/// Largest body of a request, in bytes: two thousand employees fit.
pub const BODY_MAX: usize = 1024 * 1024;

/// Buckets kept at most, each some hundred bytes.
const BUCKETS_MAX: usize = 20_000;

/// Failed sign-ins.
pub const SIGN_INS: Rules = Rules {
    by_login: Rule {
        burst: 10,
        refill: Duration::from_secs(30),
    },
    // A whole office may stand behind an address.
    by_address: Rule {
        burst: 50,
        refill: Duration::from_secs(6),
    },
};

/// Letters about forgotten passwords: nobody's mailbox is to be filled.
pub const RESETS: Rules = Rules {
    by_login: Rule {
        burst: 3,
        refill: Duration::from_secs(10 * 60),
    },
    by_address: Rule {
        burst: 20,
        refill: Duration::from_secs(60),
    },
};

/// Requests with a key: a program that asks every few seconds, and reads what is new, is never met.
const KEYS: Rule = Rule {
    burst: 120,
    refill: Duration::from_millis(200),
};

/// How often something may be tried.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    by_login: Rule,
    by_address: Rule,
}

/// How many tries at once, and how soon one more is allowed.
#[derive(Clone, Copy, Debug)]
struct Rule {
    burst: u32,
    refill: Duration,
}

/// Who is just at something that is done one at a time.
#[derive(Debug)]
pub struct Turns<K: Eq + Hash>(Arc<Mutex<HashSet<K>>>);

impl<K: Eq + Hash> Default for Turns<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

/// A turn, which ends when dropped.
#[derive(Debug)]
pub struct Turn<K: Eq + Hash> {
    whose: K,
    turns: Arc<Mutex<HashSet<K>>>,
}

impl<K: Eq + Hash + Copy> Turns<K> {
    /// The turn, unless it is taken.
    pub fn take(&self, whose: K) -> Option<Turn<K>> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        taken.insert(whose).then(|| Turn {
            whose,
            turns: Arc::clone(&self.0),
        })
    }
}

impl<K: Eq + Hash> Drop for Turn<K> {
    fn drop(&mut self) {
        let mut taken = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        taken.remove(&self.whose);
    }
}

/// Counts tries by login and by address.
#[derive(Debug)]
pub struct TryLimits {
    rules: Rules,
    by_login: Mutex<Buckets<String>>,
    by_address: Mutex<Buckets<IpAddr>>,
}

impl TryLimits {
    /// With these rules.
    pub fn new(rules: Rules) -> Self {
        Self {
            rules,
            by_login: Mutex::default(),
            by_address: Mutex::default(),
        }
    }

    /// Takes one try. Err tells how long to wait.
    pub fn try_now(&self, now: Instant, login: &str, address: IpAddr) -> Result<(), Duration> {
        with(&self.by_address, |buckets| {
            buckets.take(now, network(address), self.rules.by_address)
        })?;
        with(&self.by_login, |buckets| {
            buckets.take(now, login.to_lowercase(), self.rules.by_login)
        })
    }

    /// The try succeeded: it does not count.
    pub fn forgive(&self, login: &str, address: IpAddr) {
        with(&self.by_login, |buckets| {
            buckets.forget(&login.to_lowercase())
        });
        with(&self.by_address, |buckets| {
            buckets.give_back(&network(address))
        });
    }
}

/// Counts requests by key.
#[derive(Debug, Default)]
pub struct KeyLimits(Mutex<Buckets<ApiKeyId>>);

impl KeyLimits {
    /// Takes one request. Err tells how long to wait.
    pub fn take(&self, now: Instant, key: ApiKeyId) -> Result<(), Duration> {
        with(&self.0, |buckets| buckets.take(now, key, KEYS))
    }
}

fn with<K, T>(buckets: &Mutex<Buckets<K>>, act: impl FnOnce(&mut Buckets<K>) -> T) -> T {
    act(&mut buckets.lock().unwrap_or_else(PoisonError::into_inner))
}

/// An IPv6 customer owns a whole /64: the rest of the address is no limit.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        v4 => v4,
    }
}

#[derive(Debug)]
struct Buckets<K> {
    taken: HashMap<K, Bucket>,
}

impl<K> Default for Buckets<K> {
    fn default() -> Self {
        Self {
            taken: HashMap::new(),
        }
    }
}

/// Tokens that are out, as of a moment.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    out: u32,
    at: Instant,
}

impl Bucket {
    fn refilled(self, now: Instant, rule: Rule) -> Self {
        let passed = now.saturating_duration_since(self.at).as_millis();
        let back = passed / rule.refill.as_millis().max(1);
        let back = u32::try_from(back).unwrap_or(u32::MAX);
        if back >= self.out {
            return Self { out: 0, at: now };
        }
        Self {
            out: self.out - back,
            at: self.at + rule.refill * back,
        }
    }
}

impl<K: Eq + Hash> Buckets<K> {
    fn take(&mut self, now: Instant, key: K, rule: Rule) -> Result<(), Duration> {
        if self.taken.len() >= BUCKETS_MAX && !self.taken.contains_key(&key) {
            self.taken
                .retain(|_, bucket| bucket.refilled(now, rule).out > 0);
        }
        if self.taken.len() >= BUCKETS_MAX && !self.taken.contains_key(&key) {
            return Err(rule.refill);
        }
        let bucket = self.taken.entry(key).or_insert(Bucket { out: 0, at: now });
        *bucket = bucket.refilled(now, rule);
        if bucket.out >= rule.burst {
            return Err((bucket.at + rule.refill).saturating_duration_since(now));
        }
        bucket.out += 1;
        Ok(())
    }

    fn give_back(&mut self, key: &K) {
        if let Some(bucket) = self.taken.get_mut(key) {
            bucket.out = bucket.out.saturating_sub(1);
        }
    }

    fn forget(&mut self, key: &K) {
        self.taken.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;
    use std::time::{Duration, Instant};

    use super::{RESETS, SIGN_INS, TryLimits, Turns, network};

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_turn_is_taken_by_one_until_it_ends() {
        let turns = Turns::default();
        let first = turns.take(1).expect("the first");
        assert!(turns.take(1).is_none());
        assert!(turns.take(2).is_some(), "another's is another one");
        drop(first);
        assert!(turns.take(1).is_some());
    }

    #[test]
    fn a_login_is_slowed_down_and_recovers() {
        let limits = TryLimits::new(SIGN_INS);
        let now = Instant::now();
        for n in 0..SIGN_INS.by_login.burst {
            let from = address(&format!("10.0.0.{n}"));
            assert_eq!(limits.try_now(now, "a@b.ru", from), Ok(()));
        }
        let wait = limits.try_now(now, "A@b.ru", address("10.0.1.1"));
        assert_eq!(wait, Err(SIGN_INS.by_login.refill));
        assert_eq!(limits.try_now(now, "c@b.ru", address("10.0.1.1")), Ok(()));
        let later = now + SIGN_INS.by_login.refill;
        assert_eq!(limits.try_now(later, "a@b.ru", address("10.0.1.1")), Ok(()));
        assert!(
            limits
                .try_now(later, "a@b.ru", address("10.0.1.1"))
                .is_err()
        );
    }

    #[test]
    fn an_address_is_slowed_down_over_all_logins() {
        let limits = TryLimits::new(SIGN_INS);
        let now = Instant::now();
        for n in 0..SIGN_INS.by_address.burst {
            let from = address(&format!("2001:db8::{n:x}"));
            assert_eq!(limits.try_now(now, &format!("{n}@b.ru"), from), Ok(()));
        }
        assert!(
            limits
                .try_now(now, "x@b.ru", address("2001:db8::ffff"))
                .is_err()
        );
        assert_eq!(
            limits.try_now(now, "x@b.ru", address("2001:db8:1::1")),
            Ok(())
        );
    }

    #[test]
    fn success_does_not_count() {
        let limits = TryLimits::new(SIGN_INS);
        let now = Instant::now();
        let from = address("10.0.0.1");
        for _ in 0..1000 {
            assert_eq!(limits.try_now(now, "a@b.ru", from), Ok(()));
            limits.forgive("a@b.ru", from);
        }
    }

    #[test]
    fn mapped_addresses_are_their_own() {
        assert_eq!(network(address("::ffff:10.0.0.1")), address("10.0.0.1"));
        assert!(Duration::ZERO < RESETS.by_address.refill);
    }
}
