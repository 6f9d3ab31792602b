//! Russia's production calendar, to be offered as exceptional days.

use axum::Json;
use holidays_ru::{Federal, flags_ymd};
use jiff::ToSpan;
use jiff::civil::Date;
use model::language::Language;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::input::Asked;
use crate::problem::{Flaw, Problem};
use crate::session::CompanyAdmin;

/// The first year that the calendar is known of.
const FIRST: i16 = 1993;
/// The last year that can be foretold.
const LAST: i16 = 2100;

/// Which year.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CalendarQuery {
    /// The year.
    year: i16,
}

/// A year's days that differ from their weekday.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductionCalendar {
    /// The government's decree for the year is known: its transfers are in.
    /// Else only what the Labour Code itself tells.
    official: bool,
    /// The days, in order.
    days: Vec<CalendarDay>,
}

/// A day that differs from its weekday.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CalendarDay {
    /// The date.
    #[schema(value_type = String, example = "2027-01-01")]
    date: Date,
    /// What the day is, in the user's language.
    name: String,
    /// Nobody works; else it is a weekend's day that is worked, or a shortened one.
    closed: bool,
    /// An hour shorter than usual.
    shortened: bool,
}

/// Russia's production calendar of a year.
#[utoipa::path(get, path = "/api/production-calendar", tag = "settings", params(CalendarQuery),
    responses((status = OK, body = ProductionCalendar)))]
pub async fn production_calendar(
    admin: CompanyAdmin,
    Asked(query): Asked<CalendarQuery>,
) -> Result<Json<ProductionCalendar>, Problem> {
    let out_of_range = Flaw::OutOfRange {
        min: u32::from(FIRST.unsigned_abs()),
        max: u32::from(LAST.unsigned_abs()),
    };
    if !(FIRST..=LAST).contains(&query.year) {
        return Err(Problem::field("year", out_of_range));
    }
    Ok(Json(calendar(query.year, admin.language)))
}

fn calendar(year: i16, language: Language) -> ProductionCalendar {
    let mut official = true;
    let mut days = Vec::new();
    let first = Date::constant(year, 1, 1);
    for date in first.series(1.day()).take_while(|date| date.year() == year) {
        let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
        let Some(known) = flags_ymd::<Federal>(i32::from(year), month, day) else {
            continue;
        };
        official &= known.is_fact();
        let flags = known.value();
        let holiday = flags.is_holiday();
        let closed = holiday || (flags.is_day_off() && !flags.is_weekend());
        let shortened = flags.is_short_day();
        let moved = flags.is_weekend() && flags.is_working_day();
        if closed || shortened || moved {
            days.push(CalendarDay {
                date,
                name: name(date, holiday, closed, moved, language).to_owned(),
                closed,
                shortened,
            });
        }
    }
    ProductionCalendar { official, days }
}

fn name(date: Date, holiday: bool, closed: bool, moved: bool, language: Language) -> &'static str {
    let (ru, en) = match (holiday, closed, moved) {
        (true, ..) => match (date.month(), date.day()) {
            (1, 7) => ("Рождество Христово", "Orthodox Christmas"),
            (1, _) => ("Новогодние каникулы", "New Year holidays"),
            (2, _) => ("День защитника Отечества", "Defender of the Fatherland Day"),
            (3, _) => ("Международный женский день", "International Women's Day"),
            (5, 9) => ("День Победы", "Victory Day"),
            (5, _) => ("Праздник Весны и Труда", "Spring and Labour Day"),
            (6, _) => ("День России", "Russia Day"),
            (11, _) => ("День народного единства", "Unity Day"),
            _ => ("Праздничный день", "Holiday"),
        },
        (false, true, _) => ("Перенесённый выходной", "Day off in lieu"),
        (false, false, true) => ("Рабочий выходной", "Working weekend"),
        (false, false, false) => ("Сокращённый день", "Shortened day"),
    };
    match language {
        Language::Ru => ru,
        Language::En => en,
    }
}

#[cfg(test)]
mod tests {
    use model::language::Language;

    use super::{CalendarDay, calendar};

    fn dates(year: i16, wanted: impl Fn(&CalendarDay) -> bool) -> Vec<String> {
        let days = calendar(year, Language::Ru).days;
        let wanted = days.iter().filter(|day| wanted(day));
        wanted
            .map(|day| day.date.strftime("%m-%d").to_string())
            .collect()
    }

    #[test]
    fn the_decrees_of_the_years_are_known() {
        for year in 2025..=2027 {
            assert!(calendar(year, Language::Ru).official, "{year}");
        }
        let in_lieu = |day: &CalendarDay| day.name == "Перенесённый выходной";
        assert_eq!(
            dates(2025, in_lieu),
            ["05-02", "05-08", "06-13", "11-03", "12-31"]
        );
        assert_eq!(dates(2026, in_lieu), ["01-09", "03-09", "05-11", "12-31"]);
        assert_eq!(
            dates(2025, |day| !day.closed && !day.shortened),
            Vec::<String>::new()
        );
        assert_eq!(
            dates(2026, |day| day.shortened),
            ["04-30", "05-08", "06-11", "11-03"]
        );
    }

    #[test]
    fn a_working_saturday_is_told_as_one() {
        let days = calendar(2027, Language::En).days;
        let saturday = days
            .iter()
            .find(|day| day.date.strftime("%m-%d").to_string() == "02-20");
        let saturday = saturday.expect("the day");
        assert_eq!(saturday.name, "Working weekend");
        assert!(!saturday.closed && saturday.shortened);
    }

    #[test]
    fn a_year_without_a_decree_says_so() {
        let far = calendar(2040, Language::En);
        assert!(!far.official);
        assert_eq!(far.days[0].name, "New Year holidays");
    }
}
