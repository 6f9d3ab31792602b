//! The letter of a summary.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use lettre::Message;
use lettre::message::{Mailbox, MultiPart};
use minijinja::context;
use model::language::Language;
use model::phone::Phone;
use model::user::Summary;
use store::{DueSummary, SummaryFigures};

use super::period::Period;
use crate::letter::template::{Rendered, address, render};
use crate::letter::{LetterError, automatic, one_line};
use crate::mailer::Mailer;

/// Lines that are named one by one: those with the most calls.
const LINES_MAX: usize = 30;

/// Of which month, as it stands in a date.
const MONTHS_RU: [&str; 12] = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];

/// Puts the letter together.
pub(super) fn letter(
    due: &DueSummary,
    period: &Period,
    zone: &TimeZone,
    figures: &SummaryFigures,
    mailer: &Mailer,
) -> Result<Message, LetterError> {
    let language = due.user.language;
    let days = days(language, period);
    let company = one_line(&due.company_name);
    let subject = match (language, period.summary) {
        (Language::Ru, Summary::Week) => format!("Сводка за неделю {days}: {company}"),
        (Language::Ru, _) => format!("Сводка за {days}: {company}"),
        (Language::En, Summary::Week) => format!("The week of {days}: {company}"),
        (Language::En, _) => format!("Summary of {days}: {company}"),
    };
    let lost: Vec<_> = figures
        .newest
        .iter()
        .map(|lost| {
            let phone = lost.number.as_deref().and_then(Phone::parse);
            context! {
                at => moment(language, lost.at, zone),
                phone => phone.as_ref().map(Phone::to_string),
                tel => match &phone {
                    Some(phone @ Phone::Public(_)) => Some(phone.stored()),
                    _ => None,
                },
                line => one_line(&lost.line),
            }
        })
        .collect();
    let mut lines: Vec<_> = figures.lines.iter().collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.calls));
    let lines: Vec<_> = lines
        .into_iter()
        .take(LINES_MAX)
        .map(|line| {
            let name = one_line(&line.name);
            context! { name, calls => line.calls, answered => line.answered, lost => line.lost }
        })
        .collect();
    let words = context! {
        subject => subject.as_str(),
        company,
        days,
        week => period.summary == Summary::Week,
        calls => figures.calls,
        answered => figures.answered,
        missed => figures.lost,
        messages => figures.messages,
        open => figures.open,
        not_called_back => figures.not_called_back,
        more => figures.not_called_back.saturating_sub(lost.len() as u64),
        lost,
        lines,
        link => address(format!("{}/cabinet", mailer.public_url.trim_end_matches('/'))),
    };
    let Rendered { text, html } = render("summary", language, words)?;
    let name = one_line(&due.user.name);
    let to = Mailbox::new((!name.is_empty()).then_some(name), due.user.login.parse()?);
    let id = format!("<{}@{}>", due.id, mailer.from.email.domain());
    Ok(automatic()
        .from(mailer.from.clone())
        .to(to)
        .subject(subject)
        .message_id(Some(id))
        .multipart(MultiPart::alternative_plain_html(text, html))?)
}

/// «25 ноября 2026», «16–22 ноября 2026», «30 ноября – 6 декабря 2026».
fn days(language: Language, period: &Period) -> String {
    let first = period.first;
    let last = period.end().and_then(|end| end.checked_sub(1.day()).ok());
    let Some(last) = last.filter(|last| *last != first) else {
        return day(language, first, true, true);
    };
    let same_month = (first.year(), first.month()) == (last.year(), last.month());
    let begin = day(language, first, !same_month, first.year() != last.year());
    let end = day(language, last, true, true);
    match same_month {
        true => format!("{begin}–{end}"),
        false => format!("{begin} – {end}"),
    }
}

fn day(language: Language, date: Date, month: bool, year: bool) -> String {
    let mut text = date.day().to_string();
    if month {
        text.push(' ');
        match language {
            Language::Ru => text.push_str(MONTHS_RU[usize::from(date.month().unsigned_abs()) - 1]),
            Language::En => text.push_str(&date.strftime("%B").to_string()),
        }
    }
    if year {
        text.push_str(&format!(" {}", date.year()));
    }
    text
}

