//! Who may do what: one row an endpoint, asked before every request.
//!
//! What a role sees of a company's data is told by the extractors in
//! `session`; whether it gets in at all is told here and nowhere else. An
//! endpoint without a row lets nobody in. A row may have a scope: keys that
//! have it get in as well, in the place of the company's administrator.

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use model::api_key::{ApiKey, Scope};
use model::user::{Role, User};

use crate::Api;
use crate::idempotent;
use crate::key;
use crate::problem::{Code, Problem};
use crate::session::AnySession;

/// Who may use an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Also those who are not signed in.
    Everybody,
    /// Whoever is signed in, also with a password that has to be changed.
    AnySession,
    /// Whoever is signed in with a password of their own.
    SignedIn,
    /// Those who have one of the roles.
    Roles(&'static [Role]),
    /// Keys alone, named as the old API's scripts name them.
    OldApi,
}

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Method; that of GET holds for HEAD as well.
    pub method: &'static str,
    /// Path, as the router and the OpenAPI document write it.
    pub path: &'static str,
    /// Who.
    pub access: Access,
    /// Keys with this scope as well.
    pub scope: Option<Scope>,
}

const EVERYBODY: Access = Access::Everybody;
const ANY_SESSION: Access = Access::AnySession;
const SIGNED_IN: Access = Access::SignedIn;
/// Settings, lines and figures of a company.
const ADMIN: Access = Access::Roles(&[Role::CompanyAdmin]);
/// Calls and messages of a company: each sees what is theirs.
const VIEWERS: Access = Access::Roles(&[Role::CompanyAdmin, Role::Employee]);
const OPERATOR: Access = Access::Roles(&[Role::Operator]);
/// «Табло» and what belongs to it.
const SUPERVISOR: Access = Access::Roles(&[Role::Supervisor]);
const OLD_API: Access = Access::OldApi;
const PLATFORM: Access = Access::Roles(&[Role::PlatformAdmin]);

const fn row(method: &'static str, path: &'static str, access: Access) -> Rule {
    Rule {
        method,
        path,
        access,
        scope: None,
    }
}

impl Rule {
    /// Opens the row to keys that have the scope.
    const fn key(self, scope: Scope) -> Self {
        Self {
            scope: Some(scope),
            ..self
        }
    }
}

