//! What is logged, and how: `[log]`.

use super::kind;
use super::reader::Reader;

/// `[log]`
#[derive(Clone, Copy, Debug)]
pub struct Log {
    /// The least severe level that is logged.
    pub level: LogLevel,
    /// For people or for machines.
    pub format: LogFormat,
}

/// How much is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogLevel {
    /// What went wrong.
    Error,
    /// And what may go wrong.
    Warn,
    /// And what happened.
    Info,
    /// And how it came about.
    Debug,
}

/// What a log line looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// A line to read.
    Text,
    /// A JSON object.
    Json,
}

impl Log {
    pub(super) fn take(reader: &mut Reader) -> Self {
        let levels = &[
            ("error", LogLevel::Error),
            ("warn", LogLevel::Warn),
            ("info", LogLevel::Info),
            ("debug", LogLevel::Debug),
        ];
        let formats = &[("text", LogFormat::Text), ("json", LogFormat::Json)];
        Self {
            level: reader.get("log", "level", kind::one_of(levels), LogLevel::Info),
            format: reader.get("log", "format", kind::one_of(formats), LogFormat::Text),
        }
    }
}
