//! The steps of a forecast: the scenes that the call's own machine goes
//! through, each put into words with its reason.

use std::time::{Duration, Instant};

use call::{Desks, Limits, Plan, Program, Scene, Stage, Step, forecast, plan};
use jiff::ZonedDateTime;
use model::company::Company;
use model::hours::Ruling;
use model::language::Language;
use model::line::Line;
use model::pbx::Connection;

use super::super::problems::recipient;
use super::super::surroundings::Surroundings;
use super::words::Words;
use super::{ForecastStep, ForecastWhat};

/// Everything that decides what a caller hears.
pub struct Case<'a> {
    pub line: &'a Line,
    pub company: &'a Company,
    pub around: &'a Surroundings,
    pub connection: &'a Connection,
    pub at: &'a ZonedDateTime,
    pub ruling: &'a Ruling<'a>,
    pub limits: Limits,
    pub language: Language,
}

/// A step in words: what, and why.
pub type Said = (String, String);

impl Case<'_> {
    /// The steps, in the order in which a caller meets them.
    pub fn steps(&self) -> Vec<ForecastStep> {
        let words = Words {
            case: self,
            language: self.language,
        };
        let mut steps = vec![self.step(ForecastWhat::Hours, words.hours())];
        if !matches!(self.connection, Connection::Registered { .. }) {
            steps.push(self.step(ForecastWhat::NotReached, words.not_reached()));
        }
        let plan = plan(self.line, self.ruling.open);
        let told = |desks| forecast(Instant::now(), plan, self.limits, desks);
        // Who waits longest meets everything; who is lucky, or unlucky, leaves earlier.
        let busy = told(Desks::Busy);
        let nobody_leaves_word = told(Desks::Nobody)
            .iter()
            .any(|stage| matches!(stage.scene, Scene::Hears(Program::VoiceMessage { .. })));
        for (at, stage) in busy.iter().enumerate() {
            let met = busy[..at].iter().any(|other| other.scene == stage.scene);
            if !met {
                steps.extend(self.scene(&words, *stage, &busy, nobody_leaves_word));
            }
            if stage.scene == Scene::Ringing
                && told(Desks::Free).iter().any(|s| s.scene == Scene::Operator)
            {
                steps.push(self.step(ForecastWhat::Operator, words.operator()));
            }
        }
        if let Plan::Operators { .. } = plan {
            let told = recipient(
                self.line.script.recipient,
                &self.around.departments,
                &self.around.employees,
            );
            steps.push(self.step(ForecastWhat::Message, words.message(told.ok())));
        }
        steps
    }

    fn scene(
        &self,
        words: &Words<'_>,
        stage: Stage,
        all: &[Stage],
        nobody_leaves_word: bool,
    ) -> Option<ForecastStep> {
        let (what, said) = match stage.scene {
            Scene::Ringing => (ForecastWhat::Ringing, words.ringing(self.limits.offer)),
            Scene::Beeps => (ForecastWhat::Beeps, words.beeps()),
            Scene::Hears(Program::LineCheck) => (ForecastWhat::LineCheck, words.line_check()),
            Scene::Hears(Program::QueueWelcome) => (ForecastWhat::Queue, words.queue(stage.after)),
            Scene::Hears(Program::Reassurance) => {
                let every = stage.after.saturating_sub(music_before(all, stage.after));
                (ForecastWhat::Reassurance, words.reassurance(every))
            }
            Scene::Hears(Program::VoiceMessage { open }) => (
                ForecastWhat::VoiceMessage,
                words.voice_message(stage.after, open, nobody_leaves_word),
            ),
            Scene::Hears(Program::Music | Program::Transfer | Program::Goodbye)
            | Scene::Operator
            | Scene::Over(_) => return None,
        };
        let mut step = self.step(what, said);
        step.after_s = Some(stage.after.as_secs());
        if let Scene::Hears(program) = stage.scene {
            let mut spoken = program.steps(&self.limits);
            if let Program::VoiceMessage { .. } = program {
                spoken.extend(Program::Goodbye.steps(&self.limits));
            }
            step.prompts = spoken
                .into_iter()
                .filter_map(|step| match step {
                    Step::Prompt(prompt) => Some(prompt.into()),
                    _ => None,
                })
                .collect();
        }
        Some(step)
    }

    fn step(&self, what: ForecastWhat, (text, why): Said) -> ForecastStep {
        ForecastStep {
            what,
            text,
            why,
            after_s: None,
            prompts: Vec::new(),
        }
    }
}

