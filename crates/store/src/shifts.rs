//! Shifts: what operators did when, in facts, and their sums.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use model::id::{CallId, UserId};
use model::operator::OperatorState;
use model::shift::OfferOutcome;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use uuid::Uuid;

use crate::column::{from_name, millis, name, narrow, timestamp};
use crate::entity::{operator_offer, operator_state};
use crate::{Result, Store, lookup};

/// No state lasts longer: what began before is not looked at.
const STATE_MAX: SignedDuration = SignedDuration::from_hours(48);

/// An operator's work within some time. Durations in milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shift {
    /// Name of the operator.
    pub name: String,
    /// When the operator was first there.
    pub from: Timestamp,
    /// When last.
    pub to: Timestamp,
    /// «Готов», and while calls rang.
    pub ready_ms: u64,
    /// «На звонке».
    pub on_call_ms: u64,
    /// «Постобработка».
    pub wrap_up_ms: u64,
    /// «Перерыв».
    pub break_ms: u64,
    /// «Обед».
    pub lunch_ms: u64,
    /// Calls that were offered.
    pub offered: u64,
    /// Of them answered.
    pub answered: u64,
    /// Of them missed.
    pub missed: u64,
    /// Of them declined.
    pub declined: u64,
}

impl Shift {
    /// Time signed in.
    pub fn signed_in_ms(&self) -> u64 {
        self.ready_ms + self.on_call_ms + self.wrap_up_ms + self.break_ms + self.lunch_ms
    }

    /// How long the operator talked in a call, on average.
    pub fn talk_ms_average(&self) -> Option<u64> {
        self.on_call_ms.checked_div(self.answered)
    }

    fn lasted(&mut self, state: OperatorState, ms: u64) {
        match state {
            OperatorState::Ready | OperatorState::Offered => self.ready_ms += ms,
            OperatorState::OnCall => self.on_call_ms += ms,
            OperatorState::WrapUp => self.wrap_up_ms += ms,
            OperatorState::Break => self.break_ms += ms,
            OperatorState::Lunch => self.lunch_ms += ms,
            OperatorState::Offline => {}
        }
    }
}

#[derive(FromQueryResult)]
struct Counted {
    operator_id: Uuid,
    outcome: String,
    offers: i64,
}

/// Shifts.
#[derive(Clone, Copy)]
pub struct Shifts<'a> {
    pub(crate) store: &'a Store,
}

