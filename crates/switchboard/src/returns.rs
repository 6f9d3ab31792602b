//! Calls that come back: the PBX forwards to a line of the company whatever a
//! colleague does not answer.

use std::collections::VecDeque;
use std::time::Duration;

use call::{ColleagueStage, State};
use model::call::Caller;
use model::id::{CompanyId, UserId};
use model::phone::Phone;
use std::time::Instant;

use crate::exchange::Exchange;
use crate::live::Live;

/// How long a caller whom the PBX took over is known to be one: longer than any telephone rings.
const KNOWN_FOR: Duration = Duration::from_secs(600);

/// Callers that are known at a time: those of ten minutes at a busy server. Beyond that the oldest are strangers again.
const KNOWN_MAX: usize = 2000;

/// Callers whom PBXs have taken over lately.
#[derive(Debug, Default)]
pub(crate) struct Returns(VecDeque<Taken>);

/// A caller whom a PBX has taken over.
#[derive(Debug)]
struct Taken {
    company: CompanyId,
    number: String,
    by: Option<UserId>,
    at: Instant,
}

impl Returns {
    /// A PBX has taken the caller over from the operator.
    pub(crate) fn note(
        &mut self,
        company: CompanyId,
        caller: &Caller,
        by: Option<UserId>,
        at: Instant,
    ) {
        if let Some(number) = &caller.number {
            if self.0.len() == KNOWN_MAX {
                self.0.pop_front();
            }
            let number = number.clone();
            self.0.push_back(Taken {
                company,
                number,
                by,
                at,
            });
        }
    }

    /// Whether this is such a caller, and whose, who is forgotten by that: the
    /// next call is a new one. A colleague's calls may be forwarded to another
    /// line of the company than the one that the caller came in on.
    pub(crate) fn take(
        &mut self,
        company: CompanyId,
        caller: &Caller,
        now: Instant,
    ) -> Option<Option<UserId>> {
        self.0
            .retain(|taken| now.duration_since(taken.at) < KNOWN_FOR);
        let known = self.0.iter().position(|taken| {
            taken.company == company && caller.number.as_ref() == Some(&taken.number)
        });
        known.and_then(|at| self.0.remove(at)).map(|taken| taken.by)
    }
}

/// A call of ours that rings somewhere, as it would come back.
#[derive(Clone, Copy, Debug)]
struct Outward<'a> {
    company: CompanyId,
    /// Who the line is at the PBX: most show that as the caller.
    user: Option<&'a str>,
    /// Where it rings. PBXs that show a trunk's number may still tell whose
    /// telephone has not answered.
    number: Option<&'a str>,
    /// The company's own number, which is most likely the trunk's.
    own: &'a str,
}

impl Outward<'_> {
    fn comes_back_as(&self, company: CompanyId, caller: &Caller, dialled: Option<&str>) -> bool {
        let by_user = self.user.is_some() && caller.number.as_deref() == self.user;
        self.company == company && (by_user || self.is_sent_on(caller, dialled))
    }

    /// Whether the call comes from where this one rings. Customers whom the same
    /// extension, or the group behind it, has not answered come from there too:
    /// they show outside numbers of their own, or none.
    fn is_sent_on(&self, caller: &Caller, dialled: Option<&str>) -> bool {
        let Some(number) = self.number.and_then(Phone::parse) else {
            return false;
        };
        let is_outside = |phone: &Phone| matches!(phone, Phone::Public(_));
        let is_a_customers = match caller.number.as_deref().and_then(Phone::parse) {
            Some(shown) => is_outside(&shown) && Some(shown) != Phone::parse(self.own),
            None => true,
        };
        let may_be_ours = is_outside(&number) || !is_a_customers;
        may_be_ours && dialled.and_then(Phone::parse) == Some(number)
    }
}

impl Exchange {
    /// Whether the call is one that this side has placed, and that the PBX
    /// forwards here, to whichever line of the company: taken, it would go
    /// round in a circle.
    pub(crate) fn is_own(
        &self,
        company: CompanyId,
        caller: &Caller,
        dialled: Option<&str>,
    ) -> bool {
        self.calls
            .values()
            .filter_map(|live| self.outward(live))
            .any(|outward| outward.comes_back_as(company, caller, dialled))
    }

