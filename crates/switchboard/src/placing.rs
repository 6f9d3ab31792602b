//! Calls that operators place: whom they call back, through which line.

use std::sync::Arc;

use call::{Call, QueueInput, State};
use jiff::Timestamp;
use model::call::Caller;
use model::id::{CallId, LegId, LineId, TaskId, UserId};
use model::pbx::Connection;
use model::phone::{Phone, dialable};
use model::transfer::Dialled;
use store::{Store, StoreError};

use crate::desk::{DeskEvent, Errand, Placing};
use crate::directory::Entry;
use crate::exchange::{Exchange, Step};
use crate::facts::Fact;
use crate::handle::DeskId;
use crate::live::Live;
use crate::moment::Moment;
use crate::note::Note;
use crate::translate;

/// Whom an operator wants to call, as the store knows it.
#[derive(Debug)]
pub(crate) struct Callee {
    errand: Errand,
    /// The line that the errand came of.
    line: LineId,
    caller: Caller,
    /// What the company typed for the PBX to dial; none where the line's own rule says it.
    typed: Option<String>,
}

/// A call that is placed as soon as the queue lets its operator.
#[derive(Debug)]
pub(crate) struct Wanted {
    entry: Arc<Entry>,
    errand: Errand,
    caller: Caller,
    number: String,
}

/// Why a call is not placed: the desk's word for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Obstacle {
    Draining,
    NoSound,
    Unavailable,
    NotToBeCalled,
    BeingCalled,
    LineDown,
    Busy,
}

impl Obstacle {
    fn event(self) -> DeskEvent {
        let (code, text) = match self {
            Self::Draining => (
                "draining",
                "Сервер останавливается и новых звонков не начинает.",
            ),
            Self::NoSound => (
                "no_sound",
                "Звук не подключён: проверьте микрофон и связь, затем позвоните ещё раз.",
            ),
            Self::Unavailable => (
                "unavailable",
                "Номер сейчас не узнать: база данных недоступна. Позвоните через минуту.",
            ),
            Self::NotToBeCalled => (
                "not_to_be_called",
                "Этому человеку позвонить нельзя: номера нет.",
            ),
            Self::BeingCalled => ("being_called", "С этим номером сейчас уже говорят."),
            Self::LineDown => (
                "line_down",
                "Линия не подключена к АТС, звонок через неё не пройдёт.",
            ),
            Self::Busy => ("busy", "Сначала закончите звонок, который у Вас есть."),
        };
        DeskEvent::Error {
            code,
            text: text.into(),
        }
    }
}

impl Exchange {
    /// «Перезвонить»: first it is read whom.
    pub(crate) fn wants_to_call(&self, desk: DeskId, operator: UserId, whom: Whom) {
        let (store, notes) = (self.store.clone(), self.notes.clone());
        tokio::spawn(async move {
            let callee = whom.read(&store, operator).await;
            // The switchboard that does not listen any more has stopped.
            let _ = notes.send(Note::Callee { desk, callee });
        });
    }

    /// It is known whom an operator wants to call.
    pub(crate) fn callee_read(&mut self, desk: DeskId, callee: Result<Option<Callee>, StoreError>) {
        let Some(operator) = self.desks.by_id(desk).map(|desk| desk.operator) else {
            return;
        };
        let callee = match callee {
            Ok(Some(callee)) => Ok(callee),
            Ok(None) => Err(Obstacle::NotToBeCalled),
            Err(error) => {
                tracing::warn!(%operator, %error, "it can't be read whom to call");
                Err(Obstacle::Unavailable)
            }
        };
        match callee.and_then(|callee| self.prepare(operator, callee)) {
            Ok(wanted) => {
                let call = CallId(uuid::Uuid::now_v7());
                self.wanted.insert(call, wanted);
                let engage = QueueInput::Engage { operator, call };
                self.steps.push_back(Step::Queue(engage));
            }
            Err(obstacle) => self.tell_obstacle(operator, obstacle),
        }
    }

