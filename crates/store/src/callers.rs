//! Callers whom companies know: names, important ones, and the black list.

use jiff::Timestamp;
use model::caller::{KnownCaller, Mark};
use model::id::{CallerId, CompanyId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

use crate::column::{from_name, millis, name, phone};
use crate::entity::caller::{Column, Entity, Model};
use crate::error::is_taken;
use crate::page::{before, page};
use crate::search::{Search, Terms};
use crate::{ChangeKind, Conflict, Page, PageRequest, Result, Store, StoreError, lookup};

/// Callers that a company may know: those who are marked are kept in memory.
pub const CALLERS_MAX: u64 = 20_000;

/// A caller as it is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallerDraft {
    /// Number, in any spelling.
    pub number: String,
    /// Name.
    pub name: String,
    /// What is to be known besides.
    pub note: String,
    /// How the calls are met.
    pub mark: Mark,
}

/// Which callers are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallerFilter {
    /// Those with this mark alone.
    pub mark: Option<Mark>,
    /// Words and parts of numbers.
    pub search: Option<String>,
}

/// Callers whom companies know.
#[derive(Clone, Copy)]
pub struct Callers<'a> {
    pub(crate) store: &'a Store,
}

impl Callers<'_> {
    /// The company's callers, those changed last first.
    pub async fn list(
        &self,
        company: CompanyId,
        filter: &CallerFilter,
        request: PageRequest,
    ) -> Result<Page<KnownCaller>> {
        let mut query = wanted(company, filter)?;
        if let Some(after) = request.after {
            query = query.filter(before(Column::ChangedAt, Column::Id, after));
        }
        let rows = query
            .limit(request.limit() + 1)
            .all(self.store.reader())
            .await?;
        let (rows, next) = page(rows, request, |row| (row.changed_at, row.id));
        let items = rows.iter().map(caller).collect::<Result<_>>()?;
        Ok(Page { items, next })
    }

    /// The caller of a number, where the company knows one.
    pub async fn by_number(&self, company: CompanyId, number: &str) -> Result<Option<KnownCaller>> {
        let row = of_number(company, phone(number))
            .one(self.store.reader())
            .await?;
        row.as_ref().map(caller).transpose()
    }

    /// Numbers of the company that are met otherwise than all; for the switchboard.
    pub async fn marked(&self, company: CompanyId) -> Result<Vec<(String, Mark)>> {
        let mut marked = Vec::new();
        for mark in [Mark::Vip, Mark::Blocked] {
            let numbers: Vec<String> = of_mark(company, mark)?
                .select_only()
                .column(Column::Number)
                .into_tuple()
                .all(self.store.reader())
                .await?;
            marked.extend(numbers.into_iter().map(|number| (number, mark)));
        }
        Ok(marked)
    }

    /// A new caller, whose number must not be known yet.
    pub async fn create(
        &self,
        company: CompanyId,
        draft: &CallerDraft,
        now: Timestamp,
    ) -> Result<KnownCaller> {
        let txn = self.store.begin().await?;
        let row = insertable(&txn, company, draft, now).await?;
        Entity::insert(row.clone().into_active_model())
            .exec_without_returning(&txn)
            .await
            .map_err(|error| {
                if is_taken(&error) {
                    StoreError::conflict(Conflict::CallerKnown)
                } else {
                    error.into()
                }
            })?;
        txn.commit().await?;
        self.store.tell(company, ChangeKind::Callers);
        caller(&row)
    }

    /// Changes a caller; the number stays.
    pub async fn update(
        &self,
        company: CompanyId,
        id: CallerId,
        draft: &CallerDraft,
        now: Timestamp,
    ) -> Result<KnownCaller> {
        let txn = self.store.begin().await?;
        let row = Entity::find_by_id(id.0)
            .filter(Column::CompanyId.eq(company.0))
            .lock_exclusive()
            .one(&txn)
            .await?
            .ok_or(StoreError::NotFound)?;
        let number = row.number.clone();
        let row = Model {
            id: row.id,
            ..model(
                company,
                &CallerDraft {
                    number,
                    ..draft.clone()
                },
                now,
            )?
        };
        Entity::update(row.clone().into_active_model().reset_all())
            .exec_without_returning(&txn)
            .await?;
        txn.commit().await?;
        self.store.tell(company, ChangeKind::Callers);
        caller(&row)
    }

    /// Forgets a caller.
    pub async fn delete(&self, company: CompanyId, id: CallerId) -> Result<()> {
        let deleted = Entity::delete_many()
            .filter(Column::Id.eq(id.0))
            .filter(Column::CompanyId.eq(company.0))
            .exec(self.store.writer())
            .await?;
        if deleted.rows_affected == 0 {
            return Err(StoreError::NotFound);
        }
        self.store.tell(company, ChangeKind::Callers);
        Ok(())
    }

    /// What somebody at the desk knows of a caller, whether the number was known or not.
    pub async fn put(
        &self,
        company: CompanyId,
        draft: &CallerDraft,
        now: Timestamp,
    ) -> Result<KnownCaller> {
        self.upsert(
            company,
            draft,
            &[
                Column::Name,
                Column::Note,
                Column::Mark,
                Column::SearchText,
                Column::ChangedAt,
            ],
            now,
        )
        .await
    }

    /// Puts a number on the black list; name and note of a known one stay.
    pub async fn block(
        &self,
        company: CompanyId,
        number: &str,
        now: Timestamp,
    ) -> Result<KnownCaller> {
        let draft = CallerDraft {
            number: number.to_owned(),
            name: String::new(),
            note: String::new(),
            mark: Mark::Blocked,
        };
        self.upsert(company, &draft, &[Column::Mark, Column::ChangedAt], now)
            .await
    }

    async fn upsert(
        &self,
        company: CompanyId,
        draft: &CallerDraft,
        anew: &[Column],
        now: Timestamp,
    ) -> Result<KnownCaller> {
        let txn = self.store.begin().await?;
        let known = of_number(company, phone(&draft.number)).one(&txn).await?;
        let row = match known {
            Some(_) => model(company, draft, now)?,
            None => insertable(&txn, company, draft, now).await?,
        };
        Entity::insert(row.clone().into_active_model())
            .on_conflict(
                OnConflict::columns([Column::CompanyId, Column::Number])
                    .update_columns(anew.iter().copied())
                    .to_owned(),
            )
            .exec_without_returning(&txn)
            .await?;
        let row = of_number(company, row.number)
            .one(&txn)
            .await?
            .ok_or(StoreError::NotFound)?;
        txn.commit().await?;
        self.store.tell(company, ChangeKind::Callers);
        caller(&row)
    }
}

