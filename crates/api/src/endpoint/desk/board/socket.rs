//! The board's WebSocket: what goes on, live, and the supervisor's part in calls.

use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{WebSocket, WebSocketUpgrade, close_code};
use axum::response::Response;
use model::user::Role;
use switchboard::board::{BoardCommand, BoardEvent};
use switchboard::handle::{Board, Stopped};
use tokio::sync::mpsc;

use crate::Api;
use crate::endpoint::desk::frames::{self, Line, NOT_UNDERSTOOD};
use crate::problem::{Code, Problem};
use crate::session::AnySession;

/// The board's WebSocket, JSON text frames. A supervisor may have several open.
#[utoipa::path(get, path = "/api/desk/board/socket", tag = "desk",
    responses((status = SWITCHING_PROTOCOLS, description = "WebSocket with JSON text frames")))]
pub async fn board_socket(
    State(api): State<Api>,
    session: AnySession,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let upgrade = upgrade.map_err(|_| Code::NotWebSocket)?;
    Ok(frames::serve(upgrade, move |socket| {
        attend(api, session, socket)
    }))
}

async fn attend(api: Api, session: AnySession, mut socket: WebSocket) {
    let AnySession { user, token, .. } = session;
    let Ok(mut board) = api.switchboard.open_board(user.id, user.name).await else {
        frames::close(&mut socket, close_code::RESTART).await;
        return;
    };
    let code = frames::run(&api, &mut board, &mut socket, &token, user.language).await;
    api.switchboard.close_board(board.id);
    frames::close(&mut socket, code).await;
}

impl Line for Board {
    type Command = BoardCommand;
    type Event = BoardEvent;
    const ROLE: Role = Role::Supervisor;

    fn frames(&mut self) -> &mut mpsc::Receiver<BoardEvent> {
        &mut self.frames
    }

    fn replaces(_: &BoardEvent) -> bool {
        false
    }

    fn is_hint(_: &BoardEvent) -> bool {
        false
    }

    fn command(&self, api: &Api, command: BoardCommand) -> Result<(), Stopped> {
        api.switchboard.board_command(self.id, command)
    }

    fn complaint(text: String) -> BoardEvent {
        let code = NOT_UNDERSTOOD;
        BoardEvent::Error { code, text }
    }
}