/// The table.
#[rustfmt::skip]
pub const RULES: &[Rule] = &[
    row("POST", "/api/session", EVERYBODY),
    row("GET", "/api/session", ANY_SESSION),
    row("DELETE", "/api/session", ANY_SESSION),
    row("PUT", "/api/session/password", ANY_SESSION),
    row("PUT", "/api/session/language", ANY_SESSION),
    row("POST", "/api/password-resets", EVERYBODY),
    row("GET", "/api/password-resets/{token}", EVERYBODY),
    row("PUT", "/api/password-resets/{token}", EVERYBODY),
    row("GET", "/api/sessions", SIGNED_IN),
    row("DELETE", "/api/sessions", SIGNED_IN),
    row("DELETE", "/api/sessions/{id}", SIGNED_IN),
    row("GET", "/api/calls", VIEWERS).key(Scope::CallsRead),
    row("GET", "/api/calls/export", VIEWERS),
    row("GET", "/api/calls/{id}", VIEWERS).key(Scope::CallsRead),
    row("POST", "/api/calls/{id}/called-back", VIEWERS).key(Scope::MessagesWrite),
    row("GET", "/api/calls/{id}/recording", VIEWERS).key(Scope::RecordingsRead),
    row("GET", "/api/calls/{id}/peaks", VIEWERS).key(Scope::RecordingsRead),
    row("GET", "/api/events", VIEWERS),
    row("GET", "/api/messages", VIEWERS).key(Scope::MessagesRead),
    row("GET", "/api/messages/export", VIEWERS),
    row("GET", "/api/messages/unread", VIEWERS),
    row("GET", "/api/messages/{id}", VIEWERS).key(Scope::MessagesRead),
    row("POST", "/api/messages/{id}/read", VIEWERS).key(Scope::MessagesWrite),
    row("POST", "/api/messages/{id}/accept", VIEWERS).key(Scope::MessagesWrite),
    row("POST", "/api/messages/{id}/release", VIEWERS).key(Scope::MessagesWrite),
    row("POST", "/api/messages/{id}/close", VIEWERS).key(Scope::MessagesWrite),
    row("POST", "/api/messages/{id}/reopen", VIEWERS).key(Scope::MessagesWrite),
    row("POST", "/api/messages/{id}/comments", VIEWERS).key(Scope::MessagesWrite),
    row("POST", "/api/messages/{id}/assign", VIEWERS).key(Scope::MessagesWrite),
    row("POST", "/api/messages/{id}/deliveries/{delivery}/retry", ADMIN),
    row("POST", "/api/deliveries/{id}/delivered", VIEWERS),
    row("GET", "/api/colleagues", VIEWERS).key(Scope::MessagesRead),
    row("GET", "/api/me", VIEWERS),
    row("PUT", "/api/me/presence", VIEWERS),
    row("PUT", "/api/me/reach", VIEWERS),
    row("PUT", "/api/me/summary", ADMIN),
    row("GET", "/api/today", ADMIN),
    row("GET", "/api/figures", ADMIN),
    row("GET", "/api/checklist", ADMIN),
    row("GET", "/api/lines", ADMIN),
    row("POST", "/api/lines", ADMIN),
    row("GET", "/api/lines/{id}", ADMIN),
    row("PATCH", "/api/lines/{id}", ADMIN),
    row("DELETE", "/api/lines/{id}", ADMIN),
    row("PUT", "/api/lines/{id}/script", ADMIN),
    row("PUT", "/api/lines/{id}/account", ADMIN),
    row("POST", "/api/lines/{id}/connect", ADMIN),
    row("POST", "/api/lines/{id}/disconnect", ADMIN),
    row("GET", "/api/lines/{id}/journal", ADMIN),
    row("GET", "/api/lines/{id}/doctor", ADMIN),
    row("POST", "/api/lines/{id}/doctor", ADMIN),
    row("DELETE", "/api/lines/{id}/doctor", ADMIN),
    row("POST", "/api/lines/{id}/doctor/reply", ADMIN),
    row("GET", "/api/lines/{id}/trace", ADMIN),
    row("GET", "/api/lines/{id}/trace/{exchange}", ADMIN),
    row("GET", "/api/lines/{id}/forecast", ADMIN),
    row("GET", "/api/prompts", ADMIN),
    row("GET", "/api/wordings", ADMIN),
    row("GET", "/api/company", ADMIN),
    row("PUT", "/api/company", ADMIN),
    row("GET", "/api/working-hours", ADMIN),
    row("PUT", "/api/working-hours", ADMIN),
    row("GET", "/api/production-calendar", ADMIN),
    row("GET", "/api/departments", ADMIN),
    row("PUT", "/api/departments", ADMIN),
    row("POST", "/api/departments/import", ADMIN),
    row("GET", "/api/departments/export", ADMIN),
    row("GET", "/api/employees", ADMIN),
    row("PUT", "/api/employees", ADMIN),
    row("POST", "/api/employees/import", ADMIN),
    row("GET", "/api/employees/export", ADMIN),
    row("GET", "/api/employees/{id}/absence", ADMIN),
    row("PUT", "/api/employees/{id}/absence", ADMIN),
    row("GET", "/api/escalations", ADMIN),
    row("PUT", "/api/escalations", ADMIN),
    row("GET", "/api/rotas/{id}", ADMIN),
    row("PUT", "/api/rotas/{id}", ADMIN),
    row("GET", "/api/webhooks", ADMIN),
    row("POST", "/api/webhooks", ADMIN),
    row("GET", "/api/webhooks/{id}", ADMIN),
    row("PUT", "/api/webhooks/{id}", ADMIN),
    row("DELETE", "/api/webhooks/{id}", ADMIN),
    row("POST", "/api/webhooks/{id}/secret", ADMIN),
    row("POST", "/api/webhooks/{id}/test", ADMIN),
    row("GET", "/api/webhooks/{id}/attempts", ADMIN),
    row("POST", "/api/webhooks/{id}/replay", ADMIN),
    row("POST", "/api/webhooks/{id}/events/{seq}/resend", ADMIN),
    row("GET", "/api/push/key", VIEWERS),
    row("POST", "/api/push/subscriptions", VIEWERS),
    row("DELETE", "/api/push/subscriptions", VIEWERS),
    row("POST", "/api/desk/messages", OPERATOR),
    row("PUT", "/api/desk/calls/{id}/result", OPERATOR),
    row("PUT", "/api/desk/calls/{id}/caller", OPERATOR),
    row("POST", "/api/desk/calls/{id}/spam", OPERATOR),
    row("GET", "/api/callers", ADMIN),
    row("POST", "/api/callers", ADMIN),
    row("PUT", "/api/callers/{id}", ADMIN),
    row("DELETE", "/api/callers/{id}", ADMIN),
    row("GET", "/api/desk/calls/{id}/questions", OPERATOR),
    row("GET", "/api/desk/calls/today", OPERATOR),
    row("GET", "/api/desk/lost", OPERATOR),
    row("GET", "/api/desk/tasks", OPERATOR),
    row("POST", "/api/desk/tasks/{id}/take", OPERATOR),
    row("PUT", "/api/desk/tasks/{id}", OPERATOR),
    row("GET", "/api/desk/socket", OPERATOR),
    row("GET", "/api/desk/board/socket", SUPERVISOR),
    row("GET", "/api/desk/board/figures", SUPERVISOR),
    row("GET", "/api/desk/board/thresholds", SUPERVISOR),
    row("PUT", "/api/desk/board/thresholds", SUPERVISOR),
    row("GET", "/api/desk/shifts", SUPERVISOR),
    row("GET", "/api/desk/shifts/export", SUPERVISOR),
    row("GET", "/api/platform/companies", PLATFORM),
    row("POST", "/api/platform/companies", PLATFORM),
    row("GET", "/api/platform/operators", PLATFORM),
    row("POST", "/api/platform/operators", PLATFORM),
    row("PATCH", "/api/platform/operators/{id}", PLATFORM),
    row("DELETE", "/api/platform/operators/{id}", PLATFORM),
    row("POST", "/api/platform/users/{id}/password", PLATFORM),
    row("GET", "/api/platform/health", PLATFORM),
    row("GET", "/api/keys", ADMIN),
    row("POST", "/api/keys", ADMIN),
    row("DELETE", "/api/keys/{id}", ADMIN),
    row("GET", "/v1/calls/search", OLD_API).key(Scope::CallsRead),
    row("GET", "/v1/calls/{id}", OLD_API).key(Scope::CallsRead),
    row("GET", "/v1/calls/{id}/messages", OLD_API).key(Scope::MessagesRead),
    row("GET", "/v1/calls/{id}/record.mp3", OLD_API).key(Scope::RecordingsRead),
    row("GET", "/api/demo", EVERYBODY),
    row("GET", "/api/demo/enter", EVERYBODY),
    row("POST", "/api/demo/call", EVERYBODY),
    row("GET", "/api/demo/mails", EVERYBODY),
    row("GET", "/api/openapi.json", EVERYBODY),
    row("GET", "/api/docs", EVERYBODY),
    row("GET", "/api/docs/style.css", EVERYBODY),
    row("GET", "/healthz", EVERYBODY),
    row("GET", "/readyz", EVERYBODY),
    row("GET", "/metrics", EVERYBODY),
];

