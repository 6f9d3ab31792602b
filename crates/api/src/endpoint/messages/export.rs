//! The messages that are shown, as a file.

use axum::extract::State;
use axum::response::Response;
use jiff::tz::TimeZone;
use model::language::Language;
use model::message::MessageState;
use model::question::with_answers;
use store::StoredMessage;

use super::list::MessageQuery;
use crate::Api;
use crate::endpoint::calls::{clock, shown};
use crate::endpoint::hours::company_zone;
use crate::input::Asked;
use crate::list::whole;
use crate::problem::Problem;
use crate::session::Viewer;
use crate::table::{self, FormatQuery, TableFile};

/// The messages of the list as a file, the newest first, 20 000 at most.
#[utoipa::path(get, path = "/api/messages/export", tag = "messages", params(MessageQuery, FormatQuery),
    responses((status = OK, description = "The file", content(
        (Vec<u8> = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
pub async fn export_messages(
    State(api): State<Api>,
    viewer: Viewer,
    Asked(query): Asked<MessageQuery>,
    Asked(FormatQuery { format }): Asked<FormatQuery>,
) -> Result<Response, Problem> {
    let (company, language) = (viewer.company, viewer.user.language);
    let (filter, messages) = (query.filter(viewer)?, api.store.messages());
    let _turn = table::turn().await?;
    let found = whole(|page| messages.list(company, &filter, page)).await?;
    let zone = company_zone(&api, company).await?;
    let head = match language {
        Language::Ru => [
            "Время",
            "Имя",
            "Номер",
            "Кому",
            "Сообщение",
            "Записал",
            "Срочно",
            "Состояние",
            "Кто",
            "Ответы на вопросы",
        ],
        Language::En => [
            "Time", "Name", "Number", "To", "Message", "Taken by", "Urgent", "State", "By",
            "Answers",
        ],
    };
    let file = TableFile {
        name: "messages",
        head: head.map(str::to_owned).into(),
        rows: found
            .into_iter()
            .map(|row| cells(row, &zone, language))
            .collect(),
    };
    file.respond(format, language).await
}

fn cells(row: StoredMessage, zone: &TimeZone, language: Language) -> Vec<String> {
    let StoredMessage {
        message,
        recipient_name,
        author_name,
        state,
        accepted,
        closed,
        ..
    } = row;
    let by = closed.or(accepted).map(|mark| mark.name);
    vec![
        clock(message.created_at, zone),
        message.caller_name,
        shown(&message.caller_phone),
        recipient_name,
        message.text,
        author_name.unwrap_or_default(),
        if message.urgent { yes(language) } else { "" }.to_owned(),
        state_word(state, language).to_owned(),
        by.unwrap_or_default(),
        with_answers("", &message.answers, language),
    ]
}

fn yes(language: Language) -> &'static str {
    match language {
        Language::Ru => "да",
        Language::En => "yes",
    }
}

fn state_word(state: MessageState, language: Language) -> &'static str {
    match (state, language) {
        (MessageState::Open, Language::Ru) => "Новое",
        (MessageState::Accepted, Language::Ru) => "Принято в работу",
        (MessageState::Closed, Language::Ru) => "Закрыто",
        (MessageState::Open, Language::En) => "New",
        (MessageState::Accepted, Language::En) => "Accepted",
        (MessageState::Closed, Language::En) => "Closed",
    }
}
