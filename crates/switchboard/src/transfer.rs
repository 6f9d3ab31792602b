//! A colleague's leg beside a call: called through the call's own line, at a
//! number of the company's directory.

use std::collections::HashMap;

use call::{ColleagueStage, Input, State};
use media::Engine;
use model::audio::Digit;
use model::call::Ending;
use model::id::{BrowserId, CallId, LegId, UserId};
use model::line::Recipient;
use model::phone::dialable;
use model::transfer::{Colleague, Dialled, TransferFault, Ways, replaces};
use store::Colleague as Staff;

use crate::desk::{DeskTransfer, TransferStage};
use crate::exchange::{Exchange, Step};
use crate::live::Live;
use crate::moment::Moment;
use crate::translate;

/// The numbers of a company's directory. A desk names whom it wants, and what
/// is not in here can't be dialled.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbers(HashMap<Colleague, String>);

impl Numbers {
    /// Those of departments and employees, each in the form in which it was typed.
    pub(crate) fn of(departments: &[model::company::Department], staff: &[Staff]) -> Self {
        let mut numbers = Self::default();
        for department in departments {
            let recipient = Recipient::Department {
                department: department.id,
            };
            numbers.put(recipient, Dialled::Extension, &department.extension);
        }
        for colleague in staff {
            let employee = &colleague.employee;
            let recipient = Recipient::Employee {
                employee: employee.id,
            };
            numbers.put(recipient, Dialled::Extension, &employee.extension);
            numbers.put(recipient, Dialled::Mobile, &employee.mobile);
        }
        numbers
    }

    fn put(&mut self, recipient: Recipient, dialled: Dialled, typed: &str) {
        if let Some(number) = dialable(typed) {
            self.0.insert(Colleague { recipient, dialled }, number);
        }
    }

    pub(crate) fn get(&self, colleague: Colleague) -> Option<&str> {
        self.0.get(&colleague).map(String::as_str)
    }

    /// Whether there is such a number.
    pub(crate) fn has(&self, recipient: Recipient, dialled: Dialled) -> bool {
        self.0.contains_key(&Colleague { recipient, dialled })
    }
}

/// A colleague's leg.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Second {
    pub(crate) leg: LegId,
    attempt: u32,
}

impl Exchange {
    /// Calls a colleague; what can't be done comes back as an input.
    pub(crate) fn dial(&mut self, call: CallId, colleague: Colleague, attempt: u32) {
        let placed = self.place_colleague(call, colleague);
        let Some(live) = self.calls.get_mut(&call) else {
            return;
        };
        match placed {
            Ok(leg) => {
                live.second = Some(Second { leg, attempt });
                self.legs.insert(leg, call);
            }
            Err(fault) => {
                let input = Input::ColleagueGone {
                    attempt,
                    fault,
                    barred: false,
                };
                self.steps.push_back(Step::Call(call, input));
            }
        }
    }

    fn place_colleague(&self, call: CallId, colleague: Colleague) -> Result<LegId, TransferFault> {
        let live = self.calls.get(&call).ok_or(TransferFault::Failed)?;
        let number = live.around.numbers.get(colleague);
        let number = number.ok_or(TransferFault::NoNumber)?;
        let peer = self.peer(live);
        let address = self.engine.open_colleague(call, peer).map_err(|error| {
            tracing::error!(%call, %error, "no sound for a colleague");
            TransferFault::Failed
        })?;
        let local = translate::offered_stream(address, live.remote.as_ref());
        Ok(self.sip.place(live.entry.line.id, number, local))
    }

    /// How the call's line hands a caller over, and whether its PBX is asked to take two calls over.
    pub(crate) fn ways(&self, call: CallId, now: Moment) -> (Ways, bool) {
        let entry = self
            .calls
            .get(&call)
            .and_then(|live| self.directory.get(live.entry.line.id));
        entry.map_or((Ways::BRIDGE, false), |entry| {
            let (settings, failed) = (&entry.line.script.transfer, &entry.failed_ways);
            (
                Ways::of(settings, failed, now.wall),
                replaces(settings, failed, now.wall),
            )
        })
    }

