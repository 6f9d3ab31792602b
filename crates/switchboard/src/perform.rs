//! Does what a call asks of the world.

use call::{Asks, Input, Output, QueueInput};
use jiff::SignedDuration;
use media::{Engine, Peer};
use model::call::{Ending, Happening, RecordingState, TimelineEntry};
use model::id::{CallId, MessageId};
use model::language::Language;
use model::message::Message;

use crate::exchange::{Exchange, Step};
use crate::facts::Fact;
use crate::live::{Live, ending_name};
use crate::moment::Moment;
use crate::translate;

impl Exchange {
    /// Lets every machine take what it was handed, and does what follows, until all is quiet.
    pub(crate) fn settle(&mut self, now: Moment) {
        loop {
            while let Some(call) = self.touched.pop() {
                self.perform_all(call, now);
            }
            self.perform_queue(now);
            match self.steps.pop_front() {
                Some(Step::Call(call, input)) => {
                    if let Some(live) = self.calls.get_mut(&call) {
                        live.control.handle(now.steady, input);
                        self.touched.push(call);
                    }
                }
                Some(Step::Queue(input)) => self.queue.handle(now.steady, input),
                None => break,
            }
        }
        self.tell_desks();
    }

    fn perform_all(&mut self, call: CallId, now: Moment) {
        while let Some(output) = self
            .calls
            .get_mut(&call)
            .and_then(|l| l.control.poll_output())
        {
            self.perform(call, output, now);
        }
    }

    fn perform(&mut self, call: CallId, output: Output, now: Moment) {
        let Some(live) = self.calls.get_mut(&call) else {
            return;
        };
        match output {
            Output::Ring => self.sip.ring(live.leg),
            Output::OpenSound => self.open_sound(call),
            Output::Answer => {
                if let Some(address) = live.sound {
                    let local = translate::local_stream(address);
                    // Sound may come before the answer is confirmed.
                    if let Some(remote) = &live.remote {
                        self.engine.connect(call, remote);
                    }
                    self.sip.answer(live.leg, local);
                }
            }
            Output::Place => self.place(call),
            Output::Refuse(refusal) => {
                let leg = live.leg;
                self.legs.remove(&leg);
                self.sip.refuse(leg, translate::refusal(refusal));
            }
            Output::HangUp => {
                let leg = live.leg;
                self.legs.remove(&leg);
                self.sip.hang_up(leg);
            }
            Output::Hear(program) => {
                self.programs += 1;
                live.program = Some((self.programs, program));
                let language = live.entry.company.language;
                let items = translate::program(program, &self.limits, language);
                self.engine.hear(call, self.programs, items);
            }
            Output::Bridge(operator) => {
                live.program = None;
                self.join(call, operator, Engine::bridge);
            }
            Output::Attend(operator) => self.join(call, operator, Engine::attend),
            Output::Consult(operator) => self.join(call, operator, Engine::consult),
            Output::SootheColleague(on) => self.engine.soothe_colleague(call, on),
            Output::Gather(operator) => {
                live.program = None;
                self.join(call, operator, Engine::gather);
            }
            Output::Couple => {
                live.program = None;
                self.engine.couple(call);
            }
            Output::Dial { colleague, attempt } => self.dial(call, colleague, attempt),
            Output::HangUpColleague => self.hang_up_colleague(call),
            Output::Refer { colleague, attempt } => self.refer(call, colleague, attempt),
            Output::Replace { attempt } => {
                live.asked = attempt;
                if let Some(second) = live.second {
                    self.sip.refer_to_leg(live.leg, second.leg);
                }
            }
            Output::PressCode { colleague, attempt } => self.press_code(call, colleague, attempt),
            Output::Learnt { way, works } => {
                let (line, at) = (live.entry.line.id, now.wall);
                if works {
                    let by = live.operator.or(live.before);
                    let company = live.entry.company.id;
                    self.returns.note(company, &live.caller, by, now.steady);
                }
                self.directory.learn(line, way, works, at);
                self.facts.tell(Fact::Way {
                    line,
                    way,
                    works,
                    at,
                });
            }
            Output::Unbridge => self.engine.unbridge(call),
            Output::Mute(on) => {
                live.changed = true;
                self.engine.mute(call, on);
            }
            Output::SendDigit(digit) => {
                let settings = &live.entry.line.script.transfer;
                if live.pressed.takes(digit, settings) {
                    self.press(call, digit);
                }
            }
            Output::CloseSound => self.close_sound(call),
            Output::Enqueue { front } => {
                let before = live.operator.take().or(live.before);
                let asks = Asks {
                    company: live.entry.company.id,
                    language: live.entry.company.language,
                    priority: live.entry.line.script.priority,
                    vip: live.vip,
                    before,
                };
                // Who has waited once and comes back does not wait behind all others.
                let front = front || live.returned;
                self.steps
                    .push_back(Step::Queue(QueueInput::Enqueue { call, front, asks }));
            }
            Output::LeaveQueue => {
                self.steps
                    .push_back(Step::Queue(QueueInput::Leave { call }));
            }
            Output::ReleaseOperator { operator } => {
                // The desk keeps the card until the message is sent.
                live.changed = true;
                self.end_supervision(call, now);
                self.tell_handed_over(call, now);
                self.steps
                    .push_back(Step::Queue(QueueInput::CallOver { operator, call }));
            }
            Output::Record(happening) => self.record(call, happening, now),
            Output::Ended(ending) => self.ended(call, ending, now),
        }
    }

