//! What a value of the OpenAPI document looks like, for a table to show.

use std::collections::BTreeSet;

use model::language::Language;
use serde::Serialize;
use serde_json::Value;

use super::words::said;

/// A piece of a type's name; a link where it is a type of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// What is read.
    pub text: String,
    /// Name of the type that it is of.
    pub link: Option<String>,
}

/// A named value: a field, or a parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// Its type.
    pub shape: Vec<Piece>,
    /// What it is.
    pub about: String,
    /// It has to be there.
    pub required: bool,
}

/// A type of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Kind {
    /// Its name.
    pub name: String,
    /// What it is.
    pub about: String,
    /// Its fields.
    pub fields: Vec<Named>,
    /// Its values, where it is one of some words.
    pub values: Vec<Named>,
}

/// Words between types.
fn words(language: Language) -> (&'static str, &'static str, &'static str) {
    match language {
        Language::Ru => (" или ", "список: ", "null"),
        Language::En => (" or ", "list of ", "null"),
    }
}

fn text(text: impl Into<String>) -> Piece {
    Piece {
        text: text.into(),
        link: None,
    }
}

/// The name of the type that a reference leads to.
pub fn referred(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.rsplit('/').next()
}

/// The type of a value, as it is read.
pub fn shape(schema: &Value, language: Language) -> Vec<Piece> {
    let (or, list, null) = words(language);
    if let Some(name) = referred(schema) {
        return vec![Piece {
            text: name.to_owned(),
            link: Some(name.to_owned()),
        }];
    }
    for choice in ["oneOf", "anyOf"] {
        if let Some(choices) = schema.get(choice).and_then(Value::as_array) {
            let shapes = choices.iter().map(|choice| shape(choice, language));
            return shapes.collect::<Vec<_>>().join(&text(or));
        }
    }
    let kinds: Vec<&str> = match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(kind)) => vec![kind],
        _ => Vec::new(),
    };
    let mut pieces = Vec::new();
    for kind in kinds {
        if !pieces.is_empty() {
            pieces.push(text(or));
        }
        match kind {
            "array" => {
                pieces.push(text(list));
                pieces.extend(shape(schema.get("items").unwrap_or(&Value::Null), language));
            }
            "null" => pieces.push(text(null)),
            kind => match schema.get("format").and_then(Value::as_str) {
                Some(format @ ("date-time" | "uuid")) => {
                    pieces.push(text(format!("{kind}, {format}")));
                }
                _ => pieces.push(text(kind)),
            },
        }
    }
    if pieces.is_empty() {
        pieces.push(text("object"));
    }
    pieces
}

/// The types that a value of this schema is made of, by name.
pub fn kinds_of(schema: &Value, schemas: &Value, known: &mut BTreeSet<String>) {
    match schema {
        Value::Object(object) => {
            if let Some(name) = referred(schema) {
                if known.insert(name.to_owned()) {
                    kinds_of(&schemas[name], schemas, known);
                }
                return;
            }
            object.values().for_each(|it| kinds_of(it, schemas, known));
        }
        Value::Array(items) => items.iter().for_each(|it| kinds_of(it, schemas, known)),
        _ => {}
    }
}

/// A type by its name.
pub fn kind(name: &str, schemas: &Value, language: Language) -> Kind {
    let schema = &schemas[name];
    let mut kind = Kind {
        name: name.to_owned(),
        about: about(schema, language),
        fields: Vec::new(),
        values: Vec::new(),
    };
    collect(schema, &mut kind, language);
    kind
}

/// What a schema says of itself.
pub fn about(schema: &Value, language: Language) -> String {
    let told = schema.get("description").and_then(Value::as_str);
    said(told.unwrap_or_default(), language)
}

fn collect(schema: &Value, kind: &mut Kind, language: Language) {
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    for (name, field) in schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        kind.fields.push(Named {
            name: name.clone(),
            shape: match constant(field) {
                Some(value) => vec![text(format!("\"{value}\""))],
                None => shape(field, language),
            },
            about: about(field, language),
            required: required.contains(&name.as_str()),
        });
    }
    for value in values(schema) {
        kind.values.push(Named {
            name: value.to_owned(),
            shape: Vec::new(),
            about: about(schema, language),
            required: true,
        });
    }
    // A type made of others: their fields are its own.
    for part in ["allOf", "oneOf", "anyOf"] {
        for schema in schema
            .get(part)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            match referred(schema) {
                Some(name) => kind.fields.push(Named {
                    name: "…".to_owned(),
                    shape: vec![Piece {
                        text: name.to_owned(),
                        link: Some(name.to_owned()),
                    }],
                    about: String::new(),
                    required: true,
                }),
                None => collect(schema, kind, language),
            }
        }
    }
}

fn values(schema: &Value) -> Vec<&str> {
    let values = schema.get("enum").and_then(Value::as_array);
    let values = values.into_iter().flatten().filter_map(Value::as_str);
    values.collect()
}

/// The only value of a field, where there is only one.
fn constant(field: &Value) -> Option<&str> {
    match values(field).as_slice() {
        [only] => Some(only),
        _ => None,
    }
}
