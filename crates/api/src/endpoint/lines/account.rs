//! «Сохранить и проверить».

use axum::Json;
use axum::extract::State;
use model::audio::Codec;
use model::id::LineId;
use model::pbx::{Connection, Transport, Trust};
use model::secret::Secret;
use serde::{Deserialize, Serialize};
use store::AccountDraft;
use utoipa::ToSchema;

use super::LineView;
use super::trust::TrustForm;
use super::view::view;
use crate::Api;
use crate::input::{Body, Id};
use crate::problem::{Code, Flaw, Problem};
use crate::sentences;
use crate::session::CompanyAdmin;
use crate::validate::{Checks, host_and_port, is_host};

const USER_MAX: usize = 64;
const PASSWORD_MAX: usize = 128;
const INTERVAL_MIN_S: u32 = 30;
const INTERVAL_MAX_S: u32 = 7200;

/// «Подключение к АТС (SIP)».
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountForm {
    /// «Пользователь»; of `user@domain` the part before «@» is kept, the rest offered for the server.
    user: String,
    /// «Пароль»; none keeps the stored one.
    #[schema(value_type = Option<String>, format = Password)]
    password: Option<Secret>,
    /// «SIP сервер».
    server: String,
    /// «SIP proxy».
    #[serde(default)]
    proxy: Option<String>,
    /// Authentication name, where it differs from the user.
    #[serde(default)]
    auth_name: Option<String>,
    /// Port, where it is not the usual one.
    #[serde(default)]
    port: Option<u16>,
    /// Transport.
    #[serde(default)]
    transport: Transport,
    /// Registration interval in seconds.
    #[serde(default = "default_interval")]
    interval_s: u32,
    /// Codecs that may be used, the preferred one first.
    #[serde(default = "default_codecs")]
    codecs: Vec<Codec>,
    /// Whose certificate is taken (TLS).
    #[serde(default)]
    trust: TrustForm,
}

/// A NAT forgets after three minutes and less.
fn default_interval() -> u32 {
    120
}

fn default_codecs() -> Vec<Codec> {
    Codec::ALL.to_vec()
}

/// What «Сохранить и проверить» found.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountOutcome {
    /// The line as it is now.
    line: LineView,
    /// The PBX has the line registered.
    established: bool,
    /// «Соединение установлено», or why not, in the user's language.
    text: String,
    /// The field to mend.
    field: Option<String>,
}

/// Saves the account and registers with the PBX for real.
#[utoipa::path(put, path = "/api/lines/{id}/account", tag = "lines", params(("id" = LineId, Path)),
    request_body = AccountForm, responses((status = OK, body = AccountOutcome)))]
pub async fn write_account(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Id(id): Id<LineId>,
    Body(form): Body<AccountForm>,
) -> Result<Json<AccountOutcome>, Problem> {
    let draft = checked(form)?;
    let line = api
        .store
        .lines()
        .put_account(admin.company, id, &draft)
        .await?;
    let connection = api
        .switchboard
        .try_line(id)
        .await
        .map_err(|_| Code::Unavailable)?;
    Ok(Json(AccountOutcome {
        established: matches!(connection, Connection::Registered { .. }),
        text: sentences::outcome(&connection, admin.language),
        field: sentences::field(&connection).map(str::to_owned),
        line: view(&api, &admin, line).await?,
    }))
}

