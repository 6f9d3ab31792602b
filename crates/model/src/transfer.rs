//! Handing a caller over to somebody of the company.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::line::Recipient;
use crate::phone::is_key;

/// Which of a recipient's numbers is dialled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Dialled {
    /// «Добавочный».
    Extension,
    /// «Мобильный номер»; employees only.
    Mobile,
}

/// Whom a caller is handed over to. Desks name somebody of the company's
/// directory and never a number, so nothing else can be dialled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Colleague {
    /// Who.
    pub recipient: Recipient,
    /// At which number.
    pub dialled: Dialled,
}

/// Why a colleague could not be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransferFault {
    /// It rang, and nobody answered.
    NoAnswer,
    /// Busy, or declined.
    Busy,
    /// The directory has no such number.
    NoNumber,
    /// The PBX does not know the number, or does not let the line call it.
    Refused,
    /// The PBX could not be reached, or this side has no resources.
    Failed,
    /// The colleague had answered, and hung up.
    Left,
}

impl TransferFault {
    /// Whether it is the way's fault and another way may do better; otherwise
    /// it is the colleague who can't be had, whichever way is taken.
    pub fn is_of_the_way(self) -> bool {
        matches!(self, Self::Refused | Self::Failed)
    }
}

/// A way of handing a caller over to a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferWay {
    /// A second call through the line, which goes on through this side.
    Bridge,
    /// The PBX is asked to connect the caller with the number, and takes the call out of our hands.
    Refer,
    /// The PBX is asked to connect two calls of ours that both stand.
    Replace,
    /// The PBX's own feature code, pressed as telephone keys in the call.
    Code,
}

/// Which way a line takes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransferFirst {
    /// The second call: known to work once the colleague has answered, and recorded to its end.
    #[default]
    Bridge,
    /// The PBX is asked first, which frees the line's channels; the recording ends there.
    Pbx,
    /// «Коды АТС».
    Code,
}

/// How a line hands callers over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferSettings {
    /// What is tried first.
    pub first: TransferFirst,
    /// The PBX's feature code for a transfer at once, `{number}` being the
    /// colleague's: `##{number}`; empty where there is none.
    #[serde(default)]
    pub code: String,
}

/// Longest feature code.
const CODE_MAX: usize = 32;

/// What stands for the number in a feature code.
const NUMBER: &str = "{number}";

impl TransferSettings {
    /// Whether the code is one: telephone keys around exactly one number.
    pub fn code_is_sound(&self) -> bool {
        match self.code.split_once(NUMBER) {
            None => self.code.is_empty() && self.first != TransferFirst::Code,
            Some((before, after)) => {
                self.code.len() <= CODE_MAX && before.chars().chain(after.chars()).all(is_key)
            }
        }
    }

    /// Whether these keys end with what stands before the number in the code: the
    /// PBX takes what is pressed next for a number to transfer to.
    pub fn is_begun_by(&self, keys: &str) -> bool {
        let before = self
            .code
            .split_once(NUMBER)
            .map_or("", |(before, _)| before);
        !before.is_empty() && keys.ends_with(before)
    }

    /// The keys to press for a number; none where there is no code, or the number has what no key has.
    pub fn keys(&self, number: &str) -> Option<String> {
        let good = self.code.contains(NUMBER) && self.code_is_sound() && number.chars().all(is_key);
        good.then(|| self.code.replace(NUMBER, number))
    }
}

/// How long a way that failed is tried after the others.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);

/// The ways of a blind transfer, the one to try first standing first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ways([Option<TransferWay>; 3]);

impl Ways {
    /// The second call alone: a consultation has no other way.
    pub const BRIDGE: Self = Self([Some(TransferWay::Bridge), None, None]);

    /// Nothing else to try.
    pub const NONE: Self = Self([None; 3]);

