//! The old API's ids of calls: numbers of up to 19 digits, as strings.

use std::fmt;
use std::str::FromStr;

use model::id::CallId;

/// Bits behind the milliseconds.
const BITS: u32 = 22;

/// Where the milliseconds stand in a UUIDv7 (RFC 9562, section 5.7).
const MOMENT: u32 = 80;

/// Milliseconds since 1970 with 22 bits behind them, as the old service made
/// its ids: a script that goes by their order goes on. Nothing is stored for
/// it: a call's own id begins with the same milliseconds, and ends in random bits.
/// They fit into 63 bits until 2039, and into 19 digits until 2045.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShortId(u64);

/// Not an id of this kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoShortId;

impl ShortId {
    /// The bits of a call's id that stand behind the milliseconds.
    pub const LOWEST: u32 = (1 << BITS) - 1;

    /// The short id of a call; none where its id was not made in our time.
    pub fn of(call: CallId) -> Option<Self> {
        let id = call.0.as_u128();
        let millisecond = u64::try_from(id >> MOMENT).ok()?;
        let lowest = u64::try_from(id & u128::from(Self::LOWEST)).ok()?;
        let fits = millisecond >> (u64::BITS - BITS) == 0;
        fits.then_some(Self(millisecond << BITS | lowest))
    }

    /// Milliseconds since 1970.
    pub fn millisecond(self) -> u64 {
        self.0 >> BITS
    }

    /// What stands behind them.
    pub fn lowest(self) -> u32 {
        // 22 bits fit.
        (self.0 & u64::from(Self::LOWEST)) as u32
    }
}

impl fmt::Display for ShortId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for ShortId {
    type Err = NoShortId;

    fn from_str(text: &str) -> Result<Self, NoShortId> {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let id = digits.then(|| text.parse().ok()).flatten();
        id.map(Self).ok_or(NoShortId)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use model::id::CallId;
    use uuid::{NoContext, Timestamp, Uuid};

    use super::ShortId;

    fn made_at(seconds: u64, nanos: u32) -> CallId {
        CallId(Uuid::new_v7(Timestamp::from_unix(
            NoContext, seconds, nanos,
        )))
    }

    #[test]
    fn an_id_is_found_again_by_what_it_says() {
        let call = made_at(1_795_688_430, 123_000_000);
        let short = ShortId::of(call).expect("an id");
        let text = short.to_string();
        assert_eq!(text.len(), 19);
        let read: ShortId = text.parse().expect("an id");
        assert_eq!(read, short);
        assert_eq!(read.millisecond(), 1_795_688_430_123);
        let id = call.0.as_u128();
        assert_eq!(u128::from(read.lowest()), id & u128::from(ShortId::LOWEST));
        assert_eq!(u128::from(read.millisecond()), id >> 80);
    }

    /// Ids of the old service, as they stand in scripts that were published.
    #[test]
    fn ids_are_of_the_same_make_as_before() {
        let old: ShortId = "6453570962252796484".parse().expect("an id");
        assert_eq!(old.millisecond(), 1_538_651_218_951);
        let new = ShortId::of(made_at(1_795_688_430, 0)).expect("an id");
        assert!(new > old, "a script goes on where it was");
    }

    #[test]
    fn the_time_of_nineteen_digits_is_long() {
        let last = |year: &str| -> jiff::Timestamp { year.parse().expect("a time") };
        let until = last("2039-09-07T00:00:00Z").as_second();
        let id = ShortId::of(made_at(until as u64, 0)).expect("an id");
        assert!(i64::try_from(id.0).is_ok());
        let until = last("2045-07-01T00:00:00Z").as_second();
        let id = ShortId::of(made_at(until as u64, 0)).expect("an id");
        assert_eq!(id.to_string().len(), 19);
        assert_eq!(ShortId::of(CallId(Uuid::max())), None, "not of our time");
    }

    /// Calls of one company in one millisecond share an id once in four million pairs.
    #[test]
    fn calls_of_the_same_millisecond_are_told_apart() {
        let ids: HashSet<_> = (0..200)
            .map(|_| ShortId::of(made_at(1_795_688_430, 0)).expect("an id"))
            .collect();
        assert!(ids.len() >= 198, "{}", ids.len());
    }

    #[test]
    fn what_is_no_number_is_no_id() {
        for wrong in ["", "-1", "+1", "1.5", "x", "18446744073709551616", " 1"] {
            assert!(wrong.parse::<ShortId>().is_err(), "{wrong:?}");
        }
        assert!("18446744073709551615".parse::<ShortId>().is_ok());
    }
}