    /// The leg of ours that rings, where the call has one.
    fn outward<'a>(&'a self, live: &'a Live) -> Option<Outward<'a>> {
        let number = match live.control.state() {
            State::Placing { .. } => live.placed.as_ref().map(|(_, number)| number.as_str()),
            State::Consulting(consultation) if consultation.stage != ColleagueStage::Answered => {
                live.around.numbers.get(consultation.colleague)
            }
            _ => return None,
        };
        // The leg goes out as the line is logged in now.
        let entry = self.directory.get(live.entry.line.id);
        let account = entry.and_then(|entry| entry.line.account.as_ref());
        Some(Outward {
            company: live.entry.company.id,
            user: account.map(|account| account.user.as_str()),
            number,
            own: &live.entry.company.phone,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(number: &str) -> Caller {
        Caller {
            number: Some(number.into()),
            name: None,
        }
    }

    fn company(n: u128) -> CompanyId {
        CompanyId(uuid::Uuid::from_u128(n))
    }

    #[test]
    fn a_caller_returns_once_to_the_same_company_and_soon() {
        let now = Instant::now();
        let anna = Some(UserId(uuid::Uuid::from_u128(9)));
        let mut returns = Returns::default();
        returns.note(company(1), &caller("+79261234567"), anna, now);
        returns.note(company(1), &Caller::default(), anna, now);
        let mut take = |n, who: &Caller, at| returns.take(company(n), who, at);
        assert_eq!(take(2, &caller("+79261234567"), now), None);
        assert_eq!(take(1, &caller("+79260000000"), now), None);
        assert_eq!(take(1, &Caller::default(), now), None, "hidden");
        assert_eq!(take(1, &caller("+79261234567"), now), Some(anna));
        assert_eq!(take(1, &caller("+79261234567"), now), None, "once");
        returns.note(company(1), &caller("+79261234567"), None, now);
        let late = now + KNOWN_FOR;
        let late = returns.take(company(1), &caller("+79261234567"), late);
        assert_eq!(late, None);
    }

    #[test]
    fn a_call_of_ours_is_known_by_the_lines_own_name_or_by_whom_it_rings_at() {
        let ours = Outward {
            company: company(1),
            user: Some("200"),
            number: Some("8 926 123-45-67"),
            own: "",
        };
        let trunk = caller("+74950000001");
        assert!(ours.comes_back_as(company(1), &caller("200"), None));
        assert!(ours.comes_back_as(company(1), &trunk, Some("+79261234567")));
        assert!(ours.comes_back_as(company(1), &Caller::default(), Some("79261234567")));
        for (company, caller, dialled) in [
            (company(1), &trunk, None),
            (company(1), &trunk, Some("101")),
            (company(1), &caller("201"), None),
            (company(1), &Caller::default(), None),
            (company(2), &caller("200"), Some("+79261234567")),
        ] {
            let own = ours.comes_back_as(company, caller, dialled);
            assert!(!own, "{company:?} {caller:?} {dialled:?}");
        }
    }

    #[test]
    fn customers_whom_the_same_extension_has_not_answered_are_no_calls_of_ours() {
        let ours = Outward {
            company: company(1),
            user: Some("200"),
            number: Some("110"),
            own: "8 (495) 000-00-01",
        };
        let from = |caller: &Caller| ours.comes_back_as(company(1), caller, Some("110"));
        assert!(!from(&caller("+79261234567")), "a customer");
        assert!(from(&caller("+74950000001")), "the company's trunk");
        assert!(from(&caller("299")), "another name of the line");
        assert!(!from(&Caller::default()), "somebody who is not shown");
    }

    #[test]
    fn what_is_not_known_of_a_call_of_ours_is_nobodys() {
        let ours = Outward {
            company: company(1),
            user: None,
            number: None,
            own: "",
        };
        assert!(!ours.comes_back_as(company(1), &Caller::default(), None));
        assert!(!ours.comes_back_as(company(1), &caller("200"), Some("101")));
    }
}