impl Access {
    /// Whether somebody who is signed in gets in, else why not.
    fn admits(self, user: &User) -> Result<(), Code> {
        let changed = || match user.must_change_password {
            true => Err(Code::PasswordChangeRequired),
            false => Ok(()),
        };
        match self {
            Self::Everybody | Self::AnySession => Ok(()),
            Self::SignedIn => changed(),
            Self::Roles(roles) => {
                changed()?;
                match roles.iter().any(|role| user.is(*role)) {
                    true => Ok(()),
                    false => Err(Code::Forbidden),
                }
            }
            Self::OldApi => Err(Code::WrongKey),
        }
    }
}

/// The row of an endpoint.
pub fn rule(method: &Method, path: &str) -> Option<&'static Rule> {
    let method = match *method {
        Method::HEAD => "GET",
        _ => method.as_str(),
    };
    RULES
        .iter()
        .find(|rule| rule.method == method && rule.path == path)
}

/// Lets a request through to its endpoint if the table does; the session goes
/// along, for the extractors to take.
pub async fn guard(
    State(api): State<Api>,
    path: MatchedPath,
    request: Request,
    next: Next,
) -> Response {
    let Some(rule) = rule(request.method(), path.as_str()) else {
        let problem = Problem::from(Code::MethodNotAllowed);
        return ([(header::ALLOW, allowed(path.as_str()))], problem).into_response();
    };
    match admit(&api, rule, request).await {
        Ok(request) => match request.extensions().get::<ApiKey>().cloned() {
            Some(key) => idempotent::run(&api, &key, request, next).await,
            None => next.run(request).await,
        },
        Err(problem) => problem.into_response(),
    }
}

/// The methods that a path has rows for, as the header Allow tells them.
fn allowed(path: &str) -> String {
    let methods: Vec<&str> = RULES
        .iter()
        .filter(|rule| rule.path == path)
        .flat_map(|rule| match rule.method {
            "GET" => ["GET", "HEAD"].as_slice(),
            _ => std::slice::from_ref(&rule.method),
        })
        .copied()
        .collect();
    methods.join(",")
}

async fn admit(api: &Api, rule: &Rule, request: Request) -> Result<Request, Problem> {
    if rule.access == Access::Everybody {
        return Ok(request);
    }
    let (mut parts, body) = request.into_parts();
    let session = if let Some(secret) = key::secret(&parts, rule.access) {
        let holder = key::holder(api, rule.scope, &secret, &parts).await?;
        parts.extensions.insert(holder.key.clone());
        AnySession::of_key(holder)
    } else {
        // Without a key only the session can tell who it is, and the old API knows none.
        if rule.access == Access::OldApi {
            return Err(Code::WrongKey.into());
        }
        let session = AnySession::of_request(&parts, api).await?;
        rule.access.admits(&session.user)?;
        session
    };
    parts.extensions.insert(session);
    Ok(Request::from_parts(parts, body))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use axum::http::Method;

    use super::{RULES, rule};

    #[test]
    fn an_endpoint_has_one_row() {
        let mut known = HashSet::new();
        for row in RULES {
            assert!(known.insert((row.method, row.path)), "{row:?}");
        }
    }

    #[test]
    fn head_goes_by_the_row_of_get() {
        let path = "/api/calls/{id}/recording";
        assert!(rule(&Method::HEAD, path).is_some());
        assert_eq!(rule(&Method::HEAD, path), rule(&Method::GET, path));
        assert_eq!(rule(&Method::DELETE, path), None);
    }
}