impl Shifts<'_> {
    /// An operator is in a state from then on; the one before ends. The id is
    /// the caller's, so an uncertain write can be repeated.
    pub async fn begin(
        &self,
        id: Uuid,
        operator: UserId,
        state: OperatorState,
        at: Timestamp,
    ) -> Result<()> {
        use operator_state::Column;
        let txn = self.store.begin().await?;
        operator_state::Entity::update_many()
            .col_expr(Column::EndedAt, Expr::value(millis(at)))
            .col_expr(Column::Lasts, Expr::value(false))
            .filter(Column::OperatorId.eq(operator.0))
            .filter(Expr::cust("lasts"))
            .filter(Column::Id.ne(id))
            .exec(&txn)
            .await?;
        if state != OperatorState::Offline {
            let row = operator_state::Model {
                id,
                operator_id: operator.0,
                state: name(state)?,
                began_at: millis(at),
                ended_at: millis(at),
                lasts: true,
            };
            operator_state::Entity::insert(row.into_active_model())
                .on_conflict(OnConflict::column(Column::Id).do_nothing().to_owned())
                .exec_without_returning(&txn)
                .await?;
        }
        Ok(txn.commit().await?)
    }

    /// All who are in a state are so still: what a server that dies loses of it is what came after.
    pub async fn last(&self, at: Timestamp) -> Result<()> {
        use operator_state::Column;
        operator_state::Entity::update_many()
            .col_expr(Column::EndedAt, Expr::value(millis(at)))
            .filter(Expr::cust("lasts"))
            .exec(self.store.writer())
            .await?;
        Ok(())
    }

    /// Ends the states of a server that died, when they were last known. For the start.
    pub async fn close_unfinished(&self) -> Result<()> {
        use operator_state::Column;
        operator_state::Entity::update_many()
            .col_expr(Column::Lasts, Expr::value(false))
            .filter(Expr::cust("lasts"))
            .exec(self.store.writer())
            .await?;
        Ok(())
    }

    /// What became of a call that was offered. Can be repeated like [`Shifts::begin`].
    pub async fn offered(
        &self,
        id: Uuid,
        operator: UserId,
        call: CallId,
        outcome: OfferOutcome,
        at: Timestamp,
    ) -> Result<()> {
        use operator_offer::Column;
        let row = operator_offer::Model {
            id,
            operator_id: operator.0,
            call_id: call.0,
            at: millis(at),
            outcome: name(outcome)?,
        };
        operator_offer::Entity::insert(row.into_active_model())
            .on_conflict(OnConflict::column(Column::Id).do_nothing().to_owned())
            .exec_without_returning(self.store.writer())
            .await?;
        Ok(())
    }

    /// What operators did from then until then, by name; who was not there is
    /// absent. `now` ends what still lasts. For supervisors: not scoped.
    pub async fn between(
        &self,
        from: Timestamp,
        to: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<Shift>> {
        let reader = self.store.reader();
        let mut shifts: HashMap<Uuid, Shift> = HashMap::new();
        for row in states(from, to).all(reader).await? {
            let ended_at = if row.lasts { millis(now) } else { row.ended_at };
            let (began, ended) = (row.began_at.max(millis(from)), ended_at.min(millis(to)));
            if ended < began {
                continue;
            }
            let (began_at, ended_at) = (timestamp(began)?, timestamp(ended)?);
            let shift = shifts.entry(row.operator_id).or_insert_with(|| Shift {
                from: began_at,
                ..Shift::default()
            });
            shift.to = shift.to.max(ended_at);
            shift.lasted(from_name(&row.state)?, narrow(ended - began)?);
        }
        let counted = offers(from, to).into_model::<Counted>().all(reader).await?;
        for row in counted {
            // An offer without a state within the time is one of its very edge.
            let Some(shift) = shifts.get_mut(&row.operator_id) else {
                continue;
            };
            let offers: u64 = narrow(row.offers)?;
            shift.offered += offers;
            match from_name(&row.outcome)? {
                OfferOutcome::Answered => shift.answered += offers,
                OfferOutcome::Missed => shift.missed += offers,
                OfferOutcome::Declined => shift.declined += offers,
                OfferOutcome::CallerLeft => {}
            }
        }
        let names = lookup::user_names(reader, shifts.keys().copied()).await?;
        let mut shifts: Vec<(Uuid, Shift)> = shifts.into_iter().collect();
        for (id, shift) in &mut shifts {
            shift.name = names.get(id).cloned().unwrap_or_default();
        }
        shifts.sort_by(|(a, first), (b, second)| (&first.name, a).cmp(&(&second.name, b)));
        Ok(shifts.into_iter().map(|(_, shift)| shift).collect())
    }
}

/// States of the time, in the order in which they began.
pub(crate) fn states(from: Timestamp, to: Timestamp) -> Select<operator_state::Entity> {
    use operator_state::Column;
    // Far from the beginning of time, and of no harm there.
    let earliest = millis(from).saturating_sub(STATE_MAX.as_millis() as i64);
    operator_state::Entity::find()
        .filter(Column::BeganAt.gte(earliest))
        .filter(Column::BeganAt.lt(millis(to)))
        .order_by_asc(Column::BeganAt)
}

/// Offers of the time, counted.
pub(crate) fn offers(from: Timestamp, to: Timestamp) -> Select<operator_offer::Entity> {
    use operator_offer::Column;
    operator_offer::Entity::find()
        .filter(Column::At.gte(millis(from)))
        .filter(Column::At.lt(millis(to)))
        .select_only()
        .columns([Column::OperatorId, Column::Outcome])
        .expr_as(Expr::cust("COUNT(*)"), "offers")
        .group_by(Column::OperatorId)
        .group_by(Column::Outcome)
}
