//! The switchboard's one task: everything that happens to calls, lines and
//! desks comes in here, one after the other, and is handed to whom it concerns.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use call::{Input, Limits, Queue, QueueInput};
use jiff::Timestamp;
use media::Engine;
use model::audio::Codec;
use model::id::{CallId, CompanyId, LegId, UserId};
use store::Store;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::boards::Boards;
use crate::desk::QueueFigures;
use crate::desks::{Desks, Told};
use crate::directory::Directory;
use crate::doctor::Clinic;
use crate::facts::{Fact, Facts};
use crate::handle::Request;
use crate::live::Live;
use crate::moment::Moment;
use crate::note::Note;
use crate::packing::{Packing, Raw};
use crate::placing::Wanted;
use crate::returns::Returns;
use crate::shared::Shared;
use crate::{placing, translate};

/// How long a leaving server waits for the database.
const FACTS_WITHIN: Duration = Duration::from_secs(10);

/// How often the gauges are set.
const MEASURE_EVERY: Duration = Duration::from_secs(1);

/// Where everything comes from.
pub(crate) struct Sources {
    pub(crate) requests: mpsc::UnboundedReceiver<Request>,
    pub(crate) sip: mpsc::Receiver<sip::Event>,
    pub(crate) media: mpsc::UnboundedReceiver<media::Event>,
    pub(crate) notes: mpsc::UnboundedReceiver<Note>,
}

/// A call whose recording is being closed.
#[derive(Debug)]
pub(crate) struct Closing {
    company: CompanyId,
    arrived_at: Timestamp,
}

/// The server is stopping.
pub(crate) struct Draining {
    limit: Instant,
    done: Vec<oneshot::Sender<()>>,
}

/// One step that follows from another.
#[derive(Debug)]
pub(crate) enum Step {
    Call(CallId, Input),
    Queue(QueueInput),
}

/// The task's state.
pub(crate) struct Exchange {
    pub(crate) store: Store,
    pub(crate) sip: sip::Endpoint,
    pub(crate) engine: Engine,
    pub(crate) limits: Limits,
    pub(crate) shared: Arc<Shared>,
    pub(crate) facts: Facts,
    pub(crate) packing: Packing,
    pub(crate) recordings: store::Recordings,
    pub(crate) clinic: Clinic,
    pub(crate) notes: mpsc::UnboundedSender<Note>,
    pub(crate) directory: Directory,
    pub(crate) calls: HashMap<CallId, Live>,
    pub(crate) legs: HashMap<LegId, CallId>,
    /// Calls that wait for the queue's word on their operators.
    pub(crate) wanted: HashMap<CallId, Wanted>,
    pub(crate) closing: HashMap<CallId, Closing>,
    pub(crate) queue: Queue,
    pub(crate) figures: QueueFigures,
    pub(crate) desks: Desks,
    pub(crate) boards: Boards,
    /// When it was last noted that operators' states last.
    pub(crate) shifts_noted: Option<Instant>,
    pub(crate) told: HashMap<UserId, Told>,
    pub(crate) returns: Returns,
    pub(crate) programs: u64,
    /// What follows from what was done, in order.
    pub(crate) steps: VecDeque<Step>,
    /// Calls that may have something to say.
    pub(crate) touched: Vec<CallId>,
    pub(crate) draining: Option<Draining>,
    pub(crate) facts_writer: JoinHandle<()>,
}

impl Exchange {
    /// Runs until the server is drained.
    pub(crate) async fn run(mut self, mut sources: Sources) {
        let mut changes = self.store.changes();
        let mut measuring = tokio::time::interval(MEASURE_EVERY);
        self.read_all_lines();
        loop {
            let due = self.next_timeout();
            tokio::select! {
                Some(request) = sources.requests.recv() => self.requested(request, Moment::now()),
                Some(event) = sources.sip.recv() => self.signalled(event, Moment::now()),
                Some(event) = sources.media.recv() => self.sounded(event),
                Some(note) = sources.notes.recv() => self.noted(note),
                change = changes.recv() => self.store_changed(change),
                _ = measuring.tick() => {
                    self.measure();
                    self.note_shifts(Moment::now());
                    self.tell_boards(Moment::now());
                }
                () = sleep_until(due) => self.time_passed(Moment::now()),
            }
            self.settle(Moment::now());
            if self.drained() {
                break;
            }
        }
        self.leave(sources).await;
    }

    fn next_timeout(&self) -> Option<Instant> {
        let calls = self
            .calls
            .values()
            .filter_map(|live| live.control.poll_timeout());
        let draining = self.draining.as_ref().map(|d| d.limit);
        calls.chain(self.queue.poll_timeout()).chain(draining).min()
    }

