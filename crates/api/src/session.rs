//! Who asks: the session's cookie, and what its user may do.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum_extra::extract::CookieJar;
use jiff::Timestamp;
use model::id::{CompanyId, UserId};
use model::language::Language;
use model::user::{Role, User};
use store::{Actor, ApiKeyHolder, Seen, StoreError};

use crate::Api;
use crate::csrf;
use crate::problem::{Code, Problem, Tongue};

/// With this prefix no other host, and no page without TLS, can set it.
/// Browsers count the loopback as safe, so the demo needs no TLS.
const COOKIE: &str = "__Host-session";

/// Tells scripts of the page that there is a session.
const HINT: &str = "signed_in";

/// Longest token that is looked up.
const TOKEN_MAX: usize = 128;

/// Somebody with a session. Who gets in with it is told by the table of `access`.
#[derive(Clone)]
pub struct AnySession {
    /// Who.
    pub user: User,
    /// Token that changes have to name.
    pub csrf: String,
    /// Token of the cookie.
    pub token: String,
}

impl AnySession {
    /// Reads the request's cookie; a change has to name the session's token as well.
    pub async fn of_request(parts: &Parts, api: &Api) -> Result<Self, Problem> {
        let token = token(&parts.headers).ok_or(Code::SignedOut)?;
        let now = Timestamp::now();
        let session = match api.store.sessions().get(&token, now).await {
            Ok(session) => session,
            Err(StoreError::NotFound) => return Err(Code::SignedOut.into()),
            Err(error) => return Err(error.into()),
        };
        if let Some(tongue) = parts.extensions.get::<Tongue>() {
            tongue.settle(session.user.language);
        }
        if csrf::changes(&parts.method) {
            let named = parts
                .headers
                .get(csrf::HEADER)
                .and_then(|value| value.to_str().ok());
            if !named.is_some_and(|named| csrf::same(named, &session.csrf)) {
                return Err(Code::WrongCsrf.into());
            }
        }
        // Being a minute late with it changes nothing: the request goes on.
        if let Err(error) = api.store.sessions().touch(&token, now).await {
            tracing::warn!(%error, "the session's use could not be noted");
        }
        Ok(Self {
            user: session.user,
            csrf: session.csrf,
            token,
        })
    }

    /// A key's: it sees what its administrator sees, goes by its own name, and
    /// is nobody's employee.
    pub fn of_key(ApiKeyHolder { key, user }: ApiKeyHolder) -> Self {
        Self {
            user: User {
                name: key.name,
                login: String::new(),
                roles: vec![Role::CompanyAdmin],
                ..user
            },
            csrf: String::new(),
            token: String::new(),
        }
    }
}

impl FromRequestParts<Api> for AnySession {
    type Rejection = Problem;

    /// The session that `access::guard` has let in.
    async fn from_request_parts(parts: &mut Parts, _: &Api) -> Result<Self, Problem> {
        let session = parts.extensions.get::<Self>().cloned();
        session.ok_or_else(|| Code::SignedOut.into())
    }
}

/// An administrator of a company.
#[derive(Clone)]
pub struct CompanyAdmin {
    /// The company, the only one whose data may be touched.
    pub company: CompanyId,
    /// Who.
    pub user: UserId,
    /// Language of the interface.
    pub language: Language,
}

impl FromRequestParts<Api> for CompanyAdmin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let session = AnySession::from_request_parts(parts, api).await?;
        match session.user.company {
            Some(company) if session.user.is(Role::CompanyAdmin) => Ok(Self {
                company,
                user: session.user.id,
                language: session.user.language,
            }),
            _ => Err(Code::Forbidden.into()),
        }
    }
}

/// Somebody who sees calls and messages of a company: its administrator all of
/// them, an employee those that came to oneself or to the own department.
#[derive(Clone)]
pub struct Viewer {
    /// The company, the only one whose data may be touched.
    pub company: CompanyId,
    /// What of its calls and messages may be seen.
    pub seen: Seen,
    /// Who.
    pub user: User,
    /// Token of the cookie.
    pub token: String,
}

