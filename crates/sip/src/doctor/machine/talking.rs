//! From a call that is answered to one that was talked, held and transferred.

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use model::audio::AudioStream;

use super::{
    Cause, Check, Digit, HEARD_MS, Input, Machine, Output, Reply, Request, Side, State, Verdict,
};
use crate::event::{LegEnd, Referral};

/// Keys that the calling and the called side press.
const KEYS: [char; 2] = ['5', '7'];
/// Within this, in seconds, a call ends whose confirmation was lost (RFC 3261, section 13.3.1.4).
const UNCONFIRMED_S: std::ops::RangeInclusive<u64> = 31..=33;
/// A person may hang up before this; later it is the PBX's doing.
const PERSON_STAYS_S: u64 = 25;

fn key_of(side: Side) -> char {
    match side {
        Side::Calling => KEYS[0],
        Side::Called => KEYS[1],
    }
}

impl Machine {
    pub(super) fn call_handle(&mut self, now: Instant, input: Input) {
        match (self.state.clone(), input) {
            (State::Placing | State::Telling | State::Clearing | State::Asking, input)
                if !matches!(input, Input::Agreed { .. }) =>
            {
                self.awaited(now, input);
            }
            (_, Input::Held { .. }) => self.outputs.push_back(Output::Release),
            (
                State::Placing | State::Agreeing,
                Input::Agreed {
                    side: Side::Calling,
                    ..
                },
            ) => {
                self.calling = true;
                self.talk(now);
            }
            (
                State::Agreeing,
                Input::Agreed {
                    side: Side::Called,
                    audio,
                },
            ) => {
                let format = audio.formats.first();
                self.passed(
                    Check::Codec,
                    format.map_or("", |format| format.codec.name()),
                );
                self.called = Some(audio);
                self.talk(now);
            }
            (State::Agreeing, Input::Ended { cause, .. }) => {
                match cause {
                    LegEnd::NotConfirmed => self.failed(Check::Stays, Cause::NotConfirmed),
                    LegEnd::Failed => self.failed(Check::Codec, Cause::NoCommonCodec),
                    _ => self.failed(Check::Stays, Cause::EndsAfter { seconds: 0 }),
                }
                self.finish();
            }
            (
                State::SoundIn,
                Input::Voice {
                    side: Side::Called,
                    ms,
                },
            ) => self.heard_here(now, ms),
            (
                State::SoundOut,
                Input::Voice {
                    side: Side::Calling,
                    ms,
                },
            ) => self.heard_there(now, ms >= HEARD_MS, Some(ms)),
            (
                State::SoundOut,
                Input::Key {
                    digit, in_message, ..
                },
            ) if !self.own => {
                self.key_came(in_message);
                self.heard_there(now, digit.as_char() != '2', None);
            }
            (State::SoundOut, Input::Replied(reply)) => match reply {
                Reply::Skip => self.hold(now),
                // Who pressed a key in vain says it here.
                Reply::Heard | Reply::NotHeard => {
                    self.failed(Check::Keys, Cause::KeysLost);
                    self.heard_there(now, reply == Reply::Heard, None);
                }
            },
            (
                State::Keys(pressed),
                Input::Key {
                    side,
                    digit,
                    in_message,
                },
            ) if side != pressed => {
                if digit.as_char() != key_of(pressed) {
                    self.failed(Check::Keys, Cause::KeysChanged);
                    return self.hold(now);
                }
                match pressed {
                    Side::Calling if in_message => {
                        self.key_came(true);
                        self.hold(now);
                    }
                    Side::Calling => self.press(now, Side::Called),
                    Side::Called => {
                        self.key_came(in_message);
                        self.hold(now);
                    }
                }
            }
            (State::Holding(on), Input::Examined(code)) => match code {
                Some(200..=299) if on => {
                    self.outputs.push_back(Output::Hold(false));
                    self.state = State::Holding(false);
                    self.wait(now, 2 * self.patience.moment);
                }
                Some(200..=299) => {
                    self.passed(Check::Hold, "");
                    self.stay(now);
                }
                code => {
                    self.failed(Check::Hold, Cause::HoldRefused { code });
                    self.stay(now);
                }
            },
            (State::Holding(_), Input::Ended { .. }) => {
                self.failed(Check::Hold, Cause::HoldEnds);
                self.finish();
            }
            (State::Transferring(_), Input::Referred(referral)) => {
                let code = match referral {
                    Referral::Going => {
                        self.state = State::Transferring(true);
                        return;
                    }
                    // Whatever became of it there: the PBX did as it was asked.
                    Referral::Connected | Referral::NotConnected { .. } => {
                        self.passed(Check::Transfer, "");
                        return self.finish();
                    }
                    Referral::Refused { code } => Some(code),
                    Referral::Failed => None,
                };
                self.warned(Check::Transfer, Cause::TransferRefused { code });
                self.finish();
            }
            // A person hung up before it could be told.
            (State::Transferring(false), Input::Ended { .. }) if !self.own => self.finish(),
            (State::Transferring(_), Input::Arrived { .. })
            | (State::Transferring(true), Input::Ended { .. }) => {
                self.passed(Check::Transfer, "");
                self.finish();
            }
            (
                State::SoundIn | State::SoundOut | State::Keys(_) | State::Staying,
                Input::Ended { .. },
            ) => self.cut(now),
            _ => {}
        }
    }

