//! What callers, PBX and operators come up with by themselves.

use std::time::Duration;

use call::{Act, Asks, Input, Plan, Program, QueueInput, State, Wish};
use model::audio::Digit;
use model::id::{CallId, CompanyId, UserId};
use model::language::Language;
use model::line::Priority;
use model::operator::OperatorState;
use model::skills::Skills;
use rand::Rng;
use rand::seq::IteratorRandom;
use uuid::Uuid;

use crate::delays::{Event, Way};
use crate::world::World;

const LANGUAGES: [Language; 2] = [Language::Ru, Language::En];

fn company(n: u128) -> CompanyId {
    CompanyId(Uuid::from_u128(n))
}

impl World {
    pub fn stimulate(&mut self) {
        match self.rng.random_range(0..10) {
            0..=2 => self.call_arrives(),
            3..=5 => self.something_at_a_call(),
            _ => self.something_at_a_desk(),
        }
    }

    fn call_arrives(&mut self) {
        let running = self.live.values().filter(|l| l.ending.is_none()).count();
        if running >= self.temper.calls {
            return;
        }
        let plan = match self.rng.random_range(0..12) {
            0 => Plan::LineCheck,
            1 => Plan::Busy,
            2 => Plan::Blocked,
            n => Plan::Operators { open: n % 2 == 0 },
        };
        let id = self.arrive(plan);
        if self.chance(0.4) {
            let patience = self.seconds(0.0, 300.0);
            self.later(patience, Event::ToCall(id, Input::CallerGone));
        }
    }

    /// What a call asks of its operator.
    pub fn asks(&mut self) -> Asks {
        let before = self.rng.random_range(0..7);
        Asks {
            company: company(self.rng.random_range(0..3)),
            language: LANGUAGES[self.rng.random_range(0..2)],
            priority: [Priority::Low, Priority::Usual, Priority::High][self.rng.random_range(0..3)],
            vip: self.chance(0.1),
            before: self.chance(0.1).then(|| UserId(Uuid::from_u128(before))),
        }
    }

    fn learn_of(&mut self, operator: UserId) {
        let companies = (0..3).filter(|_| self.chance(0.5)).map(company).collect();
        let languages = LANGUAGES.into_iter().filter(|_| self.chance(0.6)).collect();
        let skills = Skills {
            companies: self.chance(0.6).then_some(companies),
            languages,
        };
        self.desk_to_queue(operator, QueueInput::Skilled { operator, skills });
    }

    /// Operator and caller talk: one of them will have enough some time.
    pub fn talk(&mut self, id: CallId, operator: UserId) {
        let length = self.seconds(0.0, 400.0);
        let act = Act::HangUp;
        let input = match self.rng.random_range(0..20) {
            0..=8 => Input::CallerGone,
            9..=17 => Input::Operator { operator, act },
            _ => return,
        };
        self.later(length, Event::ToCall(id, input));
    }

    /// What an operator does next, given time.
    pub fn live_on(&mut self, operator: UserId, state: OperatorState) {
        if self.resting || !self.chance(self.temper.diligence) {
            return;
        }
        let (input, after) = match state {
            OperatorState::WrapUp => (
                QueueInput::WrapUpDone { operator },
                self.seconds(1.0, 150.0),
            ),
            OperatorState::Offline | OperatorState::Break | OperatorState::Lunch => {
                let wish = Wish::Ready;
                (
                    QueueInput::SetState { operator, wish },
                    self.seconds(1.0, 300.0),
                )
            }
            OperatorState::Ready | OperatorState::Offered | OperatorState::OnCall => return,
        };
        self.later(after, Event::ToQueue(input));
    }

    fn later(&mut self, after: Duration, event: Event) {
        self.delays.send(self.now + after, event);
    }

    fn something_at_a_call(&mut self) {
        let Some(id) = self.live.keys().copied().choose(&mut self.rng) else {
            return;
        };
        if let Some(State::Closing { .. }) = self.live.get(&id).map(|live| live.call.state()) {
            let late = [
                Input::CallerGone,
                Input::LegFailed,
                Input::SoundSilent,
                Input::Stop,
            ];
            if let Some(input) = late.into_iter().choose(&mut self.rng) {
                self.tell_call(id, input);
            }
            return;
        }
        let (impatience, failures) = (self.temper.impatience, self.temper.failures);
        if self.chance(impatience) {
            self.tell_call(id, Input::CallerGone);
        } else if self.chance(impatience / 2.0) {
            let key = ['1', '#'][self.rng.random_range(0..2)];
            if let Some(digit) = Digit::from_char(key) {
                self.tell_call(id, Input::Key { digit });
            }
        } else if self.chance(failures / 10.0) {
            self.tell_call(id, Input::LegFailed);
        } else if self.chance(failures / 10.0) {
            self.tell_call(id, Input::SoundSilent);
        } else if self.chance(failures / 20.0) {
            self.tell_call(id, Input::Stop);
        } else if self.chance(0.05) {
            self.something_twice_or_late(id);
        }
    }

    /// Repetitions and stragglers, such as no state waits for.
    fn something_twice_or_late(&mut self, id: CallId) {
        let Some(live) = self.live.get(&id) else {
            return;
        };
        let playing = live.program;
        let answered = live.answered;
        let programs = [
            Program::LineCheck,
            Program::QueueWelcome,
            Program::Reassurance,
            Program::Goodbye,
            Program::VoiceMessage { open: true },
        ];
        let input = match self.rng.random_range(0..4) {
            0 => Input::SoundClosed,
            1 => Input::TimePassed,
            2 if answered => Input::LegAnswered,
            _ => match programs.into_iter().choose(&mut self.rng) {
                Some(program) if playing != Some(program) => Input::Heard { program },
                _ => return,
            },
        };
        self.tell_call(id, input);
    }

