//! How values of the model stand in columns, and back.

use jiff::Timestamp;
use model::phone::Phone;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Result, StoreError};

/// Milliseconds since 1970 in UTC.
pub(crate) fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

pub(crate) fn timestamp(ms: i64) -> Result<Timestamp> {
    Timestamp::from_millisecond(ms).map_err(|_| StoreError::Corrupt(format!("{ms} ms are no time")))
}

pub(crate) fn timestamp_opt(ms: Option<i64>) -> Result<Option<Timestamp>> {
    ms.map(timestamp).transpose()
}

/// An enum without data, by the name that it has in JSON.
pub(crate) fn name<T: Serialize>(value: T) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => Ok(name),
        Ok(_) => Err(StoreError::Corrupt("not a plain name".into())),
        Err(e) => Err(StoreError::Corrupt(e.to_string())),
    }
}

pub(crate) fn from_name<T: DeserializeOwned>(name: &str) -> Result<T> {
    serde_json::from_value(serde_json::Value::String(name.to_owned()))
        .map_err(|e| StoreError::Corrupt(e.to_string()))
}

/// A value that is stored whole.
pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|e| StoreError::Corrupt(e.to_string()))
}

pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| StoreError::Corrupt(e.to_string()))
}

/// Narrows a number that was stored wider.
pub(crate) fn narrow<T: TryFrom<i64>>(value: i64) -> Result<T> {
    T::try_from(value).map_err(|_| StoreError::Corrupt(format!("{value} is out of range")))
}

/// The one spelling of a number that is stored: E.164 where it can be read as such.
pub(crate) fn phone(text: &str) -> String {
    Phone::parse(text).map_or_else(String::new, |phone| phone.stored())
}

/// The digits alone.
pub(crate) fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// For searches without regard to case: SQLite folds only ASCII by itself.
pub(crate) fn folded(text: &str) -> String {
    text.to_lowercase().replace('ё', "е")
}
