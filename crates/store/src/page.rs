//! Lists are read in pages, each beginning after the last item of the one before.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// Most items in a page, whatever was asked for.
const LIMIT_MAX: u64 = 200;

/// Where a page begins: after the item with this place and id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub(crate) place: i64,
    pub(crate) id: Uuid,
}

/// Not a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a page cursor")]
pub struct CursorError;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.place, self.id.simple())
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (place, id) = text.split_once('.').ok_or(CursorError)?;
        Ok(Self {
            place: place.parse().map_err(|_| CursorError)?,
            id: Uuid::parse_str(id).map_err(|_| CursorError)?,
        })
    }
}

/// Which page is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// Begin after this; from the start where none.
    pub after: Option<Cursor>,
    /// How many items at most; 200 is the most that is given.
    pub limit: u32,
}

impl Default for PageRequest {
    fn default() -> Self {
        Self {
            after: None,
            limit: 50,
        }
    }
}

impl PageRequest {
    pub(crate) fn limit(self) -> u64 {
        u64::from(self.limit).clamp(1, LIMIT_MAX)
    }
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The items, the newest first.
    pub items: Vec<T>,
    /// Where the next page begins; none on the last one.
    pub next: Option<Cursor>,
}