    fn time_passed(&mut self, now: Moment) {
        for (id, live) in &self.calls {
            if live
                .control
                .poll_timeout()
                .is_some_and(|at| at <= now.steady)
            {
                self.steps.push_back(Step::Call(*id, Input::TimePassed));
            }
        }
        if self.queue.poll_timeout().is_some_and(|at| at <= now.steady) {
            self.steps.push_back(Step::Queue(QueueInput::TimePassed));
        }
        if self
            .draining
            .as_ref()
            .is_some_and(|d| d.limit <= now.steady)
        {
            let running = self.calls.keys().copied();
            self.steps
                .extend(running.map(|call| Step::Call(call, Input::Stop)));
        }
    }

    fn requested(&mut self, request: Request, now: Moment) {
        match request {
            Request::DeskOpened {
                operator,
                name,
                frames,
                desk,
            } => {
                let id = self.open_desk(operator, name, frames);
                if desk.send(id).is_err() {
                    self.close_desk(id);
                }
            }
            Request::Desk { desk, command } => self.desk_says(desk, command, now),
            Request::DeskClosed { desk } => self.close_desk(desk),
            Request::SkillsChanged { operator } => self.read_skills(operator),
            Request::BoardOpened {
                supervisor,
                name,
                frames,
                board,
            } => {
                let id = self.open_board(supervisor, name, frames, now);
                if board.send(id).is_err() {
                    self.close_board(id, now);
                }
            }
            Request::Board { board, command } => self.board_says(board, command, now),
            Request::BoardClosed { board } => self.close_board(board, now),
            Request::TryLine { line, outcome } => self.try_line(line, outcome),
            Request::Drain { limit, done } => {
                self.shared.set_draining();
                let limit = now.steady + limit;
                let draining = self.draining.get_or_insert(Draining {
                    limit,
                    done: Vec::new(),
                });
                draining.limit = draining.limit.min(limit);
                draining.done.push(done);
            }
        }
    }

    fn signalled(&mut self, event: sip::Event, now: Moment) {
        if self.colleague_signalled(&event) {
            return;
        }
        match event {
            sip::Event::Line {
                line,
                connection,
                journal,
            } => {
                if self.directory.get(line).is_some() {
                    self.shared.set_connection(line, Some(connection));
                }
                let entry = translate::journal(journal);
                self.facts.tell(Fact::Line {
                    line,
                    at: now.wall,
                    entry,
                });
            }
            sip::Event::Incoming {
                leg,
                line,
                caller,
                dialled,
                audio,
                ..
            } => {
                self.call_arrived(leg, line, caller, dialled.as_deref(), audio, now);
            }
            sip::Event::Answered { leg, audio } => {
                if let Some(live) = self.by_leg(leg) {
                    let id = live.id();
                    // Without an offer in the invitation, this is the first word of where sound goes.
                    if live.remote.as_ref() != Some(&audio) {
                        live.remote = Some(audio.clone());
                        self.engine.connect(id, &audio);
                    }
                    self.steps.push_back(Step::Call(id, Input::LegAnswered));
                }
            }
            sip::Event::Early { leg, audio } => {
                if let Some(live) = self.by_leg(leg) {
                    let id = live.id();
                    self.engine.connect_early(id, &audio);
                }
            }
            sip::Event::Changed { leg, audio } => {
                if let Some(live) = self.by_leg(leg) {
                    live.remote = Some(audio.clone());
                    let id = live.id();
                    self.engine.connect(id, &audio);
                }
            }
            sip::Event::Ended { leg, cause } => {
                if let Some(call) = self.legs.remove(&leg) {
                    let live = self.calls.get(&call);
                    let rang = live.is_some_and(|live| placing::stage(live).is_some());
                    let input = if rang {
                        translate::callee_end(cause)
                    } else {
                        translate::leg_end(cause)
                    };
                    self.steps
                        .extend(input.map(|input| Step::Call(call, input)));
                }
            }
            sip::Event::Digit { leg, digit } => {
                if let Some(live) = self.by_leg(leg) {
                    let call = live.id();
                    self.steps.push_back(Step::Call(call, Input::Key { digit }));
                }
            }
            sip::Event::Ringing { leg } => {
                if let Some(call) = self.legs.get(&leg) {
                    self.steps
                        .push_back(Step::Call(*call, Input::CalleeRinging));
                }
            }
            sip::Event::Referred { leg, referral } => {
                if let Some(live) = self.by_leg(leg) {
                    let (call, input) = (live.id(), translate::referral(referral, live.asked));
                    self.steps.push_back(Step::Call(call, input));
                }
            }
            // Then it is heard, or not at all.
            sip::Event::NotPressed { leg, digit } => {
                if let Some(live) = self.by_leg(leg) {
                    let call = live.id();
                    self.engine.digit(call, digit);
                }
            }
            // Only the doctor holds calls, and hears of it itself.
            sip::Event::Examined { .. } => {}
        }
    }

    fn by_leg(&mut self, leg: LegId) -> Option<&mut Live> {
        self.calls.get_mut(self.legs.get(&leg)?)
    }

