//! Checks of «Вопросы сценария», and of answers to them.

use std::collections::HashSet;

use model::id::QuestionId;
use model::question::{Answer, AnswerFlaw, AnswerKind, Question, WORDS_MAX};

use crate::problem::Flaw;
use crate::validate::Checks;

/// A caller does not answer more than that.
const QUESTIONS_MAX: usize = 20;
const LABEL_MAX: usize = 200;
const OPTIONS_MAX: usize = 30;
const OPTION_MAX: usize = 100;

/// Questions as they may be saved.
pub(super) fn checked(checks: &mut Checks, questions: Vec<Question>) -> Vec<Question> {
    checks.rows("questions", questions.len(), QUESTIONS_MAX);
    let mut ids = HashSet::new();
    let rows = questions.into_iter().enumerate();
    rows.map(|(row, question)| {
        let field = format!("questions.{row}.label");
        if !ids.insert(question.id) {
            checks.flaw(&field, Flaw::Twice);
        }
        Question {
            label: checks.required(&field, &question.label, LABEL_MAX),
            answer: match question.answer {
                AnswerKind::Choice { options } => AnswerKind::Choice {
                    options: chosen(checks, &format!("questions.{row}.answer.options"), options),
                },
                plain => plain,
            },
            ..question
        }
    })
    .collect()
}

/// Options without empty ones.
fn chosen(checks: &mut Checks, field: &str, options: Vec<String>) -> Vec<String> {
    let mut known = HashSet::new();
    let mut kept = Vec::new();
    for option in options {
        let option = checks.line(field, &option, OPTION_MAX);
        if option.is_empty() {
            continue;
        }
        if !known.insert(option.clone()) {
            checks.flaw(field, Flaw::Twice);
        }
        kept.push(option);
    }
    checks.rows(field, kept.len(), OPTIONS_MAX);
    if kept.is_empty() {
        checks.flaw(field, Flaw::Empty);
    }
    kept
}

/// Reads what was given against the questions as they stand, in their order.
/// An answer to a question that is not there any more is a flaw, not lost.
pub(in crate::endpoint) fn answers(
    checks: &mut Checks,
    questions: &[Question],
    given: &[(QuestionId, String)],
) -> Vec<Answer> {
    for (id, value) in given {
        if !value.trim().is_empty() && !questions.iter().any(|question| question.id == *id) {
            checks.flaw(format!("answers.{id}"), Flaw::UnknownQuestion);
        }
    }
    let mut read = Vec::new();
    for question in questions {
        let value = given.iter().find(|(id, _)| *id == question.id);
        match question.read(value.map_or("", |(_, value)| value)) {
            Ok(answer) => read.extend(answer),
            Err(flaw) => checks.flaw(format!("answers.{}", question.id), told(flaw)),
        }
    }
    read
}

fn told(flaw: AnswerFlaw) -> Flaw {
    match flaw {
        AnswerFlaw::Missing => Flaw::Empty,
        AnswerFlaw::TooLong => Flaw::TooLong { max: WORDS_MAX },
        AnswerFlaw::BadCharacters => Flaw::BadCharacters,
        AnswerFlaw::NotAnOption => Flaw::UnknownVariant,
        AnswerFlaw::NotADate => Flaw::NotADate,
        AnswerFlaw::NotANumber => Flaw::NotANumber,
    }
}