    /// Asks the PBX to connect the caller with a colleague.
    pub(crate) fn refer(&mut self, call: CallId, colleague: Colleague, attempt: u32) {
        let Some(live) = self.calls.get_mut(&call) else {
            return;
        };
        live.asked = attempt;
        match live.around.numbers.get(colleague) {
            Some(number) => self.sip.refer(live.leg, number),
            None => self.refer_failed(call, attempt, TransferFault::NoNumber),
        }
    }

    /// Presses the keys of the PBX's own transfer.
    pub(crate) fn press_code(&mut self, call: CallId, colleague: Colleague, attempt: u32) {
        let Some(live) = self.calls.get(&call) else {
            return;
        };
        let settings = &live.entry.line.script.transfer;
        let number = live.around.numbers.get(colleague);
        match number.map(|number| settings.keys(number)) {
            Some(Some(keys)) => {
                let keys: Vec<Digit> = keys.chars().filter_map(Digit::from_char).collect();
                for digit in &keys {
                    self.press(call, *digit);
                }
                let before_the_last = keys.len().saturating_sub(1) as u32;
                let takes = media::KEY_EVERY * before_the_last;
                let input = Input::CodePressing { attempt, takes };
                self.steps.push_back(Step::Call(call, input));
            }
            Some(None) => self.refer_failed(call, attempt, TransferFault::Failed),
            None => self.refer_failed(call, attempt, TransferFault::NoNumber),
        }
    }

    /// Presses a key at the PBX: with the sound, or by the signalling where the PBX takes no events with the sound.
    pub(crate) fn press(&self, call: CallId, digit: Digit) {
        let Some(live) = self.calls.get(&call) else {
            return;
        };
        match &live.remote {
            Some(remote) if remote.dtmf.is_none() => self.sip.press(live.leg, digit),
            _ => self.engine.digit(call, digit),
        }
    }

    fn refer_failed(&mut self, call: CallId, attempt: u32, fault: TransferFault) {
        let input = Input::ReferFailed { attempt, fault };
        self.steps.push_back(Step::Call(call, input));
    }

    /// Whether the leg is a colleague's, and then of which call.
    fn by_second(&mut self, leg: LegId) -> Option<(&mut Live, Second)> {
        let live = self.calls.get_mut(self.legs.get(&leg)?)?;
        let second = live.second.filter(|second| second.leg == leg)?;
        Some((live, second))
    }

    /// Takes what the signalling says of a colleague's leg; false where the leg is a caller's.
    pub(crate) fn colleague_signalled(&mut self, event: &sip::Event) -> bool {
        let leg = match event {
            sip::Event::Ringing { leg }
            | sip::Event::Early { leg, .. }
            | sip::Event::Answered { leg, .. }
            | sip::Event::Changed { leg, .. }
            | sip::Event::Ended { leg, .. } => *leg,
            _ => return false,
        };
        let Some((live, Second { attempt, .. })) = self.by_second(leg) else {
            return false;
        };
        let call = live.id();
        let input = match event {
            sip::Event::Ringing { .. } => Input::ColleagueRinging { attempt },
            sip::Event::Early { audio, .. } => {
                self.engine.connect_colleague_early(call, audio);
                return true;
            }
            sip::Event::Answered { audio, .. } => {
                self.engine.connect_colleague(call, audio);
                Input::ColleagueAnswered { attempt }
            }
            sip::Event::Changed { audio, .. } => {
                self.engine.connect_colleague(call, audio);
                return true;
            }
            sip::Event::Ended { cause, .. } => {
                live.second = None;
                self.legs.remove(&leg);
                self.engine.close_colleague(call);
                Input::ColleagueGone {
                    attempt,
                    fault: translate::colleague_end(*cause),
                    barred: translate::is_barred(*cause),
                }
            }
            _ => return false,
        };
        self.steps.push_back(Step::Call(call, input));
        true
    }

    pub(crate) fn hang_up_colleague(&mut self, call: CallId) {
        let second = self
            .calls
            .get_mut(&call)
            .and_then(|live| live.second.take());
        if let Some(second) = second {
            self.legs.remove(&second.leg);
            self.sip.hang_up(second.leg);
            self.engine.close_colleague(call);
        }
    }

