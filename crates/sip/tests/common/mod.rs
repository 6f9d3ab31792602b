//! What the stories share: a real PBX, a telephone outside, and our endpoint.

// Each story uses its part.
#![allow(dead_code, missing_docs)]

pub mod asterisk;
pub mod by_hand;
pub mod flood;
pub mod proxy;
pub mod scene;
pub mod telephone;

use std::net::SocketAddr;
use std::time::Duration;

use model::audio::{AudioStream, Codec, Direction};
use model::id::LineId;
use model::pbx::{Connection, PbxAccount, Transport};
use model::secret::Secret;
use sip::{Endpoint, EndpointConfig, Event};
use tokio::sync::mpsc;

/// Longer than anything awaited takes, even on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Our endpoint and what it tells.
pub struct Service {
    pub endpoint: Endpoint,
    pub events: mpsc::Receiver<Event>,
}

impl Service {
    pub async fn start() -> Self {
        let (tell, events) = mpsc::channel(100);
        let config = EndpointConfig {
            allowed: vec!["127.0.0.0/8".parse().expect("a network")],
            ..EndpointConfig::at(SocketAddr::from(([127, 0, 0, 1], 0)))
        };
        let endpoint = Endpoint::start(config, tell).await.expect("an endpoint");
        Self { endpoint, events }
    }

    /// The next event.
    pub async fn event(&mut self) -> Event {
        let event = tokio::time::timeout(PATIENCE, self.events.recv()).await;
        event
            .expect("an event in time")
            .expect("an endpoint that lives")
    }

    /// The line's connection, once it has settled.
    pub async fn settled(&mut self) -> Connection {
        loop {
            if let Event::Line { connection, .. } = self.event().await
                && connection != Connection::Connecting
            {
                return connection;
            }
        }
    }

    /// The next event that is not about a line's connection.
    pub async fn call_event(&mut self) -> Event {
        loop {
            match self.event().await {
                Event::Line { .. } => {}
                event => return event,
            }
        }
    }
}

pub fn line() -> LineId {
    LineId(uuid::Uuid::new_v4())
}

pub fn contact() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

pub fn account(user: &str, server: SocketAddr, transport: Transport) -> PbxAccount {
    PbxAccount {
        user: user.to_owned(),
        password: Secret::new(format!("secret{user}")),
        server: server.ip().to_string(),
        proxy: None,
        auth_name: None,
        port: Some(server.port()),
        transport,
        interval_s: 120,
        trust: model::pbx::Trust::default(),
        codecs: model::audio::Codec::ALL.to_vec(),
    }
}

/// A stream of ours; nobody listens there.
pub fn stream() -> AudioStream {
    AudioStream {
        address: SocketAddr::from(([127, 0, 0, 1], 49_170)),
        formats: Codec::ALL.map(Into::into).to_vec(),
        dtmf: Some(101),
        direction: Direction::SendRecv,
        keys: None,
    }
}
