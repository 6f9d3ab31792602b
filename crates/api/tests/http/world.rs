//! Two companies, their people, and a client that asks in their names.

use std::sync::Arc;

use api::hooks::HookSender;
use api::{Api, ApiConfig, ApiParts, Demo, Page};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use futures_util::future::BoxFuture;
use http_body_util::BodyExt;
use jiff::Timestamp;
use metrics_exporter_prometheus::PrometheusBuilder;
use model::api_key::Scope;
use model::call::{Call, Caller, RecordingState};
use model::company::{Company, Department, Notify};
use model::event::{EventKind, HookAttempt};
use model::id::{CallId, CompanyId, EmployeeId, LineId, UserId, WebhookId};
use model::language::Language;
use model::line::{Recipient, Scenario, Script};
use model::secret::Secret;
use model::user::Role;
use serde_json::Value;
use store::{
    ApiKeyDraft, DepartmentDraft, EmployeeDraft, MasterKey, NewApiKey, NewUser, Recordings, Store,
    StoreError, WebhookDraft,
};
use tempfile::TempDir;
use tokio::sync::mpsc;
use tower::ServiceExt;
use uuid::Uuid;

/// Where browsers believe to be.
pub const ORIGIN: &str = "https://calls.example.ru";
/// The application's page.
pub const PAGE: &str = "<!doctype html><div id=\"root\"></div>";

/// A web build of two files.
fn page(path: &str) -> Option<Page> {
    let content = match path {
        "index.html" => PAGE,
        "assets/app-1234.js" => "start()",
        _ => return None,
    };
    Some(Page {
        content: content.as_bytes().into(),
        digest: [7; 32],
    })
}

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery";

/// Somebody with a session.
#[derive(Clone)]
pub struct Person {
    pub id: UserId,
    pub login: String,
    pub token: String,
    pub csrf: String,
}

/// A running server without its sockets.
pub struct World {
    pub router: Router,
    pub api: Api,
    pub store: Store,
    pub recordings: Recordings,
    pub company: CompanyId,
    pub other_company: CompanyId,
    pub folder: TempDir,
}

/// Sends nothing; a test fails, what is sent again gets through.
struct HookDouble(Store);

impl std::fmt::Debug for HookDouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HookDouble")
    }
}

impl HookSender for HookDouble {
    fn test(
        &self,
        company: CompanyId,
        webhook: WebhookId,
    ) -> BoxFuture<'_, Result<HookAttempt, StoreError>> {
        Box::pin(async move {
            let (hooks, now) = (self.0.webhooks(), Timestamp::now());
            let due = hooks.test_event(company, webhook, now).await?;
            let attempt = HookAttempt {
                at: now,
                status: Some(500),
                error: Some("the receiver answered 500".into()),
                ms: 7,
            };
            hooks.settle_by_hand(&due, None, &attempt, now).await?;
            Ok(attempt)
        })
    }

    fn resend(
        &self,
        company: CompanyId,
        webhook: WebhookId,
        seq: i64,
    ) -> BoxFuture<'_, Result<HookAttempt, StoreError>> {
        Box::pin(async move {
            let (hooks, now) = (self.0.webhooks(), Timestamp::now());
            let due = hooks.event(company, webhook, seq, now).await?;
            let attempt = HookAttempt {
                at: now,
                status: Some(204),
                error: None,
                ms: 3,
            };
            hooks.settle_by_hand(&due, Some(seq), &attempt, now).await?;
            Ok(attempt)
        })
    }
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("no JSON: {}", String::from_utf8_lossy(&self.body)))
    }

    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("a header"))
    }

    /// The answer has the status, else the test ends with what it was.
    pub fn expect(self, status: StatusCode) -> Self {
        let body = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status, status, "{body}");
        self
    }
}

/// A request in the making.
pub struct Ask<'a> {
    world: &'a World,
    request: axum::http::request::Builder,
    body: Body,
}