    pub(super) fn call_timed_out(&mut self, now: Instant) {
        match self.state {
            State::Placing | State::Telling | State::Clearing | State::Asking => {
                self.awaited_in_vain(now);
            }
            State::Agreeing => {
                // What is agreed there is confirmed: the answer was kept from the caller.
                let cause = match self.called {
                    Some(_) => Cause::AnswerKept,
                    None => Cause::NotConfirmed,
                };
                self.failed(Check::Stays, cause);
                self.finish();
            }
            State::SoundIn => self.heard_here(now, 0),
            State::SoundOut if self.own => self.heard_there(now, false, Some(0)),
            // The person says nothing.
            State::SoundOut => self.hold(now),
            State::Keys(_) => {
                self.failed(Check::Keys, Cause::KeysLost);
                self.hold(now);
            }
            State::Holding(_) => {
                self.failed(Check::Hold, Cause::HoldRefused { code: None });
                self.stay(now);
            }
            State::Staying => {
                let stayed = self.patience.stays.as_secs();
                self.passed(Check::Stays, format!("{stayed} s"));
                self.transfer(now);
            }
            State::Transferring(_) => {
                self.warned(Check::Transfer, Cause::TransferSilent);
                self.finish();
            }
            _ => {}
        }
    }

    /// Both sides are there.
    fn talk(&mut self, now: Instant) {
        if self.called.is_none() || (self.own && !self.calling) {
            return;
        }
        self.agreed_at = Some(now);
        self.state = State::SoundIn;
        self.step(Check::SoundIn);
        if self.own {
            self.outputs.push_back(Output::Speak(Side::Calling));
            self.wait(now, self.patience.moment);
        } else {
            self.ask(Request::Speak);
            self.outputs.push_back(Output::Listen);
            // The question is heard first.
            self.wait(now, 5 * self.patience.moment);
        }
    }

    /// How much was heard of the caller.
    fn heard_here(&mut self, now: Instant, ms: u32) {
        match (ms >= HEARD_MS, self.private()) {
            (true, _) => self.passed(Check::SoundIn, format!("{ms} ms")),
            (false, Some(address)) => {
                self.failed(Check::SoundIn, Cause::PrivateAddress { address });
            }
            (false, None) => self.failed(Check::SoundIn, Cause::NothingHeard),
        }
        self.state = State::SoundOut;
        self.step(Check::SoundOut);
        self.outputs.push_back(Output::Speak(Side::Called));
        if self.own {
            self.wait(now, self.patience.moment);
        } else {
            self.ask(Request::Hear);
            self.wait(now, self.patience.person / 4);
        }
    }

