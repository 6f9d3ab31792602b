//! What is wrong with a configuration, where, and how to mend it.

use std::fmt;
use std::path::{Path, PathBuf};

/// Where a setting stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A line of the file, counted from 1.
    Line(PathBuf, usize),
    /// The file as a whole.
    File(PathBuf),
    /// An environment variable.
    Variable(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(file, line) => write!(f, "{}:{line}", file.display()),
            Self::File(file) => write!(f, "{}", file.display()),
            Self::Variable(name) => write!(f, "environment: {name}"),
        }
    }
}

/// One mistake: `telefonistka.toml:12: [http] listen = "8080": an address with
/// a port is expected, such as "127.0.0.1:8080"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where.
    pub place: Place,
    /// What stands there; empty where that is not one setting.
    pub setting: String,
    /// What is expected instead.
    pub mend: String,
}

impl Mistake {
    /// The file can't be read at all.
    pub fn unreadable(file: &Path, error: &std::io::Error) -> Self {
        Self {
            place: Place::File(file.to_owned()),
            setting: String::new(),
            mend: format!("can't be read: {error}"),
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.place)?;
        if !self.setting.is_empty() {
            write!(f, "{}: ", self.setting)?;
        }
        f.write_str(&self.mend)
    }
}

/// Everything that is wrong with a configuration, in the file's order; a line each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError(pub Vec<Mistake>);

impl ConfigError {
    /// Nothing but this is wrong, as far as it can be told.
    pub fn one(mistake: Mistake) -> Self {
        Self(vec![mistake])
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, mistake) in self.0.iter().enumerate() {
            let end = if index > 0 { "\n" } else { "" };
            write!(f, "{end}{mistake}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}
