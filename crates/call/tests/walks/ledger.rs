//! What has to hold, written down beside each call and each operator.

use std::time::{Duration, Instant};

use call::{Call, Limits, Output, Program, State};
use model::call::{Ending, Happening};
use model::id::UserId;

/// A call with what the world knows of it.
pub struct Live {
    pub call: Call,
    pub limits: Limits,
    /// When it arrived, or was begun.
    pub arrived: Instant,
    pub ending: Option<Ending>,
    /// The leg is over: the caller left, it broke, or the call let it go.
    pub leg_gone: bool,
    /// Its answer is out, or the PBX was asked for it.
    pub answering: bool,
    /// It is a call of ours.
    pub placed: bool,
    pub answered: bool,
    pub sound: Sound,
    pub queued_since: Option<Instant>,
    pub operator: Option<UserId>,
    pub bridged: Option<Bridged>,
    /// The colleague's leg that is out.
    pub second: Option<Second>,
    /// Whose leg was the last one.
    pub attempt: u32,
    pub program: Option<Program>,
    /// Voice that the call was told of, in a voice message.
    pub voice_told: Duration,
    /// Voice that the caller has spoken into it.
    pub voice_said: Duration,
    pub arrived_recorded: bool,
    pub ended_recorded: bool,
    pub message_since: Option<Instant>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sound {
    None,
    Open,
    Failed,
    Closed,
}

/// Who hears whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bridged {
    Operator(UserId),
    /// The operator waits while the caller is on hold.
    Attended(UserId),
    Consultation(UserId),
    Together(UserId),
    Couple,
}

impl Bridged {
    /// Whether the caller hears people, and no program.
    fn is_heard_by_the_caller(self) -> bool {
        !matches!(self, Self::Attended(_) | Self::Consultation(_))
    }

    fn operator(self) -> Option<UserId> {
        match self {
            Self::Operator(operator)
            | Self::Attended(operator)
            | Self::Consultation(operator)
            | Self::Together(operator) => Some(operator),
            Self::Couple => None,
        }
    }
}

/// A colleague's leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Second {
    pub attempt: u32,
    pub since: Instant,
    pub answered: bool,
}

impl Live {
    pub fn new(call: Call, limits: Limits, now: Instant) -> Self {
        Self {
            call,
            limits,
            arrived: now,
            ending: None,
            leg_gone: false,
            answering: false,
            placed: false,
            answered: false,
            sound: Sound::None,
            queued_since: None,
            operator: None,
            bridged: None,
            second: None,
            attempt: 0,
            program: None,
            voice_told: Duration::ZERO,
            voice_said: Duration::ZERO,
            arrived_recorded: false,
            ended_recorded: false,
            message_since: None,
        }
    }

    /// A call of ours, which has no leg yet.
    pub fn placed(call: Call, limits: Limits, now: Instant, operator: UserId) -> Self {
        Self {
            leg_gone: true,
            placed: true,
            operator: Some(operator),
            ..Self::new(call, limits, now)
        }
    }

    /// Holds each output against what went before.
    pub fn note(&mut self, now: Instant, output: &Output) {
        assert_eq!(self.ending, None, "{output:?} after the end");
        match output {
            Output::Ring => assert!(!self.answering && !self.leg_gone),
            Output::OpenSound => {
                assert_eq!(self.sound, Sound::None, "opened twice");
                self.sound = Sound::Open;
            }
            Output::Answer => {
                assert!(
                    !self.answering && !self.leg_gone,
                    "answered twice, or too late"
                );
                assert_eq!(self.sound, Sound::Open, "answered without sound");
                self.answering = true;
            }
            Output::Place => {
                assert!(self.placed && !self.answering, "placed twice");
                assert_eq!(self.sound, Sound::Open, "placed without sound");
                self.answering = true;
                self.leg_gone = false;
            }
            Output::Refuse(_) => {
                assert!(!self.answering, "refused after the answer");
                self.release_leg();
            }
            Output::HangUp => {
                assert!(self.answering, "hung up before the answer");
                self.release_leg();
            }
            Output::Hear(program) => {
                assert!(self.answered && !self.leg_gone, "nobody hears that");
                assert!(
                    !self.bridged.is_some_and(Bridged::is_heard_by_the_caller),
                    "programs don't play into conversations"
                );
                self.program = Some(*program);
                if let Program::VoiceMessage { .. } = program {
                    self.message_since = Some(now);
                }
            }
            Output::Bridge(operator) => self.bridge(Bridged::Operator(*operator)),
            Output::Attend(operator) => self.bridge(Bridged::Attended(*operator)),
            Output::Consult(operator) => {
                assert!(self.second.is_some(), "nobody to talk with");
                self.bridge(Bridged::Consultation(*operator));
            }
            Output::SootheColleague(_) => assert!(
                matches!(self.bridged, Some(Bridged::Consultation(_)))
                    && self.second.is_some_and(|second| second.answered),
                "the colleague hears somebody else"
            ),
            Output::Gather(operator) => {
                assert!(self.second.is_some_and(|second| second.answered));
                self.bridge(Bridged::Together(*operator));
            }
            Output::Couple => {
                assert!(
                    self.second.is_some_and(|second| second.answered),
                    "handed over to nobody"
                );
                self.bridge(Bridged::Couple);
            }
            Output::Dial { attempt, .. } => {
                assert!(*attempt > self.attempt, "a number that was used");
                self.attempt = *attempt;
                let second = Second {
                    attempt: *attempt,
                    since: now,
                    answered: false,
                };
                assert_eq!(self.second.replace(second), None, "two colleagues");
            }
            Output::Refer { attempt, .. } | Output::PressCode { attempt, .. } => {
                assert!(*attempt > self.attempt, "a number that was used");
                self.attempt = *attempt;
                assert!(self.answered && !self.leg_gone, "nobody to hand over");
                assert_eq!(self.second, None, "a colleague is called already");
                assert!(
                    !self.bridged.is_some_and(Bridged::is_heard_by_the_caller),
                    "handed over in mid-word"
                );
            }
            Output::Replace { attempt } => {
                let second = self
                    .second
                    .is_some_and(|s| s.answered && s.attempt == *attempt);
                assert!(second && self.bridged == Some(Bridged::Couple));
            }
            Output::Learnt { .. } => {}
            Output::HangUpColleague => {
                assert!(self.second.take().is_some(), "no colleague to hang up");
            }
            Output::Unbridge => {
                assert!(self.bridged.take().is_some(), "nothing to unbridge");
            }
            Output::Mute(_) | Output::SendDigit(_) => {}
            Output::CloseSound => {
                assert_eq!(self.sound, Sound::Open, "nothing to close");
                self.sound = Sound::Closed;
            }
            Output::Enqueue { .. } => {
                assert_eq!(self.queued_since.replace(now), None, "queued twice");
                assert_eq!(self.operator, None, "queued with an operator");
            }
            Output::LeaveQueue => {
                assert!(self.queued_since.take().is_some(), "was not in the queue");
            }
            Output::ReleaseOperator { operator } => {
                let bridged = self.bridged.and_then(Bridged::operator);
                assert_ne!(bridged, Some(*operator), "released while bridged");
                if self.operator == Some(*operator) {
                    self.operator = None;
                }
            }
            Output::Record(happening) => self.record(happening),
            Output::Ended(ending) => {
                self.ending = Some(*ending);
                self.all_is_given_back(*ending);
            }
        }
    }

