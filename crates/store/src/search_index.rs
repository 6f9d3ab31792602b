//! The index that terms are looked up in. The text of terms is the same on
//! both databases; each has its own kind of index on it: GIN on PostgreSQL,
//! FTS5 on SQLite, kept up by triggers.
//!
//! Neither can be read in the order of time, and both would have to collect
//! everything that was ever found before its newest could be told. So each
//! term stands in the index with its company and its month before it: a search
//! goes back through the months, and ends with the one that fills the page.

use std::ops::RangeInclusive;

use model::id::CompanyId;
use sea_orm::DbBackend;
use sea_orm::sea_query::{Alias, Expr, JoinType, Query, SelectStatement};

use crate::search::Search;

/// Length of a «month», in milliseconds.
const MONTH: i64 = 30 * 86_400_000;
/// Digits of the company's id that stand before its terms. That two companies
/// share them makes a search slower and nothing else.
const COMPANY_DIGITS: usize = 6;

/// A table with terms: its name, and the column of its time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Indexed {
    pub(crate) table: &'static str,
    pub(crate) time: &'static str,
}

/// Calls.
pub(crate) const CALLS: Indexed = Indexed {
    table: "calls",
    time: "arrived_at",
};
/// Messages.
pub(crate) const MESSAGES: Indexed = Indexed {
    table: "messages",
    time: "created_at",
};

/// The month of a time in milliseconds.
pub(crate) fn month(at: i64) -> i64 {
    at.div_euclid(MONTH)
}

/// When a month begins, in milliseconds.
pub(crate) fn month_start(month: i64) -> i64 {
    month.saturating_mul(MONTH)
}

/// The statements that make the indices of both tables.
pub(crate) fn schema(backend: DbBackend) -> Vec<String> {
    [CALLS, MESSAGES]
        .into_iter()
        .flat_map(|indexed| match backend {
            DbBackend::Postgres => indexed.schema_postgres(),
            _ => indexed.schema_sqlite(),
        })
        .collect()
}

impl Indexed {
    /// All columns of the rows whose terms answer the search in these months.
    pub(crate) fn found(
        self,
        backend: DbBackend,
        company: CompanyId,
        search: &Search,
        months: RangeInclusive<i64>,
    ) -> SelectStatement {
        match backend {
            DbBackend::Postgres => self.found_postgres(company, search, months),
            _ => self.found_sqlite(company, search, months),
        }
    }

    fn vector(self) -> String {
        let Self { time, .. } = self;
        format!(
            "array_to_tsvector(string_to_array(substr(replace(search_text, ' ', ' ' || \
             right(company_id::text, {COMPANY_DIGITS}) || ({time} / {MONTH})::text), 2), ' '))"
        )
    }

    fn schema_postgres(self) -> Vec<String> {
        let Self { table, .. } = self;
        let vector = self.vector();
        vec![format!(
            "CREATE INDEX {table}_search ON {table} USING gin ({vector}) WITH (fastupdate = off)"
        )]
    }

    /// OFFSET 0 keeps the planner from walking the history in the list's order instead.
    fn found_postgres(
        self,
        company: CompanyId,
        search: &Search,
        months: RangeInclusive<i64>,
    ) -> SelectStatement {
        let terms = expression(
            company,
            search,
            months,
            |t| format!("'{t}':*"),
            " & ",
            " | ",
        );
        let matches = format!("{} @@ $1::tsquery", self.vector());
        Query::select()
            .expr(Expr::cust("*"))
            .from(self.table)
            .and_where(Expr::cust_with_values(matches, [terms]))
            .offset(0)
            .take()
    }

    fn schema_sqlite(self) -> Vec<String> {
        let Self { table, time } = self;
        let terms = |row: &str| {
            let from = 32 - COMPANY_DIGITS + 1;
            format!(
                "replace({row}.search_text, ' ', ' ' || \
                 lower(substr(hex({row}.company_id), {from})) || ({row}.{time} / {MONTH}))"
            )
        };
        let (new, old) = (terms("new"), terms("old"));
        let add = format!(
            "INSERT INTO {table}_search (rowid, terms) \
             SELECT place, {new} FROM {table}_places WHERE id = new.id;"
        );
        let remove = format!(
            "INSERT INTO {table}_search ({table}_search, rowid, terms) \
             SELECT 'delete', place, {old} FROM {table}_places WHERE id = old.id;"
        );
        let place = format!("INSERT INTO {table}_places (id) VALUES (new.id);");
        let forget = format!("DELETE FROM {table}_places WHERE id = old.id;");
        vec![
            // The index knows rows by a number, which has to outlive a VACUUM.
            format!(
                "CREATE TABLE {table}_places (place INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE)"
            ),
            format!(
                "CREATE VIRTUAL TABLE {table}_search USING fts5 \
                 (terms, content='', columnsize=0, detail=none, tokenize='ascii')"
            ),
            format!("INSERT INTO {table}_places (id) SELECT id FROM {table} ORDER BY {time}"),
            format!(
                "INSERT INTO {table}_search (rowid, terms) SELECT place, {new} \
                 FROM {table}_places JOIN {table} AS new ON new.id = {table}_places.id"
            ),
            format!(
                "CREATE TRIGGER {table}_search_insert AFTER INSERT ON {table} \
                 BEGIN {place} {add} END"
            ),
            format!(
                "CREATE TRIGGER {table}_search_update AFTER UPDATE OF search_text ON {table} \
                 BEGIN {remove} {add} END"
            ),
            format!(
                "CREATE TRIGGER {table}_search_delete AFTER DELETE ON {table} \
                 BEGIN {remove} {forget} END"
            ),
        ]
    }

    /// SQLite joins across CROSS JOIN in the order that is written. The builder
    /// writes no ON there, so what joins stands in WHERE.
    fn found_sqlite(
        self,
        company: CompanyId,
        search: &Search,
        months: RangeInclusive<i64>,
    ) -> SelectStatement {
        let Self { table, .. } = self;
        let (index, places) = (format!("{table}_search"), format!("{table}_places"));
        let terms = expression(
            company,
            search,
            months,
            |t| format!("\"{t}\"*"),
            " AND ",
            " OR ",
        );
        let placed = Expr::cust(format!("{places}.place = {index}.rowid"));
        let row = Expr::cust(format!("{table}.id = {places}.id"));
        let none = || Expr::cust("TRUE");
        Query::select()
            .expr(Expr::cust(format!("{table}.*")))
            .from(Alias::new(&index))
            .join(JoinType::CrossJoin, Alias::new(&places), none())
            .join(JoinType::CrossJoin, table, none())
            .and_where(Expr::cust_with_values(format!("{index} MATCH ?"), [terms]))
            .and_where(placed)
            .and_where(row)
            .take()
    }
}

/// The search in each of the months, as the index writes it.
fn expression(
    company: CompanyId,
    search: &Search,
    months: RangeInclusive<i64>,
    term: impl Fn(&str) -> String,
    and: &str,
    or: &str,
) -> String {
    let company = company.0.simple().to_string();
    let company = &company[company.len() - COMPANY_DIGITS..];
    let each = months
        .map(|month| search.expression(|word| term(&format!("{company}{month}{word}")), and, or));
    each.collect::<Vec<_>>().join(or)
}