/// When the music began that the moment interrupts.
fn music_before(stages: &[Stage], moment: Duration) -> Duration {
    stages
        .iter()
        .filter(|stage| stage.scene == Scene::Hears(Program::Music) && stage.after < moment)
        .map(|stage| stage.after)
        .max()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use call::Limits;
    use jiff::Timestamp;
    use model::company::Company;
    use model::id::CompanyId;
    use model::language::Language;
    use model::line::{Line, Recipient};
    use model::pbx::Connection;

    use super::super::super::prompt::PromptName;
    use super::super::super::surroundings::samples::{department, line, office};
    use super::super::{ForecastStep, ForecastWhat};
    use super::Case;

    /// What a caller meets at the moment, in both languages.
    fn steps(line: &Line, at: &str) -> Vec<ForecastStep> {
        let around = office();
        let at: Timestamp = at.parse().expect("a moment");
        let company = Company {
            id: CompanyId(Default::default()),
            name: "Ромашка".into(),
            legal_name: String::new(),
            about: String::new(),
            address: String::new(),
            site: String::new(),
            phone: String::new(),
            email: String::new(),
            not_to_say: String::new(),
            texts: Vec::new(),
            language: Language::Ru,
            retention_days: 90,
        };
        let told = |language| {
            Case {
                line,
                company: &company,
                around: &around,
                connection: &Connection::Registered { granted_s: 60 },
                at: &at.to_zoned_datetime(around.hours.time_zone().expect("a zone")),
                ruling: &around.hours.ruling_at(at).expect("hours"),
                limits: Limits::default(),
                language,
            }
            .steps()
        };
        let (russian, english) = (told(Language::Ru), told(Language::En));
        for (ru, en) in russian.iter().zip(&english) {
            assert_eq!(ru.what, en.what);
            for text in [&ru.text, &ru.why, &en.text, &en.why] {
                assert!(!text.is_empty(), "{:?}", ru.what);
            }
            assert_ne!(ru.text, en.text);
        }
        russian
    }

    fn connected() -> Line {
        line(Some(Recipient::Department {
            department: department().id,
        }))
    }

    fn whats(steps: &[ForecastStep]) -> Vec<ForecastWhat> {
        steps.iter().map(|step| step.what).collect()
    }

    const MONDAY_NOON: &str = "2026-11-23T09:00:00Z";
    const NEW_YEARS_EVE: &str = "2026-12-31T16:40:00Z";

    #[test]
    fn a_working_day_is_told_from_the_ringing_to_the_message() {
        let steps = steps(&connected(), MONDAY_NOON);
        assert_eq!(
            whats(&steps),
            [
                ForecastWhat::Hours,
                ForecastWhat::Ringing,
                ForecastWhat::Operator,
                ForecastWhat::Queue,
                ForecastWhat::Reassurance,
                ForecastWhat::VoiceMessage,
                ForecastWhat::Message,
            ]
        );
        assert!(steps[0].text.contains("23 ноября") && steps[0].why.contains("09:00–18:00"));
        assert!(steps[2].text.contains("«Ромашка», здравствуйте!"));
        assert_eq!((steps[3].after_s, steps[4].after_s), (Some(20), Some(50)));
        assert_eq!(
            steps[3].prompts,
            [PromptName::QueueWelcome, PromptName::RecordingNotice]
        );
        assert_eq!(
            (steps[5].after_s, &steps[5].prompts[..]),
            (
                Some(180),
                &[PromptName::VoiceMessage, PromptName::Goodbye][..]
            )
        );
        assert!(steps[6].text.contains("Анна") && steps[6].text.contains("Продажи"));
    }

    #[test]
    fn new_years_eve_after_hours_is_told_as_the_script_says() {
        let mut line = connected();
        let open = steps(&line, NEW_YEARS_EVE);
        assert!(open[0].text.contains("31 декабря") && open[0].text.contains("19:40"));
        assert!(open[0].text.contains("нерабочее"));
        assert_eq!(open[5].prompts[0], PromptName::VoiceMessageClosed);
        line.script.outside_hours = false;
        let closed = steps(&line, NEW_YEARS_EVE);
        assert_eq!(whats(&closed), [ForecastWhat::Hours, ForecastWhat::Beeps]);
        assert!(
            closed[1]
                .why
                .contains("«Обрабатывать звонки в нерабочее время»")
        );
    }

    #[test]
    fn a_line_that_is_not_connected_checks_the_sound() {
        let mut line = connected();
        line.connected = false;
        let steps = steps(&line, NEW_YEARS_EVE);
        assert_eq!(
            whats(&steps),
            [ForecastWhat::Hours, ForecastWhat::LineCheck]
        );
        assert_eq!(
            steps[1].prompts,
            [PromptName::LineCheck, PromptName::LineCheckDone]
        );
    }

    #[test]
    fn a_line_without_a_recipient_says_that_nobody_gets_the_message() {
        let mut line = connected();
        line.script.recipient = None;
        let steps = steps(&line, MONDAY_NOON);
        assert!(steps[6].why.contains("пункте 3"));
    }
}