impl Ask<'_> {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    /// With a key of the API, and nothing that a browser sends.
    pub fn key(self, secret: &str) -> Self {
        self.header("authorization", &format!("Bearer {secret}"))
    }

    /// As the page of somebody who is signed in: cookie and CSRF token.
    pub fn by(self, person: &Person) -> Self {
        let csrf = person.csrf.clone();
        self.cookie_of(person).header("x-csrf-token", &csrf)
    }

    /// With the cookie, as another site's page would make the browser do.
    pub fn cookie_of(self, person: &Person) -> Self {
        self.header("cookie", &format!("__Host-session={}", person.token))
    }

    pub fn json(self, body: &Value) -> Self {
        let mut asked = self.header("content-type", "application/json");
        asked.body = Body::from(body.to_string());
        asked
    }

    pub fn raw(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends it, and reads the whole answer.
    pub async fn send(self) -> Answer {
        let response = self.send_head().await;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes().to_vec();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    /// Sends it, and leaves the body to be read.
    pub async fn send_head(self) -> axum::response::Response {
        let request = self.request.body(self.body).expect("a request");
        self.world
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("an answer")
    }
}

impl World {
    pub async fn start() -> Self {
        Self::start_with(None).await
    }

    pub async fn start_with(demo: Option<Arc<dyn Demo>>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("db.sqlite").display());
        let key = MasterKey::from_bytes([7; 32]);
        let store = Store::open(&url, key).await.expect("a database");
        let recordings = Recordings::open(&folder.path().join("recordings")).expect("a folder");
        let switchboard = switchboard(&store, &recordings).await;
        let api = Api::new(ApiParts {
            store: store.clone(),
            recordings: recordings.clone(),
            switchboard,
            pages: page,
            config: ApiConfig {
                public_url: ORIGIN.into(),
                behind_proxy: true,
                email_enabled: true,
                letters: None,
                metrics_elsewhere: false,
                demo,
                decode_wav: Arc::new(|ogg| match ogg.starts_with(b"OggS") {
                    true => Ok([b"RIFF".to_vec(), ogg].concat()),
                    false => Err("not an Ogg file".into()),
                }),
                encode_mp3: Arc::new(|ogg| match ogg.starts_with(b"OggS") {
                    true => Ok([b"\xff\xfb".to_vec(), ogg].concat()),
                    false => Err("not an Ogg file".into()),
                }),
                hooks: Arc::new(HookDouble(store.clone())),
                unprotected_hooks: false,
                push_key: "the-key-of-pushes".into(),
            },
            metrics: PrometheusBuilder::new().build_recorder().handle(),
        });
        let company = new_company(&store, "Ромашка").await;
        let other_company = new_company(&store, "Василёк").await;
        Self {
            router: api::router(api.clone()),
            api,
            store,
            recordings,
            company,
            other_company,
            folder,
        }
    }

    pub fn ask(&self, method: Method, path: &str) -> Ask<'_> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::ORIGIN, ORIGIN)
            .header(header::HOST, "calls.example.ru");
        Ask {
            world: self,
            request,
            body: Body::empty(),
        }
    }

    /// Without an Origin: to send another one.
    pub fn ask_from_nowhere(&self, method: Method, path: &str) -> Ask<'_> {
        Ask {
            world: self,
            request: Request::builder().method(method).uri(path),
            body: Body::empty(),
        }
    }

    pub fn get(&self, path: &str) -> Ask<'_> {
        self.ask(Method::GET, path)
    }

    pub fn put(&self, path: &str, body: &Value) -> Ask<'_> {
        self.ask(Method::PUT, path).json(body)
    }

    pub fn post(&self, path: &str, body: &Value) -> Ask<'_> {
        self.ask(Method::POST, path).json(body)
    }

    /// Somebody new, signed in.
    pub async fn person(&self, role: Role, company: Option<CompanyId>, login: &str) -> Person {
        self.new_person(role, company, login, false).await
    }

    /// Somebody whose first password was set by somebody else.
    pub async fn newcomer(&self, company: CompanyId, login: &str) -> Person {
        self.new_person(Role::CompanyAdmin, Some(company), login, true)
            .await
    }

    async fn new_person(
        &self,
        role: Role,
        company: Option<CompanyId>,
        login: &str,
        must_change_password: bool,
    ) -> Person {
        let user = NewUser {
            company,
            login: login.into(),
            name: format!("Мария ({login})"),
            roles: vec![role],
            password: Secret::new(PASSWORD),
            must_change_password,
            language: Language::Ru,
        };
        let user = self.store.users().create(&user).await.expect("a user");
        let session = self
            .store
            .sessions()
            .create(user.id, Timestamp::now())
            .await;
        let session = session.expect("a session");
        Person {
            id: user.id,
            login: login.into(),
            token: session.token,
            csrf: session.csrf,
        }
    }

    /// Somebody whom an endpoint has made, signed in with a password of their own.
    pub async fn signed_in(&self, login: &str) -> Person {
        let users = self.store.users();
        let user = users.by_login(login).await.expect("a user");
        users
            .set_password(user.id, &Secret::new(PASSWORD), false, None)
            .await
            .expect("set");
        let sessions = self.store.sessions();
        let session = sessions.create(user.id, Timestamp::now()).await;
        let session = session.expect("a session");
        Person {
            id: user.id,
            login: login.into(),
            token: session.token,
            csrf: session.csrf,
        }
    }

    pub async fn admin(&self) -> Person {
        self.person(Role::CompanyAdmin, Some(self.company), "admin@romashka.ru")
            .await
    }

    /// The company's only employee, of this login.
    pub async fn employee(&self, email: &str) -> EmployeeId {
        let employees = self.store.employees();
        let stored = employees.list(self.company).await.expect("employees");
        let draft = EmployeeDraft {
            id: None,
            email: email.into(),
            name: "Нина".into(),
            department: None,
            position: String::new(),
            extension: "103".into(),
            mobile: "89261234567".into(),
        };
        let drafts = [draft];
        let saved = employees.replace_all(self.company, &drafts, stored.version);
        saved.await.expect("saved").value[0].id
    }

    pub async fn operator(&self) -> Person {
        self.person(Role::Operator, None, "maria@calls.ru").await
    }

    async fn administrator(&self, company: CompanyId) -> UserId {
        let login = format!("{}@keys.ru", Uuid::new_v4().simple());
        self.person(Role::CompanyAdmin, Some(company), &login)
            .await
            .id
    }

    /// A key of the company that opens this.
    pub async fn key(&self, company: CompanyId, scopes: &[Scope]) -> NewApiKey {
        let draft = ApiKeyDraft {
            name: "CRM".into(),
            scopes: scopes.to_vec(),
            made_by: self.administrator(company).await,
        };
        let keys = self.store.api_keys();
        let made = keys.create(company, &draft, Timestamp::now()).await;
        made.expect("a key")
    }

    pub async fn line(&self) -> LineId {
        let lines = self.store.lines();
        lines
            .create(self.company, "Основная", Scenario::MissedCalls)
            .await
            .expect("a line")
            .id
    }

    /// Gives the line a department that its messages go to.
    pub async fn recipient_for(&self, line: LineId) {
        let departments = self.store.departments();
        let stored = departments.list(self.company).await.expect("departments");
        let sales = DepartmentDraft {
            id: None,
            name: "Продажи".into(),
            extension: String::new(),
            notify: Notify::Everyone,
        };
        let mut drafts: Vec<_> = stored.value.into_iter().map(kept).collect();
        drafts.push(sales);
        let stored = departments
            .replace_all(self.company, &drafts, stored.version)
            .await
            .expect("departments");
        let department = stored.value.last().expect("a department").id;
        let script = Script {
            recipient: Some(Recipient::Department { department }),
            ..Script::default()
        };
        let lines = self.store.lines();
        lines
            .put_script(self.company, line, &script)
            .await
            .expect("a script");
    }

    /// A receiver of all events of the company.
    pub async fn webhook(&self) -> WebhookId {
        let draft = WebhookDraft {
            url: "https://hooks.example/in".into(),
            kinds: EventKind::ALL.to_vec(),
            enabled: true,
        };
        let hooks = self.store.webhooks();
        let made = hooks.create(self.company, &draft, Timestamp::now()).await;
        made.expect("a webhook").0.id
    }

    /// A call of now, answered by the operator where one is given.
    pub async fn call(&self, line: LineId, operator: Option<UserId>) -> Call {
        let call = self.ringing(line);
        self.store.calls().insert(&call).await.expect("stored");
        if let Some(operator) = operator {
            let calls = self.store.calls();
            let answered = calls.set_answered(self.company, call.id, operator, call.arrived_at);
            answered.await.expect("stored");
        }
        call
    }

    /// A call of now that the operator places, to the number of all others.
    pub async fn placed(&self, line: LineId, operator: UserId) -> Call {
        let call = Call {
            outgoing: true,
            operator: Some(operator),
            ..self.ringing(line)
        };
        self.store.calls().insert(&call).await.expect("stored");
        call
    }

    fn ringing(&self, line: LineId) -> Call {
        let arrived_at =
            Timestamp::from_millisecond(Timestamp::now().as_millisecond()).expect("now");
        Call {
            id: CallId(Uuid::now_v7()),
            company: self.company,
            line,
            outgoing: false,
            caller: Caller {
                number: Some("+79261234567".into()),
                name: Some("Иван".into()),
            },
            arrived_at,
            answered_at: None,
            ended_at: None,
            ending: None,
            result: None,
            operator: None,
            recording: RecordingState::None,
            recording_ms: 0,
            called_back: false,
        }
    }
}

