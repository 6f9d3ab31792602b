//! A line as the cabinet shows it.

use std::collections::HashMap;

use jiff::Timestamp;
use model::company::{Department, Employee};
use model::id::{CompanyId, LineId};
use model::language::Language;
use model::line::{Line, Scenario, Script};
use model::pbx::{Connection, PbxAccount, Transport};
use serde::Serialize;
use utoipa::ToSchema;

use super::problems::{LineProblem, problems};
use crate::Api;
use crate::endpoint::hours::company_day;
use crate::problem::Problem;
use crate::session::CompanyAdmin;

/// A line as the cabinet shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineView {
    /// Id.
    pub id: LineId,
    /// Name.
    name: String,
    /// «Сценарий линии».
    scenario: Scenario,
    /// «Сценарий обработки звонков».
    script: Script,
    /// «Подключение к АТС (SIP)»; none until it is filled in.
    account: Option<AccountView>,
    /// It is connected to the call centre: operators answer.
    connected: bool,
    /// How the connection to the PBX stands.
    connection: Connection,
    /// What stops the line from working.
    problems: Vec<LineProblem>,
    /// Calls that arrived on it today.
    calls_today: u64,
}

/// «Подключение к АТС (SIP)», without the password.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountView {
    /// «Пользователь».
    user: String,
    /// A password is stored.
    has_password: bool,
    /// «SIP сервер».
    server: String,
    /// «SIP proxy».
    proxy: Option<String>,
    /// Authentication name.
    auth_name: Option<String>,
    /// Port.
    port: Option<u16>,
    /// Transport.
    transport: Transport,
    /// Registration interval in seconds.
    interval_s: u32,
}

impl AccountView {
    fn of(account: PbxAccount) -> Self {
        Self {
            user: account.user,
            has_password: !account.password.reveal().is_empty(),
            server: account.server,
            proxy: account.proxy,
            auth_name: account.auth_name,
            port: account.port,
            transport: account.transport,
            interval_s: account.interval_s,
        }
    }
}

/// What the views of a company's lines are made with.
pub struct Around {
    departments: Vec<Department>,
    employees: Vec<Employee>,
    calls_today: HashMap<LineId, u64>,
    language: Language,
}

impl Around {
    /// Reads it.
    pub async fn of(api: &Api, company: CompanyId, language: Language) -> Result<Self, Problem> {
        let day = company_day(api, company, Timestamp::now()).await?;
        Ok(Self {
            departments: api.store.departments().list(company).await?.value,
            employees: api.store.employees().list(company).await?.value,
            calls_today: api
                .store
                .calls()
                .count_by_line(company, day.start, day.end)
                .await?,
            language,
        })
    }

    /// The line as it is shown.
    pub fn view(&self, api: &Api, line: Line) -> LineView {
        let connection = match &line.account {
            Some(_) => api.switchboard.connection(line.id),
            None => Connection::NotConfigured,
        };
        LineView {
            id: line.id,
            problems: problems(
                &line,
                &connection,
                &self.departments,
                &self.employees,
                self.language,
            ),
            name: line.name,
            scenario: line.scenario,
            script: line.script,
            account: line.account.map(AccountView::of),
            connected: line.connected,
            connection,
            calls_today: self.calls_today.get(&line.id).copied().unwrap_or(0),
        }
    }
}

/// One line as it is shown to the administrator.
pub async fn view(api: &Api, admin: &CompanyAdmin, line: Line) -> Result<LineView, Problem> {
    Ok(Around::of(api, admin.company, admin.language)
        .await?
        .view(api, line))
}
