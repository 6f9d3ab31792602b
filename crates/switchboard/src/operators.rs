//! Operators at their desks: offers, states, sound.

use call::{Input, QueueInput, QueueOutput, Reason, Why, Wish};
use jiff::Timestamp;
use model::call::Ending;
use model::id::{BrowserId, CallId, UserId};
use model::operator::OperatorState;
use model::shift::OfferOutcome;
use tokio::sync::mpsc;

use crate::card;
use crate::desk::{DeskCommand, DeskEvent, DeskOperator, SoundState, StateReason, Withdrawal};
use crate::desks::{Desk, Told};
use crate::exchange::{Exchange, Step};
use crate::handle::DeskId;
use crate::live::Live;
use crate::moment::Moment;
use crate::note::Note;
use crate::placing::Whom;
use crate::{placing, transfer, translate};

impl Exchange {
    pub(crate) fn open_desk(
        &mut self,
        operator: UserId,
        name: String,
        frames: mpsc::Sender<DeskEvent>,
    ) -> DeskId {
        let id = self.desks.next_id();
        self.boards.names.insert(operator, name.clone());
        let desk = Desk::new(id, operator, name.clone(), frames);
        let state = self
            .told
            .get(&operator)
            .map_or(OperatorState::Offline, |told| told.state);
        desk.send(DeskEvent::Welcome {
            operator: DeskOperator { id: operator, name },
            state,
            offer_seconds: self.limits.offer.as_secs(),
            wrap_up_seconds: self.limits.wrap_up.as_secs(),
        });
        if let Some(before) = self.desks.put(desk) {
            before.send(DeskEvent::Replaced);
            self.engine.close_browser(before.browser);
            // The sound of the desk before is gone; the new desk's will come.
            self.lost(operator);
        }
        self.steps
            .push_back(Step::Queue(QueueInput::SignIn { operator }));
        self.read_skills(operator);
        if let (Some(desk), Some(told)) = (self.desks.of(operator), self.told.get(&operator)) {
            desk.send(told.event());
        }
        if let Some(desk) = self.desks.of(operator) {
            desk.send(DeskEvent::Queue(self.figures.clone()));
        }
        if let Some(live) = self.call_of(operator)
            && let (Some(desk), Some(event)) =
                (self.desks.of(operator), self.call_event(live, None))
        {
            desk.send(event);
        }
        id
    }

    /// Until they are known everything is expected of the operator.
    pub(crate) fn read_skills(&self, operator: UserId) {
        let (store, notes) = (self.store.clone(), self.notes.clone());
        tokio::spawn(async move {
            match store.users().skills(operator).await {
                // The switchboard that does not listen any more has stopped.
                Ok(skills) => drop(notes.send(Note::Skilled { operator, skills })),
                Err(error) => tracing::warn!(%operator, %error, "skills can't be read"),
            }
        });
    }

    pub(crate) fn close_desk(&mut self, id: DeskId) {
        if let Some(desk) = self.desks.take(id) {
            self.engine.close_browser(desk.browser);
            self.lost(desk.operator);
        }
    }

    fn lost(&mut self, operator: UserId) {
        self.steps
            .push_back(Step::Queue(QueueInput::Lost { operator }));
        self.tell_call_of(operator, Input::OperatorLost { operator });
    }

    fn tell_call_of(&mut self, operator: UserId, input: Input) {
        if let Some(call) = self.call_of(operator).map(Live::id) {
            self.steps.push_back(Step::Call(call, input));
        }
    }

    /// The call whose conversation the operator has.
    pub(crate) fn call_of(&self, operator: UserId) -> Option<&Live> {
        self.calls.values().find(|live| {
            live.control
                .state()
                .conversation()
                .is_some_and(|c| c.operator == operator)
        })
    }