    fn open_sound(&mut self, call: CallId) {
        let record_to = self.recordings.live_path(call);
        let live = self.calls.get(&call);
        let peer = live.map(|live| self.peer(live)).unwrap_or_default();
        let input = match self.engine.open_towards(call, Some(record_to), peer) {
            Ok(address) => {
                if let Some(live) = self.calls.get_mut(&call) {
                    live.sound = Some(address);
                    let (company, state) = (live.entry.company.id, RecordingState::InProgress);
                    self.facts.tell(Fact::Recording {
                        company,
                        call,
                        state,
                        ms: 0,
                    });
                }
                Input::SoundOpened
            }
            Err(error) => {
                tracing::error!(%call, %error, "no sound for a call");
                Input::SoundFailed
            }
        };
        self.steps.push_back(Step::Call(call, input));
    }

    /// What is known of the PBX whose call it is.
    pub(crate) fn peer(&self, live: &Live) -> Peer {
        let signalling = self.sip.server(live.entry.line.id);
        let described = live.remote.as_ref().map(|remote| remote.address.ip());
        Peer {
            sound: described.or(signalling),
            signalling,
        }
    }

    pub(crate) fn record(&mut self, call: CallId, happening: Happening, now: Moment) {
        let Some(live) = self.calls.get_mut(&call) else {
            return;
        };
        let company = live.entry.company.id;
        match happening {
            Happening::Answered { operator } => {
                live.answered_at.get_or_insert(now.wall);
                live.operator = Some(operator);
                self.facts.tell(Fact::Answered {
                    company,
                    call,
                    operator,
                    at: now.wall,
                });
            }
            Happening::TransferBegun { .. } | Happening::Resumed => live.transfer_fault = None,
            Happening::TransferFailed { colleague, fault } => {
                live.transfer_fault = Some((colleague, fault));
            }
            Happening::VoiceMessageStarted => live.voice_message_at = Some(now.wall),
            // Beginning and ending are stored together with their place in the timeline.
            Happening::Arrived | Happening::Placed { .. } | Happening::Ended { .. } => return,
            _ => {}
        }
        live.changed = true;
        let entry = TimelineEntry {
            at: now.wall,
            happening,
        };
        self.facts.tell(Fact::Happened {
            company,
            call,
            entry,
        });
    }

    fn ended(&mut self, call: CallId, ending: Ending, now: Moment) {
        let Some(live) = self.calls.get(&call) else {
            return;
        };
        tracing::info!(%call, ending = ending_name(ending), "a call is over");
        metrics::counter!("telefonistka_calls_ended_total", "ending" => ending_name(ending))
            .increment(1);
        let company = live.entry.company.id;
        let at = now.wall;
        self.facts.tell(match (ending, voice_message(live, now)) {
            (Ending::VoiceMessageLeft, Some(message)) => Fact::VoiceMessage {
                message: Box::new(message),
                at,
            },
            _ => Fact::Ended {
                company,
                call,
                ending,
                at,
            },
        });
        if let Some(operator) = live.operator {
            let event = self.call_event(live, Some((at, ending)));
            if let (Some(desk), Some(event)) = (self.desks.of(operator), event) {
                desk.send(event);
            }
        }
        self.forget(call);
    }
}

/// The voice message as a message to deliver; none where the line has nobody to get it.
fn voice_message(live: &Live, now: Moment) -> Option<Message> {
    let recipient = live.entry.line.script.recipient?;
    let began = live.voice_message_at.unwrap_or(now.wall);
    let seconds = now
        .wall
        .duration_since(began)
        .max(SignedDuration::ZERO)
        .as_secs();
    let (minutes, seconds) = (seconds / 60, seconds % 60);
    let text = match live.entry.company.language {
        Language::Ru => format!("Голосовое сообщение, {minutes}:{seconds:02}"),
        Language::En => format!("Voice message, {minutes}:{seconds:02}"),
    };
    Some(Message {
        id: MessageId(uuid::Uuid::now_v7()),
        company: live.entry.company.id,
        call: live.id(),
        recipient,
        caller_name: live.caller.name.clone().unwrap_or_default(),
        caller_phone: live.caller.number.clone().unwrap_or_default(),
        text,
        answers: Vec::new(),
        urgent: false,
        author: None,
        created_at: now.wall,
    })
}
