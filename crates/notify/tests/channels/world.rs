//! A store with a company, and a worker that serves it.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use model::call::{Call, Caller, RecordingState};
use model::company::Company;
use model::event::EventKind;
use model::id::{CallId, CompanyId, EmployeeId, LineId, MessageId, WebhookId};
use model::language::Language;
use model::line::{Recipient, Scenario};
use model::message::{Channel, Delivery, Message};
use notify::{
    HandSender, MailSettings, Mailer, Outbound, OutboundSettings, Schedule, Security, Vapid,
    Worker, WorkerParts,
};
use sim::web::receiver::Receiver;
use store::{EmployeeDraft, MasterKey, Seen, Store, WebhookDraft};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::time::timeout;
use uuid::Uuid;

/// Longer than anything takes that happens at all, on a machine with other things to do.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Pauses that nobody has to wait for.
pub fn brisk() -> Schedule {
    Schedule {
        first: Duration::from_millis(20),
        longest: Duration::from_millis(200),
        ..Schedule::default()
    }
}

pub struct World {
    _folder: TempDir,
    pub store: Store,
    pub outbound: Outbound,
    pub vapid: Arc<Vapid>,
    worker: Option<(oneshot::Sender<()>, tokio::task::JoinHandle<()>)>,
}

/// A company with one line and one employee.
#[derive(Clone, Copy)]
pub struct Firm {
    pub company: CompanyId,
    pub line: LineId,
    pub anna: EmployeeId,
}

impl World {
    pub async fn new() -> Self {
        let settings = OutboundSettings {
            allowed: vec!["127.0.0.0/8".parse().expect("a network")],
            ..OutboundSettings::default()
        };
        Self::with(Outbound::new(settings).expect("settings")).await
    }