    /// Lets the operator's browser take part; without it the operator is lost.
    pub(crate) fn join(
        &mut self,
        call: CallId,
        operator: UserId,
        how: impl FnOnce(&Engine, CallId, BrowserId),
    ) {
        match self.desks.of(operator).filter(|desk| desk.sound_up) {
            Some(desk) => {
                how(&self.engine, call, desk.browser);
                if let Some(live) = self.calls.get_mut(&call) {
                    live.changed = true;
                }
            }
            None => self
                .steps
                .push_back(Step::Call(call, Input::OperatorLost { operator })),
        }
    }

    /// The call goes on without its operator: for the desk it is over.
    pub(crate) fn tell_handed_over(&mut self, call: CallId, now: Moment) {
        let Some(live) = self.calls.get(&call) else {
            return;
        };
        if !matches!(live.control.state(), State::Transferred(_)) {
            return;
        }
        let event = self.call_event(live, Some((now.wall, Ending::Transferred)));
        if let (Some(desk), Some(event)) = (live.operator.and_then(|o| self.desks.of(o)), event) {
            desk.send(event);
        }
        if let Some(live) = self.calls.get_mut(&call) {
            live.before = live.operator.take();
        }
    }
}

/// How a transfer stands, as the desk shows it.
pub(crate) fn shown(live: &Live) -> Option<DeskTransfer> {
    if let State::Consulting(consultation) = live.control.state() {
        return Some(DeskTransfer {
            colleague: consultation.colleague,
            stage: match consultation.stage {
                ColleagueStage::Calling => TransferStage::Calling,
                ColleagueStage::Ringing => TransferStage::Ringing,
                ColleagueStage::Answered => TransferStage::Answered,
            },
            blind: consultation.blind,
            together: consultation.together,
            fault: None,
        });
    }
    if let State::Referring(handing) = live.control.state() {
        return Some(DeskTransfer {
            colleague: handing.colleague,
            stage: TransferStage::Calling,
            blind: true,
            together: false,
            fault: None,
        });
    }
    live.transfer_fault.map(|(colleague, fault)| DeskTransfer {
        colleague,
        stage: TransferStage::Failed,
        blind: false,
        together: false,
        fault: Some(fault),
    })
}

#[cfg(test)]
mod tests {
    use model::company::{Department, Employee, Notify};
    use model::id::{DepartmentId, EmployeeId};
    use model::notice::Presence;

    use super::*;

    #[test]
    fn nothing_but_the_directorys_numbers_can_be_dialled() {
        let department = Department {
            id: DepartmentId(uuid::Uuid::from_u128(1)),
            name: "Продажи".into(),
            extension: " 110 ".into(),
            notify: Notify::Everyone,
        };
        let employee = Employee {
            id: EmployeeId(uuid::Uuid::from_u128(2)),
            email: String::new(),
            name: "Анна".into(),
            department: None,
            position: String::new(),
            extension: "нет".into(),
            mobile: "8 (926) 123-45-67".into(),
        };
        let sales = Recipient::Department {
            department: department.id,
        };
        let anna = Recipient::Employee {
            employee: employee.id,
        };
        let staff = Staff {
            employee,
            department_name: None,
            presence: Presence::Available,
            presence_until: None,
            absent_until: None,
            deputy_name: None,
        };
        let numbers = Numbers::of(&[department], &[staff]);
        let dialled = |recipient, dialled| numbers.get(Colleague { recipient, dialled });
        assert_eq!(dialled(sales, Dialled::Extension), Some("110"));
        assert_eq!(dialled(anna, Dialled::Mobile), Some("89261234567"));
        assert_eq!(dialled(anna, Dialled::Extension), None, "no number at all");
        assert_eq!(dialled(sales, Dialled::Mobile), None);
        let stranger = Recipient::Employee {
            employee: EmployeeId(uuid::Uuid::from_u128(3)),
        };
        assert_eq!(dialled(stranger, Dialled::Mobile), None);
    }
}
