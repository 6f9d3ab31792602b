//! Lines: scripts, accounts at the PBX, connection to the call centre.

use model::audio::Codec;
use model::id::{CompanyId, LineId};
use model::line::{Line, Recipient, Scenario, Script};
use model::pbx::{PbxAccount, Transport, Trust};
use model::question::Question;
use model::secret::Secret;

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, UpdateMany,
};
use uuid::Uuid;

use crate::column::{from_json, from_name, json, name as column_name, narrow};
use crate::entity::line::{Column, Entity, Model};
use crate::entity::{line_journal, line_report};
use crate::error::is_taken;
use crate::{
    ChangeKind, Conflict, MasterKey, Result, Store, StoreError, departments, employees, lookup,
};

/// «Подключение к АТС (SIP)» as it is saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountDraft {
    /// «Пользователь».
    pub user: String,
    /// «Пароль»; none keeps the stored one.
    pub password: Option<Secret>,
    /// «SIP сервер».
    pub server: String,
    /// «SIP proxy».
    pub proxy: Option<String>,
    /// Authentication name.
    pub auth_name: Option<String>,
    /// Port.
    pub port: Option<u16>,
    /// Transport.
    pub transport: Transport,
    /// Registration interval in seconds.
    pub interval_s: u32,
    /// Codecs that may be used, the preferred one first; never empty.
    pub codecs: Vec<Codec>,
    /// Whose certificate is taken (TLS).
    pub trust: Trust,
}

/// Lines.
#[derive(Clone, Copy)]
pub struct Lines<'a> {
    pub(crate) store: &'a Store,
}

