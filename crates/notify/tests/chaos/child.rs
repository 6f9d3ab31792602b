//! The server, as far as messages and their deliveries go. It ends by being killed.

use std::io::Write;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use notify::{
    MailSettings, Mailer, Outbound, OutboundSettings, Schedule, Security, SystemResolver, Vapid,
    Worker, WorkerParts,
};
use store::{Store, StoreError};

use crate::plan::Plan;

/// Who hangs, hangs so long.
const WHOLE: Duration = Duration::from_secs(1);
/// Pause before what the disk did not take is tried again.
const PAUSE: Duration = Duration::from_millis(100);

/// Writes the messages of these numbers, says each that is stored, and serves
/// their deliveries until it is killed.
pub async fn run(plan: &Path, numbers: Range<usize>) {
    let plan = Plan::read(plan);
    let store = plan.store().await.expect("opened");
    let vapid = Vapid::load_or_create(&store, "https://calls.example.com".into()).await;
    let settings = OutboundSettings {
        allowed: vec!["127.0.0.0/8".parse().expect("a network")],
        ..OutboundSettings::default()
    };
    let outbound = Outbound::with(settings, Box::new(SystemResolver), WHOLE);
    let mailer = Mailer::new(&MailSettings {
        host: "127.0.0.1".into(),
        port: plan.mail_port,
        security: Security::None,
        login: None,
        from: "Телефонистка <calls@example.com>".into(),
        public_url: "https://calls.example.com".into(),
    });
    let worker = Worker::new(WorkerParts {
        store: store.clone(),
        mailer: Some(mailer.expect("settings")),
        outbound: outbound.expect("settings"),
        vapid: Arc::new(vapid.expect("a key")),
        schedule: Schedule {
            first: Duration::from_millis(10),
            longest: Duration::from_millis(300),
            ..Schedule::default()
        },
    });
    let worker = tokio::spawn(worker.run(std::future::pending()));
    for number in numbers {
        loop {
            match write(&store, &plan, number).await {
                Ok(()) => break,
                Err(error) if error.is_retryable() => tokio::time::sleep(PAUSE).await,
                Err(error) => panic!("message {number}: {error:?}"),
            }
        }
        let mut out = std::io::stdout().lock();
        writeln!(out, "{number}")
            .and_then(|()| out.flush())
            .expect("said");
    }
    worker.await.expect("never");
}

async fn write(store: &Store, plan: &Plan, number: usize) -> Result<(), StoreError> {
    let (call, message) = plan.message(number);
    store.calls().insert(&call).await?;
    store.messages().create(&message, true).await?;
    Ok(())
}
