//! The sentences of a forecast.

use std::time::Duration;

use jiff::civil::{Date, Weekday};
use model::company::Employee;
use model::greeting::{farewells, greetings};
use model::hours::{Interval, Rule};
use model::language::Language;
use model::line::Recipient;
use model::pbx::Connection;

use super::steps::{Case, Said};
use crate::sentences;

/// Puts a case into the words of a language.
pub struct Words<'a> {
    pub case: &'a Case<'a>,
    pub language: Language,
}

impl Words<'_> {
    fn say(&self, ru: impl FnOnce() -> Said, en: impl FnOnce() -> Said) -> Said {
        match self.language {
            Language::Ru => ru(),
            Language::En => en(),
        }
    }

    pub fn hours(&self) -> Said {
        let Case { at, ruling, .. } = self.case;
        let time = at.strftime("%H:%M");
        let day = date(at.date(), self.language);
        let weekday = weekday(at.date().weekday(), self.language);
        let stand = match (ruling.open, self.language) {
            (true, Language::Ru) => "рабочее время",
            (false, Language::Ru) => "нерабочее время",
            (true, Language::En) => "working time",
            (false, Language::En) => "outside of working hours",
        };
        let text = format!("{day} ({weekday}), {time}: {stand}.");
        (text, self.rule())
    }

    fn rule(&self) -> String {
        let ruling = self.case.ruling;
        let day = date(ruling.date, self.language);
        let hours = |intervals: &[Interval]| intervals_in_words(intervals, self.language);
        match (ruling.rule, self.language) {
            (Rule::Weekday(intervals), Language::Ru) => format!(
                "По расписанию на {}: {}.",
                weekday_accusative(ruling.date.weekday()),
                hours(intervals)
            ),
            (Rule::Weekday(intervals), Language::En) => format!(
                "The schedule of {}: {}.",
                weekday(ruling.date.weekday(), Language::En),
                hours(intervals)
            ),
            (Rule::Exception { intervals, note }, Language::Ru) => {
                format!("{day} – особый день{}: {}.", quoted(note), hours(intervals))
            }
            (Rule::Exception { intervals, note }, Language::En) => {
                format!(
                    "{day} is an exceptional day{}: {}.",
                    quoted(note),
                    hours(intervals)
                )
            }
        }
    }

    pub fn not_reached(&self) -> Said {
        let why = sentences::outcome(self.case.connection, self.language);
        let known = self.case.connection != &Connection::NotConfigured;
        self.say(
            || {
                let state = if known { "сейчас нет соединения с АТС" } else { "АТС не указана" };
                (
                    format!("Звонок не дойдёт до Телефонистки: {state}. Дальше – что будет, когда соединение есть."),
                    why.clone(),
                )
            },
            || {
                let state = if known { "there is no connection to the PBX now" } else { "no PBX is given" };
                (
                    format!("The call does not reach Telefonistka: {state}. Below is what happens once it is there."),
                    why.clone(),
                )
            },
        )
    }

    pub fn line_check(&self) -> Said {
        self.say(
            || {
                (
                    "Линия сразу ответит сама и проверит звук: попросит что-нибудь сказать, повторит сказанное и \
                     попрощается. Звонок появится на «Главной» с пометкой «Тестовый звонок»."
                        .into(),
                    "Линия не подключена к колл-центру.".into(),
                )
            },
            || {
                (
                    "The line answers at once by itself and checks the sound: it asks to say something, plays it \
                     back and says goodbye. The call appears on Home as a test call."
                        .into(),
                    "The line is not connected to the call centre.".into(),
                )
            },
        )
    }

    pub fn beeps(&self) -> Said {
        self.say(
            || {
                (
                    "Звонящий услышит короткие гудки, как на занятом номере. Звонок появится на «Главной» с пометкой \
                     «Нерабочее время»."
                        .into(),
                    "«Обрабатывать звонки в нерабочее время»: «Нет» (пункт 4 сценария).".into(),
                )
            },
            || {
                (
                    "The caller hears the busy tone. The call appears on Home as outside of working hours.".into(),
                    "“Handle calls outside of working hours”: “No” (point 4 of the scenario).".into(),
                )
            },
        )
    }

    pub fn ringing(&self, offer: Duration) -> Said {
        let offer = span(offer, self.language);
        let open = self.case.ruling.open;
        self.say(
            || {
                (
                    format!(
                        "Звонящий слышит гудки, а звонок предлагается оператору, который свободен дольше всех. \
                         Не ответил за {offer} – следующему."
                    ),
                    match open {
                        true => "Линия подключена к колл-центру.".into(),
                        false => "Линия подключена к колл-центру, «Обрабатывать звонки в нерабочее время»: «Да»."
                            .into(),
                    },
                )
            },
            || {
                (
                    format!(
                        "The caller hears ringing while the call is offered to the operator who has been free \
                         longest. Not answered within {offer}, it goes to the next one."
                    ),
                    match open {
                        true => "The line is connected to the call centre.".into(),
                        false => "The line is connected to the call centre, “Handle calls outside of working \
                                  hours”: “Yes”."
                            .into(),
                    },
                )
            },
        )
    }

    pub fn operator(&self) -> Said {
        let Case { line, company, .. } = self.case;
        let name = match company.language {
            Language::Ru => "Мария",
            Language::En => "Maria",
        };
        let spoken = company.language;
        let greeting = line
            .script
            .greeting
            .say(greetings(spoken), &company.name, name);
        let farewell = line
            .script
            .farewell
            .say(farewells(spoken), &company.name, name);
        self.say(
            || {
                (
                    format!(
                        "Оператор ответит: «{}» Запишет имя, номер и вопрос, а в конце скажет: «{}»",
                        unquoted(&greeting),
                        unquoted(&farewell)
                    ),
                    "Приветствие и прощание из пунктов 1 и 2 сценария; имя оператора – для примера.".into(),
                )
            },
            || {
                (
                    format!(
                        "The operator answers: “{greeting}”, takes name, number and question, and says in the \
                         end: “{farewell}”"
                    ),
                    "Greeting and farewell of points 1 and 2 of the scenario; the operator's name is an example."
                        .into(),
                )
            },
        )
    }

    pub fn queue(&self, after: Duration) -> Said {
        let after = span(after, self.language);
        self.say(
            || {
                (
                    format!(
                        "Если за {after} никто не ответил, звонящего поприветствует запись, предупредит о записи \
                         разговора и включит музыку. Место в очереди сохраняется; нажав 1, звонящий сразу оставит \
                         голосовое сообщение."
                    ),
                    format!("Все операторы заняты: гудки длятся не дольше {after}."),
                )
            },
            || {
                (
                    format!(
                        "If nobody answers within {after}, a recording welcomes the caller, tells that the call is \
                         recorded, and music plays. The place in the queue stays; pressing 1 leaves a voice message \
                         at once."
                    ),
                    format!("All operators are busy: plain ringing lasts {after} at most."),
                )
            },
        )
    }

    pub fn reassurance(&self, every: Duration) -> Said {
        let every = span(every, self.language);
        self.say(
            || {
                (
                    format!("Каждые {every} запись говорит, что место в очереди сохраняется."),
                    "Чтобы звонящий не ждал в тишине.".into(),
                )
            },
            || {
                (
                    format!("Every {every} a recording tells that the place in the queue is kept."),
                    "So that nobody waits in silence.".into(),
                )
            },
        )
    }

    pub fn voice_message(&self, after: Duration, open: bool, at_once: bool) -> Said {
        let after = span(after, self.language);
        self.say(
            || {
                let sooner = if at_once { " Если на смене нет ни одного оператора – сразу." } else { "" };
                (
                    format!("Если за {after} никто не освободился, звонящий оставит голосовое сообщение.{sooner}"),
                    match open {
                        true => format!("Ожидание в очереди не дольше {after}."),
                        false => format!(
                            "Ожидание в очереди не дольше {after}; в нерабочее время приглашение звучит иначе."
                        ),
                    },
                )
            },
            || {
                let sooner = if at_once { " With no operator signed in, at once." } else { "" };
                (
                    format!("If nobody is free within {after}, the caller leaves a voice message.{sooner}"),
                    match open {
                        true => format!("Nobody waits in the queue longer than {after}."),
                        false => format!(
                            "Nobody waits in the queue longer than {after}; outside of working hours the \
                             invitation is worded differently."
                        ),
                    },
                )
            },
        )
    }

    /// To whom a message goes; none where it reaches nobody.
    pub fn message(&self, people: Option<Vec<&Employee>>) -> Said {
        let Some(people) = people else {
            return self.say(
                || {
                    (
                        "Сообщение никто не получит.".into(),
                        "Получатель не выбран или его больше нет: исправьте в пункте 3 сценария.".into(),
                    )
                },
                || {
                    (
                        "Nobody gets the message.".into(),
                        "No recipient is chosen, or it is gone: mend it in point 3 of the scenario.".into(),
                    )
                },
            );
        };
        let mails = self.case.around.email_enabled;
        let by_mail = |person: &&Employee| mails && !person.email.is_empty();
        let names = |people: Vec<&Employee>| {
            let names: Vec<_> = people.iter().map(|person| person.name.as_str()).collect();
            names.join(", ")
        };
        let (mailed, others): (Vec<&Employee>, Vec<&Employee>) =
            people.into_iter().partition(by_mail);
        let department = self.department();
        let mut ways = Vec::new();
        let (mail, cabinet) = match self.language {
            Language::Ru => ("письмом", "только в личном кабинете"),
            Language::En => ("by e-mail", "in the cabinet only"),
        };
        for (people, way) in [(mailed, mail), (others, cabinet)] {
            if !people.is_empty() {
                ways.push(format!("{} – {way}", names(people)));
            }
        }
        let ways = ways.join("; ");
        self.say(
            || {
                let whose = department
                    .as_ref()
                    .map_or_else(String::new, |name| format!(" отдела «{name}»"));
                (
                    format!("Сообщение{whose} получат: {ways}. Оно появится и на «Главной»."),
                    "Получатель из пункта 3 сценария; звонящий может назвать другого.".into(),
                )
            },
            || {
                let whose = department
                    .as_ref()
                    .map_or_else(String::new, |name| format!(" for “{name}”"));
                (
                    format!("The message{whose} goes to: {ways}. It appears on Home as well."),
                    "The recipient of point 3 of the scenario; the caller may ask for another."
                        .into(),
                )
            },
        )
    }

    fn department(&self) -> Option<String> {
        let Some(Recipient::Department { department }) = self.case.line.script.recipient else {
            return None;
        };
        let rows = &self.case.around.departments;
        let row = rows.iter().find(|row| row.id == department)?;
        Some(row.name.clone())
    }
}