    pub async fn with(outbound: Outbound) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("store.db").display());
        let store = Store::open(&url, MasterKey::from_bytes([7; 32]));
        let store = store.await.expect("opened");
        let vapid = Vapid::load_or_create(&store, "https://calls.example.com".into()).await;
        Self {
            _folder: folder,
            store,
            outbound,
            vapid: Arc::new(vapid.expect("a key")),
            worker: None,
        }
    }

    /// A worker runs from now on.
    pub fn work(&mut self, schedule: Schedule, mail_port: Option<u16>) {
        let mailer = mail_port.map(|port| {
            Mailer::new(&MailSettings {
                host: "127.0.0.1".into(),
                port,
                security: Security::None,
                login: None,
                from: "Телефонистка <calls@example.com>".into(),
                public_url: "https://calls.example.com".into(),
            })
            .expect("settings")
        });
        let worker = Worker::new(WorkerParts {
            store: self.store.clone(),
            mailer,
            outbound: self.outbound.clone(),
            vapid: Arc::clone(&self.vapid),
            schedule,
        });
        let (stop, stopped) = oneshot::channel::<()>();
        let worker = tokio::spawn(worker.run(async {
            let _ = stopped.await;
        }));
        self.worker = Some((stop, worker));
    }

    /// The worker is told to stop, and does.
    pub async fn rest(&mut self) {
        if let Some((stop, worker)) = self.worker.take() {
            let _ = stop.send(());
            let ended = timeout(PATIENCE, worker).await;
            ended.expect("in time").expect("the worker leaves");
        }
    }

    pub fn hand(&self) -> HandSender {
        HandSender::new(self.store.clone(), self.outbound.clone())
    }

    pub async fn firm(&self, name: &str) -> Firm {
        let company = Company {
            id: CompanyId(Uuid::now_v7()),
            name: name.into(),
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
        let companies = self.store.companies();
        companies.create(&company).await.expect("company");
        let anna = EmployeeDraft {
            id: None,
            email: format!("anna@{}.example", company.id.0.simple()),
            name: "Анна".into(),
            department: None,
            position: String::new(),
            extension: String::new(),
            mobile: String::new(),
        };
        let employees = self.store.employees();
        let people = employees.replace_all(company.id, &[anna], 1).await;
        let line = self.store.lines();
        let line = line.create(company.id, "Основная", Scenario::MissedCalls);
        Firm {
            company: company.id,
            line: line.await.expect("line").id,
            anna: people.expect("employee").value[0].id,
        }
    }

    /// Anna's browser takes notifications.
    pub async fn subscribe(&self, firm: Firm, browser: &sim::web::push::Subscription) {
        use base64::Engine;
        use base64::engine::general_purpose::URL_SAFE_NO_PAD;
        let login = format!("anna@{}.example", firm.company.0.simple());
        let user = self.store.users().by_login(&login).await.expect("user");
        let new = store::NewPushSubscription {
            endpoint: browser.endpoint.clone(),
            point: URL_SAFE_NO_PAD.decode(&browser.p256dh).expect("a point"),
            auth: URL_SAFE_NO_PAD.decode(&browser.auth).expect("a secret"),
            agent: "Chromium".into(),
        };
        let subscriptions = self.store.push_subscriptions();
        let added = subscriptions.add(user.id, &new, Timestamp::now()).await;
        added.expect("subscribed");
    }

    /// The receiver gets these events of the company.
    pub async fn hook(&self, firm: Firm, receiver: &Receiver, kinds: &[EventKind]) -> WebhookId {
        let draft = WebhookDraft {
            url: receiver.url(),
            kinds: kinds.to_vec(),
            enabled: true,
        };
        let webhooks = self.store.webhooks();
        let made = webhooks.create(firm.company, &draft, Timestamp::now());
        let (webhook, secret) = made.await.expect("a webhook");
        receiver.trust(secret.reveal());
        webhook.id
    }

    pub async fn call(&self, firm: Firm) -> CallId {
        let call = Call {
            id: CallId(Uuid::now_v7()),
            company: firm.company,
            line: firm.line,
            outgoing: false,
            caller: Caller::default(),
            arrived_at: Timestamp::now(),
            answered_at: None,
            ended_at: None,
            ending: None,
            result: None,
            operator: None,
            recording: RecordingState::None,
            recording_ms: 0,
            called_back: false,
        };
        self.store.calls().insert(&call).await.expect("call");
        call.id
    }

    /// A message for Anna is stored.
    pub async fn message(&self, firm: Firm, text: &str, email: bool) -> Message {
        let message = Message {
            id: MessageId(Uuid::now_v7()),
            company: firm.company,
            call: self.call(firm).await,
            recipient: Recipient::Employee {
                employee: firm.anna,
            },
            caller_name: "Иван Петров".into(),
            caller_phone: "+79261234567".into(),
            text: text.into(),
            answers: Vec::new(),
            urgent: false,
            author: None,
            created_at: Timestamp::now(),
        };
        self.store_message(&message, email).await;
        message
    }

    pub async fn store_message(&self, message: &Message, email: bool) {
        let messages = self.store.messages();
        messages.create(message, email).await.expect("stored");
    }

    /// The message's delivery on that way, as soon as it looks so.
    pub async fn delivery_once(
        &self,
        message: &Message,
        channel: Channel,
        looks_so: impl Fn(&Delivery) -> bool,
    ) -> Delivery {
        let mut changes = self.store.changes();
        let wait = async {
            loop {
                let messages = self.store.messages();
                let stored = messages.get(message.company, &Seen::Everything, message.id);
                let all = stored.await.expect("stored").deliveries;
                let mut all = all.into_iter().map(|stored| stored.delivery);
                let of_way = all.find(|delivery| delivery.channel == channel);
                if let Some(delivery) = of_way.filter(|delivery| looks_so(delivery)) {
                    return delivery;
                }
                changes.recv().await.expect("a change");
            }
        };
        timeout(PATIENCE, wait).await.expect("in time")
    }
}
