//! What the demo offers beyond the product; the demo itself implements it.

use std::fmt;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The demo: a customer's PBX, callers, and caught mails.
pub trait Demo: fmt::Debug + Send + Sync {
    /// Who can sign in.
    fn sign_ins(&self) -> Vec<DemoSignIn>;
    /// Whether the customer's PBX runs.
    fn pbx_running(&self) -> bool;
    /// The callers that can be heard.
    fn callers(&self) -> Vec<String>;
    /// Lets the caller call the company.
    fn place_call<'a>(&'a self, caller: &'a str) -> BoxFuture<'a, Result<(), PlaceCallError>>;
    /// The mails that were caught, newest first.
    fn mails(&self) -> Vec<DemoMail>;
}

/// Why no call could be placed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaceCallError {
    /// There is no such caller.
    #[error("there is no such caller")]
    UnknownCaller,
    /// The customer's PBX could not do it.
    #[error("the PBX could not place the call: {0}")]
    Failed(String),
}

/// Somebody who can sign in to the demo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DemoSignIn {
    /// As whom.
    pub role: DemoRole,
    /// Who it is, in words.
    pub who: String,
    /// Login.
    pub login: String,
    /// Password.
    pub password: String,
    /// Link that signs in with one click.
    pub url: String,
}

/// The demo's people, as the link that signs in with one click names them:
/// `/api/demo/enter?as=operator`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DemoRole {
    /// The administrator of the demo's company.
    Admin,
    /// The demo's operator.
    Operator,
    /// The demo's supervisor.
    Supervisor,
    /// An employee of the demo's company.
    Employee,
    /// The platform's administrator.
    Platform,
}

/// A mail that was caught.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DemoMail {
    /// Id.
    pub id: Uuid,
    /// To whom.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// HTML; none where the mail has text only.
    pub html: Option<String>,
    /// When it was caught.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}
