//! Connection journals: what happened with a line's registration, and when.

use jiff::Timestamp;
use model::id::{CompanyId, LineId};
use model::journal::JournalEntry;

use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::column::{from_json, json, millis, timestamp};
use crate::entity::line;
use crate::entity::line_journal::{Column, Entity, Model};
use crate::page::{before, page};
use crate::{ChangeKind, Cursor, Page, PageRequest, Result, Store, StoreError, lines};

/// Entries of a line that are kept.
const KEPT: u64 = 500;

/// An entry of a line's journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalItem {
    /// When.
    pub at: Timestamp,
    /// What.
    pub entry: JournalEntry,
    /// Whether it is good news.
    pub ok: bool,
}

/// Connection journals.
#[derive(Clone, Copy)]
pub struct Journal<'a> {
    pub(crate) store: &'a Store,
}

impl Journal<'_> {
    /// Appends; of each line the newest 500 entries are kept. For the switchboard, not scoped.
    pub async fn append(
        &self,
        line: LineId,
        at: Timestamp,
        entry: &JournalEntry,
        ok: bool,
    ) -> Result<()> {
        let txn = self.store.begin().await?;
        let company = line::Entity::find_by_id(line.0)
            .filter(line::Column::Deleted.eq(false))
            .one(&txn)
            .await?
            .ok_or(StoreError::NotFound)?
            .company_id;
        let row = Model {
            id: Uuid::now_v7(),
            line_id: line.0,
            at: millis(at),
            entry: json(entry)?,
            ok,
        };
        Entity::insert(row.into_active_model())
            .exec_without_returning(&txn)
            .await?;
        let oldest_kept = Entity::find()
            .filter(Column::LineId.eq(line.0))
            .order_by_desc(Column::At)
            .order_by_desc(Column::Id)
            .offset(KEPT)
            .one(&txn)
            .await?;
        if let Some(first_gone) = oldest_kept {
            let place = Cursor {
                place: first_gone.at,
                id: first_gone.id,
            };
            Entity::delete_many()
                .filter(Column::LineId.eq(line.0))
                .filter(before(Column::At, Column::Id, place))
                .exec(&txn)
                .await?;
            Entity::delete_by_id(first_gone.id).exec(&txn).await?;
        }
        txn.commit().await?;
        self.store.tell(CompanyId(company), ChangeKind::Line(line));
        Ok(())
    }

    /// The journal, the newest first.
    pub async fn list(
        &self,
        company: CompanyId,
        line: LineId,
        request: PageRequest,
    ) -> Result<Page<JournalItem>> {
        let reader = self.store.reader();
        lines::row(reader, company, line).await?;
        let mut query = Entity::find().filter(Column::LineId.eq(line.0));
        if let Some(after) = request.after {
            query = query.filter(before(Column::At, Column::Id, after));
        }
        let rows = query
            .order_by_desc(Column::At)
            .order_by_desc(Column::Id)
            .limit(request.limit() + 1)
            .all(reader)
            .await?;
        let (rows, next) = page(rows, request, |row| (row.at, row.id));
        let items = rows.iter().map(item).collect::<Result<_>>()?;
        Ok(Page { items, next })
    }
}

fn item(row: &Model) -> Result<JournalItem> {
    Ok(JournalItem {
        at: timestamp(row.at)?,
        entry: from_json(&row.entry)?,
        ok: row.ok,
    })
}
