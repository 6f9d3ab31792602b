//! Those who can sign in, and their passwords.

use std::collections::HashMap;

use model::id::{CompanyId, UserId};
use model::language::Language;
use model::secret::Secret;
use model::skills::Skills;
use model::user::{Role, Summary, User};

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Select,
};
use uuid::Uuid;

use crate::column::{from_json, from_name, json, name};
use crate::entity::session;
use crate::entity::user::{Column, Entity, Model};
use crate::error::is_taken;
use crate::{Conflict, Result, Store, StoreError, lookup, password, sessions, sign_ins};

/// A user to be created.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The company of a company administrator.
    pub company: Option<CompanyId>,
    /// Login; kept in lower case.
    pub login: String,
    /// «ФИО».
    pub name: String,
    /// Roles.
    pub roles: Vec<Role>,
    /// The first password.
    pub password: Secret,
    /// Whether it is asked anew at the first sign-in.
    pub must_change_password: bool,
    /// Language of the interface.
    pub language: Language,
}

/// Users.
#[derive(Clone, Copy)]
pub struct Users<'a> {
    pub(crate) store: &'a Store,
}

impl Users<'_> {
    /// Creates a user.
    pub async fn create(&self, new: &NewUser) -> Result<User> {
        if let Some(company) = new.company {
            lookup::company(self.store.reader(), company).await?;
        }
        let row = row(new).await?;
        insert(self.store.writer(), row).await
    }

    /// The user of this id; not scoped.
    pub async fn get(&self, id: UserId) -> Result<User> {
        let row = Entity::find_by_id(id.0).one(self.store.reader()).await?;
        user(&row.ok_or(StoreError::NotFound)?)
    }

    /// The user of this login, in whatever case it is written; not scoped.
    pub async fn by_login(&self, login: &str) -> Result<User> {
        let row = self.row(login).await?;
        user(&row.ok_or(StoreError::NotFound)?)
    }

    /// Every operator by name; not scoped.
    pub async fn operators(&self) -> Result<Vec<User>> {
        let rows = with_role(Role::Operator)?
            .order_by_asc(Column::Name)
            .order_by_asc(Column::Id)
            .all(self.store.reader())
            .await?;
        rows.iter().map(user).collect()
    }

    /// Renames an operator, and makes a supervisor of one or not; for the platform, not scoped.
    pub async fn change_operator(
        &self,
        id: UserId,
        user_name: &str,
        supervisor: bool,
    ) -> Result<()> {
        let txn = self.store.begin().await?;
        let row = operator(&txn, id).await?;
        let mut roles = sign_ins::roles(&row)?;
        roles.retain(|role| *role != Role::Supervisor);
        if supervisor {
            roles.push(Role::Supervisor);
        }
        Entity::update_many()
            .col_expr(Column::Name, Expr::value(user_name))
            .col_expr(Column::Roles, Expr::value(json(&roles)?))
            .filter(Column::Id.eq(id.0))
            .exec(&txn)
            .await?;
        Ok(txn.commit().await?)
    }

    /// What the operator is good at; for the platform and the queue, not scoped.
    pub async fn skills(&self, id: UserId) -> Result<Skills> {
        skills(&operator(self.store.reader(), id).await?)
    }

    /// What every operator is good at; for the platform, not scoped.
    pub async fn all_skills(&self) -> Result<HashMap<UserId, Skills>> {
        let rows = with_role(Role::Operator)?.all(self.store.reader()).await?;
        let skilled = rows.iter().map(|row| Ok((UserId(row.id), skills(row)?)));
        skilled.collect()
    }

    /// Says what the operator is good at; for the platform, not scoped.
    pub async fn set_skills(&self, id: UserId, skills: &Skills) -> Result<()> {
        let txn = self.store.begin().await?;
        operator(&txn, id).await?;
        Entity::update_many()
            .col_expr(Column::Skills, Expr::value(json(skills)?))
            .filter(Column::Id.eq(id.0))
            .exec(&txn)
            .await?;
        Ok(txn.commit().await?)
    }

    /// Removes an operator, who can't sign in any more; calls keep the name.
    /// For the platform, not scoped.
    pub async fn remove_operator(&self, id: UserId) -> Result<()> {
        let txn = self.store.begin().await?;
        for role in [Role::Supervisor, Role::Operator] {
            let row = operator(&txn, id).await?;
            sign_ins::take_role(&txn, &row, role).await?;
        }
        Ok(txn.commit().await?)
    }

    /// The user whose login and password these are. An unknown login costs
    /// the same work as a known one, so time tells nothing.
    pub async fn verify_login(&self, login: &str, password: &Secret) -> Result<Option<User>> {
        let row = self.row(login).await?;
        // Who was invited and has chosen none has no password.
        let hash = row.as_ref().map(|row| row.password_hash.clone());
        let hash = hash.filter(|hash| !hash.is_empty());
        if !password::verify(password, hash).await? {
            return Ok(None);
        }
        row.as_ref().map(user).transpose()
    }

    /// Sets the password and ends every session of the user but the one of the
    /// token. Links to choose another one are void, also those of letters on
    /// their way.
    pub async fn set_password(
        &self,
        id: UserId,
        password: &Secret,
        must_change_password: bool,
        keep_session: Option<&str>,
    ) -> Result<()> {
        let hash = password::hash(password).await?;
        let txn = self.store.begin().await?;
        let updated = Entity::update_many()
            .col_expr(Column::PasswordHash, Expr::value(hash))
            .col_expr(
                Column::MustChangePassword,
                Expr::value(must_change_password),
            )
            .col_expr(Column::Invited, Expr::value(false))
            .filter(Column::Id.eq(id.0))
            .exec(&txn)
            .await?;
        if updated.rows_affected == 0 {
            return Err(StoreError::NotFound);
        }
        sign_ins::void_links(&txn, id).await?;
        let mut ended = session::Entity::delete_many().filter(session::Column::UserId.eq(id.0));
        if let Some(token) = keep_session {
            ended = ended.filter(session::Column::TokenHash.ne(sessions::hash(token)));
        }
        ended.exec(&txn).await?;
        Ok(txn.commit().await?)
    }

    /// Sets the language of the interface.
    pub async fn set_language(&self, id: UserId, language: Language) -> Result<()> {
        let updated = Entity::update_many()
            .col_expr(Column::Language, Expr::value(name(language)?))
            .filter(Column::Id.eq(id.0))
            .exec(self.store.writer())
            .await?;
        match updated.rows_affected {
            0 => Err(StoreError::NotFound),
            _ => Ok(()),
        }
    }

    /// How often the user gets the summary: as chosen, or as the roles have it.
    pub async fn summary(&self, id: UserId) -> Result<Summary> {
        let row = Entity::find_by_id(id.0).one(self.store.reader()).await?;
        summary(&row.ok_or(StoreError::NotFound)?)
    }

    /// Chooses how often.
    pub async fn set_summary(&self, id: UserId, chosen: Summary) -> Result<()> {
        let updated = Entity::update_many()
            .col_expr(Column::Summary, Expr::value(name(chosen)?))
            .filter(Column::Id.eq(id.0))
            .exec(self.store.writer())
            .await?;
        match updated.rows_affected {
            0 => Err(StoreError::NotFound),
            _ => Ok(()),
        }
    }

    async fn row(&self, text: &str) -> Result<Option<Model>> {
        Ok(Entity::find()
            .filter(Column::Login.eq(login(text)))
            .one(self.store.reader())
            .await?)
    }
}

