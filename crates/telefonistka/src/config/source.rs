//! Settings as they were written, each with its place: the file's, and the
//! environment's over them.

use std::collections::BTreeMap;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::mistake::{ConfigError, Mistake, Place};

/// What environment variables of ours begin with: `TELEFONISTKA__HTTP__LISTEN`.
const PREFIX: &str = "TELEFONISTKA__";

/// A setting's value, as written.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A string of the file.
    Text(String),
    /// A whole number of the file.
    Number(i64),
    /// True or false of the file.
    Truth(bool),
    /// A list of the file.
    List(Vec<Value>),
    /// An environment variable's contents: a string, a number, true or false, or a list with commas.
    Plain(String),
    /// Something of the file that no setting takes.
    Other(&'static str),
}

/// A setting as written.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its value.
    pub value: Value,
    /// The value as the file or the variable spells it.
    pub spelled: String,
    /// Where it stands.
    pub place: Place,
}

/// All settings as written, by section and key; the section before the first heading is `""`.
#[derive(Debug, Default)]
pub struct Source {
    /// The settings.
    pub entries: BTreeMap<(String, String), Entry>,
    /// Sections and the places of their headings.
    pub sections: BTreeMap<String, Place>,
}

impl Source {
    /// Reads the file's text and then the variables.
    pub fn read(
        file: &Path,
        text: &str,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut source = Self::default();
        source.read_file(file, text)?;
        let mut variables: Vec<_> = variables
            .into_iter()
            .filter(|(name, _)| name.starts_with(PREFIX))
            .collect();
        variables.sort();
        for (name, value) in variables {
            source.read_variable(&name, value);
        }
        Ok(source)
    }

    fn read_file(&mut self, file: &Path, text: &str) -> Result<(), ConfigError> {
        let place = |offset: usize| {
            let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
            Place::Line(
                file.to_owned(),
                1 + before.iter().filter(|b| **b == b'\n').count(),
            )
        };
        let table = DeTable::parse(text).map_err(|error| {
            ConfigError::one(Mistake {
                place: place(error.span().map_or(0, |span| span.start)),
                setting: String::new(),
                mend: format!("this is not TOML: {}", error.message().replace('\n', ", ")),
            })
        })?;
        let entry = |key: &toml::Spanned<_>, value: &toml::Spanned<DeValue<'_>>| Entry {
            value: Value::of(value.get_ref()),
            spelled: text.get(value.span()).unwrap_or_default().to_owned(),
            place: place(key.span().start),
        };
        for (key, value) in table.get_ref() {
            let name = key.get_ref().to_string();
            match value.get_ref() {
                DeValue::Table(keys) => {
                    for (key, value) in keys {
                        let at = (name.clone(), key.get_ref().to_string());
                        self.entries.insert(at, entry(key, value));
                    }
                    self.sections.insert(name, place(key.span().start));
                }
                _ => {
                    self.entries
                        .insert((String::new(), name), entry(key, value));
                }
            }
        }
        Ok(())
    }

    fn read_variable(&mut self, name: &str, value: String) {
        let path = name[PREFIX.len()..].to_lowercase();
        let place = Place::Variable(name.to_owned());
        let (section, key) = path.split_once("__").unwrap_or(("", &path));
        if !section.is_empty() {
            self.sections
                .entry(section.to_owned())
                .or_insert_with(|| place.clone());
        }
        let spelled = format!("{value:?}");
        let entry = Entry {
            value: Value::Plain(value),
            spelled,
            place,
        };
        self.entries
            .insert((section.to_owned(), key.to_owned()), entry);
    }
}

impl Value {
    fn of(value: &DeValue<'_>) -> Self {
        match value {
            DeValue::String(text) => Self::Text(text.to_string()),
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
                .map_or(Self::Other("number"), Self::Number),
            DeValue::Array(items) => {
                Self::List(items.iter().map(|item| Self::of(item.get_ref())).collect())
            }
            DeValue::Boolean(truth) => Self::Truth(*truth),
            other => Self::Other(other.type_str()),
        }
    }

    /// The value as one text.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Plain(text) => Some(text),
            _ => None,
        }
    }

    /// The value as a whole number.
    pub fn number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Plain(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// The value as true or false.
    pub fn truth(&self) -> Option<bool> {
        match self {
            Self::Truth(truth) => Some(*truth),
            Self::Plain(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// The value as a list of texts.
    pub fn texts(&self) -> Option<Vec<&str>> {
        match self {
            Self::List(items) => items.iter().map(Self::text).collect(),
            Self::Plain(text) => Some(
                text.split(',')
                    .map(str::trim)
                    .filter(|item| !item.is_empty())
                    .collect(),
            ),
            _ => None,
        }
    }
}
