//! The employees' part among those who can sign in: saving a row makes a
//! user, deleting it takes the role away again.

use std::collections::HashMap;

use jiff::Timestamp;
use model::id::{CompanyId, EmployeeId, UserId};
use model::user::{Role, SignIn};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
};
use uuid::Uuid;

use crate::account_letters::{self, AccountLetterKind};
use crate::column::{from_json, json};
use crate::entity::user::{Column, Entity, Model};
use crate::entity::{account_letter, company, employee, password_token, session};
use crate::{Employees, Result, employees, lookup};

impl Employees<'_> {
    /// How the sign-ins of the company's employees stand.
    pub async fn sign_ins(&self, company: CompanyId) -> Result<HashMap<EmployeeId, SignIn>> {
        let reader = self.store.reader();
        lookup::company(reader, company).await?;
        let rows = employees::rows(reader, company).await?;
        let users = of_logins(reader, rows.iter().map(|row| row.email.clone())).await?;
        rows.iter()
            .map(|row| {
                let id = EmployeeId(row.id);
                let Some(user) = users.get(&row.email) else {
                    return Ok((id, SignIn::None));
                };
                let own = user.company_id == Some(company.0);
                let sign_in = match own && roles(user)?.contains(&Role::Employee) {
                    true if user.invited => SignIn::Invited,
                    true => SignIn::Active,
                    false => SignIn::None,
                };
                Ok((id, sign_in))
            })
            .collect()
    }
}

/// Brings the company's users in line with its employees, in the transaction
/// that saves them: rows that are kept or new sign in, missing ones do not.
pub(crate) async fn follow(
    txn: &DatabaseTransaction,
    company: &company::Model,
    kept: &[&employee::Model],
    missing: &[&employee::Model],
    now: Timestamp,
) -> Result<()> {
    let logins = kept.iter().chain(missing).map(|row| row.email.clone());
    let users = of_logins(txn, logins).await?;
    for row in kept {
        match users.get(&row.email) {
            None => invite(txn, company, row, now).await?,
            Some(user) if user.company_id == Some(company.id) => join(txn, user, row).await?,
            Some(_) => {}
        }
    }
    for row in missing {
        // Who is deleted and added anew in one saving stays.
        if kept.iter().any(|other| other.email == row.email) {
            continue;
        }
        if let Some(user) = users.get(&row.email)
            && user.company_id == Some(company.id)
        {
            take_role(txn, user, Role::Employee).await?;
        }
    }
    Ok(())
}

async fn invite(
    txn: &DatabaseTransaction,
    company: &company::Model,
    row: &employee::Model,
    now: Timestamp,
) -> Result<()> {
    let user = Model {
        id: Uuid::now_v7(),
        company_id: Some(company.id),
        login: row.email.clone(),
        name: row.name.clone(),
        roles: json(&[Role::Employee])?,
        // No password fits an empty hash.
        password_hash: String::new(),
        must_change_password: false,
        language: company.language.clone(),
        invited: true,
        summary: None,
        summary_sent_for: None,
        skills: None,
    };
    let id = UserId(user.id);
    Entity::insert(user.into_active_model())
        .exec_without_returning(txn)
        .await?;
    account_letters::add(txn, id, AccountLetterKind::Invitation, now).await
}

/// Somebody who can sign in already is an employee as well.
async fn join(txn: &DatabaseTransaction, user: &Model, row: &employee::Model) -> Result<()> {
    let mut all = roles(user)?;
    let only = all == [Role::Employee];
    if only && user.name == row.name {
        return Ok(());
    }
    let mut update = Entity::update_many().filter(Column::Id.eq(user.id));
    if only {
        update = update.col_expr(Column::Name, Expr::value(row.name.as_str()));
    } else if all.contains(&Role::Employee) {
        return Ok(());
    } else {
        all.push(Role::Employee);
        update = update.col_expr(Column::Roles, Expr::value(json(&all)?));
    }
    update.exec(txn).await?;
    Ok(())
}

/// Takes a role away. Whose last one it was can't sign in any more, and is
/// signed out; the row stays, for calls and messages keep the name, but the
/// login is free again.
pub(crate) async fn take_role<C: ConnectionTrait>(db: &C, user: &Model, role: Role) -> Result<()> {
    let mut left = roles(user)?;
    left.retain(|other| *other != role);
    let mut update = Entity::update_many()
        .col_expr(Column::Roles, Expr::value(json(&left)?))
        .filter(Column::Id.eq(user.id));
    if left.is_empty() {
        update = update
            .col_expr(Column::Login, Expr::value(user.id.to_string()))
            .col_expr(Column::PasswordHash, Expr::value(""));
        void_links(db, UserId(user.id)).await?;
        session::Entity::delete_many()
            .filter(session::Column::UserId.eq(user.id))
            .exec(db)
            .await?;
    }
    update.exec(db).await?;
    Ok(())
}

/// No link that was sent, or is about to be, chooses a password any more.
pub(crate) async fn void_links<C: ConnectionTrait>(db: &C, user: UserId) -> Result<()> {
    password_token::Entity::delete_many()
        .filter(password_token::Column::UserId.eq(user.0))
        .exec(db)
        .await?;
    account_letter::Entity::delete_many()
        .filter(account_letter::Column::UserId.eq(user.0))
        .exec(db)
        .await?;
    Ok(())
}

pub(crate) fn roles(user: &Model) -> Result<Vec<Role>> {
    from_json(&user.roles)
}

async fn of_logins<C: ConnectionTrait>(
    db: &C,
    logins: impl Iterator<Item = String>,
) -> Result<HashMap<String, Model>> {
    let rows = Entity::find()
        .filter(Column::Login.is_in(logins))
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.login.clone(), row))
        .collect())
}