    pub(crate) fn desk_says(&mut self, id: DeskId, command: DeskCommand, now: Moment) {
        let Some(desk) = self.desks.by_id(id) else {
            return;
        };
        let operator = desk.operator;
        if let Some((call, act)) = translate::act(&command, |call| self.ways(call, now)) {
            self.steps
                .push_back(Step::Call(call, Input::Operator { operator, act }));
            return;
        }
        let input = match command {
            DeskCommand::SoundOffer { sdp } => return self.answer_sound(id, desk.browser, sdp),
            DeskCommand::Ping => return desk.send(DeskEvent::Pong),
            DeskCommand::SoundTest => return self.engine.echo(desk.browser),
            DeskCommand::State { state } => {
                let wish = translate::wish(state);
                if wish == Wish::Ready && !desk.sound_up {
                    return desk.send(DeskEvent::Error {
                        code: "no_sound",
                        text: "Звук не подключён: проверьте микрофон и связь, \
                               затем выберите «Готов» ещё раз."
                            .into(),
                    });
                }
                self.boards.chosen.remove(&operator);
                QueueInput::SetState { operator, wish }
            }
            DeskCommand::CallBack { call } => {
                return self.wants_to_call(id, operator, Whom::Back(call));
            }
            DeskCommand::CallTask { task, dialled } => {
                return self.wants_to_call(id, operator, Whom::Task(task, dialled));
            }
            DeskCommand::Accept { call } => QueueInput::Accept { operator, call },
            DeskCommand::Decline { call } => QueueInput::Decline { operator, call },
            DeskCommand::WrapUpDone { .. } => QueueInput::WrapUpDone { operator },
            DeskCommand::Hold { .. }
            | DeskCommand::Mute { .. }
            | DeskCommand::Digit { .. }
            | DeskCommand::Consult { .. }
            | DeskCommand::Transfer { .. }
            | DeskCommand::HandOver { .. }
            | DeskCommand::TakeBack { .. }
            | DeskCommand::Together { .. }
            | DeskCommand::HangUp { .. } => return,
        };
        self.steps.push_back(Step::Queue(input));
    }

    fn answer_sound(&self, desk: DeskId, browser: BrowserId, offer: String) {
        let (engine, notes) = (self.engine.clone(), self.notes.clone());
        tokio::spawn(async move {
            let answer = engine.browser(browser, offer).await;
            let _ = notes.send(Note::SoundAnswer { desk, answer });
        });
    }

    pub(crate) fn sound_answered(
        &mut self,
        id: DeskId,
        answer: Result<String, media::BrowserError>,
    ) {
        let Some(desk) = self.desks.by_id(id) else {
            return;
        };
        desk.send(match answer {
            Ok(sdp) => DeskEvent::SoundAnswer { sdp },
            Err(error) => DeskEvent::Error {
                code: "sound_refused",
                text: error.to_string(),
            },
        });
    }

    pub(crate) fn sound_changed(&mut self, browser: BrowserId, up: bool) {
        let Some(desk) = self.desks.by_browser(browser) else {
            return self.board_sound_changed(browser, up);
        };
        desk.sound_up = up;
        desk.send(DeskEvent::SoundState {
            state: if up { SoundState::Up } else { SoundState::Down },
        });
        let operator = desk.operator;
        if !up {
            return self.lost(operator);
        }
        self.steps
            .push_back(Step::Queue(QueueInput::SignIn { operator }));
        self.tell_call_of(operator, Input::OperatorBack { operator });
    }

    /// The way to a browser is cut, or open again, before the desk counts as lost: the call alone needs to know.
    pub(crate) fn sound_paused(&mut self, browser: BrowserId, input: impl FnOnce(UserId) -> Input) {
        if let Some(operator) = self.desks.by_browser(browser).map(|desk| desk.operator) {
            self.tell_call_of(operator, input(operator));
        }
    }

    pub(crate) fn sound_tested(&mut self, browser: BrowserId, stage: media::EchoStage) {
        if let Some(desk) = self.desks.by_browser(browser) {
            let stage = translate::test_stage(stage);
            desk.send(DeskEvent::SoundTest { stage });
        }
    }

    pub(crate) fn perform_queue(&mut self, now: Moment) {
        while let Some(output) = self.queue.poll_output() {
            match output {
                QueueOutput::Offer {
                    call,
                    operator,
                    deadline,
                } => {
                    self.steps
                        .push_back(Step::Call(call, Input::Offered { operator }));
                    self.ring(call, operator, now.on_wall(deadline));
                }
                QueueOutput::Withdraw {
                    call,
                    operator,
                    why,
                } => {
                    self.note_withdrawn(call, operator, why, now);
                    self.withdraw(call, operator, why);
                }
                QueueOutput::Accepted { call, operator } => self.accepted(call, operator, now),
                QueueOutput::Engaged { call, operator } => self.engaged(call, operator, now),
                QueueOutput::Declined { call, operator } => self.declined(call, operator),
                QueueOutput::NobodySignedIn { call } => {
                    self.steps
                        .push_back(Step::Call(call, Input::NobodySignedIn));
                }
                QueueOutput::StateChanged {
                    operator,
                    state,
                    deadline,
                    reason,
                } => {
                    let deadline = deadline.map(|at| now.on_wall(at));
                    self.state_changed(operator, state, deadline, reason, now);
                }
                QueueOutput::Figures(figures) => {
                    self.figures = translate::figures(figures, now);
                    for desk in self.desks.all() {
                        desk.send(DeskEvent::Queue(self.figures.clone()));
                    }
                }
            }
        }
    }

