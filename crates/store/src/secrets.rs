//! Secrets of this server's own, sealed under the master key.

use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, IntoActiveModel};

use crate::entity::secret::{Column, Entity, Model};
use crate::{Result, Store, StoreError};

/// Secrets of this server's own.
#[derive(Clone, Copy)]
pub struct Secrets<'a> {
    pub(crate) store: &'a Store,
}

impl Secrets<'_> {
    /// The secret of that name. The first time it is `fresh`, which is kept
    /// from then on; of two servers that start at once, one's is kept for both.
    pub async fn keep(&self, name: &str, fresh: &str) -> Result<String> {
        if let Some(kept) = self.get(name).await? {
            return Ok(kept);
        }
        let row = Model {
            name: name.to_owned(),
            value: self.store.key().seal(fresh, name.as_bytes())?,
        };
        Entity::insert(row.into_active_model())
            .on_conflict(OnConflict::column(Column::Name).do_nothing().to_owned())
            .exec_without_returning(self.store.writer())
            .await?;
        self.get(name).await?.ok_or(StoreError::NotFound)
    }

    async fn get(&self, name: &str) -> Result<Option<String>> {
        let row = Entity::find_by_id(name).one(self.store.writer()).await?;
        row.map(|row| self.store.key().open(&row.value, name.as_bytes()))
            .transpose()
    }
}
