//! Whom a message is for, by name.

use model::id::CompanyId;
use model::line::Recipient;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::entity::{department, employee};
use crate::{Conflict, Result, StoreError};

/// Name of the department or employee, which has to be of the company.
pub(crate) async fn recipient_name(
    txn: &DatabaseTransaction,
    company: CompanyId,
    recipient: Recipient,
) -> Result<String> {
    let name = known_name(txn, company, recipient).await?;
    name.ok_or_else(|| StoreError::conflict(Conflict::UnknownRecipient))
}

/// The same, of one who may be gone by now.
pub(crate) async fn known_name<C: ConnectionTrait>(
    db: &C,
    company: CompanyId,
    recipient: Recipient,
) -> Result<Option<String>> {
    Ok(match recipient {
        Recipient::Employee { employee } => employee::Entity::find_by_id(employee.0)
            .filter(employee::Column::CompanyId.eq(company.0))
            .one(db)
            .await?
            .map(|row| row.name),
        Recipient::Department { department } => department::Entity::find_by_id(department.0)
            .filter(department::Column::CompanyId.eq(company.0))
            .one(db)
            .await?
            .map(|row| row.name),
    })
}
