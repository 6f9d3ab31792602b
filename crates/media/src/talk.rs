//! The parties of a call: caller, colleague, operator and supervisor, and who of them hears whom.

use std::sync::LazyLock;

use model::audio::Law;

use crate::call::{Call, Surroundings};
use crate::g711::{Bytes, FRAME, Pcm, decode, encode, silence};
use crate::player::Step;
use crate::tone::sine;

/// Two frames of the ringing tone (ITU-T E.180, Russia: 425 Hz): a whole number of its waves.
static RINGING: LazyLock<Vec<i16>> = LazyLock::new(|| sine(8000.0, 425.0, 0.12, 2 * FRAME));

/// Ticks of a ring, and from one ring to the next.
const RING: u64 = 50;
const RING_EVERY: u64 = 250;

/// Who hears whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Talk {
    /// Nobody anybody.
    Apart,
    /// The operator and a supervisor; the caller hears the program.
    Attended,
    /// Caller and operator.
    Operator,
    /// Operator and colleague; the caller hears the program.
    Consultation,
    /// All three.
    Together,
    /// Caller and colleague.
    Colleague,
}

impl Talk {
    fn caller_and_operator(self) -> bool {
        matches!(self, Self::Operator | Self::Together)
    }

    fn caller_and_colleague(self) -> bool {
        matches!(self, Self::Colleague | Self::Together)
    }

    fn operator_and_colleague(self) -> bool {
        matches!(self, Self::Consultation | Self::Together)
    }

    /// Whether the colleague hears somebody, and so no music.
    pub(crate) fn is_heard_by_the_colleague(self) -> bool {
        self.operator_and_colleague() || self.caller_and_colleague()
    }

    /// Whether the caller hears somebody, and so no program.
    pub(crate) fn is_heard_by_the_caller(self) -> bool {
        self.caller_and_operator() || self.caller_and_colleague()
    }
}

/// A colleague's side towards the PBX.
pub(crate) struct Colleague {
    /// A leg like the caller's, without a recording of its own.
    pub leg: Call,
    /// The caller's last frame: the colleague hears the caller a frame later
    /// than the operator does, for one of two legs has to be served first.
    caller: Pcm,
}

impl Colleague {
    pub(crate) fn new(leg: Call) -> Self {
        Self {
            leg,
            caller: [0; FRAME],
        }
    }

    /// Music instead of whoever talks with the colleague, or an end of it.
    pub(crate) fn soothe(&mut self, music: Option<Vec<Step>>) {
        // The end of music is never told, so its number is nobody's.
        self.leg.hear(0, music.unwrap_or_default());
    }

    /// Sends the colleague's frame and gives the one that came.
    fn frame(&mut self, tick: u64, talk: Talk, operator: &Pcm, with: &mut Surroundings<'_>) -> Pcm {
        let law = self.leg.law();
        let mut sum = [0; FRAME];
        if talk.operator_and_colleague() {
            add(&mut sum, operator);
        }
        if talk.caller_and_colleague() {
            add(&mut sum, &self.caller);
        }
        let (mut bytes, mut said) = ([silence(law); FRAME], [silence(law); FRAME]);
        encode(law, &sum, &mut bytes);
        self.leg.frame(tick, Some(&bytes), &mut said, None, with);
        // A leg that is not connected gives silence in A-law.
        let law = if self.leg.is_connected() { law } else { Law::A };
        let mut voice = [0; FRAME];
        decode(law, &said, &mut voice);
        voice
    }
}

/// A tick of a call that has, or awaits, a colleague, has a supervisor, or is not
/// answered yet. `operator` is the operator's frame and `heard` the one that the
/// operator is given, both in the call's law.
pub(crate) fn frame(
    call: &mut Call,
    tick: u64,
    operator: Option<&Bytes>,
    heard: &mut Bytes,
    with: &mut Surroundings<'_>,
) {
    let (law, talk) = (call.law(), call.talk);
    let mut voice = [0; FRAME];
    if let Some(operator) = operator {
        decode(law, operator, &mut voice);
    }
    // One who barges in is heard wherever the operator is, by the operator as well.
    let supervisor = call.supervisor.take();
    let spoken = voice;
    let mut aside = [0; FRAME];
    if let Some(wire) = &supervisor {
        aside = wire.voice();
        if wire.how().is_heard_by_all() {
            add(&mut voice, &aside);
        }
    }
    let mut second = call.colleague.take();
    let theirs = second
        .as_mut()
        .map(|colleague| colleague.frame(tick, talk, &voice, with));
    let colleague_rings = second.as_ref().is_none_or(|c| c.leg.rings());
    let colleague_answered = second.as_ref().is_some_and(|c| c.leg.is_answered());
    let colleague = theirs.unwrap_or([0; FRAME]);

    let mut sum = [0; FRAME];
    if talk.caller_and_operator() {
        add(&mut sum, &voice);
    }
    if talk.caller_and_colleague() {
        add(&mut sum, &colleague);
    }
    let mut bytes = [silence(law); FRAME];
    encode(law, &sum, &mut bytes);
    // What operator and colleague say to each other is recorded in place of the music over it.
    let beside = (talk == Talk::Consultation).then(|| {
        let mut beside = voice;
        // What the PBX lets be heard before the answer is nobody's word.
        if colleague_answered {
            add(&mut beside, &colleague);
        }
        beside
    });
    let to_caller = talk.is_heard_by_the_caller().then_some(&bytes);
    call.frame(tick, to_caller, heard, beside.as_ref(), with);

    let mut caller = [0; FRAME];
    decode(law, heard, &mut caller);
    let mut sum = [0; FRAME];
    let mut rings = false;
    if talk.caller_and_operator() {
        add(&mut sum, &caller);
        rings |= call.rings();
    }
    if talk.operator_and_colleague() {
        add(&mut sum, &colleague);
        rings |= colleague_rings;
    }
    if rings {
        ring(tick, &mut sum);
    }
    call.supervisor = supervisor.filter(|wire| {
        let mut all = sum;
        add(&mut all, &spoken);
        wire.hear(law, &all)
    });
    add(&mut sum, &aside);
    encode(law, &sum, heard);
    if let Some(colleague) = &mut second {
        colleague.caller = caller;
    }
    call.colleague = second;
}

/// What the operator hears until the one who is called answers, or the PBX lets something be heard.
fn ring(tick: u64, sum: &mut Pcm) {
    if tick % RING_EVERY < RING {
        let half = if tick.is_multiple_of(2) { 0 } else { FRAME };
        for (to, from) in sum.iter_mut().zip(&RINGING[half..]) {
            *to = to.saturating_add(*from);
        }
    }
}

fn add(sum: &mut Pcm, voice: &Pcm) {
    for (to, from) in sum.iter_mut().zip(voice) {
        *to = to.saturating_add(*from);
    }
}
