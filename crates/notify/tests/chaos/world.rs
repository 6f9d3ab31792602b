//! Companies with their receivers and browsers, before anything is killed.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use model::company::Company;
use model::event::EventKind;
use model::id::CompanyId;
use model::language::Language;
use model::line::Scenario;
use model::secret::Secret;
use notify::Vapid;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sim::web::Manner;
use sim::web::push::PushService;
use sim::web::receiver::Receiver;
use store::{EmployeeDraft, NewPushSubscription, Store, WebhookDraft};
use uuid::Uuid;

use crate::mail::{self, Letters};
use crate::plan::{COMPANIES, Firm, Plan, Ways};

/// All that stands around the child.
pub struct World {
    pub plan: Plan,
    pub file: PathBuf,
    pub receivers: Vec<Receiver>,
    pub service: PushService,
    pub letters: Letters,
}

/// Fails, hangs, repeats and lies; three times in four it does what it should.
fn temper(random: &mut StdRng) -> Manner {
    match random.random_range(0..100) {
        0..8 => Manner::Refuse(500),
        8..11 => Manner::Close,
        11..16 => Manner::TakeAndClose,
        16..19 => Manner::Babble,
        19..23 => Manner::CutShort,
        23..24 => Manner::Hang,
        24..30 => Manner::TakeWithGarbage,
        _ => Manner::Take,
    }
}

fn tempers(seed: u64) -> impl FnMut(u64) -> Manner + Send + 'static {
    let random = Arc::new(Mutex::new(StdRng::seed_from_u64(seed)));
    move |_| temper(&mut random.lock().expect("no panic"))
}

impl World {
    pub async fn begin(folder: &Path, seed: u64) -> Self {
        let (mail_port, letters) = mail::start(seed).await;
        let mut plan = Plan {
            database: format!("sqlite://{}", folder.join("store.db").display()),
            mail_port,
            begun: Timestamp::now(),
            firms: Vec::new(),
        };
        let store = plan.store().await.expect("opened");
        let vapid = Vapid::load_or_create(&store, "https://calls.example.com".into()).await;
        let key = vapid.expect("a key").public_key();
        let service = PushService::start().await.expect("a service");
        service.behave(tempers(seed + 1));
        let mut receivers = Vec::new();
        for number in 0..COMPANIES {
            let receiver = Receiver::start().await.expect("a receiver");
            receiver.behave(tempers(seed + 2 + number as u64));
            plan.firms
                .push(firm(&store, number, &receiver, &service, &key).await);
            receivers.push(receiver);
        }
        store.close().await.expect("closed");
        let file = plan.write(folder);
        Self {
            plan,
            file,
            receivers,
            service,
            letters,
        }
    }
}

async fn firm(
    store: &Store,
    number: usize,
    receiver: &Receiver,
    service: &PushService,
    key: &str,
) -> Firm {
    let company = Company {
        id: CompanyId(Uuid::now_v7()),
        name: format!("Ромашка {number}"),
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
    let login = format!("anna@romashka{number}.example");
    let anna = EmployeeDraft {
        id: None,
        email: login.clone(),
        name: "Анна".into(),
        department: None,
        position: String::new(),
        extension: String::new(),
        mobile: String::new(),
    };
    let employees = store.employees();
    let people = employees.replace_all(company.id, &[anna], 1).await;
    let users = store.users();
    let user = users.by_login(&login).await.expect("user").id;
    // Her invitation is another story.
    let password = Secret::new("correct horse");
    let set = users.set_password(user, &password, false, None).await;
    set.expect("a password");
    let (ways, now) = (Ways::of(number), Timestamp::now());
    if ways.push {
        let browser = service.subscribe(key).expect("keys");
        let new = NewPushSubscription {
            point: URL_SAFE_NO_PAD.decode(&browser.p256dh).expect("a point"),
            auth: URL_SAFE_NO_PAD.decode(&browser.auth).expect("a secret"),
            endpoint: browser.endpoint,
            agent: "Chromium".into(),
        };
        let added = store.push_subscriptions().add(user, &new, now).await;
        added.expect("subscribed");
    }
    if ways.webhook {
        let draft = WebhookDraft {
            url: receiver.url(),
            kinds: vec![EventKind::MessageCreated],
            enabled: true,
        };
        let made = store.webhooks().create(company.id, &draft, now).await;
        receiver.trust(made.expect("a webhook").1.reveal());
    }
    let lines = store.lines();
    let line = lines.create(company.id, "Основная", Scenario::MissedCalls);
    Firm {
        company: company.id,
        line: line.await.expect("line").id,
        anna: people.expect("employee").value[0].id,
    }
}