impl Lines<'_> {
    /// A new line with the default script, a contact that nobody can guess, and no account.
    pub async fn create(&self, company: CompanyId, name: &str, scenario: Scenario) -> Result<Line> {
        lookup::company(self.store.reader(), company).await?;
        let row = Model {
            id: Uuid::now_v7(),
            company_id: company.0,
            name: name.to_owned(),
            scenario: column_name(scenario)?,
            script: json(&Script::default())?,
            contact: contact()?,
            connected: false,
            deleted: false,
            pbx_user: None,
            pbx_password: None,
            pbx_server: None,
            pbx_server_lower: None,
            pbx_proxy: None,
            pbx_auth_name: None,
            pbx_port: None,
            pbx_transport: None,
            pbx_interval_s: None,
            pbx_codecs: None,
            pbx_trust: None,
        };
        Entity::insert(row.clone().into_active_model())
            .exec_without_returning(self.store.writer())
            .await?;
        let line = line(&row, self.store.key())?;
        self.store.tell(company, ChangeKind::Line(line.id));
        Ok(line)
    }

    /// The company's lines, the oldest first.
    pub async fn list(&self, company: CompanyId) -> Result<Vec<Line>> {
        lookup::company(self.store.reader(), company).await?;
        rows(self.store.reader(), company)
            .await?
            .iter()
            .map(|row| line(row, self.store.key()))
            .collect()
    }

    /// One line.
    pub async fn get(&self, company: CompanyId, id: LineId) -> Result<Line> {
        let row = row(self.store.reader(), company, id).await?;
        line(&row, self.store.key())
    }

    /// Questions of a line's scenario; a deleted line has none.
    pub async fn questions(&self, company: CompanyId, id: LineId) -> Result<Vec<Question>> {
        let row = Entity::find_by_id(id.0)
            .filter(Column::CompanyId.eq(company.0))
            .one(self.store.reader())
            .await?
            .ok_or(StoreError::NotFound)?;
        let script: Script = from_json(&row.script)?;
        Ok(script.questions)
    }

    /// One line of whichever company: for the switchboard, not scoped.
    pub async fn by_id(&self, id: LineId) -> Result<Line> {
        let row = Entity::find_by_id(id.0)
            .filter(Column::Deleted.eq(false))
            .one(self.store.reader())
            .await?
            .ok_or(StoreError::NotFound)?;
        line(&row, self.store.key())
    }

    /// Every line that has an account, of all companies: for the start, not scoped.
    pub async fn all_configured(&self) -> Result<Vec<Line>> {
        Entity::find()
            .filter(Column::Deleted.eq(false))
            .filter(Column::PbxUser.is_not_null())
            .order_by_asc(Column::Id)
            .all(self.store.reader())
            .await?
            .iter()
            .map(|row| line(row, self.store.key()))
            .collect()
    }

    /// Gives it another name.
    pub async fn rename(&self, company: CompanyId, id: LineId, name: &str) -> Result<Line> {
        let update = Entity::update_many().col_expr(Column::Name, Expr::value(name));
        self.update(company, id, update).await
    }

    /// Deletes it with account and journal; its calls stay and keep its name.
    pub async fn delete(&self, company: CompanyId, id: LineId) -> Result<()> {
        let txn = self.store.begin().await?;
        let mut row = row(&txn, company, id).await?;
        row.deleted = true;
        row.connected = false;
        row.script = json(&Script::default())?;
        row.pbx_user = None;
        row.pbx_password = None;
        row.pbx_server = None;
        row.pbx_server_lower = None;
        row.pbx_proxy = None;
        row.pbx_auth_name = None;
        row.pbx_port = None;
        row.pbx_transport = None;
        row.pbx_interval_s = None;
        row.pbx_codecs = None;
        row.pbx_trust = None;
        Entity::update(row.into_active_model().reset_all())
            .exec_without_returning(&txn)
            .await?;
        line_journal::Entity::delete_many()
            .filter(line_journal::Column::LineId.eq(id.0))
            .exec(&txn)
            .await?;
        line_report::Entity::delete_by_id(id.0).exec(&txn).await?;
        txn.commit().await?;
        self.store.tell(company, ChangeKind::Line(id));
        Ok(())
    }

    /// Saves the script. Its recipient has to be of the company, and has to
    /// be there while the line is connected.
    pub async fn put_script(
        &self,
        company: CompanyId,
        id: LineId,
        script: &Script,
    ) -> Result<Line> {
        let txn = self.store.begin().await?;
        lookup::lock_company(&txn, company).await?;
        let mut row = row(&txn, company, id).await?;
        if row.connected && script.recipient.is_none() {
            return Err(StoreError::conflict(Conflict::RecipientMissing));
        }
        if let Some(recipient) = script.recipient {
            let known = match recipient {
                Recipient::Department { department } => departments::rows(&txn, company)
                    .await?
                    .iter()
                    .any(|known| known.id == department.0),
                Recipient::Employee { employee } => employees::rows(&txn, company)
                    .await?
                    .iter()
                    .any(|known| known.id == employee.0),
            };
            if !known {
                return Err(StoreError::conflict(Conflict::UnknownRecipient));
            }
        }
        row.script = json(script)?;
        update_script(&txn, &row).await?;
        txn.commit().await?;
        self.store.tell(company, ChangeKind::Line(id));
        line(&row, self.store.key())
    }

    /// Saves the account. One user at one server belongs to one line only, of all companies.
    pub async fn put_account(
        &self,
        company: CompanyId,
        id: LineId,
        account: &AccountDraft,
    ) -> Result<Line> {
        let mut update = Entity::update_many()
            .col_expr(Column::PbxUser, Expr::value(account.user.as_str()))
            .col_expr(Column::PbxServer, Expr::value(account.server.as_str()))
            .col_expr(
                Column::PbxServerLower,
                Expr::value(account.server.to_lowercase()),
            )
            .col_expr(Column::PbxProxy, Expr::value(account.proxy.clone()))
            .col_expr(Column::PbxAuthName, Expr::value(account.auth_name.clone()))
            .col_expr(Column::PbxPort, Expr::value(account.port.map(i64::from)))
            .col_expr(
                Column::PbxTransport,
                Expr::value(column_name(account.transport)?),
            )
            .col_expr(
                Column::PbxIntervalS,
                Expr::value(i64::from(account.interval_s)),
            )
            .col_expr(Column::PbxCodecs, Expr::value(json(&account.codecs)?))
            .col_expr(Column::PbxTrust, Expr::value(json(&account.trust)?));
        match &account.password {
            Some(password) => {
                let sealed = self.store.key().seal(password.reveal(), id.0.as_bytes())?;
                update = update.col_expr(Column::PbxPassword, Expr::value(sealed));
            }
            None => {
                let row = row(self.store.reader(), company, id).await?;
                if row.pbx_password.is_none() {
                    return Err(StoreError::conflict(Conflict::PasswordMissing));
                }
            }
        }
        self.update(company, id, update).await
    }

    /// «Подключить к колл-центру», «Отключить от колл-центра». A line without
    /// a recipient is not connected: what callers leave would reach nobody.
    pub async fn set_connected(
        &self,
        company: CompanyId,
        id: LineId,
        connected: bool,
    ) -> Result<Line> {
        let txn = self.store.begin().await?;
        lookup::lock_company(&txn, company).await?;
        let mut row = row(&txn, company, id).await?;
        let script: Script = from_json(&row.script)?;
        if connected && script.recipient.is_none() {
            return Err(StoreError::conflict(Conflict::RecipientMissing));
        }
        row.connected = connected;
        Entity::update_many()
            .col_expr(Column::Connected, Expr::value(connected))
            .filter(Column::Id.eq(row.id))
            .exec(&txn)
            .await?;
        txn.commit().await?;
        self.store.tell(company, ChangeKind::Line(id));
        line(&row, self.store.key())
    }

    async fn update(
        &self,
        company: CompanyId,
        id: LineId,
        update: UpdateMany<Entity>,
    ) -> Result<Line> {
        let txn = self.store.begin().await?;
        let updated = update
            .filter(Column::Id.eq(id.0))
            .filter(Column::CompanyId.eq(company.0))
            .filter(Column::Deleted.eq(false))
            .exec(&txn)
            .await
            .map_err(|error| {
                if is_taken(&error) {
                    StoreError::conflict(Conflict::PbxUserTaken)
                } else {
                    error.into()
                }
            })?;
        if updated.rows_affected == 0 {
            return Err(StoreError::NotFound);
        }
        let row = row(&txn, company, id).await?;
        txn.commit().await?;
        self.store.tell(company, ChangeKind::Line(id));
        line(&row, self.store.key())
    }
}