    fn heard_there(&mut self, now: Instant, heard: bool, ms: Option<u32>) {
        match (heard, self.private()) {
            (true, _) => {
                let ms = ms.map_or_else(String::new, |ms| format!("{ms} ms"));
                self.passed(Check::SoundOut, ms);
            }
            (false, Some(address)) => {
                self.failed(Check::SoundOut, Cause::PrivateAddress { address });
            }
            (false, None) => self.failed(Check::SoundOut, Cause::NotHeardThere),
        }
        let sound = [Check::SoundIn, Check::SoundOut];
        let whole = |check| {
            self.report
                .of(check)
                .is_some_and(|f| f.verdict == Verdict::Passed)
        };
        // Keys travel with the sound: where that is lost, they are no news.
        if self.own && sound.into_iter().all(whole) {
            self.step(Check::Keys);
            self.press(now, Side::Calling);
        } else {
            self.hold(now);
        }
    }

    /// Where the PBX asks for sound, if nobody outside of its network gets there.
    fn private(&self) -> Option<SocketAddr> {
        let address = self
            .called
            .as_ref()
            .map(|audio: &AudioStream| audio.address)?;
        let foreign = self
            .server()
            .is_some_and(|server| server.ip() != address.ip());
        let private = match address.ip() {
            IpAddr::V4(ip) => ip.is_private() || ip.is_link_local() || ip.is_loopback(),
            IpAddr::V6(ip) => ip.is_unique_local() || ip.is_loopback(),
        };
        (foreign && private).then_some(address)
    }

    fn press(&mut self, now: Instant, side: Side) {
        if let Some(digit) = Digit::from_char(key_of(side)) {
            self.outputs.push_back(Output::Press(side, digit));
        }
        self.state = State::Keys(side);
        self.wait(now, self.patience.moment);
    }

    fn key_came(&mut self, in_message: bool) {
        if in_message {
            self.warned(Check::Keys, Cause::KeysInMessages);
        } else {
            self.passed(Check::Keys, "");
        }
    }

    fn hold(&mut self, now: Instant) {
        self.step(Check::Hold);
        self.ask_to_stay(now, self.stays_until(now));
        self.outputs.push_back(Output::Hold(true));
        self.state = State::Holding(true);
        self.wait(now, 2 * self.patience.moment);
    }

    fn stay(&mut self, now: Instant) {
        self.step(Check::Stays);
        self.state = State::Staying;
        let until = self.stays_until(now);
        self.ask_to_stay(now, until);
        self.wake = Some(until.max(now));
    }

    /// Until when the call has to last.
    fn stays_until(&self, now: Instant) -> Instant {
        self.agreed_at.unwrap_or(now) + self.patience.stays
    }

    /// A person who called must not hang up meanwhile.
    fn ask_to_stay(&mut self, now: Instant, until: Instant) {
        if !self.own {
            self.stay_until = Some(until);
            self.tell_remaining(now);
            self.ask(Request::Stay);
        }
    }

    fn transfer(&mut self, now: Instant) {
        self.step(Check::Transfer);
        // A customer may call meanwhile.
        let awaits = match self.own {
            true => self.own_call(self.subject.strangers, false),
            false => self.persons_call(),
        };
        self.outputs
            .extend([Output::Await(awaits), Output::Transfer]);
        self.state = State::Transferring(false);
        self.wait(now, 2 * self.patience.moment);
        self.ask_to_stay(now, now + 2 * self.patience.moment);
    }

    /// The call ended while it was talked.
    fn cut(&mut self, now: Instant) {
        let since = self.agreed_at.unwrap_or(now);
        // Rounded: what ends at 31.9 s ends at 32 s.
        let seconds = (now.duration_since(since) + Duration::from_millis(500)).as_secs();
        if self.own || seconds >= PERSON_STAYS_S {
            let cause = match UNCONFIRMED_S.contains(&seconds) {
                true => Cause::ConfirmationLost,
                false => Cause::EndsAfter { seconds },
            };
            self.failed(Check::Stays, cause);
        }
        self.finish();
    }
}