/// A day and a time: «25 ноября, 14:05».
fn moment(language: Language, at: Timestamp, zone: &TimeZone) -> String {
    let at = at.to_zoned_datetime(zone.clone());
    let day = day(language, at.date(), true, false);
    format!("{day}, {}", at.strftime("%H:%M"))
}

#[cfg(test)]
mod tests {
    use model::id::{CompanyId, UserId};
    use model::user::{Role, User};
    use store::{LineFigures, Lost};

    use super::*;
    use crate::mailer::{MailSettings, Security};

    fn written(language: Language, period: &str, figures: &SummaryFigures) -> String {
        let mailer = Mailer::new(&MailSettings {
            host: "localhost".into(),
            port: 25,
            security: Security::None,
            login: None,
            from: "calls@example.com".into(),
            public_url: "https://calls.example.com/".into(),
        })
        .expect("settings");
        let id = uuid::Uuid::from_u128(7);
        let due = DueSummary {
            id,
            user: User {
                id: UserId(id),
                company: Some(CompanyId(id)),
                login: "director@example.com".into(),
                name: "Director".into(),
                roles: vec![Role::CompanyAdmin],
                must_change_password: false,
                invited: false,
                language,
            },
            summary: Summary::Day,
            company_name: "Romashka".into(),
            zone: "Europe/Moscow".into(),
            period: period.into(),
            created_at: Timestamp::UNIX_EPOCH,
            attempts: 1,
        };
        let period = period.parse().expect("a period");
        let zone = TimeZone::get("Europe/Moscow").expect("a zone");
        let letter = letter(&due, &period, &zone, figures, &mailer).expect("a letter");
        let letter = letter.formatted();
        String::from_utf8_lossy(&letter)
            .replace("=\r\n", "")
            .replace("=3D", "=")
    }

    fn figures() -> SummaryFigures {
        SummaryFigures {
            calls: 42,
            answered: 36,
            lost: 6,
            not_called_back: 4,
            newest: vec![
                Lost {
                    at: "2026-11-25T11:05:00Z".parse().expect("a timestamp"),
                    number: Some("+79161234567".into()),
                    line: "Sales".into(),
                },
                Lost {
                    at: "2026-11-25T09:00:00Z".parse().expect("a timestamp"),
                    number: None,
                    line: "<i>".into(),
                },
            ],
            messages: 30,
            open: 3,
            lines: vec![LineFigures {
                name: "Sales".into(),
                calls: 42,
                answered: 36,
                lost: 6,
            }],
        }
    }

    #[test]
    fn the_letter_tells_the_figures_and_whom_to_call_back() {
        let letter = written(Language::En, "day 2026-11-25", &figures());
        assert!(
            letter.contains("Subject: Summary of 25 November 2026: Romashka"),
            "{letter}"
        );
        assert!(letter.contains("Message-ID: <00000000-0000-0000-0000-000000000007@example.com>"));
        assert!(
            letter.contains("25 November, 14:05  +7 (916) 123-45-67  Sales"),
            "{letter}"
        );
        assert!(letter.contains("and 2 more"), "{letter}");
        let html = letter.split("text/html").nth(1).expect("an HTML part");
        assert!(html.contains("href=\"tel:+79161234567\""), "{html}");
        assert!(html.contains("https://calls.example.com/cabinet"), "{html}");
        assert!(!html.contains("<i>"), "{html}");
    }

    #[test]
    fn days_are_said_as_people_say_them() {
        let said = |period: &str| {
            let period = period.parse().expect("a period");
            (days(Language::Ru, &period), days(Language::En, &period))
        };
        let both = |ru: &str, en: &str| (ru.to_owned(), en.to_owned());
        assert_eq!(
            said("day 2026-11-25"),
            both("25 ноября 2026", "25 November 2026")
        );
        assert_eq!(
            said("week 2026-11-16"),
            both("16–22 ноября 2026", "16–22 November 2026")
        );
        assert_eq!(
            said("week 2026-11-30"),
            both(
                "30 ноября – 6 декабря 2026",
                "30 November – 6 December 2026"
            )
        );
        assert_eq!(
            said("week 2026-12-28"),
            both(
                "28 декабря 2026 – 3 января 2027",
                "28 December 2026 – 3 January 2027"
            )
        );
    }
}