fn kept(row: Department) -> DepartmentDraft {
    DepartmentDraft {
        id: Some(row.id),
        name: row.name,
        extension: row.extension,
        notify: row.notify,
    }
}

async fn new_company(store: &Store, name: &str) -> CompanyId {
    let company = Company {
        id: CompanyId(Uuid::new_v4()),
        name: name.into(),
        legal_name: format!("ООО «{name}»"),
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
    store.companies().create(&company).await.expect("a company");
    company.id
}

async fn switchboard(store: &Store, recordings: &Recordings) -> switchboard::handle::Handle {
    let loopback = "127.0.0.1".parse().expect("an address");
    let (to_sip, sip_events) = mpsc::channel(64);
    let (to_media, media_events) = mpsc::unbounded_channel();
    let endpoint = sip::EndpointConfig::at("127.0.0.1:0".parse().expect("an address"));
    let engine = media::EngineConfig {
        rtp_listen: loopback,
        rtp_external: Vec::new(),
        rtp_ports: 40_000..=40_100,
        browser_listen: "127.0.0.1:0".parse().expect("an address"),
        browser_external: Vec::new(),
        threads: 1,
    };
    let prompts = media::Prompts::load().expect("prompts");
    let parts = switchboard::Parts {
        store: store.clone(),
        recordings: recordings.clone(),
        sip: sip::Endpoint::start(endpoint, to_sip).await.expect("SIP"),
        sip_events,
        media: media::Engine::start(engine, prompts, to_media).expect("sound"),
        media_events,
        limits: call::Limits::default(),
        email_enabled: true,
    };
    switchboard::start(parts).await.expect("a switchboard")
}
