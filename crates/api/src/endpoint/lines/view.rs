//! A line as the cabinet shows it.

use std::collections::HashMap;
use std::ops::Range;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use model::audio::Codec;
use model::id::{CompanyId, LineId};
use model::language::Language;
use model::line::{Line, Scenario, Script};
use model::pbx::{Connection, PbxAccount, Transport, Trust};
use serde::Serialize;
use store::Hourly;
use utoipa::ToSchema;

use super::problems::{LineProblem, problems};
use super::surroundings::Surroundings;
use super::warnings::{LineWarning, warnings};
use crate::Api;
use crate::endpoint::hours::day_in;
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
    /// What does not stop it, but will not work as it is meant.
    warnings: Vec<LineWarning>,
    /// Calls that arrived on it today.
    calls_today: u64,
    /// The same by the hours of the company's clock.
    calls_by_hour: [u32; 24],
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
    /// Codecs that may be used, the preferred one first.
    codecs: Vec<Codec>,
    /// Whose certificate is taken (TLS).
    trust: Trust,
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
            codecs: account.codecs,
            trust: account.trust,
        }
    }
}

/// What the views of a company's lines are made with.
pub struct Around {
    surroundings: Surroundings,
    day: Range<Timestamp>,
    zone: TimeZone,
    calls: HashMap<LineId, Hourly>,
    language: Language,
}

impl Around {
    /// Reads it.
    pub async fn of(api: &Api, company: CompanyId, language: Language) -> Result<Self, Problem> {
        let surroundings = Surroundings::of(api, company).await?;
        let zone = surroundings.hours.time_zone().map_err(Problem::internal)?;
        let day = day_in(zone.clone(), Timestamp::now())?;
        let calls = api.store.calls();
        Ok(Self {
            calls: calls
                .count_by_line_and_hour(company, day.start, day.end)
                .await?,
            surroundings,
            day,
            zone,
            language,
        })
    }

    /// The line as it is shown.
    pub fn view(&self, api: &Api, line: &Line) -> LineView {
        let connection = match &line.account {
            Some(_) => api.switchboard.connection(line.id),
            None => Connection::NotConfigured,
        };
        let calls_by_hour = self.calls_by_hour(line.id);
        LineView {
            id: line.id,
            problems: problems(line, &connection, &self.surroundings, self.language),
            warnings: warnings(line, &self.surroundings, self.language),
            name: line.name.clone(),
            scenario: line.scenario,
            script: line.script.clone(),
            account: line.account.clone().map(AccountView::of),
            connected: line.connected,
            connection,
            calls_today: calls_by_hour.iter().map(|calls| u64::from(*calls)).sum(),
            calls_by_hour,
        }
    }

    /// All lines as they are shown, the oldest first.
    pub fn views(&self, api: &Api) -> Vec<LineView> {
        let lines = self.surroundings.lines.iter();
        lines.map(|line| self.view(api, line)).collect()
    }

    /// By the hours of the company's clock: where the clock is put back, one
    /// of them holds two.
    fn calls_by_hour(&self, line: LineId) -> [u32; 24] {
        let mut hours = [0; 24];
        for (since, calls) in self.calls.get(&line).into_iter().flatten() {
            let at = self.day.start + SignedDuration::from_hours(i64::from(*since));
            let hour = at.to_zoned_datetime(self.zone.clone()).hour();
            if let Some(place) = hours.get_mut(usize::from(hour.unsigned_abs())) {
                *place += calls;
            }
        }
        hours
    }
}

/// One line as it is shown to the administrator.
pub async fn view(api: &Api, admin: &CompanyAdmin, line: Line) -> Result<LineView, Problem> {
    Ok(Around::of(api, admin.company, admin.language)
        .await?
        .view(api, &line))
}
