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

/// A page of two lists that have no row in common, each read for the same
/// request. Where one of them ended early, what stands behind its end in the
/// other is left for the next page.
pub(crate) fn merged<M>(
    (mut rows, one): (Vec<M>, Option<Cursor>),
    (more, other): (Vec<M>, Option<Cursor>),
    request: PageRequest,
    key: impl Fn(&M) -> (i64, Uuid),
) -> (Vec<M>, Option<Cursor>) {
    let end = one
        .into_iter()
        .chain(other)
        .max_by_key(|end| (end.place, end.id));
    rows.extend(more);
    rows.sort_unstable_by_key(|row| std::cmp::Reverse(key(row)));
    if let Some(end) = end {
        rows.retain(|row| key(row) >= (end.place, end.id));
    }
    let (rows, cut) = page(rows, request, key);
    (rows, cut.or(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_lists_become_one_without_a_gap() {
        let request = |after, limit| PageRequest { after, limit };
        // Two lists of even and odd places, of which the odd ones are read in smaller bites.
        let read = |of: i64, bite: usize, after: Option<Cursor>| {
            let from = after.map_or(i64::MAX, |after| after.place);
            let all = (1..=20).rev().filter(|place| place % 2 == of);
            let mut rows: Vec<i64> = all.filter(|place| *place < from).collect();
            let more = rows.len() > bite;
            rows.truncate(bite);
            let next = rows.last().filter(|_| more).map(|last| Cursor {
                place: *last,
                id: Uuid::nil(),
            });
            (rows, next)
        };
        for limit in [1, 3, 4, 50] {
            let (mut after, mut all) = (None, Vec::new());
            loop {
                let bite = usize::try_from(limit).expect("small");
                let (rows, next) = merged(
                    read(0, bite, after),
                    read(1, bite.min(2), after),
                    request(after, limit),
                    |place| (*place, Uuid::nil()),
                );
                assert!(rows.len() <= bite);
                all.extend(rows);
                after = next;
                if next.is_none() {
                    break;
                }
            }
            assert_eq!(all, (1..=20).rev().collect::<Vec<i64>>(), "{limit}");
        }
    }

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
