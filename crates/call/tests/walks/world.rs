//! The world around the machines: a driver as the real one, but of simulated
//! time, and all that answers it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use call::{Call, Input, Limits, Output, Plan, Program, Queue, QueueInput};
use model::call::Ending;
use model::id::{CallId, UserId};
use model::operator::OperatorState;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use uuid::Uuid;

use crate::delays::{Delays, Event, Way};
use crate::ledger::{Live, Sound};

/// An operator as the world sees one.
pub struct Desk {
    pub connected: bool,
    pub state: OperatorState,
    pub offer: Option<CallId>,
    /// The call that the queue gave.
    pub given: Option<CallId>,
}

/// How a walk is.
pub struct Temper {
    pub calls: usize,
    pub failures: f64,
    pub impatience: f64,
    pub breaks: f64,
    pub diligence: f64,
    pub longest_delay: Duration,
}

pub struct World {
    pub now: Instant,
    pub steps: u64,
    pub rng: SmallRng,
    pub temper: Temper,
    pub limits: Limits,
    pub queue: Queue,
    pub live: BTreeMap<CallId, Live>,
    pub desks: BTreeMap<UserId, Desk>,
    pub delays: Delays,
    /// Calls that were told that nobody is signed in.
    pub waits_in_vain: BTreeSet<CallId>,
    /// The walk is over: nobody comes up with anything new.
    pub resting: bool,
    over: Vec<Ending>,
    arrivals: u128,
}