    fn sounded(&mut self, event: media::Event) {
        if self.clinic.takes(&event) {
            return;
        }
        match event {
            media::Event::Heard {
                call,
                program: number,
                voice_ms,
            } => {
                self.voice_heard(call, voice_ms);
                let program = self.calls.get(&call).and_then(|live| live.program);
                if let Some((_, program)) = program.filter(|(running, _)| *running == number) {
                    self.steps
                        .push_back(Step::Call(call, Input::Heard { program }));
                }
            }
            media::Event::Silent { call } => {
                self.steps.push_back(Step::Call(call, Input::SoundSilent));
            }
            media::Event::Digit { call, digit } => {
                self.steps.push_back(Step::Call(call, Input::Key { digit }));
            }
            media::Event::Closed { call, stats } => {
                let codec = stats.codec.map_or("none", Codec::name);
                let jitter_ms = stats.jitter.as_millis() as u64;
                tracing::info!(
                    %call, codec, encrypted = stats.encrypted, received = stats.received,
                    sent = stats.sent, lost = stats.lost, late = stats.late,
                    strangers = stats.strangers, jitter_ms, "a call's sound is over"
                );
            }
            media::Event::Echo { browser, stage } => self.sound_tested(browser, stage),
            media::Event::BrowserUp { browser } => self.sound_changed(browser, true),
            media::Event::BrowserDown { browser } => self.sound_changed(browser, false),
            media::Event::BrowserStalled { browser } => {
                self.sound_paused(browser, |operator| Input::OperatorStalled { operator });
            }
            media::Event::BrowserResumed { browser } => {
                self.sound_paused(browser, |operator| Input::OperatorBack { operator });
            }
            media::Event::Recorded { call, recording } => self.recorded(call, recording),
        }
    }

    fn voice_heard(&mut self, call: CallId, voice_ms: Option<u32>) {
        if let Some(ms) = voice_ms {
            let heard = Duration::from_millis(ms.into());
            self.steps
                .push_back(Step::Call(call, Input::Voice { heard }));
        }
    }

    fn recorded(&mut self, call: CallId, recording: media::Recording) {
        let Some(Closing {
            company,
            arrived_at,
        }) = self.closing.remove(&call)
        else {
            tracing::error!(%call, "a recording of an unknown call; its raw file is kept");
            return;
        };
        self.voice_heard(call, recording.voice_ms);
        self.steps.push_back(Step::Call(call, Input::SoundClosed));
        let cut_off = recording.cut_off;
        self.packing.add(Raw {
            company,
            call,
            arrived_at,
            path: recording.raw,
            cut_off,
        });
    }

    fn noted(&mut self, note: Note) {
        match note {
            Note::LineRead { line, read, entry } => self.line_read(line, read, entry),
            Note::LineTried {
                read,
                entry,
                outcome,
            } => self.line_tried(read, entry, outcome),
            Note::Surroundings { call, around } => {
                if let Some(live) = self.calls.get_mut(&call) {
                    live.around = around;
                    live.changed |= live.operator.is_some();
                    self.ring_again(call);
                }
            }
            Note::Marked { company, marked } => self.directory.put_marked(company, marked),
            Note::Skilled { operator, skills } => {
                let skilled = QueueInput::Skilled { operator, skills };
                self.steps.push_back(Step::Queue(skilled));
            }
            Note::Callee { desk, callee } => self.callee_read(desk, callee),
            Note::SoundAnswer { desk, answer } => self.sound_answered(desk, answer),
            Note::BoardSoundAnswer { board, answer } => self.board_sound_answered(board, answer),
        }
    }

    /// Closes the sound; its recording comes a moment later.
    pub(crate) fn close_sound(&mut self, call: CallId) {
        if let Some(live) = self.calls.get(&call).filter(|live| live.sound.is_some()) {
            let (company, arrived_at) = (live.entry.company.id, live.arrived_at);
            self.closing.insert(
                call,
                Closing {
                    company,
                    arrived_at,
                },
            );
            self.engine.close(call);
        }
    }

    /// Forgets the call; its recording may still be on its way.
    pub(crate) fn forget(&mut self, call: CallId) {
        let Some(live) = self.calls.remove(&call) else {
            return;
        };
        self.legs.remove(&live.leg);
        if let Some(second) = live.second {
            self.legs.remove(&second.leg);
        }
    }

    fn drained(&self) -> bool {
        self.draining.is_some() && self.calls.is_empty() && self.closing.is_empty()
    }

    /// The last steps of a server that leaves: lines are taken back, recordings packed, facts stored.
    async fn leave(self, sources: Sources) {
        let Self {
            sip,
            packing,
            desks,
            boards,
            draining,
            facts,
            facts_writer,
            ..
        } = self;
        drop((sources, desks, boards, facts));
        sip.shutdown().await;
        packing.finish().await;
        drop(packing);
        if tokio::time::timeout(FACTS_WITHIN, facts_writer)
            .await
            .is_err()
        {
            tracing::error!("the database is away: the last facts about calls are not stored");
        }
        for done in draining.into_iter().flat_map(|d| d.done) {
            // Whoever waited may have gone.
            let _ = done.send(());
        }
    }
}

async fn sleep_until(due: Option<Instant>) {
    match due {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}
