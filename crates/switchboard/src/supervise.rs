//! Supervisors at their boards: what they are shown, and their part in operators' calls.

use std::collections::HashMap;

use call::{QueueInput, State, Wish};
use model::call::Happening;
use model::id::{BrowserId, CallId, UserId};
use model::supervision::Supervision;
use tokio::sync::mpsc;

use crate::board::{
    Attendance, BoardCall, BoardCommand, BoardCompany, BoardEvent, BoardOperator, BoardSupervisor,
    BoardView,
};
use crate::boards::Board;
use crate::desk::{ChosenState, SoundState};
use crate::exchange::{Exchange, Step};
use crate::handle::BoardId;
use crate::live::Live;
use crate::moment::Moment;
use crate::note::Note;
use crate::translate;

impl Exchange {
    pub(crate) fn open_board(
        &mut self,
        supervisor: UserId,
        name: String,
        frames: mpsc::Sender<BoardEvent>,
        now: Moment,
    ) -> BoardId {
        let id = self.boards.next_id();
        let board = Board::new(id, supervisor, name, frames);
        board.send(BoardEvent::Welcome { supervisor });
        self.boards.put(board);
        self.tell_boards(now);
        id
    }

    pub(crate) fn close_board(&mut self, id: BoardId, now: Moment) {
        if let Some(board) = self.boards.take(id) {
            self.engine.close_browser(board.browser);
            if let Some(at) = board.at {
                self.supervisor_left(board.supervisor, at, now);
            }
        }
    }

    pub(crate) fn board_says(&mut self, id: BoardId, command: BoardCommand, now: Moment) {
        let Some(board) = self.boards.by_id(id) else {
            return;
        };
        match command {
            BoardCommand::Ping => board.send(BoardEvent::Pong),
            BoardCommand::SoundOffer { sdp } => {
                let (browser, engine, notes) =
                    (board.browser, self.engine.clone(), self.notes.clone());
                tokio::spawn(async move {
                    let answer = engine.browser(browser, sdp).await;
                    // The switchboard may have stopped meanwhile.
                    let _ = notes.send(Note::BoardSoundAnswer { board: id, answer });
                });
            }
            BoardCommand::Supervise { operator, how } => self.supervise(id, operator, how, now),
            BoardCommand::Leave => {
                if let Some(at) = board.at.take() {
                    board.tell_attendance();
                    let supervisor = board.supervisor;
                    self.engine.release_supervisor(at.call);
                    self.supervisor_left(supervisor, at, now);
                }
            }
            BoardCommand::State { operator, state } => self.set_state(id, operator, state),
        }
        self.tell_boards(now);
    }

    fn supervise(&mut self, id: BoardId, operator: UserId, how: Supervision, now: Moment) {
        let call = self.call_of(operator).map(Live::id);
        let other = call.and_then(|call| self.boards.at(call).map(|board| board.id));
        let Some(board) = self.boards.by_id(id) else {
            return;
        };
        if !board.sound_up {
            return board.error(
                "no_sound",
                "Звук не подключён: разрешите микрофон и проверьте связь, затем попробуйте ещё раз.",
            );
        }
        let Some(call) = call else {
            return board.error("no_call", "Оператор уже не разговаривает.");
        };
        if board.supervisor == operator {
            return board.error("own_call", "Это Ваш собственный разговор.");
        }
        if other.is_some_and(|other| other != id) {
            return board.error(
                "taken",
                "К этому разговору уже подключён другой супервизор.",
            );
        }
        let (browser, supervisor) = (board.browser, board.supervisor);
        let at = Attendance {
            call,
            operator,
            how,
        };
        let before = board.at.replace(at);
        board.tell_attendance();
        if let Some(before) = before.filter(|before| before.call != call) {
            self.engine.release_supervisor(before.call);
            self.supervisor_left(supervisor, before, now);
        }
        self.engine.supervise(call, browser, how);
        self.supervision_changed(supervisor, before.filter(|b| b.call == call), Some(at), now);
    }

    fn supervisor_left(&mut self, supervisor: UserId, at: Attendance, now: Moment) {
        self.supervision_changed(supervisor, Some(at), None, now);
    }

    /// Tells the operator's desk who is heard, and the timeline who talked with the caller.
    fn supervision_changed(
        &mut self,
        supervisor: UserId,
        before: Option<Attendance>,
        after: Option<Attendance>,
        now: Moment,
    ) {
        let Some(call) = after.or(before).map(|at| at.call) else {
            return;
        };
        if let Some(live) = self.calls.get_mut(&call) {
            live.changed = true;
        }
        let barges = |at: Option<Attendance>| at.is_some_and(|at| at.how.is_heard_by_all());
        let happening = match (barges(before), barges(after)) {
            (false, true) => Happening::SupervisorJoined {
                operator: supervisor,
            },
            (true, false) => Happening::SupervisorLeft {
                operator: supervisor,
            },
            _ => return,
        };
        self.record(call, happening, now);
    }