/// A new user's row.
pub(crate) async fn row(new: &NewUser) -> Result<Model> {
    Ok(Model {
        id: Uuid::now_v7(),
        company_id: new.company.map(|company| company.0),
        login: login(&new.login),
        name: new.name.clone(),
        roles: json(&new.roles)?,
        password_hash: password::hash(&new.password).await?,
        must_change_password: new.must_change_password,
        language: name(new.language)?,
        invited: false,
        summary: None,
        summary_sent_for: None,
        skills: None,
    })
}

/// Stores a new user, whose login must be nobody's.
pub(crate) async fn insert<C: ConnectionTrait>(db: &C, row: Model) -> Result<User> {
    Entity::insert(row.clone().into_active_model())
        .exec_without_returning(db)
        .await
        .map_err(|error| {
            if is_taken(&error) {
                StoreError::conflict(Conflict::LoginTaken)
            } else {
                error.into()
            }
        })?;
    user(&row)
}

/// Users who have the role, among others perhaps.
pub(crate) fn with_role(role: Role) -> Result<Select<Entity>> {
    Ok(Entity::find().filter(Column::Roles.contains(json(&role)?)))
}

async fn operator<C: ConnectionTrait>(db: &C, id: UserId) -> Result<Model> {
    let row = with_role(Role::Operator)?
        .filter(Column::Id.eq(id.0))
        .one(db)
        .await?;
    row.ok_or(StoreError::NotFound)
}

/// A login as it is kept.
fn login(text: &str) -> String {
    text.trim().to_lowercase()
}

fn skills(row: &Model) -> Result<Skills> {
    match &row.skills {
        Some(skills) => from_json(skills),
        None => Ok(Skills::default()),
    }
}

pub(crate) fn summary(row: &Model) -> Result<Summary> {
    match &row.summary {
        Some(chosen) => from_name(chosen),
        None => Ok(Summary::of_roles(&sign_ins::roles(row)?)),
    }
}

pub(crate) fn user(row: &Model) -> Result<User> {
    Ok(User {
        id: UserId(row.id),
        company: row.company_id.map(CompanyId),
        login: row.login.clone(),
        name: row.name.clone(),
        roles: from_json(&row.roles)?,
        must_change_password: row.must_change_password,
        invited: row.invited,
        language: from_name(&row.language)?,
    })
}
