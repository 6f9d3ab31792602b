//! Lines: scripts, accounts at the PBX, connection to the call centre.

use model::id::{CompanyId, LineId};
use model::line::{Line, Scenario, Script};
use model::pbx::Transport;
use model::secret::Secret;

use crate::{Result, Store};

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
}

/// Lines.
#[derive(Clone, Copy)]
pub struct Lines<'a> {
    pub(crate) store: &'a Store,
}

impl Lines<'_> {
    /// A new line with the default script, a contact that nobody can guess, and no account.
    pub async fn create(&self, company: CompanyId, name: &str, scenario: Scenario) -> Result<Line> {
        let _ = (company, name, scenario);
        todo!()
    }

    /// The company's lines, the oldest first.
    pub async fn list(&self, company: CompanyId) -> Result<Vec<Line>> {
        let _ = company;
        todo!()
    }

    /// One line.
    pub async fn get(&self, company: CompanyId, line: LineId) -> Result<Line> {
        let _ = (company, line);
        todo!()
    }

    /// One line of whichever company: for the switchboard, not scoped.
    pub async fn by_id(&self, line: LineId) -> Result<Line> {
        let _ = line;
        todo!()
    }

    /// Every line that has an account, of all companies: for the start, not scoped.
    pub async fn all_configured(&self) -> Result<Vec<Line>> {
        todo!()
    }

    /// Gives it another name.
    pub async fn rename(&self, company: CompanyId, line: LineId, name: &str) -> Result<Line> {
        let _ = (company, line, name);
        todo!()
    }

    /// Deletes it with account and journal; its calls stay and keep its name.
    pub async fn delete(&self, company: CompanyId, line: LineId) -> Result<()> {
        let _ = (company, line);
        todo!()
    }

    /// Saves the script. Its recipient has to be of the company.
    pub async fn put_script(
        &self,
        company: CompanyId,
        line: LineId,
        script: &Script,
    ) -> Result<Line> {
        let _ = (company, line, script);
        todo!()
    }

    /// Saves the account. One user at one server belongs to one line only, of all companies.
    pub async fn put_account(
        &self,
        company: CompanyId,
        line: LineId,
        account: &AccountDraft,
    ) -> Result<Line> {
        let _ = (company, line, account);
        todo!()
    }

    /// «Подключить к колл-центру», «Отключить от колл-центра».
    pub async fn set_connected(
        &self,
        company: CompanyId,
        line: LineId,
        connected: bool,
    ) -> Result<Line> {
        let _ = (company, line, connected);
        todo!()
    }
}