    fn bridge(&mut self, who: Bridged) {
        let rings = self.placed && matches!(self.call.state(), State::Placing { .. });
        assert!((self.answered || rings) && !self.leg_gone);
        if let Some(operator) = who.operator() {
            assert_eq!(self.operator, Some(operator), "not at this call");
        }
        assert_eq!(self.bridged.replace(who), None, "bridged twice");
        if who.is_heard_by_the_caller() {
            self.program = None;
        }
    }

    fn release_leg(&mut self) {
        assert!(!self.leg_gone, "the leg is gone already");
        self.leg_gone = true;
    }

    fn record(&mut self, happening: &Happening) {
        assert!(!self.ended_recorded, "{happening:?} after the recorded end");
        if matches!(happening, Happening::Arrived | Happening::Placed { .. }) {
            assert!(!self.arrived_recorded, "arrived twice");
            self.arrived_recorded = true;
        }
        assert!(self.arrived_recorded, "{happening:?} before it arrived");
        if let Happening::Ended { .. } = happening {
            self.ended_recorded = true;
        }
    }

    fn all_is_given_back(&self, ending: Ending) {
        assert!(self.arrived_recorded && self.ended_recorded);
        assert!(self.leg_gone, "the leg is left");
        assert_ne!(
            self.sound,
            Sound::Open,
            "the sound, and its recording, are left open"
        );
        assert!(
            !self.answered || self.sound == Sound::Closed,
            "not recorded"
        );
        assert_eq!(self.queued_since, None, "still in the queue");
        assert_eq!(self.operator, None, "an operator is left");
        assert_eq!(self.bridged, None, "a bridge is left");
        assert_eq!(self.second, None, "a colleague's leg is left");
        assert_eq!(self.call.poll_timeout(), None, "a timer is left");
        let left = ending == Ending::VoiceMessageLeft;
        assert_eq!(
            left,
            self.voice_told >= self.limits.voice_enough,
            "a message is reported if and only if there is one: {ending:?}, {:?}",
            self.voice_told
        );
    }

    /// Holds after every step: nothing lasts longer than its limit.
    pub fn is_within_limits(&self, now: Instant) {
        let limits = &self.limits;
        let within = |since: Instant, limit: Duration| now - since <= limit;
        if self.ending.is_some() {
            assert_eq!(self.call.poll_timeout(), None, "a timer after the end");
            return;
        }
        assert!(within(self.arrived, limits.longest_call + limits.close));
        if let Some(since) = self.queued_since {
            assert!(within(since, limits.wait), "waits too long");
        }
        if let Some(since) = self.message_since {
            let longest = limits.voice_message + limits.program_slack * 2 + limits.close;
            assert!(within(since, longest), "a message without end");
        }
        if let Some(second) = self.second.filter(|second| !second.answered) {
            assert!(within(second.since, limits.colleague), "rings for ever");
        }
        let heard = self.bridged.is_some_and(Bridged::is_heard_by_the_caller);
        let silent = self.answered && !self.leg_gone && !heard;
        assert!(
            !silent || self.program.is_some(),
            "the caller hears nothing"
        );
        match self.call.state() {
            State::Placing { .. } => {
                assert!(within(self.arrived, limits.confirm + limits.callee));
                assert_eq!(self.program, None);
            }
            State::Waiting { .. } => assert!(self.queued_since.is_some()),
            state => {
                assert_eq!(self.queued_since, None);
                let operator = state.conversation().map(|c| c.operator);
                assert_eq!(operator, self.operator);
            }
        }
    }
}
