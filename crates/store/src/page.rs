//! Lists are read in pages, each beginning after the last item of the one before.

use std::fmt;
use std::str::FromStr;

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, IntoSimpleExpr};
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

/// The condition that a row stands behind the cursor in a list read by
/// descending time and id. A row value, for both databases seek it in an index.
pub(crate) fn before<C: ColumnTrait>(time: C, id: C, cursor: Cursor) -> Expr {
    Expr::tuple([time.into_simple_expr(), id.into_simple_expr()]).lt(Expr::tuple([
        Expr::value(cursor.place),
        Expr::value(cursor.id),
    ]))
}

/// Cuts off the one row that was read beyond the page to learn whether there is a next one.
pub(crate) fn page<M>(
    mut rows: Vec<M>,
    request: PageRequest,
    key: impl Fn(&M) -> (i64, Uuid),
) -> (Vec<M>, Option<Cursor>) {
    let limit = usize::try_from(request.limit()).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|last| {
        let (place, id) = key(last);
        Cursor { place, id }
    });
    (rows, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        let cursor = Cursor {
            place: 1_795_000_000_000,
            id: Uuid::from_u128(7),
        };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for wrong in ["", "1", "x.y", "1.2", ".00000000000000000000000000000007"] {
            assert_eq!(wrong.parse::<Cursor>(), Err(CursorError), "{wrong}");
        }
    }
}