    fn ring(&mut self, call: CallId, operator: UserId, deadline: Timestamp) {
        let Some(live) = self.calls.get(&call) else {
            return;
        };
        if let Some(desk) = self.desks.of_mut(operator) {
            desk.ringing = Some((call, deadline));
            let card = card::card(live, &desk.name);
            desk.send(DeskEvent::Ringing {
                call: Box::new(card),
                deadline,
            });
        }
    }

    /// The card of a ringing call was completed.
    pub(crate) fn ring_again(&mut self, call: CallId) {
        let desk = self.desks.all().find_map(|desk| {
            let (ringing, deadline) = desk.ringing?;
            (ringing == call).then_some((desk.operator, deadline))
        });
        if let Some((operator, deadline)) = desk {
            self.ring(call, operator, deadline);
        }
    }

    fn withdraw(&mut self, call: CallId, operator: UserId, why: Why) {
        let (why, input) = match why {
            Why::CallLeft => (Withdrawal::CallerGaveUp, None),
            Why::Missed => (Withdrawal::Missed, Some(Input::OfferMissed { operator })),
            Why::Declined => (Withdrawal::Taken, Some(Input::OfferDeclined { operator })),
            Why::Lost => (Withdrawal::Missed, Some(Input::OfferMissed { operator })),
        };
        if let Some(desk) = self.desks.of_mut(operator) {
            desk.ringing = None;
            desk.send(DeskEvent::Withdrawn { call, why });
        }
        self.steps
            .extend(input.map(|input| Step::Call(call, input)));
    }

    fn accepted(&mut self, call: CallId, operator: UserId, now: Moment) {
        self.note_offer(call, operator, OfferOutcome::Answered, now);
        if let Some(desk) = self.desks.of_mut(operator) {
            desk.ringing = None;
        }
        if let Some(live) = self.calls.get_mut(&call) {
            let waited = now.wall.duration_since(live.arrived_at).as_secs_f64();
            metrics::histogram!("telefonistka_queue_wait_seconds").record(waited);
            live.operator = Some(operator);
            live.changed = true;
        }
        self.steps
            .push_back(Step::Call(call, Input::Accepted { operator }));
    }

    fn state_changed(
        &mut self,
        operator: UserId,
        state: OperatorState,
        deadline: Option<Timestamp>,
        reason: Option<Reason>,
        now: Moment,
    ) {
        let reason = reason.map(|reason| match reason {
            Reason::OfferMissed => StateReason::OfferMissed,
            Reason::Lost => StateReason::Lost,
        });
        let chosen = self.boards.chosen.get(&operator) == Some(&state);
        let by_supervisor = chosen.then(|| {
            self.boards.chosen.remove(&operator);
            StateReason::Supervisor
        });
        let reason = reason.or(by_supervisor);
        // A desk that comes back tells its state again, and is in it for as long as it was.
        let known = self.told.get(&operator).filter(|told| told.state == state);
        let since = known.map_or(now.wall, |told| told.since);
        if known.is_none() {
            self.note_state(operator, state, now);
        }
        let told = Told {
            state,
            since,
            deadline,
            reason,
        };
        self.told.insert(operator, told);
        if let Some(desk) = self.desks.of(operator) {
            desk.send(told.event());
        }
    }

    /// The call as its operator's desk shows it.
    pub(crate) fn call_event(
        &self,
        live: &Live,
        ended: Option<(Timestamp, Ending)>,
    ) -> Option<DeskEvent> {
        let desk = self.desks.of(live.operator?)?;
        let conversation = live.control.state().conversation();
        let card = card::card(live, &desk.name);
        Some(DeskEvent::Call {
            call: Box::new(card),
            on_hold: conversation.is_some_and(|c| c.held),
            muted: conversation.is_some_and(|c| c.muted),
            placing: placing::stage(live).filter(|_| ended.is_none()),
            transfer: transfer::shown(live).filter(|_| ended.is_none()),
            supervisor: self.heard_supervisor(live.id()).filter(|_| ended.is_none()),
            answered_at: live.answered_at,
            ended_at: ended.map(|(at, _)| at),
            ending: ended.map(|(_, ending)| ending),
        })
    }

    /// Tells the desks whatever has changed.
    pub(crate) fn tell_desks(&mut self) {
        let changed: Vec<CallId> = self
            .calls
            .values_mut()
            .filter_map(|live| std::mem::take(&mut live.changed).then_some(live.id()))
            .collect();
        for call in changed {
            if let Some(live) = self.calls.get(&call)
                && let Some(event) = self.call_event(live, None)
                && let Some(desk) = live.operator.and_then(|operator| self.desks.of(operator))
            {
                desk.send(event);
            }
        }
    }
}