impl World {
    #[expect(
        clippy::disallowed_methods,
        reason = "a simulated clock has to start somewhere"
    )]
    pub fn new(seed: u64) -> Self {
        let mut rng = SmallRng::seed_from_u64(seed);
        let limits = Limits::default();
        let temper = Temper {
            calls: rng.random_range(1..25),
            failures: [0.0, 0.01, 0.1][rng.random_range(0..3)],
            impatience: [0.001, 0.01, 0.05][rng.random_range(0..3)],
            breaks: [0.001, 0.01, 0.05][rng.random_range(0..3)],
            diligence: [0.3, 0.7, 0.95][rng.random_range(0..3)],
            longest_delay: Duration::from_millis([1, 100, 4000][rng.random_range(0..3)]),
        };
        let desk = || Desk {
            connected: false,
            state: OperatorState::Offline,
            offer: None,
            given: None,
        };
        let desks = (0..rng.random_range(0..7_u128))
            .map(|n| (UserId(Uuid::from_u128(n)), desk()))
            .collect();
        Self {
            now: Instant::now(),
            steps: 0,
            queue: Queue::new(limits),
            live: BTreeMap::new(),
            desks,
            delays: Delays::default(),
            waits_in_vain: BTreeSet::new(),
            resting: false,
            over: Vec::new(),
            arrivals: 0,
            rng,
            temper,
            limits,
        }
    }

    pub fn endings(&self) -> &[Ending] {
        &self.over
    }

    pub fn chance(&mut self, of: f64) -> bool {
        self.rng.random_bool(of)
    }

    pub fn soon(&mut self) -> Duration {
        self.rng
            .random_range(Duration::ZERO..=self.temper.longest_delay)
    }

    pub fn seconds(&mut self, from: f64, to: f64) -> Duration {
        Duration::from_secs_f64(self.rng.random_range(from..=to))
    }

    /// Something happens, or time goes on.
    pub fn step(&mut self) {
        if self.chance(0.3) || !self.go_on() {
            self.stimulate();
        }
    }

    /// Nothing new happens any more: all calls have to end by themselves.
    pub fn run_out(&mut self) {
        self.temper.failures = 0.0;
        self.resting = true;
        let last = self.now + self.limits.longest_call + Duration::from_secs(600);
        while self.go_on() {
            assert!(self.now <= last, "it does not come to rest");
        }
        assert!(
            self.live.values().all(|live| live.ending.is_some()),
            "a call without its ending"
        );
        let snapshot = self.queue.snapshot();
        assert!(
            snapshot.waiting.is_empty(),
            "a call was forgotten in the queue"
        );
        for view in snapshot.operators {
            assert!(
                !matches!(
                    view.state,
                    OperatorState::OnCall | OperatorState::Offered | OperatorState::WrapUp
                ),
                "an operator does not come back: {view:?}"
            );
        }
        self.sweep();
    }

    /// The next thing on its way, or the next timer, whichever is first.
    fn go_on(&mut self) -> bool {
        let call = self
            .live
            .iter()
            .filter_map(|(id, live)| live.call.poll_timeout().map(|at| (at, *id)))
            .min();
        let queue = self.queue.poll_timeout();
        let event = self.delays.next_at();
        let Some(next) = [call.map(|(at, _)| at), queue, event]
            .into_iter()
            .flatten()
            .min()
        else {
            return false;
        };
        self.now = self.now.max(next);
        if event == Some(next) {
            if let Some((_, event)) = self.delays.take() {
                self.deliver(event);
            }
        } else if queue == Some(next) {
            self.tell_queue(QueueInput::TimePassed);
        } else if let Some((_, id)) = call {
            self.tell_call(id, Input::TimePassed);
        }
        true
    }

    fn deliver(&mut self, event: Event) {
        match event {
            Event::ToCall(id, input) => self.tell_call(id, input),
            Event::ToQueue(input) => self.tell_queue(input),
            Event::DeskBack(operator) => self.connect(operator),
        }
    }

    pub fn arrive(&mut self, plan: Plan) -> CallId {
        let id = self.next_call();
        let call = Call::new(self.now, id, plan, self.limits);
        let live = Live::new(call, self.limits, self.now);
        self.live.insert(id, live);
        self.steps += 1;
        self.perform(id);
        id
    }

    /// An operator has somebody called.
    pub fn place(&mut self, id: CallId, operator: UserId) {
        let call = Call::place(self.now, id, operator, self.limits);
        let live = Live::placed(call, self.limits, self.now, operator);
        self.live.insert(id, live);
        self.steps += 1;
        self.perform(id);
    }

    pub fn next_call(&mut self) -> CallId {
        self.sweep();
        self.arrivals += 1;
        CallId(Uuid::from_u128(self.arrivals))
    }

    /// Forgets calls that are over, but not at once: what comes late must not wake them.
    fn sweep(&mut self) {
        if self.live.len() > self.temper.calls * 4 || self.delays.next_at().is_none() {
            let over = &mut self.over;
            self.live.retain(|_, live| {
                over.extend(live.ending);
                live.ending.is_none()
            });
        }
    }

    pub fn tell_call(&mut self, id: CallId, input: Input) {
        let now = self.now;
        let Some(live) = self.live.get_mut(&id) else {
            return;
        };
        self.steps += 1;
        let running = live.ending.is_none();
        if running {
            learn(live, input);
        }
        if let Some(live) = self.live.get_mut(&id) {
            live.call.handle(now, input);
        }
        self.perform(id);
        let taken = self.live.get(&id).and_then(|live| live.operator);
        let calls = self.live.values().filter(|live| live.operator == taken);
        assert!(
            taken.is_none() || calls.count() == 1,
            "an operator in two calls"
        );
    }

    fn perform(&mut self, id: CallId) {
        let now = self.now;
        while let Some(live) = self.live.get_mut(&id) {
            let Some(output) = live.call.poll_output() else {
                live.is_within_limits(now);
                return;
            };
            live.note(now, &output);
            self.answer(id, output);
        }
    }

    /// What the world does with an output of a call.
    fn answer(&mut self, id: CallId, output: Output) {
        let fails = self.temper.failures;
        match output {
            Output::OpenSound => {
                let input = if self.chance(fails) {
                    Input::SoundFailed
                } else {
                    Input::SoundOpened
                };
                if !self.chance(fails / 4.0) {
                    self.by_sound(id, input);
                }
            }
            Output::Answer => {
                let (input, delay) = if self.chance(fails) {
                    (Input::LegFailed, Duration::from_secs(32))
                } else {
                    (Input::LegAnswered, self.seconds(0.01, 2.0))
                };
                if !self.chance(fails / 4.0) {
                    self.delays.send(self.now + delay, Event::ToCall(id, input));
                }
            }
            Output::Place => self.call_somebody(id),
            Output::Hear(program) => self.play(id, program),
            Output::Bridge(operator) => {
                if !self.desks.get(&operator).is_some_and(|desk| desk.connected) {
                    self.by_sound(id, Input::OperatorLost { operator });
                }
                self.talk(id, operator);
            }
            Output::CloseSound => {
                let heard = self
                    .live
                    .get(&id)
                    .map_or(Duration::ZERO, |live| live.voice_said);
                self.by_sound(id, Input::Voice { heard });
                if !self.chance(fails / 4.0) {
                    self.by_sound(id, Input::SoundClosed);
                }
            }
            Output::Enqueue { front } => {
                let asks = self.asks();
                let call = id;
                self.call_to_queue(QueueInput::Enqueue { call, front, asks });
            }
            Output::LeaveQueue => self.call_to_queue(QueueInput::Leave { call: id }),
            Output::ReleaseOperator { operator } => {
                self.call_to_queue(QueueInput::CallOver { operator, call: id });
            }
            Output::Dial { attempt, .. } => self.dial(id, attempt),
            Output::Couple => self.talk_without_operator(id),
            Output::Refer { attempt, .. } | Output::Replace { attempt } => self.refer(id, attempt),
            Output::PressCode { attempt, .. } => self.press_code(id, attempt),
            Output::Attend(operator) | Output::Consult(operator) | Output::Gather(operator) => {
                if !self.desks.get(&operator).is_some_and(|desk| desk.connected) {
                    self.by_sound(id, Input::OperatorLost { operator });
                }
            }
            Output::HangUpColleague
            | Output::SootheColleague(_)
            | Output::Learnt { .. }
            | Output::Ring
            | Output::Refuse(_)
            | Output::HangUp
            | Output::Unbridge
            | Output::Mute(_)
            | Output::SendDigit(_)
            | Output::Record(_)
            | Output::Ended(_) => {}
        }
    }

    fn play(&mut self, id: CallId, program: Program) {
        let length = match program {
            Program::Music | Program::Transfer => return,
            Program::VoiceMessage { .. } => self.seconds(6.0, 125.0),
            _ => self.seconds(1.0, 12.0),
        };
        if let Program::VoiceMessage { .. } = program {
            let heard = match self.rng.random_range(0..3) {
                0 => Duration::ZERO,
                1 => self.seconds(0.1, 2.0),
                _ => self.seconds(1.0, length.as_secs_f64() - 4.0),
            };
            if let Some(live) = self.live.get_mut(&id) {
                live.voice_said = heard;
            }
            // Some engines tell of the voice as it comes, all tell at the end.
            if self.chance(0.5) {
                let heard = heard / 2;
                let at = self.now + length / 2;
                self.delays
                    .send(at, Event::ToCall(id, Input::Voice { heard }));
            }
            let told = Event::ToCall(id, Input::Voice { heard });
            self.delays.send(self.now + length, told);
        }
        if !self.chance(self.temper.failures / 4.0) {
            let told = Event::ToCall(id, Input::Heard { program });
            self.delays.send(self.now + length, told);
        }
    }

    pub fn by_sound(&mut self, id: CallId, input: Input) {
        let delay = self.soon();
        let event = Event::ToCall(id, input);
        self.delays.send_by(Way::Sound(id), self.now, delay, event);
    }

    fn call_to_queue(&mut self, input: QueueInput) {
        let delay = self.soon();
        let event = Event::ToQueue(input);
        self.delays
            .send_by(Way::CallsToQueue, self.now, delay, event);
    }
}

/// What the world knows by an input before the call does with it what it will.
fn learn(live: &mut Live, input: Input) {
    match input {
        Input::SoundFailed if live.sound == Sound::Open && !live.answering => {
            live.sound = Sound::Failed;
        }
        Input::LegAnswered if live.answering && !live.leg_gone => live.answered = true,
        Input::CallerGone | Input::LegFailed | Input::CalleeGone { .. } => live.leg_gone = true,
        Input::Accepted { operator } if live.queued_since.take().is_some() => {
            live.operator = Some(operator);
        }
        Input::Voice { heard } if live.message_since.is_some() => {
            live.voice_told = live.voice_told.max(heard);
        }
        Input::Heard { program } if live.program == Some(program) => live.program = None,
        Input::ColleagueAnswered { attempt } => {
            if let Some(second) = live.second.as_mut().filter(|s| s.attempt == attempt) {
                second.answered = true;
            }
        }
        Input::ColleagueGone { attempt, .. } => {
            live.second.take_if(|second| second.attempt == attempt);
        }
        _ => {}
    }
}