/// Without quotes of its own at both ends, which would stand doubled.
fn unquoted(text: &str) -> &str {
    match text.strip_prefix('«').and_then(|t| t.strip_suffix('»')) {
        Some(inner) if !inner.contains('«') => inner,
        _ => text,
    }
}

fn quoted(note: &str) -> String {
    match note.trim() {
        "" => String::new(),
        note => format!(" «{note}»"),
    }
}

fn intervals_in_words(intervals: &[Interval], language: Language) -> String {
    if intervals.is_empty() {
        return match language {
            Language::Ru => "выходной",
            Language::En => "a day off",
        }
        .to_owned();
    }
    let one = |interval: &Interval| match (interval.from == interval.to, language) {
        (true, Language::Ru) => "круглосуточно".to_owned(),
        (true, Language::En) => "round the clock".to_owned(),
        _ => format!(
            "{}–{}",
            interval.from.strftime("%H:%M"),
            interval.to.strftime("%H:%M")
        ),
    };
    intervals.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// 20 с, 3 мин, 1 мин 30 с.
fn span(time: Duration, language: Language) -> String {
    let (minutes, seconds) = (time.as_secs() / 60, time.as_secs() % 60);
    let (minute, second) = match language {
        Language::Ru => ("мин", "с"),
        Language::En => ("min", "s"),
    };
    match (minutes, seconds) {
        (0, seconds) => format!("{seconds} {second}"),
        (minutes, 0) => format!("{minutes} {minute}"),
        (minutes, seconds) => format!("{minutes} {minute} {seconds} {second}"),
    }
}

const MONTHS: [(&str, &str); 12] = [
    ("января", "January"),
    ("февраля", "February"),
    ("марта", "March"),
    ("апреля", "April"),
    ("мая", "May"),
    ("июня", "June"),
    ("июля", "July"),
    ("августа", "August"),
    ("сентября", "September"),
    ("октября", "October"),
    ("ноября", "November"),
    ("декабря", "December"),
];

/// 31 декабря 2026, 31 December 2026.
fn date(date: Date, language: Language) -> String {
    let at = usize::from(date.month().unsigned_abs()).saturating_sub(1);
    let (ru, en) = MONTHS.get(at).copied().unwrap_or_default();
    let month = match language {
        Language::Ru => ru,
        Language::En => en,
    };
    format!("{} {month} {}", date.day(), date.year())
}

fn weekday(day: Weekday, language: Language) -> &'static str {
    let (ru, en) = match day {
        Weekday::Monday => ("понедельник", "Monday"),
        Weekday::Tuesday => ("вторник", "Tuesday"),
        Weekday::Wednesday => ("среда", "Wednesday"),
        Weekday::Thursday => ("четверг", "Thursday"),
        Weekday::Friday => ("пятница", "Friday"),
        Weekday::Saturday => ("суббота", "Saturday"),
        Weekday::Sunday => ("воскресенье", "Sunday"),
    };
    match language {
        Language::Ru => ru,
        Language::En => en,
    }
}

fn weekday_accusative(day: Weekday) -> &'static str {
    match day {
        Weekday::Wednesday => "среду",
        Weekday::Friday => "пятницу",
        Weekday::Saturday => "субботу",
        other => weekday(other, Language::Ru),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use model::language::Language;

    use super::{span, unquoted};

    #[test]
    fn times_are_told_shortly() {
        let told = |seconds| span(Duration::from_secs(seconds), Language::Ru);
        assert_eq!(
            [20, 180, 90].map(told),
            ["20 с", "3 мин", "1 мин 30 с"].map(String::from)
        );
    }

    #[test]
    fn quotes_are_not_doubled() {
        assert_eq!(unquoted("«Алло»"), "Алло");
        assert_eq!(
            unquoted("«Ромашка», здравствуйте!"),
            "«Ромашка», здравствуйте!"
        );
    }
}
