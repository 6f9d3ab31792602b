//! The whole server: what is configured is built, run, and drained.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use api::{Api, ApiConfig, ApiParts, Demo, Page};
use call::Limits;
use media::{Engine, EngineConfig, Prompts};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use notify::{
    Bounces, HandSender, Outbound, OutboundSettings, Schedule, Steps, Summaries, Vapid, Worker,
    WorkerParts,
};
use store::Store;
use switchboard::Parts;
use switchboard::handle::Handle;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::config::{Calls, Config};
use crate::hooks;
use crate::mail;
use crate::open::{self, OpenError};

/// Events of the signalling that may wait for the switchboard.
const SIP_BACKLOG: usize = 4096;

/// Bounds of the histograms, in seconds: from a desk's ringing to a long wait.
const SECONDS: [f64; 11] = [0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 180.0];

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// Database, key, recordings.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database.
    #[error("the database can't be read: {0}")]
    Store(#[from] store::StoreError),
    /// The signalling.
    #[error("{0}; check [sip]")]
    Sip(#[from] sip::StartError),
    /// The sound.
    #[error("{0}; check [rtp] and [browser]")]
    Media(#[from] media::StartError),
    /// A prompt.
    #[error(transparent)]
    Prompt(#[from] media::PromptError),
    /// The web's address.
    #[error("{address} can't be listened on: {source}; check [http]")]
    Listen {
        /// Which one.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The mail server's settings.
    #[error("letters can't leave: {0}; check [smtp] and [bounces]")]
    Mail(#[from] notify::MailError),
    /// Requests to webhooks and push services.
    #[error(transparent)]
    Outbound(#[from] notify::OutboundError),
    /// The key for push.
    #[error(transparent)]
    Push(#[from] notify::VapidError),
    /// The metrics.
    #[error("metrics can't be collected: {0}")]
    Metrics(#[from] metrics_exporter_prometheus::BuildError),
}

/// A running server.
pub struct Server {
    switchboard: Handle,
    media: Engine,
    store: Store,
    stopping: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

/// `telefonistka serve`: until SIGTERM or Ctrl-C.
pub async fn serve(config: Config) -> Result<(), ServerError> {
    let store = open::store(&config).await?;
    let server = Server::start(&config, store, None).await?;
    tracing::info!(address = %config.http.listen, url = config.http.public_url, "serving");
    asked_to_leave().await;
    tracing::info!("leaving: no more calls are taken, running ones may end");
    server.stop(config.stop.drain).await;
    tracing::info!("left");
    Ok(())
}

/// Waits for SIGTERM or Ctrl-C.
pub async fn asked_to_leave() {
    let interrupt = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(error) => {
            tracing::warn!(%error, "SIGTERM can't be listened for");
            let _ = interrupt.await;
        }
    }
}

impl Server {
    /// Builds everything and begins to serve.
    pub async fn start(
        config: &Config,
        store: Store,
        demo: Option<Arc<dyn Demo>>,
    ) -> Result<Self, ServerError> {
        let metrics = metrics()?;
        let recordings = open::recordings(config)?;
        let listener = listen(config.http.listen).await?;
        let (sip_sender, sip_events) = mpsc::channel(SIP_BACKLOG);
        let sip = sip::Endpoint::start(
            sip::EndpointConfig {
                external: config.sip.external_address.clone(),
                allowed: config.sip.allowed_networks.clone(),
                ..sip::EndpointConfig::at(config.sip.listen)
            },
            sip_sender,
        )
        .await?;
        let (media_sender, media_events) = mpsc::unbounded_channel();
        let media = Engine::start(engine(config), Prompts::load()?, media_sender)?;
        let email_enabled = config.smtp.is_some();
        let switchboard = switchboard::start(Parts {
            store: store.clone(),
            recordings: recordings.clone(),
            sip,
            sip_events,
            media: media.clone(),
            media_events,
            limits: limits(&config.calls),
            email_enabled,
        })
        .await?;

        let stopping = CancellationToken::new();
        let mut tasks = Vec::new();
        let mailer = mail::mailer(config)?;
        let letters = mailer
            .clone()
            .map(|mailer| Arc::new(mail::Post(mailer)) as _);
        if let (Some(mailer), Some(mailbox)) = (&mailer, mail::mailbox(config)) {
            let bounces = Bounces::new(store.clone(), mailbox, mailer);
            let stopped = stopping.clone();
            tasks.push(tokio::spawn(async move {
                bounces.run(stopped.cancelled()).await
            }));
        }
        if let Some(mailer) = &mailer {
            let summaries = Summaries::new(store.clone(), mailer.clone());
            let stopped = stopping.clone();
            tasks.push(tokio::spawn(async move {
                summaries.run(stopped.cancelled()).await
            }));
        }
        let outbound = Outbound::new(OutboundSettings {
            allowed: config.sip.allowed_networks.clone(),
            trusted: Vec::new(),
        })?;
        let vapid = Vapid::load_or_create(&store, hooks::contact(config)).await?;
        let vapid = Arc::new(vapid);
        let worker = Worker::new(WorkerParts {
            store: store.clone(),
            mailer,
            outbound: outbound.clone(),
            vapid: Arc::clone(&vapid),
            schedule: Schedule::default(),
        });
        let stopped = stopping.clone();
        tasks.push(tokio::spawn(async move {
            worker.run(stopped.cancelled()).await
        }));
        let steps = Steps::new(store.clone(), email_enabled);
        let stopped = stopping.clone().cancelled_owned();
        tasks.push(tokio::spawn(steps.run(stopped)));
        let api = Api::new(ApiParts {
            store: store.clone(),
            recordings,
            switchboard: switchboard.clone(),
            pages: |path| {
                pages::file(path).map(|file| Page {
                    digest: file.metadata.sha256_hash(),
                    content: file.data,
                })
            },
            config: ApiConfig {
                public_url: config.http.public_url.clone(),
                behind_proxy: config.http.behind_proxy,
                email_enabled,
                letters,
                metrics_elsewhere: config.http.metrics_listen.is_some(),
                demo,
                decode_wav: Arc::new(|packed| {
                    media::pack::wav(&packed).map_err(|error| error.to_string())
                }),
                encode_mp3: Arc::new(|packed| {
                    media::mp3(&packed).map_err(|error| error.to_string())
                }),
                hooks: Arc::new(hooks::Hooks(HandSender::new(store.clone(), outbound))),
                unprotected_hooks: !config.sip.allowed_networks.is_empty(),
                push_key: vapid.public_key(),
            },
            metrics: metrics.clone(),
        });
        if let Some(address) = config.http.metrics_listen {
            let listener = listen(address).await?;
            let operations = api::operations(api.clone());
            let stopped = stopping.clone().cancelled_owned();
            tasks.push(tokio::spawn(async move {
                let serving = axum::serve(listener, operations).with_graceful_shutdown(stopped);
                if let Err(error) = serving.await {
                    tracing::error!(%error, "metrics are not served any more");
                }
            }));
        }
        let stopped = stopping.clone().cancelled_owned();
        tasks.push(tokio::spawn(async move {
            if let Err(error) = api::serve(api, listener, stopped).await {
                tracing::error!(%error, "pages are not served any more");
            }
        }));
        Ok(Self {
            switchboard,
            media,
            store,
            stopping,
            tasks,
        })
    }

    /// Lets running calls end within the limit, then leaves. Desks stay
    /// connected until their last call is over.
    pub async fn stop(self, drain: Duration) {
        self.switchboard.drain(drain).await;
        self.stopping.cancel();
        for task in self.tasks {
            // A task that panicked has said so.
            let _ = task.await;
        }
        let media = self.media;
        let _ = tokio::task::spawn_blocking(move || media.shutdown()).await;
        if let Err(error) = self.store.close().await {
            tracing::warn!(%error, "the database was not closed in order");
        }
    }
}

fn metrics() -> Result<PrometheusHandle, ServerError> {
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?;
    Ok(builder.install_recorder()?)
}

async fn listen(address: SocketAddr) -> Result<TcpListener, ServerError> {
    TcpListener::bind(address)
        .await
        .map_err(|source| ServerError::Listen { address, source })
}

fn engine(config: &Config) -> EngineConfig {
    EngineConfig {
        rtp_listen: config.rtp.listen,
        rtp_external: config.rtp.external_address.clone(),
        rtp_ports: config.rtp.ports.clone(),
        browser_listen: config.browser.listen,
        browser_external: config.browser.addresses.clone(),
        threads: config.browser.threads,
    }
}

fn limits(calls: &Calls) -> Limits {
    Limits {
        ring_before_answer: calls.ring_before_answer,
        wait: calls.wait_limit,
        operator_grace: calls.returning_grace,
        longest_call: calls.longest_call,
        offer: calls.offer,
        wrap_up: calls.wrap_up,
        ..Limits::default()
    }
}
