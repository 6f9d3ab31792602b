//! Takes settings out of their source, key by key, and keeps count of what
//! was wrong and of what nobody asked for.

use std::collections::BTreeSet;

use super::kind::Kind;
use super::mistake::{ConfigError, Mistake, Place};
use super::source::{Entry, Source};

/// Keys at most this many letters apart are taken for one misspelt.
const NEAR: usize = 3;

/// Takes settings out of their source.
pub struct Reader {
    source: Source,
    known: BTreeSet<(String, String)>,
    mistakes: Vec<Mistake>,
}

impl Reader {
    /// Begins with all settings.
    pub fn new(source: Source) -> Self {
        Self {
            source,
            known: BTreeSet::new(),
            mistakes: Vec::new(),
        }
    }

    /// The setting, where one was written; a wrong one counts as a mistake and as none.
    pub fn find<T>(&mut self, section: &str, key: &str, kind: Kind<T>) -> Option<T> {
        let at = (section.to_owned(), key.to_owned());
        self.known.insert(at.clone());
        let entry = self.source.entries.get(&at)?;
        let value = (kind.read)(&entry.value);
        if value.is_none() {
            let spelled = if kind.secret { "…" } else { &entry.spelled };
            self.mistakes.push(Mistake {
                place: entry.place.clone(),
                setting: format!("{} = {spelled}", name(section, key)),
                mend: kind.expected,
            });
        }
        value
    }

    /// The setting, or what holds where none was written.
    pub fn get<T>(&mut self, section: &str, key: &str, kind: Kind<T>, default: T) -> T {
        self.find(section, key, kind).unwrap_or(default)
    }

    /// The setting of a section that, once begun, can't do without it.
    pub fn require<T>(&mut self, section: &str, key: &str, kind: Kind<T>) -> Option<T> {
        let expected = kind.expected.clone();
        let written = self
            .source
            .entries
            .contains_key(&(section.to_owned(), key.to_owned()));
        if !written && let Some(place) = self.source.sections.get(section) {
            self.mistakes.push(Mistake {
                place: place.clone(),
                setting: name(section, key),
                mend: format!("is missing: {expected}"),
            });
        }
        self.find(section, key, kind)
    }

    /// A setting is right by itself, but not beside the others.
    pub fn complain(&mut self, section: &str, key: &str, mend: &str) {
        let at = (section.to_owned(), key.to_owned());
        if let Some(entry) = self.source.entries.get(&at) {
            self.mistakes.push(Mistake {
                place: entry.place.clone(),
                setting: name(section, key),
                mend: mend.to_owned(),
            });
        }
    }

    /// The keys that were asked for so far, by section.
    #[cfg(test)]
    pub fn known(&self) -> &BTreeSet<(String, String)> {
        &self.known
    }

    /// Ends the reading: whatever was written and not asked for is a mistake too.
    pub fn finish(mut self) -> Result<(), ConfigError> {
        let sections = self.source.sections.iter();
        let strange = sections.filter(|(section, _)| self.keys(section).is_empty());
        let mut unknown: Vec<_> = strange.map(|it| self.unknown_section(it)).collect();
        for ((section, key), entry) in &self.source.entries {
            if !self.known.contains(&(section.clone(), key.clone()))
                && !self.keys(section).is_empty()
            {
                unknown.push(self.unknown_key(section, key, entry));
            }
        }
        self.mistakes.extend(unknown);
        if self.mistakes.is_empty() {
            return Ok(());
        }
        self.mistakes.sort_by_key(|mistake| match &mistake.place {
            Place::File(_) => (0, 0),
            Place::Line(_, line) => (1, *line),
            Place::Variable(_) => (2, 0),
        });
        Err(ConfigError(self.mistakes))
    }

    /// The keys that were asked for in the section.
    fn keys(&self, section: &str) -> Vec<&str> {
        let ours = self.known.iter().filter(|(it, _)| it == section);
        ours.map(|(_, key)| key.as_str()).collect()
    }

    fn unknown_section(&self, (section, place): (&String, &Place)) -> Mistake {
        let sections: BTreeSet<&str> = self.known.iter().map(|(it, _)| it.as_str()).collect();
        let sections: Vec<&str> = sections.into_iter().collect();
        Mistake {
            place: place.clone(),
            setting: format!("[{section}]"),
            mend: match nearest(section, &sections) {
                Some(near) => format!("there is no such section; did you mean [{near}]?"),
                None => "there is no such section".to_owned(),
            },
        }
    }

    fn unknown_key(&self, section: &str, key: &str, entry: &Entry) -> Mistake {
        let keys = self.keys(section);
        let elsewhere = self.known.iter().find(|(_, known)| known == key);
        let mend = match (nearest(key, &keys), elsewhere) {
            (Some(near), _) => format!("there is no such key; did you mean {near}?"),
            (None, Some((other, _))) if other.is_empty() => {
                "it belongs before the first section".to_owned()
            }
            (None, Some((other, _))) => format!("it belongs under [{other}]"),
            (None, None) => format!("there is no such key here, only {}", keys.join(", ")),
        };
        Mistake {
            place: entry.place.clone(),
            setting: name(section, key),
            mend,
        }
    }
}

fn name(section: &str, key: &str) -> String {
    if section.is_empty() {
        key.to_owned()
    } else {
        format!("[{section}] {key}")
    }
}

fn nearest<'a>(word: &str, among: &[&'a str]) -> Option<&'a str> {
    let close = |other: &&str| {
        let far = distance(word, other);
        let near = far <= NEAR && far < other.len().min(word.len());
        let part = word.len() >= NEAR
            && other.len() >= NEAR
            && (other.contains(word) || word.contains(*other));
        near || part
    };
    among
        .iter()
        .copied()
        .filter(|other| !other.is_empty())
        .filter(close)
        .min_by_key(|other| (distance(word, other), other.len().abs_diff(word.len())))
}

/// Letters to change, add or drop until one word is the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let change = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = change.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