    fn something_at_a_desk(&mut self) {
        let Some(operator) = self.desks.keys().copied().choose(&mut self.rng) else {
            return;
        };
        let Some(desk) = self.desks.get(&operator) else {
            return;
        };
        let (state, connected) = (desk.state, desk.connected);
        if !connected {
            if self.chance(0.3) {
                self.connect(operator);
            }
        } else if self.chance(self.temper.breaks) {
            self.disconnect(operator);
        } else if self.chance(self.temper.breaks) {
            self.stall(operator);
        } else if self.chance(self.temper.breaks) {
            let wish = match self.rng.random_range(0..4) {
                0 => Wish::Offline,
                1 => Wish::Break,
                2 => Wish::Lunch,
                _ => Wish::Ready,
            };
            self.desk_to_queue(operator, QueueInput::SetState { operator, wish });
        } else if self.chance(self.temper.breaks / 10.0) {
            self.desk_to_queue(operator, QueueInput::SignOut { operator });
            self.lose_calls_of(operator);
            if let Some(desk) = self.desks.get_mut(&operator) {
                desk.connected = false;
            }
        } else {
            let (diligent, other) = (self.chance(self.temper.diligence), self.chance(0.2));
            match state {
                OperatorState::Offline | OperatorState::Break | OperatorState::Lunch
                    if diligent =>
                {
                    let wish = Wish::Ready;
                    self.desk_to_queue(operator, QueueInput::SetState { operator, wish });
                }
                OperatorState::WrapUp if other => {
                    self.desk_to_queue(operator, QueueInput::WrapUpDone { operator });
                }
                OperatorState::OnCall if other => self.act_at_the_call(operator),
                _ if self.chance(0.1) => {
                    let call = self.next_call();
                    self.desk_to_queue(operator, QueueInput::Engage { operator, call });
                }
                _ => {}
            }
        }
    }

    fn act_at_the_call(&mut self, operator: UserId) {
        let Some(id) = self.call_of(operator) else {
            return;
        };
        let on = self.chance(0.5);
        let act = match self.rng.random_range(0..20) {
            12..=19 => self.act_with_colleague(),
            0..=3 => Act::Hold(on),
            4..=6 => Act::Mute(on),
            7..=9 => match Digit::from_event(self.rng.random_range(0..16)) {
                Some(digit) => Act::Digit(digit),
                None => return,
            },
            _ if self.chance(self.temper.impatience * 10.0) => Act::HangUp,
            _ => return,
        };
        let delay = self.soon();
        let event = Event::ToCall(id, Input::Operator { operator, act });
        self.delays
            .send_by(Way::Desk(operator), self.now, delay, event);
    }

    fn call_of(&self, operator: UserId) -> Option<CallId> {
        self.live
            .iter()
            .find_map(|(id, live)| (live.operator == Some(operator)).then_some(*id))
    }

    pub fn connect(&mut self, operator: UserId) {
        match self.desks.get_mut(&operator) {
            Some(desk) if !desk.connected => desk.connected = true,
            _ => return,
        }
        self.desk_to_queue(operator, QueueInput::SignIn { operator });
        if self.chance(0.5) {
            self.learn_of(operator);
        }
        if let Some(id) = self.call_of(operator) {
            let delay = self.soon();
            let event = Event::ToCall(id, Input::OperatorBack { operator });
            self.delays
                .send_by(Way::Desk(operator), self.now, delay, event);
        }
    }

    fn disconnect(&mut self, operator: UserId) {
        if let Some(desk) = self.desks.get_mut(&operator) {
            desk.connected = false;
        }
        self.desk_to_queue(operator, QueueInput::Lost { operator });
        self.lose_calls_of(operator);
        if self.chance(0.7) {
            let after = self.seconds(0.1, 12.0);
            self.later(after, Event::DeskBack(operator));
        }
    }

    /// The network is cut for a moment, or for good.
    fn stall(&mut self, operator: UserId) {
        let Some(id) = self.call_of(operator) else {
            return;
        };
        let delay = self.soon();
        let event = Event::ToCall(id, Input::OperatorStalled { operator });
        self.delays
            .send_by(Way::Desk(operator), self.now, delay, event);
        if self.chance(0.7) {
            let delay = self.seconds(0.1, 4.0);
            let event = Event::ToCall(id, Input::OperatorBack { operator });
            self.delays
                .send_by(Way::Desk(operator), self.now, delay, event);
        } else {
            self.disconnect(operator);
        }
    }

    fn lose_calls_of(&mut self, operator: UserId) {
        if let Some(id) = self.call_of(operator) {
            let delay = self.soon();
            let event = Event::ToCall(id, Input::OperatorLost { operator });
            self.delays
                .send_by(Way::Desk(operator), self.now, delay, event);
        }
    }

    fn desk_to_queue(&mut self, operator: UserId, input: QueueInput) {
        let delay = self.soon();
        let event = Event::ToQueue(input);
        self.delays
            .send_by(Way::Desk(operator), self.now, delay, event);
    }

    /// The operator at whose desk a call rings makes up the mind, perhaps too late.
    pub fn react(&mut self, operator: UserId, call: CallId) {
        let after = self.seconds(0.5, 17.0);
        let input = if self.chance(self.temper.diligence) {
            QueueInput::Accept { operator, call }
        } else if self.chance(0.5) {
            QueueInput::Decline { operator, call }
        } else {
            return;
        };
        self.later(after, Event::ToQueue(input));
    }
}