    fn prepare(&self, operator: UserId, callee: Callee) -> Result<Wanted, Obstacle> {
        if self.draining.is_some() {
            return Err(Obstacle::Draining);
        }
        if !self.desks.of(operator).is_some_and(|desk| desk.sound_up) {
            return Err(Obstacle::NoSound);
        }
        let Callee {
            errand,
            line,
            caller,
            typed,
        } = callee;
        let entry = self.directory.get(line).ok_or(Obstacle::LineDown)?;
        let number = match typed {
            Some(typed) => dialable(&typed),
            None => (caller.number.as_deref())
                .and_then(|number| entry.line.script.dialling.number(number)),
        };
        let number = number.ok_or(Obstacle::NotToBeCalled)?;
        let with_them = |company, other: &Caller| {
            company == entry.company.id && other.number.is_some() && other.number == caller.number
        };
        let live = self.calls.values().map(|l| (l.entry.company.id, &l.caller));
        let wanted = self
            .wanted
            .values()
            .map(|w| (w.entry.company.id, &w.caller));
        if live.chain(wanted).any(|(id, other)| with_them(id, other)) {
            return Err(Obstacle::BeingCalled);
        }
        match self.shared.connection(line) {
            Connection::Registered { .. } => Ok(Wanted {
                entry: Arc::clone(entry),
                errand,
                caller,
                number,
            }),
            _ => Err(Obstacle::LineDown),
        }
    }

    fn tell_obstacle(&self, operator: UserId, obstacle: Obstacle) {
        if let Some(desk) = self.desks.of(operator) {
            desk.send(obstacle.event());
        }
    }

    /// The queue does not let the operator.
    pub(crate) fn declined(&mut self, call: CallId, operator: UserId) {
        self.wanted.remove(&call);
        self.tell_obstacle(operator, Obstacle::Busy);
    }

    /// The operator is at the call: it begins.
    pub(crate) fn engaged(&mut self, call: CallId, operator: UserId, now: Moment) {
        let Some(wanted) = self.wanted.remove(&call) else {
            return;
        };
        let Wanted {
            entry,
            errand,
            caller,
            number,
        } = wanted;
        tracing::info!(%call, line = %entry.line.id, "an operator places a call");
        let control = Call::place(now.steady, call, operator, self.limits);
        let leg = LegId(uuid::Uuid::new_v4());
        let mut live = Live::new(control, leg, entry, caller, now.wall, None);
        live.placed = Some((errand, number));
        live.operator = Some(operator);
        live.changed = true;
        self.facts.tell(Fact::Arrived(Box::new(live.record())));
        self.read_surroundings(&live);
        self.legs.insert(leg, call);
        self.calls.insert(call, live);
        self.touched.push(call);
    }

    /// Asks the PBX for the number.
    pub(crate) fn place(&mut self, call: CallId) {
        if let Some(live) = self.calls.get(&call)
            && let Some((_, number)) = &live.placed
            && let Some(address) = live.sound
        {
            let local = translate::local_stream(address);
            let line = live.entry.line.id;
            self.sip.place_leg(live.leg, line, number, local);
        }
    }
}

/// How far a call is that is being placed.
pub(crate) fn stage(live: &Live) -> Option<Placing> {
    match live.control.state() {
        State::Placing { ringing: true, .. } => Some(Placing::Ringing),
        State::Placing { .. } => Some(Placing::Calling),
        _ => None,
    }
}

/// Whom an operator wants to call, as the desk says it: never a number.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Whom {
    Back(CallId),
    Task(TaskId, Dialled),
}

impl Whom {
    /// None for who is not to be called: an unknown call or one of ours, a
    /// task that is another operator's, no number.
    async fn read(self, store: &Store, operator: UserId) -> Result<Option<Callee>, StoreError> {
        let read = match self {
            Self::Back(call) => caller_of(store, call).await,
            Self::Task(task, dialled) => employee_of(store, task, operator, dialled).await,
        };
        match read {
            Err(StoreError::NotFound | StoreError::Conflict { .. }) => Ok(None),
            other => other,
        }
    }
}

async fn caller_of(store: &Store, id: CallId) -> Result<Option<Callee>, StoreError> {
    let call = store.calls().by_id(id).await?;
    let can_be = !call.outgoing && call.caller.number.is_some();
    Ok(can_be.then_some(Callee {
        errand: Errand::CallBack { call: id },
        line: call.line,
        caller: call.caller,
        typed: None,
    }))
}

async fn employee_of(
    store: &Store,
    id: TaskId,
    operator: UserId,
    dialled: Dialled,
) -> Result<Option<Callee>, StoreError> {
    let notice = store.notice();
    let task = notice.taken_task(id, operator, Timestamp::now()).await?;
    let Some(employee) = task.employee else {
        return Ok(None);
    };
    let line = store.calls().by_id(task.message.call).await?.line;
    let typed = match dialled {
        Dialled::Extension => employee.extension,
        Dialled::Mobile => employee.mobile,
    };
    let number = Phone::parse(&typed).map(|phone| phone.stored());
    Ok(number.map(|number| Callee {
        errand: Errand::Task { task: id },
        line,
        caller: Caller {
            number: Some(number),
            name: Some(employee.name),
        },
        typed: Some(typed),
    }))
}
