//! Shifts as a file.

use axum::extract::State;
use axum::response::Response;
use jiff::Span;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use model::language::Language;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{ShiftRow, of_day, zone_of};
use crate::Api;
use crate::endpoint::calls::export::{clock, length};
use crate::input::Asked;
use crate::problem::{Flaw, Problem};
use crate::session::AnySession;
use crate::table::{self, FormatQuery, TableFile};

/// Most days of a file.
const DAYS_MAX: u32 = 31;

/// Which days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ShiftsFileQuery {
    /// The first day, such as `2026-11-01`.
    #[param(value_type = String, format = Date)]
    from: Date,
    /// The last day, a month later at most.
    #[param(value_type = String, format = Date)]
    to: Date,
    /// IANA name of the time zone whose days they are; Moscow where none is told.
    zone: Option<String>,
}

/// What operators did day by day as a file, 31 days at most.
#[utoipa::path(get, path = "/api/desk/shifts/export", tag = "desk", params(ShiftsFileQuery, FormatQuery),
    responses((status = OK, description = "The file", content(
        (Vec<u8> = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
pub async fn export_shifts(
    State(api): State<Api>,
    session: AnySession,
    Asked(query): Asked<ShiftsFileQuery>,
    Asked(FormatQuery { format }): Asked<FormatQuery>,
) -> Result<Response, Problem> {
    let zone = zone_of(query.zone)?;
    let days = query.from.series(Span::new().days(1));
    let days: Vec<Date> = days
        .take_while(|day| *day <= query.to)
        .take(DAYS_MAX as usize + 1)
        .collect();
    if days.is_empty() || days.len() > DAYS_MAX as usize {
        return Err(Problem::field("to", Flaw::BadPeriod { days: DAYS_MAX }));
    }
    let _turn = table::turn().await?;
    let mut rows = Vec::new();
    for day in days {
        let shifts = of_day(&api, day, &zone).await?;
        rows.extend(shifts.into_iter().map(|row| cells(day, row, &zone)));
    }
    let language = session.user.language;
    let file = TableFile {
        name: "shifts",
        head: head(language).map(str::to_owned).into(),
        rows,
    };
    file.respond(format, language).await
}

fn head(language: Language) -> [&'static str; 14] {
    match language {
        Language::Ru => [
            "День",
            "Оператор",
            "С",
            "До",
            "В сети",
            "Готов",
            "На звонках",
            "Постобработка",
            "Перерывы",
            "Предложено",
            "Отвечено",
            "Пропущено",
            "Отклонено",
            "Средний разговор",
        ],
        Language::En => [
            "Day",
            "Operator",
            "From",
            "To",
            "Signed in",
            "Ready",
            "On calls",
            "Wrap-up",
            "Breaks",
            "Offered",
            "Answered",
            "Missed",
            "Declined",
            "Average talk",
        ],
    }
}

fn cells(day: Date, row: ShiftRow, zone: &TimeZone) -> Vec<String> {
    let mut cells = vec![
        day.to_string(),
        row.name,
        clock(row.from, zone),
        clock(row.to, zone),
    ];
    let lengths = [
        row.signed_in_ms,
        row.ready_ms,
        row.on_call_ms,
        row.wrap_up_ms,
        row.breaks_ms,
    ];
    cells.extend(lengths.map(length));
    let counts = [row.offered, row.answered, row.missed, row.declined];
    cells.extend(counts.map(|count| count.to_string()));
    cells.push(row.talk_ms_average.map(length).unwrap_or_default());
    cells
}
