//! The worker against a store and a small mail server, both real.

#![allow(missing_docs, reason = "tests speak for themselves")]

use std::sync::Arc;

use jiff::Timestamp;
use model::call::{Call, Caller, RecordingState};
use model::company::Company;
use model::id::{CallId, CompanyId, MessageId};
use model::language::Language;
use model::line::{Recipient, Scenario};
use model::message::{Channel, Delivery, DeliveryState, Message};
use model::secret::Secret;
use notify::{
    MailSettings, Mailer, Outbound, OutboundSettings, Schedule, Security, Vapid, Worker,
    WorkerParts,
};
use store::{EmployeeDraft, MasterKey, Seen, Store};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

/// A mail server that answers `RCPT TO` with one line after the other, then
/// takes everything. Gives the letters that it took.
async fn mail_server(answers: &'static [&'static str]) -> (u16, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("bound").port();
    let (letters, taken) = mpsc::unbounded_channel();
    let mut answers = answers.iter().copied();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (read, mut write) = stream.into_split();
            let mut lines = BufReader::new(read).lines();
            write.write_all(b"220 here\r\n").await.expect("written");
            let mut letter: Option<String> = None;
            while let Ok(Some(line)) = lines.next_line().await {
                let answer = match (&mut letter, line.as_str()) {
                    (Some(_), ".") => {
                        let _ = letters.send(letter.take().expect("a letter"));
                        "250 taken"
                    }
                    (Some(text), line) => {
                        text.push_str(line);
                        text.push_str("\r\n");
                        continue;
                    }
                    (None, line) if line.starts_with("RCPT") => {
                        answers.next().unwrap_or("250 good")
                    }
                    (None, "DATA") => {
                        letter = Some(String::new());
                        "354 go on"
                    }
                    (None, "QUIT") => "221 bye",
                    (None, _) => "250 good",
                };
                write
                    .write_all(format!("{answer}\r\n").as_bytes())
                    .await
                    .expect("written");
            }
        }
    });
    (port, taken)
}

struct Story {
    _folder: TempDir,
    store: Store,
    message: Message,
    worker: tokio::task::JoinHandle<()>,
    stop: oneshot::Sender<()>,
}

impl Story {
    /// A worker runs; then a message for Anna is stored.
    async fn begin(port: u16) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("store.db").display());
        let store = Store::open(&url, MasterKey::from_bytes([7; 32]))
            .await
            .expect("opened");
        let mailer = Mailer::new(&MailSettings {
            host: "127.0.0.1".into(),
            port,
            security: Security::None,
            login: None,
            from: "Телефонистка <calls@example.com>".into(),
            public_url: "https://calls.example.com".into(),
        })
        .expect("settings");
        let message = message_for_anna(&store).await;
        let (stop, stopped) = oneshot::channel();
        let vapid = Vapid::load_or_create(&store, "mailto:calls@example.com".into()).await;
        let parts = WorkerParts {
            store: store.clone(),
            mailer: Some(mailer),
            outbound: Outbound::new(OutboundSettings::default()).expect("settings"),
            vapid: Arc::new(vapid.expect("a key")),
            schedule: Schedule::default(),
        };
        let worker = tokio::spawn(Worker::new(parts).run(async {
            let _ = stopped.await;
        }));
        store
            .messages()
            .create(&message, true)
            .await
            .expect("stored");
        Self {
            _folder: folder,
            store,
            message,
            worker,
            stop,
        }
    }

    /// The letter's delivery as soon as it looks so.
    async fn delivery_once(&self, looks_so: impl Fn(&Delivery) -> bool) -> Delivery {
        let mut changes = self.store.changes();
        loop {
            let messages = self.store.messages();
            let stored = messages
                .get(self.message.company, &Seen::Everything, self.message.id)
                .await
                .expect("stored");
            let email = stored.deliveries.into_iter().map(|stored| stored.delivery);
            let email = email.filter(|delivery| delivery.channel == Channel::Email);
            if let Some(delivery) = email.into_iter().find(|delivery| looks_so(delivery)) {
                return delivery;
            }
            changes.recv().await.expect("a change");
        }
    }

    async fn end(self) {
        let _ = self.stop.send(());
        self.worker.await.expect("the worker leaves");
    }
}

