//! The operators' side of the world: what the queue decides, and how the
//! operators' states have to follow it.

use call::{Input, QueueInput, QueueOutput, Why};
use model::id::CallId;
use model::operator::OperatorState;

use crate::delays::{Event, Way};
use crate::world::World;

impl World {
    pub fn tell_queue(&mut self, input: QueueInput) {
        self.steps += 1;
        self.queue.handle(self.now, input);
        while let Some(output) = self.queue.poll_output() {
            self.follow(output);
        }
        for (operator, desk) in &self.desks {
            let busy = desk.offer.is_some() || desk.given.is_some();
            let says = matches!(desk.state, OperatorState::Offered | OperatorState::OnCall);
            assert_eq!(busy, says, "{operator}: {:?}", desk.state);
        }
        let nobody = self
            .desks
            .values()
            .all(|desk| desk.state == OperatorState::Offline);
        for waiting in self.queue.snapshot().waiting {
            let told = self.waits_in_vain.contains(&waiting.call);
            assert!(told || !nobody, "waits in vain and is not told");
        }
    }

    /// What the world does with what the queue decided.
    fn follow(&mut self, output: QueueOutput) {
        match output {
            QueueOutput::Offer {
                call,
                operator,
                deadline,
            } => {
                assert_eq!(deadline, self.now + self.limits.offer);
                assert!(
                    self.desks
                        .values()
                        .all(|d| d.offer != Some(call) && d.given != Some(call)),
                    "one call at two desks"
                );
                let desk = self.desks.get_mut(&operator).expect("known");
                assert_eq!(desk.state, OperatorState::Ready, "not free");
                assert_eq!(desk.offer.replace(call), None, "two offers at one desk");
                assert_eq!(desk.given, None, "an offer during a call");
                self.queue_to_call(call, Input::Offered { operator });
                self.react(operator, call);
            }
            QueueOutput::Withdraw {
                call,
                operator,
                why,
            } => {
                let desk = self.desks.get_mut(&operator).expect("known");
                if desk.given == Some(call) {
                    assert_eq!(why, Why::CallLeft);
                    desk.given = None;
                } else {
                    assert_eq!(desk.offer.take(), Some(call), "was not offered");
                }
                match why {
                    Why::Missed => self.queue_to_call(call, Input::OfferMissed { operator }),
                    Why::Declined => self.queue_to_call(call, Input::OfferDeclined { operator }),
                    Why::CallLeft | Why::Lost => {}
                }
            }
            QueueOutput::Accepted { call, operator } => {
                let desk = self.desks.get_mut(&operator).expect("known");
                assert_eq!(desk.offer.take(), Some(call), "was not offered");
                desk.given = Some(call);
                self.queue_to_call(call, Input::Accepted { operator });
            }
            QueueOutput::Engaged { call, operator } => {
                let desk = self.desks.get_mut(&operator).expect("known");
                assert_eq!(desk.offer, None, "a call rings there");
                assert_eq!(desk.given.replace(call), None, "at a call already");
                self.place(call, operator);
            }
            QueueOutput::Declined { call, operator } => {
                let given = self.desks.get(&operator).and_then(|desk| desk.given);
                assert_ne!(given, Some(call), "declined, and given all the same");
            }
            QueueOutput::NobodySignedIn { call } => {
                let nobody = self
                    .desks
                    .values()
                    .all(|d| d.state == OperatorState::Offline);
                assert!(nobody, "somebody is signed in");
                self.waits_in_vain.insert(call);
                self.queue_to_call(call, Input::NobodySignedIn);
            }
            QueueOutput::StateChanged {
                operator, state, ..
            } => {
                let desk = self.desks.get_mut(&operator).expect("known");
                desk.state = state;
                if !matches!(state, OperatorState::OnCall) {
                    desk.given = None;
                }
                self.live_on(operator, state);
            }
            QueueOutput::Figures(figures) => {
                let count = |which: &[OperatorState]| {
                    self.desks
                        .values()
                        .filter(|d| which.contains(&d.state))
                        .count()
                };
                assert_eq!(figures.on_call, count(&[OperatorState::OnCall]));
                assert_eq!(
                    figures.ready,
                    count(&[OperatorState::Ready, OperatorState::Offered])
                );
            }
        }
    }

    fn queue_to_call(&mut self, call: CallId, input: Input) {
        let delay = self.soon();
        let event = Event::ToCall(call, input);
        self.delays
            .send_by(Way::QueueToCall(call), self.now, delay, event);
    }
}
