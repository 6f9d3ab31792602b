//! The desk's WebSocket: frames of the browser to the switchboard, and back.

use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{WebSocket, WebSocketUpgrade, close_code};
use axum::response::Response;
use model::user::Role;
use switchboard::desk::{DeskCommand, DeskEvent};
use switchboard::handle::{Desk, Stopped};
use tokio::sync::mpsc;

use super::frames::{self, Line, NOT_UNDERSTOOD};
use crate::Api;
use crate::problem::{Code, Problem};
use crate::session::Operator;

/// The desk's WebSocket, JSON text frames.
#[utoipa::path(get, path = "/api/desk/socket", tag = "desk",
    responses((status = SWITCHING_PROTOCOLS, description = "WebSocket with JSON text frames")))]
pub async fn desk_socket(
    State(api): State<Api>,
    operator: Operator,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let upgrade = upgrade.map_err(|_| Code::NotWebSocket)?;
    Ok(frames::serve(upgrade, move |socket| {
        attend(api, operator, socket)
    }))
}

async fn attend(api: Api, operator: Operator, mut socket: WebSocket) {
    let Operator { user, token } = operator;
    let Ok(mut desk) = api.switchboard.open_desk(user.id, user.name).await else {
        frames::close(&mut socket, close_code::RESTART).await;
        return;
    };
    let code = frames::run(&api, &mut desk, &mut socket, &token, user.language).await;
    api.switchboard.close_desk(desk.id);
    frames::close(&mut socket, code).await;
}

impl Line for Desk {
    type Command = DeskCommand;
    type Event = DeskEvent;
    const ROLE: Role = Role::Operator;

    fn frames(&mut self) -> &mut mpsc::Receiver<DeskEvent> {
        &mut self.frames
    }

    fn replaces(event: &DeskEvent) -> bool {
        matches!(event, DeskEvent::Replaced)
    }

    fn is_hint(event: &DeskEvent) -> bool {
        matches!(event, DeskEvent::Tasks)
    }

    fn command(&self, api: &Api, command: DeskCommand) -> Result<(), Stopped> {
        api.switchboard.command(self.id, command)
    }

    fn complaint(text: String) -> DeskEvent {
        let code = NOT_UNDERSTOOD;
        DeskEvent::Error { code, text }
    }
}