async fn message_for_anna(store: &Store) -> Message {
    let now = Timestamp::now();
    let company = Company {
        id: CompanyId(Uuid::now_v7()),
        name: "Ромашка".into(),
        legal_name: String::new(),
        about: String::new(),
        address: String::new(),
        site: String::new(),
        phone: String::new(),
        email: String::new(),
        not_to_say: String::new(),
        texts: Vec::new(),
        language: Language::Ru,
        retention_days: 90,
    };
    store.companies().create(&company).await.expect("company");
    let anna = EmployeeDraft {
        id: None,
        email: "anna@romashka.example".into(),
        name: "Анна".into(),
        department: None,
        position: String::new(),
        extension: String::new(),
        mobile: String::new(),
    };
    let employees = store.employees();
    let people = employees
        .replace_all(company.id, &[anna], 1)
        .await
        .expect("employee");
    // Her invitation is another story.
    let users = store.users();
    let user = users.by_login("anna@romashka.example").await.expect("user");
    users
        .set_password(user.id, &Secret::new("correct horse"), false, None)
        .await
        .expect("a password");
    let lines = store.lines();
    let line = lines
        .create(company.id, "Основная", Scenario::MissedCalls)
        .await
        .expect("line");
    let call = Call {
        id: CallId(Uuid::now_v7()),
        company: company.id,
        line: line.id,
        outgoing: false,
        caller: Caller::default(),
        arrived_at: now,
        answered_at: None,
        ended_at: None,
        ending: None,
        result: None,
        operator: None,
        recording: RecordingState::None,
        recording_ms: 0,
        called_back: false,
    };
    store.calls().insert(&call).await.expect("call");
    Message {
        id: MessageId(Uuid::now_v7()),
        company: company.id,
        call: call.id,
        recipient: Recipient::Employee {
            employee: people.value[0].id,
        },
        caller_name: "Ivan Petrov".into(),
        caller_phone: "+79261234567".into(),
        text: "Asks to be called back.".into(),
        answers: Vec::new(),
        urgent: false,
        author: None,
        created_at: now,
    }
}

#[tokio::test]
async fn a_stored_message_wakes_the_worker_and_is_sent_once() {
    let (port, mut letters) = mail_server(&[]).await;
    let story = Story::begin(port).await;
    let delivery = story
        .delivery_once(|delivery| delivery.state == DeliveryState::Sent)
        .await;
    let letter = letters.recv().await.expect("a letter");
    assert!(letter.contains("Asks to be called back."));
    assert!(letter.contains(&format!("Message-ID: <{}@example.com>", delivery.id)));
    story.end().await;
    assert!(letters.try_recv().is_err(), "one letter only");
}

#[tokio::test]
async fn a_refusal_for_good_fails_the_delivery_at_once() {
    let (port, _letters) = mail_server(&["550 no such mailbox"]).await;
    let story = Story::begin(port).await;
    let delivery = story
        .delivery_once(|delivery| delivery.state == DeliveryState::Failed)
        .await;
    assert_eq!(delivery.attempts, 1);
    assert_eq!(
        delivery.error.as_deref(),
        Some("the mailbox does not exist (550)")
    );
    story.end().await;
}

#[tokio::test]
async fn a_refusal_for_now_is_tried_again_later() {
    let (port, _letters) = mail_server(&["451 come again"]).await;
    let story = Story::begin(port).await;
    let delivery = story
        .delivery_once(|delivery| delivery.error.is_some())
        .await;
    assert_eq!(delivery.state, DeliveryState::Queued);
    assert!(delivery.next_at.expect("another attempt") > Timestamp::now());
    story.end().await;
}

#[tokio::test]
async fn a_mail_server_that_is_away_delays_the_letter() {
    let story = Story::begin(1).await;
    let delivery = story
        .delivery_once(|delivery| delivery.error.is_some())
        .await;
    assert_eq!(delivery.state, DeliveryState::Queued);
    story.end().await;
}
