//! The calls that are shown, as a file.

use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::call::CallResult;
use model::language::Language;

use super::CallRow;
use super::list::CallQuery;
use crate::Api;
use crate::endpoint::hours::company_zone;
use crate::input::Asked;
use crate::list::whole;
use crate::problem::Problem;
use crate::session::Viewer;
use crate::table::{self, FormatQuery, TableFile};

/// The calls of the list as a file, the newest first, 20 000 at most.
#[utoipa::path(get, path = "/api/calls/export", tag = "calls", params(CallQuery, FormatQuery),
    responses((status = OK, description = "The file", content(
        (Vec<u8> = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
pub async fn export_calls(
    State(api): State<Api>,
    viewer: Viewer,
    Asked(query): Asked<CallQuery>,
    Asked(FormatQuery { format }): Asked<FormatQuery>,
) -> Result<Response, Problem> {
    let (filter, calls) = (query.filter(viewer.seen)?, api.store.calls());
    let _turn = table::turn().await?;
    let found = whole(|page| calls.list(viewer.company, &filter, page)).await?;
    let zone = company_zone(&api, viewer.company).await?;
    let (language, now) = (viewer.user.language, Timestamp::now());
    let file = TableFile {
        name: "calls",
        head: head(language).map(str::to_owned).into(),
        rows: found
            .into_iter()
            .map(|row| cells(CallRow::of(row, now), &zone, language))
            .collect(),
    };
    file.respond(format, language).await
}

fn head(language: Language) -> [&'static str; 13] {
    match language {
        Language::Ru => [
            "Время",
            "Линия",
            "Номер",
            "Имя",
            "Результат",
            "Ждал",
            "Длительность",
            "Оператор",
            "Кому",
            "Сообщение",
            "Кто перезвонил",
            "Когда перезвонили",
            "Направление",
        ],
        Language::En => [
            "Time",
            "Line",
            "Number",
            "Name",
            "Result",
            "Waited",
            "Duration",
            "Operator",
            "To",
            "Message",
            "Called back by",
            "Called back at",
            "Direction",
        ],
    }
}

fn cells(row: CallRow, zone: &TimeZone, language: Language) -> Vec<String> {
    let (to, text) = row.message.map_or_else(Default::default, |message| {
        (message.recipient_name, message.text)
    });
    let back = row.called_back_at.map(|at| clock(at, zone));
    vec![
        clock(row.arrived_at, zone),
        row.line.name,
        row.caller_phone_shown,
        row.caller_name,
        row.result
            .map_or("", |result| named(result, language))
            .to_owned(),
        length(row.waited_ms),
        length(row.duration_ms),
        row.operator_name.unwrap_or_default(),
        to,
        text,
        row.called_back_by.unwrap_or_default(),
        back.unwrap_or_default(),
        direction(row.outgoing, language).to_owned(),
    ]
}

/// By the company's clock, in a form that sorts and that spreadsheets know.
pub fn clock(at: Timestamp, zone: &TimeZone) -> String {
    let at = at.to_zoned_datetime(zone.clone());
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// 0:00:48.
pub fn length(ms: u64) -> String {
    let seconds = ms / 1000;
    format!(
        "{}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

fn direction(outgoing: bool, language: Language) -> &'static str {
    match (outgoing, language) {
        (true, Language::Ru) => "Исходящий",
        (true, Language::En) => "Outgoing",
        (false, Language::Ru) => "Входящий",
        (false, Language::En) => "Incoming",
    }
}

fn named(result: CallResult, language: Language) -> &'static str {
    let (ru, en) = match result {
        CallResult::MessageTaken => ("Сообщение принято", "Message taken"),
        CallResult::Transferred => ("Переведён", "Transferred"),
        CallResult::WrongNumber => ("Ошиблись номером", "Wrong number"),
        CallResult::Dropped => ("Сброс", "Dropped"),
        CallResult::Spam => ("Спам", "Spam"),
        CallResult::VoiceMessage => ("Голосовое сообщение", "Voice message"),
        CallResult::Lost => ("Потерян", "Lost"),
        CallResult::OutsideHours => ("Нерабочее время", "Outside hours"),
        CallResult::TestCall => ("Тестовый звонок", "Test call"),
        CallResult::Reached => ("Дозвонились", "Reached"),
        CallResult::NotReached => ("Не дозвонились", "Not reached"),
    };
    match language {
        Language::Ru => ru,
        Language::En => en,
    }
}
