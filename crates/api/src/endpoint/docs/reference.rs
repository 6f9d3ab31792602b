//! What keys open, out of the OpenAPI document and the table of `access`.

use std::collections::BTreeSet;

use model::language::Language;
use serde::Serialize;
use serde_json::Value;

use super::shape::{Kind, Named, Piece, about, kind, kinds_of, shape};
use super::words::said;
use crate::access::{Access, RULES};

/// An address that keys open.
#[derive(Debug, Serialize)]
pub struct Operation {
    /// Its name in the document: where links lead to.
    pub id: String,
    /// GET, POST…
    pub method: &'static str,
    /// Its path.
    pub path: &'static str,
    /// The scope that opens it.
    pub scope: &'static str,
    /// What it does.
    pub about: String,
    /// What may stand in path and query.
    pub parameters: Vec<Named>,
    /// What is sent.
    pub body: Vec<Piece>,
    /// What is answered, by status.
    pub answers: Vec<Answer>,
}

/// An answer.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// Its status.
    pub status: String,
    /// Kinds of its content.
    pub content: String,
    /// Its type.
    pub shape: Vec<Piece>,
}

/// All that keys open.
#[derive(Debug)]
pub struct Reference {
    /// The API of today.
    pub operations: Vec<Operation>,
    /// The one of before.
    pub old: Vec<Operation>,
    /// The types of both.
    pub kinds: Vec<Kind>,
}

impl Reference {
    /// Reads it out of the OpenAPI document.
    pub fn of(document: &Value, language: Language) -> Self {
        let schemas = &document["components"]["schemas"];
        let mut names = BTreeSet::from(["Problem".to_owned()]);
        let (mut operations, mut old) = (Vec::new(), Vec::new());
        kinds_of(&schemas["Problem"], schemas, &mut names);
        for rule in RULES {
            let Some(scope) = rule.scope else {
                continue;
            };
            let told = &document["paths"][rule.path][rule.method.to_lowercase()];
            for part in ["parameters", "requestBody", "responses"] {
                kinds_of(&told[part], schemas, &mut names);
            }
            let operation = Operation {
                id: told["operationId"].as_str().unwrap_or_default().to_owned(),
                method: rule.method,
                path: rule.path,
                scope: scope.name(),
                about: sentence(told, language),
                parameters: parameters(told, language),
                body: body(told, language),
                answers: answers(told, language),
            };
            match rule.access {
                Access::OldApi => old.push(operation),
                _ => operations.push(operation),
            }
        }
        Self {
            operations,
            old,
            kinds: names
                .iter()
                .map(|name| kind(name, schemas, language))
                .collect(),
        }
    }
}

/// Summary and description are one text of the handler's, cut after its first paragraph.
fn sentence(told: &Value, language: Language) -> String {
    let part = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
    said(
        &format!("{} {}", part("summary"), part("description")),
        language,
    )
}

fn parameters(told: &Value, language: Language) -> Vec<Named> {
    let all = told["parameters"].as_array().into_iter().flatten();
    all.map(|told| Named {
        name: told["name"].as_str().unwrap_or_default().to_owned(),
        shape: shape(&told["schema"], language),
        about: about(told, language),
        required: told["required"].as_bool().unwrap_or_default(),
    })
    .collect()
}

fn body(told: &Value, language: Language) -> Vec<Piece> {
    match &told["requestBody"]["content"]["application/json"]["schema"] {
        Value::Null => Vec::new(),
        schema => shape(schema, language),
    }
}

fn answers(told: &Value, language: Language) -> Vec<Answer> {
    let all = told["responses"].as_object().into_iter().flatten();
    let all = all.filter(|(status, _)| *status != "default");
    all.map(|(status, told)| {
        let content = told["content"].as_object();
        let kinds = content.into_iter().flatten();
        let kinds: Vec<&str> = kinds.map(|(kind, _)| kind.as_str()).collect();
        let json = &told["content"]["application/json"]["schema"];
        Answer {
            status: status.clone(),
            content: kinds.join(", "),
            shape: match json {
                Value::Null => Vec::new(),
                schema => shape(schema, language),
            },
        }
    })
    .collect()
}