impl FromRequestParts<Api> for Viewer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let session = AnySession::from_request_parts(parts, api).await?;
        let company = session.user.company.ok_or(Code::Forbidden)?;
        Ok(Self {
            company,
            seen: seen(api, company, &session.user).await?,
            user: session.user,
            token: session.token,
        })
    }
}

impl Viewer {
    /// In whose name things are done with messages.
    pub async fn actor(&self, api: &Api) -> Result<Actor, Problem> {
        let notice = api.store.notice();
        let employee = notice.employee_of(self.company, &self.user.login).await?;
        Ok(Actor {
            user: self.user.id,
            name: self.user.name.clone(),
            employee: employee.map(|employee| employee.id),
        })
    }

    /// What may be seen by now: departments and their people change while a stream is open.
    pub async fn look_again(&mut self, api: &Api) -> Result<(), Problem> {
        self.seen = seen(api, self.company, &self.user).await?;
        Ok(())
    }
}

async fn seen(api: &Api, company: CompanyId, user: &User) -> Result<Seen, Problem> {
    if user.is(Role::CompanyAdmin) {
        return Ok(Seen::Everything);
    }
    Ok(api.store.employees().seen_by(company, &user.login).await?)
}

/// An operator.
#[derive(Clone)]
pub struct Operator {
    /// Who.
    pub user: User,
    /// Token of the cookie.
    pub token: String,
}

impl FromRequestParts<Api> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let session = AnySession::from_request_parts(parts, api).await?;
        if !session.user.is(Role::Operator) {
            return Err(Code::Forbidden.into());
        }
        Ok(Self {
            user: session.user,
            token: session.token,
        })
    }
}

impl Api {
    /// Whether the session of a stream that was opened with it still stands.
    /// A database that is away for the moment ends nothing.
    pub(crate) async fn still_signed_in(&self, token: &str) -> bool {
        let session = self.store.sessions().get(token, Timestamp::now()).await;
        if session.is_ok() {
            // An open page counts as use: a shift at the desk is one long WebSocket.
            let _ = self.store.sessions().touch(token, Timestamp::now()).await;
        }
        !matches!(session, Err(StoreError::NotFound))
    }

    /// The same, and that its user still has the role.
    pub(crate) async fn still_holds(&self, token: &str, role: Role) -> bool {
        let session = self.store.sessions().get(token, Timestamp::now()).await;
        let lost = session.is_ok_and(|session| !session.user.is(role));
        !lost && self.still_signed_in(token).await
    }
}

/// The session's token in the request's cookie.
pub fn token(headers: &HeaderMap) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    let token = jar.get(COOKIE)?.value();
    (token.len() <= TOKEN_MAX && !token.is_empty()).then(|| token.to_owned())
}

/// What the session's browser calls itself, for the list of sessions.
pub fn agent(headers: &HeaderMap) -> String {
    let told = headers.get(header::USER_AGENT);
    crate::agent::short(told.and_then(|told| told.to_str().ok()).unwrap_or_default())
}

/// The cookies of a session that begins.
pub fn set_cookies(token: &str) -> [(HeaderName, HeaderValue); 2] {
    cookies(token, "1", "")
}

/// The cookies that end the session in the browser.
pub fn clear_cookies() -> [(HeaderName, HeaderValue); 2] {
    cookies("", "", "; Max-Age=0")
}

/// The one keeps the token; the other is worth nothing, and tells a page
/// whether asking for the session makes sense.
fn cookies(token: &str, hint: &str, more: &str) -> [(HeaderName, HeaderValue); 2] {
    [
        format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Secure{more}"),
        format!("{HINT}={hint}; Path=/; SameSite=Lax{more}"),
    ]
    .map(|text| {
        // Tokens are base64url, made by the store.
        let value = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""));
        (header::SET_COOKIE, value)
    })
}