fn checked(form: AccountForm) -> Result<AccountDraft, Problem> {
    let mut checks = Checks::default();
    let (user, domain) = split_user(&form.user);
    let server = bare(&form.server);
    let server = if server.is_empty() {
        domain.unwrap_or_default()
    } else {
        server
    };
    let (server, port) = host_and_port(server);
    let auth_name = form.auth_name.as_deref().unwrap_or_default();
    let user = checks.required("user", user, USER_MAX);
    if user
        .chars()
        .any(|c| c.is_whitespace() || "@<>\"\\;".contains(c))
    {
        checks.flaw("user", Flaw::BadCharacters);
    }
    let auth_name = checks.line("auth_name", auth_name, USER_MAX);
    if auth_name.contains('"') {
        checks.flaw("auth_name", Flaw::BadCharacters);
    }
    if server.is_empty() {
        checks.flaw("server", Flaw::Empty);
    } else if !is_host(server) {
        checks.flaw("server", Flaw::NotHost);
    }
    let proxy = bare(form.proxy.as_deref().unwrap_or_default());
    if !proxy.is_empty() && !is_host(host_and_port(proxy).0) {
        checks.flaw("proxy", Flaw::NotHost);
    }
    // A port of its own field stands against one that was pasted with the server.
    let port = form.port.or(port);
    if port == Some(0) {
        checks.flaw("port", Flaw::OutOfRange { min: 1, max: 65535 });
    }
    let password = form
        .password
        .filter(|password| !password.reveal().is_empty());
    if let Some(password) = &password {
        checks.line("password", password.reveal(), PASSWORD_MAX);
    }
    checks.range(
        "interval_s",
        form.interval_s,
        INTERVAL_MIN_S,
        INTERVAL_MAX_S,
    );
    let mut codecs: Vec<Codec> = Vec::new();
    for codec in form.codecs {
        if !codecs.contains(&codec) {
            codecs.push(codec);
        }
    }
    if codecs.is_empty() {
        checks.flaw("codecs", Flaw::Empty);
    }
    let trust = form.trust.checked().unwrap_or_else(|flaw| {
        checks.flaw("trust", flaw);
        Trust::default()
    });
    checks.done()?;
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Ok(AccountDraft {
        user,
        password,
        server: server.to_lowercase(),
        proxy: filled(proxy),
        auth_name: filled(&auth_name),
        port,
        transport: form.transport,
        interval_s: form.interval_s,
        codecs,
        trust,
    })
}

/// Without the scheme that some PBXs show, and without spaces around.
fn bare(text: &str) -> &str {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    let scheme = ["sips:", "sip:"]
        .into_iter()
        .find(|scheme| lower.starts_with(scheme));
    text.get(scheme.map_or(0, str::len)..)
        .unwrap_or_default()
        .trim_start_matches("//")
}

/// The part before «@», and the domain behind it.
fn split_user(text: &str) -> (&str, Option<&str>) {
    match bare(text).split_once('@') {
        Some((user, domain)) => (user, Some(domain)),
        None => (bare(text), None),
    }
}

#[cfg(test)]
mod tests {
    use super::{AccountDraft, AccountForm, Codec, checked};
    use crate::problem::{Flaw, Problem};

    fn form(json: serde_json::Value) -> Result<AccountDraft, Problem> {
        checked(serde_json::from_value::<AccountForm>(json).expect("a form"))
    }

    #[test]
    fn a_pasted_address_is_taken_apart() {
        let draft = form(serde_json::json!({
            "user": " sip:200@vpbx1.mangosip.ru:5070 ", "password": "x", "server": ""
        }));
        let draft = draft.expect("an account");
        assert_eq!(
            (draft.user.as_str(), draft.server.as_str()),
            ("200", "vpbx1.mangosip.ru")
        );
        assert_eq!(draft.port, Some(5070));
        let draft = form(serde_json::json!({
            "user": "200@a.ru", "password": null, "server": "SIP:B.ru", "port": 5080
        }));
        let draft = draft.expect("an account");
        assert_eq!((draft.server.as_str(), draft.port), ("b.ru", Some(5080)));
    }

    #[test]
    fn codecs_are_taken_in_their_order_each_once_and_all_where_none_are_named() {
        let with = |codecs: Option<&[&str]>| {
            let mut account =
                serde_json::json!({ "user": "200", "password": "x", "server": "a.ru" });
            if let Some(codecs) = codecs {
                account["codecs"] = serde_json::json!(codecs);
            }
            form(account).expect("an account").codecs
        };
        assert_eq!(with(None), Codec::ALL);
        let codecs = with(Some(&["g722", "pcma", "g722"]));
        assert_eq!(codecs, [Codec::G722, Codec::Pcma]);
    }

    #[test]
    fn each_field_to_mend_is_named() {
        let outcome = form(serde_json::json!({
            "user": "", "password": "", "server": "a b", "proxy": "x/y", "port": 0, "interval_s": 1,
            "codecs": [],
            "trust": {"kind": "pinned", "sha256": "ab"}
        }));
        assert_eq!(
            outcome,
            Err(Problem::fields(vec![
                ("user".into(), Flaw::Empty),
                ("server".into(), Flaw::NotHost),
                ("proxy".into(), Flaw::NotHost),
                ("port".into(), Flaw::OutOfRange { min: 1, max: 65535 }),
                ("interval_s".into(), Flaw::OutOfRange { min: 30, max: 7200 }),
                ("codecs".into(), Flaw::Empty),
                ("trust".into(), Flaw::NotFingerprint),
            ]))
        );
    }
}
