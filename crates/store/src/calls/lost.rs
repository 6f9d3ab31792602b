//! Lost callers whom operators are to call back.

use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};
use model::id::{CallId, CompanyId};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

use super::Calls;
use super::history::to_call_back;
use super::progress::running;
use crate::column::{millis, timestamp};
use crate::entity::call::{Column, Entity};
use crate::{Result, lookup};

/// Most callers that are listed, the newest first.
const LISTED_MAX: usize = 100;
/// Lost calls, the newest ones, among which they are looked for.
const AMONG: u64 = 1000;
/// Whom nobody has called back for so long has found another way.
const OWED_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Somebody who called a company, and to whom nobody has talked since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostCaller {
    /// The newest of the lost calls.
    pub call: CallId,
    /// Which company was called.
    pub company: CompanyId,
    /// Its name.
    pub company_name: String,
    /// Name of the line.
    pub line_name: String,
    /// The number, as stored.
    pub number: String,
    /// The caller's name, where the PBX told it.
    pub name: Option<String>,
    /// When the newest call arrived.
    pub at: Timestamp,
    /// How many of the calls were lost.
    pub times: u32,
    /// A call with that number runs: somebody calls or talks with them already.
    pub being_called: bool,
}

/// What is read of a lost call.
#[derive(FromQueryResult)]
struct Lost {
    id: Uuid,
    company_id: Uuid,
    line_id: Uuid,
    caller_number: Option<String>,
    caller_name: Option<String>,
    arrived_at: i64,
}

impl Calls<'_> {
    /// The callers of the last seven days who were lost and whom nobody has
    /// called back, one of each company and number, the newest first; 100 at
    /// most, out of the newest 1000 lost calls. Hidden numbers can't be called.
    /// For operators, who serve every company: not scoped.
    pub async fn lost_to_call_back(&self, now: Timestamp) -> Result<Vec<LostCaller>> {
        let reader = self.store.reader();
        let lost = lost(now).limit(AMONG).into_model::<Lost>();
        let newest = newest_of_each(lost.all(reader).await?);
        let running: Vec<(Uuid, Option<String>)> = running()
            .select_only()
            .columns([Column::CompanyId, Column::CallerNumber])
            .into_tuple()
            .all(reader)
            .await?;
        let running: HashSet<_> = running.into_iter().collect();
        let companies = newest.iter().map(|(row, _)| row.company_id);
        let companies = lookup::company_names(reader, companies).await?;
        let lines = newest.iter().map(|(row, _)| row.line_id);
        let lines = lookup::line_names(reader, lines).await?;
        let told = newest.into_iter().map(|(row, times)| {
            Ok(LostCaller {
                call: CallId(row.id),
                company: CompanyId(row.company_id),
                company_name: companies.get(&row.company_id).cloned().unwrap_or_default(),
                line_name: lines.get(&row.line_id).cloned().unwrap_or_default(),
                being_called: running.contains(&(row.company_id, row.caller_number.clone())),
                number: row.caller_number.unwrap_or_default(),
                name: row.caller_name,
                at: timestamp(row.arrived_at)?,
                times,
            })
        });
        told.collect()
    }
}

/// Lost calls that nobody has called back, of all companies, the newest first.
pub(crate) fn lost(now: Timestamp) -> Select<Entity> {
    Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::CompanyId,
            Column::LineId,
            Column::CallerNumber,
            Column::CallerName,
            Column::ArrivedAt,
        ])
        .filter(to_call_back())
        .filter(Column::CallerNumber.is_not_null())
        .filter(Column::ArrivedAt.gte(millis(now - OWED_FOR)))
        .order_by_desc(Column::ArrivedAt)
        .order_by_desc(Column::Id)
}

/// The first call of each company and number, and how many there are.
fn newest_of_each(lost: Vec<Lost>) -> Vec<(Lost, u32)> {
    let mut newest: Vec<(Lost, u32)> = Vec::new();
    let mut places: HashMap<(Uuid, Option<String>), usize> = HashMap::new();
    for row in lost {
        let place = *places
            .entry((row.company_id, row.caller_number.clone()))
            .or_insert(newest.len());
        match newest.get_mut(place) {
            Some((_, times)) => *times += 1,
            None => newest.push((row, 1)),
        }
    }
    newest.truncate(LISTED_MAX);
    newest
}
