//! The session timer of a call (RFC 4028), as a machine without network or
//! clock: who refreshes the session, when, and when it is given up.

use std::time::{Duration, Instant};

/// Shortest session interval in seconds (RFC 4028, section 4).
pub(crate) const MIN_S: u32 = 90;
/// The interval in seconds that a placed call asks for (RFC 4028, section 4).
const WISHED_S: u32 = 1800;
/// A session is given up so long before it runs out, or a third of its
/// interval where that is less (RFC 4028, section 10).
const MARGIN_MAX_S: u32 = 32;
/// Longest pause that a PBX can impose on a refresh with Retry-After.
const RETRY_AFTER_MAX_S: u32 = 60;
/// The pause after a refusal that says nothing more.
const AGAIN: Duration = Duration::from_secs(10);

/// Which side refreshes the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refresher {
    Us,
    Them,
}

/// What a message of theirs says about the timer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// Whether they understand timers at all; a proxy may ask for one on its own.
    pub(crate) supported: bool,
    /// Session-Expires, in seconds.
    pub(crate) interval_s: Option<u32>,
    pub(crate) refresher: Option<Refresher>,
    /// Whether they take UPDATE, where they say what they take.
    pub(crate) updates: Option<bool>,
}

/// The timer that both sides keep from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Agreed {
    pub(crate) interval_s: u32,
    pub(crate) refresher: Refresher,
}

/// The interval is too short for us: 422 with [`MIN_S`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooBrief;

/// How a refresh of ours was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// 422: the interval is too short for them.
    TooBrief { min_s: u32 },
    /// 491, or a change of theirs is under way.
    Glare,
    /// They don't serve the method.
    NotServed,
    /// The dialog is gone at their side.
    Gone,
    /// Anything else, with Retry-After in seconds where they said so.
    Otherwise { after_s: Option<u32> },
}

/// What is to be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    /// A refresh is to be sent, by UPDATE or else by a re-INVITE.
    Refresh { update: bool },
    /// The call is over: nobody refreshed it.
    Over,
}

#[derive(Clone, Copy, Debug)]
struct Running {
    agreed: Agreed,
    /// When the call is given up unless it is refreshed.
    over: Instant,
    /// When our next refresh is due; none while one is under way, and where they refresh.
    refresh: Option<Instant>,
}

/// One call's session timer.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    /// Whether the call was placed by us: the owner of the Call-ID waits
    /// longer after a glare (RFC 3261, section 14.1).
    owner: bool,
    min_s: u32,
    updates: bool,
    running: Option<Running>,
}

impl Session {
    /// A call without a timer so far.
    pub(crate) fn new(owner: bool) -> Self {
        Self {
            owner,
            min_s: MIN_S,
            updates: false,
            running: None,
        }
    }

    /// What an invitation of ours asks for, in seconds.
    pub(crate) fn wished_s(&self) -> u32 {
        let interval_s = self.running.map_or(WISHED_S, |r| r.agreed.interval_s);
        interval_s.max(self.min_s)
    }

    /// The Min-SE of our requests, where it says more than its absence.
    pub(crate) fn min_s(&self) -> Option<u32> {
        (self.min_s > MIN_S).then_some(self.min_s)
    }

    /// Takes the longer interval that a 422 demands; whether it does demand one.
    pub(crate) fn raised(&mut self, min_s: u32) -> bool {
        let more = min_s > self.wished_s();
        self.min_s = self.min_s.max(min_s);
        more
    }

    /// A request of theirs that opens or refreshes the session and is to be
    /// accepted now (RFC 4028, section 9). Without Session-Expires the timer stops.
    pub(crate) fn asked(&mut self, now: Instant, said: Said) -> Result<Option<Agreed>, TooBrief> {
        self.updates = said.updates.unwrap_or(self.updates);
        let Some(interval_s) = said.interval_s else {
            self.running = None;
            return Ok(None);
        };
        if interval_s < MIN_S {
            return Err(TooBrief);
        }
        let refresher = said.refresher.unwrap_or(match said.supported {
            true => Refresher::Them,
            false => Refresher::Us,
        });
        let agreed = Agreed {
            interval_s,
            refresher,
        };
        self.start(now, agreed);
        Ok(Some(agreed))
    }

    /// A 2xx to a request of ours that opens or refreshes the session (RFC
    /// 4028, section 7.2). Without Session-Expires there is no timer.
    pub(crate) fn granted(&mut self, now: Instant, said: Said) {
        self.updates = said.updates.unwrap_or(self.updates);
        let Some(interval_s) = said.interval_s else {
            self.running = None;
            return;
        };
        let agreed = Agreed {
            interval_s: interval_s.max(MIN_S),
            refresher: said.refresher.unwrap_or(Refresher::Us),
        };
        self.start(now, agreed);
    }

    fn start(&mut self, now: Instant, agreed: Agreed) {
        let margin_s = MARGIN_MAX_S.min(agreed.interval_s / 3);
        let after = |s: u32| now + Duration::from_secs(s.into());
        self.running = Some(Running {
            agreed,
            over: after(agreed.interval_s - margin_s),
            refresh: (agreed.refresher == Refresher::Us).then(|| after(agreed.interval_s / 2)),
        });
    }

    /// A refresh of ours was refused; `random` spreads what comes after a glare.
    pub(crate) fn refused(&mut self, now: Instant, refused: Refused, random: u32) {
        let served = self.updates;
        let raised = matches!(refused, Refused::TooBrief { min_s } if self.raised(min_s));
        let Some(running) = &mut self.running else {
            return;
        };
        let pause = match refused {
            Refused::TooBrief { .. } if raised => Duration::ZERO,
            Refused::TooBrief { .. } => AGAIN,
            // In units of 10 ms (RFC 3261, section 14.1).
            Refused::Glare if self.owner => {
                Duration::from_millis(2100) + Duration::from_millis(10) * (random % 191)
            }
            Refused::Glare => Duration::from_millis(10) * (random % 201),
            Refused::NotServed if served => {
                self.updates = false;
                Duration::ZERO
            }
            Refused::NotServed => AGAIN,
            Refused::Gone => {
                running.over = now;
                return;
            }
            Refused::Otherwise { after_s } => after_s.map_or(AGAIN, |s| {
                Duration::from_secs(s.clamp(1, RETRY_AFTER_MAX_S).into())
            }),
        };
        running.refresh = Some(now + pause);
    }

    /// When [`Session::time_out`] is to be asked next.
    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        let running = self.running?;
        Some(running.refresh.unwrap_or(running.over).min(running.over))
    }

    /// What is due at this moment, each thing once.
    pub(crate) fn time_out(&mut self, now: Instant) -> Option<Due> {
        let running = self.running.as_mut()?;
        if running.over <= now {
            self.running = None;
            return Some(Due::Over);
        }
        running.refresh.filter(|at| *at <= now)?;
        running.refresh = None;
        Some(Due::Refresh {
            update: self.updates,
        })
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