    /// The operator has left the call, or it is over: the supervisor's leg is free.
    pub(crate) fn end_supervision(&mut self, call: CallId, now: Moment) {
        let mut boards = self.boards.all().iter_mut();
        let board = boards.find(|board| board.at.is_some_and(|at| at.call == call));
        if let Some(board) = board
            && let Some(at) = board.at.take()
        {
            board.tell_attendance();
            let supervisor = board.supervisor;
            self.engine.release_supervisor(call);
            self.supervisor_left(supervisor, at, now);
        }
    }

    /// How a supervisor is heard in the call; a listener is nobody's to know.
    pub(crate) fn heard_supervisor(&self, call: CallId) -> Option<Supervision> {
        let how = self.boards.at(call)?.at?.how;
        Some(how).filter(|how| how.is_heard_by_the_operator())
    }

    fn set_state(&mut self, id: BoardId, operator: UserId, state: ChosenState) {
        let wish = translate::wish(state);
        let sound_up = self.desks.of(operator).is_some_and(|desk| desk.sound_up);
        if wish == Wish::Ready && !sound_up {
            if let Some(board) = self.boards.by_id(id) {
                board.error(
                    "operator_no_sound",
                    "У оператора не подключён звук: «Готов» можно включить только за рабочим местом.",
                );
            }
            return;
        }
        let chosen = translate::chosen(state);
        if self
            .told
            .get(&operator)
            .is_none_or(|told| told.state != chosen)
        {
            self.boards.chosen.insert(operator, chosen);
        }
        let input = QueueInput::SetState { operator, wish };
        self.steps.push_back(Step::Queue(input));
    }

    pub(crate) fn board_sound_answered(
        &mut self,
        id: BoardId,
        answer: Result<String, media::BrowserError>,
    ) {
        if let Some(board) = self.boards.by_id(id) {
            match answer {
                Ok(sdp) => board.send(BoardEvent::SoundAnswer { sdp }),
                Err(error) => board.error("sound_refused", &error.to_string()),
            }
        }
    }

    pub(crate) fn board_sound_changed(&mut self, browser: BrowserId, up: bool) {
        if let Some(board) = self.boards.by_browser(browser) {
            board.sound_up = up;
            let state = if up { SoundState::Up } else { SoundState::Down };
            board.send(BoardEvent::SoundState { state });
        }
    }

    /// Shows every board what goes on.
    pub(crate) fn tell_boards(&mut self, now: Moment) {
        if self.boards.all().is_empty() {
            return;
        }
        let view = self.board_view(now);
        for board in self.boards.all() {
            board.show(&view);
        }
    }

    fn board_view(&self, now: Moment) -> BoardView {
        let waiting = self.queue.snapshot().waiting;
        let mut companies: HashMap<_, BoardCompany> = HashMap::new();
        for call in &waiting {
            let Some(live) = self.calls.get(&call.call) else {
                continue;
            };
            let (company, since) = (&live.entry.company, now.on_wall(call.since));
            let row = companies.entry(company.id).or_insert_with(|| BoardCompany {
                id: company.id,
                name: company.name.clone(),
                waiting: 0,
                longest_wait_since: since,
            });
            row.waiting += 1;
            row.longest_wait_since = row.longest_wait_since.min(since);
        }
        let mut companies: Vec<_> = companies.into_values().collect();
        companies
            .sort_by(|a, b| (a.longest_wait_since, &a.name).cmp(&(b.longest_wait_since, &b.name)));
        let operators = self.told.iter().map(|(operator, told)| BoardOperator {
            id: *operator,
            name: self.boards.names.get(operator).cloned().unwrap_or_default(),
            state: told.state,
            since: told.since,
            call: self.call_of(*operator).map(|live| self.board_call(live)),
        });
        let mut operators: Vec<_> = operators.collect();
        operators.sort_by(|a, b| (&a.name, a.id.0).cmp(&(&b.name, b.id.0)));
        BoardView {
            waiting: waiting.len(),
            longest_wait_since: companies.first().map(|first| first.longest_wait_since),
            estimated_wait_s: self.figures.estimated_wait_s,
            operators,
            companies,
        }
    }

    fn board_call(&self, live: &Live) -> BoardCall {
        let conversation = live.control.state().conversation();
        let held = conversation.is_some_and(|c| c.held);
        let apart = matches!(live.control.state(), State::Consulting(c) if !c.together);
        let board = self.boards.at(live.id());
        BoardCall {
            id: live.id(),
            company_name: live.entry.company.name.clone(),
            answered_at: live.answered_at,
            on_hold: held || apart,
            supervisor: board.and_then(|board| {
                Some(BoardSupervisor {
                    name: board.name.clone(),
                    how: board.at?.how,
                })
            }),
        }
    }
}
