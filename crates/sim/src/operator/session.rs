//! The signed-in session over HTTP: what a browser's cookie jar would do.

use reqwest::header::{COOKIE, HeaderMap, HeaderValue, ORIGIN, SET_COOKIE};
use reqwest::{Client, RequestBuilder, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::OperatorError;

/// The session's cookie over HTTPS, and over plain HTTP, where browsers refuse the prefix.
const COOKIE_NAMES: [&str; 2] = ["__Host-session", "session"];

/// Header against cross-site requests.
const CSRF: &str = "X-CSRF-Token";

/// A session; requests carry its cookie, its token and the site's origin.
#[derive(Clone)]
pub struct Session {
    client: Client,
    base_url: String,
    cookie: String,
    csrf: String,
}

/// What is needed of the server's session.
#[derive(Deserialize)]
struct Opened {
    csrf: String,
}

/// What is needed of a problem (RFC 9457).
#[derive(Deserialize)]
struct Problem {
    #[serde(default)]
    title: String,
    #[serde(default)]
    detail: String,
}

impl Session {
    /// Signs in.
    pub async fn open(base_url: &str, login: &str, password: &str) -> Result<Self, OperatorError> {
        let base_url = base_url.trim_end_matches('/').to_owned();
        let client = Client::new();
        let request = (client.post(format!("{base_url}/api/session")))
            .header(ORIGIN, &base_url)
            .json(&json!({ "login": login, "password": password }));
        let response = checked("the sign-in", request).await?;
        let cookie = cookie(response.headers()).ok_or_else(|| OperatorError::Refused {
            what: "the sign-in",
            status: response.status().as_u16(),
            detail: "no session cookie came".to_owned(),
        })?;
        let opened: Opened = response.json().await?;
        Ok(Self {
            client,
            base_url,
            cookie,
            csrf: opened.csrf,
        })
    }

    /// The site.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Value of the Cookie header.
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Posts JSON.
    pub async fn post(
        &self,
        what: &'static str,
        path: &str,
        body: &Value,
    ) -> Result<(), OperatorError> {
        let request = self.client.post(format!("{}{path}", self.base_url));
        checked(what, self.signed(request).json(body)).await?;
        Ok(())
    }

    /// Signs out.
    pub async fn close(&self) -> Result<(), OperatorError> {
        let request = (self.client).delete(format!("{}/api/session", self.base_url));
        checked("the sign-out", self.signed(request)).await?;
        Ok(())
    }

    fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        request
            .header(COOKIE, &self.cookie)
            .header(CSRF, &self.csrf)
            .header(ORIGIN, &self.base_url)
    }
}

async fn checked(what: &'static str, request: RequestBuilder) -> Result<Response, OperatorError> {
    let response = request.send().await?;
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let problem = response.json::<Problem>().await.ok();
    let detail = problem.map(|p| {
        if p.detail.is_empty() {
            p.title
        } else {
            p.detail
        }
    });
    Err(OperatorError::Refused {
        what,
        status: status.as_u16(),
        detail: detail.unwrap_or_default(),
    })
}

/// The session cookie as it is sent back.
fn cookie(headers: &HeaderMap<HeaderValue>) -> Option<String> {
    let cookies = headers.get_all(SET_COOKIE).iter();
    cookies
        .filter_map(|value| value.to_str().ok()?.split(';').next())
        .find(|pair| {
            (pair.split('=').next()).is_some_and(|name| COOKIE_NAMES.contains(&name.trim()))
        })
        .map(|pair| pair.trim().to_owned())
}
