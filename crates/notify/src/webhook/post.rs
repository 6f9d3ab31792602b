//! One attempt to hand an event to a receiver.

use std::time::Instant;

use jiff::Timestamp;
use model::event::HookAttempt;
use model::web_address::WebAddress;
use serde_json::value::RawValue;
use store::DueEvent;

use super::sign::signatures;
use crate::http::{Answer, Outbound, Request, RequestError};

/// The kind under which a test goes.
const TEST: &str = "webhook.test";

/// What a receiver gets.
#[derive(serde::Serialize)]
struct Envelope<'a> {
    id: String,
    #[serde(rename = "type")]
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<i64>,
    timestamp: Timestamp,
    data: &'a RawValue,
}

/// An event as it is posted.
#[derive(Clone, Copy)]
pub(crate) struct Post<'a> {
    pub(crate) due: &'a DueEvent,
    /// It shows whether the receiver is there, and tells nothing.
    pub(crate) test: bool,
}

impl Post<'_> {
    /// Posts it once.
    pub(crate) async fn send(
        &self,
        outbound: &Outbound,
    ) -> (HookAttempt, Result<Answer, RequestError>) {
        let (at, began) = (Timestamp::now(), Instant::now());
        let outcome = match self.due.url.parse::<WebAddress>() {
            Ok(url) => match self.body() {
                Ok(body) => outbound.post(self.request(&url, at, body)).await,
                Err(error) => Err(RequestError::Broken(error.to_string())),
            },
            // Checked when it was saved; the rules may have become stricter since.
            Err(_) => Err(RequestError::UnknownHost),
        };
        let attempt = HookAttempt {
            at,
            status: outcome.as_ref().ok().map(|answer| answer.status),
            error: None,
            ms: u32::try_from(began.elapsed().as_millis()).unwrap_or(u32::MAX),
        };
        (attempt, outcome)
    }

    fn body(&self) -> Result<Vec<u8>, serde_json::Error> {
        let event = &self.due.event;
        serde_json::to_vec(&Envelope {
            id: event.id.to_string(),
            kind: if self.test { TEST } else { event.kind.name() },
            seq: (!self.test).then_some(event.seq),
            timestamp: event.at,
            data: serde_json::from_str(&event.body)?,
        })
    }

    fn request<'a>(&self, url: &'a WebAddress, at: Timestamp, body: Vec<u8>) -> Request<'a> {
        let (id, second) = (self.due.event.id.to_string(), at.as_second());
        let signature = signatures(&self.due.secrets, &id, second, &body);
        Request {
            to: url,
            headers: vec![
                ("content-type", "application/json".into()),
                ("webhook-id", id),
                ("webhook-timestamp", second.to_string()),
                ("webhook-signature", signature),
            ],
            body,
        }
    }
}
