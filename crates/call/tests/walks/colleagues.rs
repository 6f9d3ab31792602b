//! Those whom operators call: they answer, don't, or leave again.

use std::time::Duration;

use call::{Act, Input};
use model::id::{CallId, EmployeeId};
use model::line::Recipient;
use model::transfer::{Colleague, Dialled, TransferFault, TransferFirst, TransferSettings, Ways};
use rand::Rng;

use crate::delays::{Event, Way};
use crate::world::World;

impl World {
    /// What an operator does with a colleague: anything, in any state.
    pub fn act_with_colleague(&mut self) -> Act {
        let colleague = Colleague {
            recipient: Recipient::Employee {
                employee: EmployeeId(Default::default()),
            },
            dialled: Dialled::Mobile,
        };
        let on = self.chance(0.5);
        match self.rng.random_range(0..6) {
            0 => Act::Transfer(colleague, self.ways()),
            1 | 2 => Act::Consult(colleague),
            3 => Act::Together(on),
            4 => Act::HandOver { replace: on },
            _ => Act::TakeBack,
        }
    }

    fn ways(&mut self) -> Ways {
        let settings = TransferSettings {
            first: match self.rng.random_range(0..3) {
                0 => TransferFirst::Bridge,
                1 => TransferFirst::Pbx,
                _ => TransferFirst::Code,
            },
            code: "##{number}".into(),
        };
        Ways::of(&settings, &[], Default::default())
    }

    /// The PBX is asked to connect the caller elsewhere: it does, refuses, fails, or keeps silent.
    pub fn refer(&mut self, id: CallId, attempt: u32) {
        let way = Way::Colleague(id, attempt);
        let delay = self.seconds(0.0, 15.0);
        if self.chance(0.5) {
            self.colleague_says(way, delay, id, Input::Referring { attempt });
        }
        let delay = delay + self.seconds(0.0, 60.0);
        let fault = match self.rng.random_range(0..3) {
            0 => TransferFault::Busy,
            1 => TransferFault::Refused,
            _ => TransferFault::Failed,
        };
        match self.rng.random_range(0..4) {
            0 | 1 => self.colleague_says(way, delay, id, Input::Referred { attempt }),
            2 => self.colleague_says(way, delay, id, Input::ReferFailed { attempt, fault }),
            _ => {}
        }
    }

    /// The PBX's own code: it takes the caller away, or does nothing.
    pub fn press_code(&mut self, id: CallId, attempt: u32) {
        let way = Way::Colleague(id, 0);
        let takes = self.seconds(0.0, 3.0);
        let pressing = Input::CodePressing { attempt, takes };
        self.colleague_says(way, Duration::ZERO, id, pressing);
        let delay = self.seconds(0.0, 15.0);
        if self.chance(0.5) {
            self.colleague_says(way, delay, id, Input::CallerGone);
        }
    }

    /// The PBX calls somebody whom an operator calls back.
    pub fn call_somebody(&mut self, id: CallId) {
        let way = Way::Colleague(id, 0);
        let fault = match self.rng.random_range(0..4) {
            0 => TransferFault::Refused,
            1 => TransferFault::Failed,
            2 => TransferFault::NoAnswer,
            _ => TransferFault::Busy,
        };
        if self.chance(0.8) {
            let delay = self.seconds(0.0, 3.0);
            self.colleague_says(way, delay, id, Input::CalleeRinging);
        }
        let delay = self.seconds(0.0, 80.0);
        match self.rng.random_range(0..4) {
            0 => {}
            1 => self.colleague_says(way, delay, id, Input::CalleeGone { fault }),
            _ => self.colleague_says(way, delay, id, Input::LegAnswered),
        }
    }

    /// The PBX calls a colleague.
    pub fn dial(&mut self, id: CallId, attempt: u32) {
        let way = Way::Colleague(id, attempt);
        let barred = self.chance(0.1);
        let gone = |fault| Input::ColleagueGone {
            attempt,
            fault,
            barred,
        };
        let fault = match self.rng.random_range(0..4) {
            0 => TransferFault::NoNumber,
            1 => TransferFault::Refused,
            2 => TransferFault::Failed,
            _ => TransferFault::Busy,
        };
        if self.chance(0.2) {
            let delay = self.seconds(0.0, 3.0);
            return self.colleague_says(way, delay, id, gone(fault));
        }
        let delay = self.seconds(0.0, 3.0);
        self.colleague_says(way, delay, id, Input::ColleagueRinging { attempt });
        let delay = self.seconds(0.0, 60.0);
        if self.chance(0.6) {
            self.colleague_says(way, delay, id, Input::ColleagueAnswered { attempt });
            if self.chance(0.6) {
                let delay = delay + self.seconds(0.0, 200.0);
                self.colleague_says(way, delay, id, gone(TransferFault::Left));
            }
        } else if self.chance(0.5) {
            self.colleague_says(way, delay, id, gone(TransferFault::NoAnswer));
        }
    }

    /// Caller and colleague talk: one of them will have enough some time.
    pub fn talk_without_operator(&mut self, id: CallId) {
        let length = self.seconds(0.0, 400.0);
        if self.chance(0.8) {
            let event = Event::ToCall(id, Input::CallerGone);
            self.delays.send(self.now + length, event);
        }
    }

    fn colleague_says(&mut self, way: Way, delay: Duration, id: CallId, input: Input) {
        let event = Event::ToCall(id, input);
        self.delays.send_by(way, self.now, delay, event);
    }
}