async fn update_script(txn: &DatabaseTransaction, row: &Model) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::Script, Expr::value(row.script.as_str()))
        .filter(Column::Id.eq(row.id))
        .exec(txn)
        .await?;
    Ok(())
}

async fn rows<C: ConnectionTrait>(db: &C, company: CompanyId) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::CompanyId.eq(company.0))
        .filter(Column::Deleted.eq(false))
        .order_by_asc(Column::Id)
        .all(db)
        .await?)
}

pub(crate) async fn row<C: ConnectionTrait>(
    db: &C,
    company: CompanyId,
    id: LineId,
) -> Result<Model> {
    Entity::find_by_id(id.0)
        .filter(Column::CompanyId.eq(company.0))
        .filter(Column::Deleted.eq(false))
        .one(db)
        .await?
        .ok_or(StoreError::NotFound)
}

/// Names of the lines whose messages go to the department or employee by default.
pub(crate) async fn sending_to<C: ConnectionTrait>(
    db: &C,
    company: CompanyId,
    recipient: Uuid,
) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for row in rows(db, company).await? {
        let script: Script = from_json(&row.script)?;
        let to = script.recipient.map(|to| match to {
            Recipient::Department { department } => department.0,
            Recipient::Employee { employee } => employee.0,
        });
        if to == Some(recipient) {
            names.push(row.name);
        }
    }
    Ok(names)
}

/// 128 random bits in hex.
fn contact() -> Result<String> {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| StoreError::Corrupt("no random bytes".into()))?;
    Ok(Uuid::from_bytes(bytes).simple().to_string())
}

fn line(row: &Model, key: &MasterKey) -> Result<Line> {
    Ok(Line {
        id: LineId(row.id),
        company: CompanyId(row.company_id),
        name: row.name.clone(),
        scenario: from_name(&row.scenario)?,
        script: from_json(&row.script)?,
        account: account(row, key)?,
        contact: row.contact.clone(),
        connected: row.connected,
    })
}

fn account(row: &Model, key: &MasterKey) -> Result<Option<PbxAccount>> {
    let (Some(user), Some(password), Some(server), Some(transport), Some(interval_s)) = (
        &row.pbx_user,
        &row.pbx_password,
        &row.pbx_server,
        &row.pbx_transport,
        row.pbx_interval_s,
    ) else {
        return Ok(None);
    };
    Ok(Some(PbxAccount {
        user: user.clone(),
        password: Secret::new(key.open(password, row.id.as_bytes())?),
        server: server.clone(),
        proxy: row.pbx_proxy.clone(),
        auth_name: row.pbx_auth_name.clone(),
        port: row.pbx_port.map(narrow).transpose()?,
        transport: from_name(transport)?,
        interval_s: narrow(interval_s)?,
        codecs: match &row.pbx_codecs {
            Some(codecs) => from_json(codecs)?,
            None => Codec::ALL.to_vec(),
        },
        trust: match &row.pbx_trust {
            Some(trust) => from_json(trust)?,
            None => Trust::default(),
        },
    }))
}