    /// What is to be tried, in order. `failed` are the ways that failed on this line, and when.
    pub fn of(
        settings: &TransferSettings,
        failed: &[(TransferWay, Timestamp)],
        now: Timestamp,
    ) -> Self {
        let mut ways = match settings.first {
            TransferFirst::Bridge => vec![TransferWay::Bridge, TransferWay::Refer],
            TransferFirst::Pbx => vec![TransferWay::Refer, TransferWay::Bridge],
            TransferFirst::Code => vec![TransferWay::Code, TransferWay::Bridge, TransferWay::Refer],
        };
        ways.sort_by_key(|way| is_remembered(*way, failed, now));
        let mut ways = ways.into_iter();
        Self([ways.next(), ways.next(), ways.next()])
    }

    /// The way to try now, and those that are left then.
    pub fn next(self) -> Option<(TransferWay, Self)> {
        let [first, second, third] = self.0;
        Some((first?, Self([second, third, None])))
    }
}

/// Whether the PBX is to be asked to take over a caller and a colleague who talk already.
pub fn replaces(
    settings: &TransferSettings,
    failed: &[(TransferWay, Timestamp)],
    now: Timestamp,
) -> bool {
    settings.first == TransferFirst::Pbx && !is_remembered(TransferWay::Replace, failed, now)
}

fn is_remembered(way: TransferWay, failed: &[(TransferWay, Timestamp)], now: Timestamp) -> bool {
    failed
        .iter()
        .any(|(one, at)| *one == way && now.duration_since(*at) < REMEMBERED)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(ways: Ways) -> Vec<TransferWay> {
        let mut rest = Some(ways);
        std::iter::from_fn(|| {
            let (way, left) = rest?.next()?;
            rest = Some(left);
            Some(way)
        })
        .collect()
    }

    fn settings(first: TransferFirst, code: &str) -> TransferSettings {
        TransferSettings {
            first,
            code: code.into(),
        }
    }

    #[test]
    fn a_way_that_failed_is_tried_last_for_a_day() {
        use TransferWay::{Bridge, Code, Refer};
        let codes = settings(TransferFirst::Code, "##{number}");
        let now = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(1000);
        assert_eq!(order(Ways::of(&codes, &[], now)), [Code, Bridge, Refer]);
        let failed = [(Code, now)];
        assert_eq!(order(Ways::of(&codes, &failed, now)), [Bridge, Refer, Code]);
        let later = now + REMEMBERED;
        assert_eq!(
            order(Ways::of(&codes, &failed, later)),
            [Code, Bridge, Refer]
        );
        let plain = TransferSettings::default();
        assert_eq!(order(Ways::of(&plain, &[], now)), [Bridge, Refer]);
        assert_eq!(order(Ways::BRIDGE), [Bridge]);
    }

    #[test]
    fn the_pbx_takes_two_calls_over_where_it_is_to_and_did_not_fail() {
        let now = Timestamp::UNIX_EPOCH;
        let pbx = settings(TransferFirst::Pbx, "");
        assert!(replaces(&pbx, &[], now));
        assert!(!replaces(&pbx, &[(TransferWay::Replace, now)], now));
        assert!(!replaces(&TransferSettings::default(), &[], now));
    }

    #[test]
    fn a_code_is_keys_around_one_number() {
        let code = |text: &str| settings(TransferFirst::Code, text);
        assert_eq!(code("##{number}").keys("101").as_deref(), Some("##101"));
        assert_eq!(code("*2{number}#").keys("8926").as_deref(), Some("*28926#"));
        assert_eq!(code("##{number}").keys("+7926"), None);
        for bad in ["", "##", "x{number}", "{number}{number}"] {
            assert!(!code(bad).code_is_sound(), "{bad}");
            assert_eq!(code(bad).keys("101"), None, "{bad}");
        }
        assert!(TransferSettings::default().code_is_sound());
        assert!(code("##{number}").is_begun_by("1##"));
        assert!(!code("##{number}").is_begun_by("##1"));
        assert!(!code("{number}#").is_begun_by("1"));
        assert!(!TransferSettings::default().is_begun_by("##"));
    }
}