/// A row that may be added.
async fn insertable(
    txn: &DatabaseTransaction,
    company: CompanyId,
    draft: &CallerDraft,
    now: Timestamp,
) -> Result<Model> {
    lookup::lock_company(txn, company).await?;
    let known = Entity::find().filter(Column::CompanyId.eq(company.0));
    if known.count(txn).await? >= CALLERS_MAX {
        return Err(StoreError::conflict(Conflict::TooManyCallers));
    }
    model(company, draft, now)
}

pub(crate) fn wanted(company: CompanyId, filter: &CallerFilter) -> Result<Select<Entity>> {
    let mut query = match filter.mark {
        Some(mark) => of_mark(company, mark)?,
        None => of_company(company),
    };
    if let Some(search) = Search::parse(filter.search.as_deref()) {
        query = query.filter(found(&search));
    }
    Ok(query)
}

fn found(search: &Search) -> Condition {
    match search.is_vain() {
        true => Condition::all().add(Expr::value(false)),
        false => search.holds(Column::SearchText),
    }
}

fn of_company(company: CompanyId) -> Select<Entity> {
    Entity::find()
        .filter(Column::CompanyId.eq(company.0))
        .order_by_desc(Column::ChangedAt)
        .order_by_desc(Column::Id)
}

pub(crate) fn of_mark(company: CompanyId, mark: Mark) -> Result<Select<Entity>> {
    Ok(of_company(company).filter(Column::Mark.eq(name(mark)?)))
}

pub(crate) fn of_number(company: CompanyId, number: String) -> Select<Entity> {
    Entity::find()
        .filter(Column::CompanyId.eq(company.0))
        .filter(Column::Number.eq(number))
}

fn model(company: CompanyId, draft: &CallerDraft, now: Timestamp) -> Result<Model> {
    let number = phone(&draft.number);
    Ok(Model {
        id: Uuid::now_v7(),
        company_id: company.0,
        search_text: Terms::default()
            .number(&number)
            .words(&draft.name)
            .words(&draft.note)
            .text(),
        number,
        name: draft.name.clone(),
        note: draft.note.clone(),
        mark: name(draft.mark)?,
        changed_at: millis(now),
    })
}

fn caller(row: &Model) -> Result<KnownCaller> {
    Ok(KnownCaller {
        id: CallerId(row.id),
        company: CompanyId(row.company_id),
        number: row.number.clone(),
        name: row.name.clone(),
        note: row.note.clone(),
        mark: from_name(&row.mark)?,
    })
}
