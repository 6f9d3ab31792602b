//! Lists over a history that may be a million rows long: the newest first,
//! filtered, searched, and each answered within a bounded time.
//!
//! A filter without an index of its own, and a search, first look through the
//! newest rows: what is frequent is found there. A search then asks the index
//! month by month. Either may end before the page is full; the page's `next`
//! then tells where to look on.

use std::time::{Duration, Instant};

use model::id::CompanyId;
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, DatabaseConnection, EntityTrait, FromQueryResult, Iterable,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};
use uuid::Uuid;

use crate::page::{before, page};
use crate::search::Search;
use crate::search_index::{Indexed, month, month_start};
use crate::{Cursor, PageRequest, Result};

/// Rows that are looked through one by one: a few milliseconds.
const WALK: u64 = 1000;
/// After this much, a search tells what it has, and where it would go on.
const ENOUGH: Duration = Duration::from_millis(40);
/// Months that answered faster than this are asked by the twice as many.
const QUICK: Duration = Duration::from_millis(5);
/// Most months that are asked at once: in quiet ones a word may begin to be
/// frequent, and all that is found in them is read before the newest are known.
const MONTHS_MAX: i64 = 2;

/// A table that is listed by its time.
pub(crate) trait History: EntityTrait {
    const INDEXED: Indexed;
    const COMPANY: Self::Column;
    const ID: Self::Column;
    const TIME: Self::Column;
    const TERMS: Self::Column;

    /// Place of a row in the list.
    fn place(row: &Self::Model) -> (i64, Uuid);
}

/// What is wanted of it.
pub(crate) struct Wanted {
    pub(crate) company: CompanyId,
    /// Conditions that an index answers in the list's order.
    pub(crate) seek: Condition,
    /// Further conditions, for which rows have to be looked at.
    pub(crate) check: Option<Condition>,
    pub(crate) search: Option<Search>,
    /// From then, in milliseconds.
    pub(crate) from: Option<i64>,
    /// Until then, in milliseconds; then itself is out.
    pub(crate) to: Option<i64>,
}

/// A page's rows, and where the next page begins.
pub(crate) type Found<E> = (Vec<<E as EntityTrait>::Model>, Option<Cursor>);

/// Reads a page.
pub(crate) async fn list<E: History>(
    db: &DatabaseConnection,
    wanted: &Wanted,
    request: PageRequest,
) -> Result<Found<E>> {
    if wanted.search.as_ref().is_some_and(Search::is_vain) {
        return Ok((Vec::new(), None));
    }
    if wanted.check.is_none() && wanted.search.is_none() {
        let rows = walk::<E>(wanted, request.after, request.limit() + 1)
            .all(db)
            .await?;
        return Ok(page(rows, request, E::place));
    }
    let begun = Instant::now();
    let rows = read::<E>(db, &looked_through::<E>(wanted, request)).await?;
    if full(&rows, request) {
        return Ok(page(rows, request, E::place));
    }
    let end: Option<(i64, Uuid)> = walk::<E>(wanted, request.after, 1)
        .offset(WALK - 1)
        .select_only()
        .columns([E::TIME, E::ID])
        .into_tuple()
        .one(db)
        .await?;
    let Some((place, id)) = end else {
        return Ok((rows, None));
    };
    let end = Cursor { place, id };
    match &wanted.search {
        Some(search) => further::<E>(db, wanted, search, request, rows, end, begun).await,
        None => Ok((rows, Some(end))),
    }
}

/// Goes on by the index from where the walk has ended.
async fn further<E: History>(
    db: &DatabaseConnection,
    wanted: &Wanted,
    search: &Search,
    request: PageRequest,
    mut rows: Vec<E::Model>,
    end: Cursor,
    begun: Instant,
) -> Result<Found<E>> {
    let oldest: Option<i64> = E::find()
        .filter(E::COMPANY.eq(wanted.company.0))
        .select_only()
        .column(E::TIME)
        .order_by_asc(E::TIME)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    let first = month(
        oldest
            .unwrap_or_default()
            .max(wanted.from.unwrap_or(i64::MIN)),
    );
    let mut last = month(end.place);
    let mut step = 1;
    while last >= first {
        let asked = Instant::now();
        let months = first.max(last - step + 1)..=last;
        last = months.start() - 1;
        let found = wanted.months::<E>(db, search, months, end, request);
        rows.extend(read::<E>(db, &found).await?);
        if full(&rows, request) {
            return Ok(page(rows, request, E::place));
        }
        if asked.elapsed() < QUICK {
            step = MONTHS_MAX.min(step * 2);
        }
        if begun.elapsed() > ENOUGH && last >= first {
            let next = Cursor {
                place: month_start(last + 1),
                id: Uuid::nil(),
            };
            return Ok((rows, Some(next)));
        }
    }
    Ok((rows, None))
}

impl Wanted {
    fn months<E: History>(
        &self,
        db: &DatabaseConnection,
        search: &Search,
        months: std::ops::RangeInclusive<i64>,
        end: Cursor,
        request: PageRequest,
    ) -> SelectStatement {
        let found = E::INDEXED.found(db.get_database_backend(), self.company, search, months);
        of::<E>(found, request)
            .cond_where(self.seeks::<E>())
            .cond_where(self.checks::<E>())
            .and_where(before(E::TIME, E::ID, end))
            .take()
    }

    fn seeks<E: History>(&self) -> Condition {
        Condition::all()
            .add(E::COMPANY.eq(self.company.0))
            .add(self.seek.clone())
            .add_option(self.from.map(|from| E::TIME.gte(from)))
            .add_option(self.to.map(|to| E::TIME.lt(to)))
    }

    fn checks<E: History>(&self) -> Condition {
        Condition::all()
            .add_option(self.check.clone())
            .add_option(self.search.as_ref().map(|search| search.holds(E::TERMS)))
    }
}

/// The rows behind the cursor by index alone, in the list's order.
pub(crate) fn walk<E: History>(wanted: &Wanted, after: Option<Cursor>, limit: u64) -> Select<E> {
    let mut query = E::find().filter(wanted.seeks::<E>());
    if let Some(after) = after {
        query = query.filter(before(E::TIME, E::ID, after));
    }
    query
        .order_by_desc(E::TIME)
        .order_by_desc(E::ID)
        .limit(limit)
}

/// Those of the newest rows for which the conditions hold.
fn looked_through<E: History>(wanted: &Wanted, request: PageRequest) -> SelectStatement {
    let newest = walk::<E>(wanted, request.after, WALK).into_query();
    of::<E>(newest, request)
        .cond_where(wanted.checks::<E>())
        .take()
}

/// A page of what a query finds, in the list's order.
fn of<E: History>(found: SelectStatement, request: PageRequest) -> SelectStatement {
    let table = E::INDEXED.table;
    Query::select()
        .columns(E::Column::iter().map(|column| (table, column)))
        .from_subquery(found, table)
        .order_by((table, E::TIME), sea_orm::Order::Desc)
        .order_by((table, E::ID), sea_orm::Order::Desc)
        .limit(request.limit() + 1)
        .take()
}

async fn read<E: History>(
    db: &DatabaseConnection,
    query: &SelectStatement,
) -> Result<Vec<E::Model>> {
    let statement = db.get_database_backend().build(query);
    Ok(E::Model::find_by_statement(statement).all(db).await?)
}

fn full<M>(rows: &[M], request: PageRequest) -> bool {
    rows.len() as u64 > request.limit()
}
