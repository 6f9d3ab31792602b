//! Lists and their pages.

use serde::{Deserialize, Serialize};
use store::{Page, PageRequest};
use utoipa::{IntoParams, ToSchema};

use crate::problem::{Flaw, Problem};

/// Items of a page, where none is asked for otherwise.
const LIMIT: u32 = 50;
/// Most items of a page.
const LIMIT_MAX: u32 = 200;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct List<T> {
    /// The items.
    pub items: Vec<T>,
    /// Value of `after` for the next page; none on the last one.
    pub next: Option<String>,
}

impl<T> List<T> {
    /// A page of the store, its items put as they travel.
    pub fn of<S>(page: Page<S>, put: impl FnMut(S) -> T) -> Self {
        Self {
            items: page.items.into_iter().map(put).collect(),
            next: page.next.map(|cursor| cursor.to_string()),
        }
    }
}

/// Which page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Value of `next` on the page before.
    pub after: Option<String>,
    /// Items at most, 1 to 200.
    pub limit: Option<u32>,
}

impl PageQuery {
    /// As the store takes it.
    pub fn request(&self) -> Result<PageRequest, Problem> {
        page_request(self.after.as_deref(), self.limit)
    }
}

/// Reads the two fields of a query that ask for a page.
pub fn page_request(after: Option<&str>, limit: Option<u32>) -> Result<PageRequest, Problem> {
    let limit = limit.unwrap_or(LIMIT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(Problem::field(
            "limit",
            Flaw::OutOfRange {
                min: 1,
                max: LIMIT_MAX,
            },
        ));
    }
    let after = match after {
        Some(text) if !text.is_empty() => Some(
            text.parse()
                .map_err(|_| Problem::field("after", Flaw::BadCursor))?,
        ),
        _ => None,
    };
    Ok(PageRequest { after, limit })
}
