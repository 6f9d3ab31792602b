//! Who a message comes to: the rule of a department, or the one employee.

use model::id::CompanyId;
use model::line::Recipient;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::department;
use crate::entity::employee::{Column, Entity, Model};
use crate::{Conflict, Result, StoreError};

/// A recipient as it is at the moment.
pub(crate) struct Resolved {
    /// Name of the department or employee.
    pub(crate) name: String,
    /// Those to be told.
    pub(crate) addressees: Vec<Model>,
}

/// Works out who is told; the recipient has to be of the company.
pub(crate) async fn resolve(
    txn: &DatabaseTransaction,
    company: CompanyId,
    recipient: Recipient,
) -> Result<Resolved> {
    let of_company = || Entity::find().filter(Column::CompanyId.eq(company.0));
    let unknown = || StoreError::conflict(Conflict::UnknownRecipient);
    match recipient {
        Recipient::Employee { employee } => {
            let employee = of_company()
                .filter(Column::Id.eq(employee.0))
                .one(txn)
                .await?
                .ok_or_else(unknown)?;
            Ok(Resolved {
                name: employee.name.clone(),
                addressees: vec![employee],
            })
        }
        Recipient::Department { department } => {
            let department = department::Entity::find_by_id(department.0)
                .filter(department::Column::CompanyId.eq(company.0))
                .one(txn)
                .await?
                .ok_or_else(unknown)?;
            let told = match department.notify_employee_id {
                Some(chosen) => of_company().filter(Column::Id.eq(chosen)),
                None => of_company().filter(Column::DepartmentId.eq(department.id)),
            };
            Ok(Resolved {
                name: department.name,
                addressees: told.order_by_asc(Column::Place).all(txn).await?,
            })
        }
    }
}
