//! Whether the table of who may do what holds: something to ask every
//! endpoint of the OpenAPI document with, so that one without an
//! authorization test is a failure.

use std::collections::BTreeSet;

use api::{Access, RULES, Rule};
use axum::http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use model::api_key::Scope;
use model::id::{DeliveryId, EmployeeId, LineId, MessageId, TaskId};
use model::line::Recipient;
use model::message::Channel;
use model::notice::{Policy, Step, Target};
use model::user::Role;
use serde_json::{Value, json};
use store::Seen;
use uuid::Uuid;

use crate::demo::demo_of;
use crate::old_api::short_id;
use crate::world::{Answer, Ask, Person, World};

/// What the id in the path is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Nothing,
    Line,
    Call,
    /// A session of whoever may ask.
    Session,
    /// An operator of the platform.
    Operator,
    /// A link to choose a password.
    Token,
    /// A message to the told employee.
    Message,
    /// A letter of such a message, on its way.
    Delivery,
    /// Such a message, and its letter that failed.
    Failed,
    Department,
    /// The told employee.
    Employee,
    /// A call that operators owe to the told employee.
    Task,
    /// A key of the company.
    Key,
    /// A call, by its id of the old API.
    OldCall,
    /// A receiver of the company's events.
    Webhook,
    /// A caller whom the company knows.
    Caller,
}

/// Stands in a body for the told employee.
const TOLD: &str = "TOLD";

const ROLES: [Role; 5] = [
    Role::CompanyAdmin,
    Role::Employee,
    Role::Operator,
    Role::Supervisor,
    Role::PlatformAdmin,
];

struct Row {
    method: Method,
    path: &'static str,
    of: Of,
    body: Option<Value>,
}

fn table() -> Vec<Row> {
    use Of::{
        Call, Caller, Delivery, Department, Employee, Failed, Key, Line, Message, Nothing, OldCall,
        Operator, Session, Task, Token, Webhook,
    };
    let row = |method: &str, path, of, body: Value| Row {
        method: method.parse().expect("a method"),
        path,
        of,
        body: (!body.is_null()).then_some(body),
    };
    let none = || Value::Null;
    let script = json!({
        "greeting": {"kind": "variant", "number": 1}, "farewell": {"kind": "variant", "number": 1},
        "recipient": null, "outside_hours": true
    });
    let webhook = json!({"url": "https://x.example/", "kinds": ["call.ended"], "enabled": true});
    let webhook_change = json!({"url": "https://x.example/", "kinds": ["call.ended"],
        "enabled": true, "version": 1});
    let subscription = json!({"endpoint": "https://push.example/1",
        "p256dh": format!("B{}", "A".repeat(86)), "auth": "A".repeat(22)});
    let account = json!({"user": "200", "password": "x", "server": "127.0.0.1"});
    let message = json!({
        "id": Uuid::new_v4(), "call_id": Uuid::new_v4(), "caller_name": "", "caller_phone": "",
        "recipient": {"to": "employee", "employee": Uuid::new_v4()}, "text": "?"
    });
    let company = json!({
        "name": "x", "legal_name": "", "about": "", "address": "", "site": "", "phone": "",
        "email": "", "not_to_say": "", "texts": [], "language": "ru", "retention_days": 90, "version": 99
    });
    let hours = json!({"hours": {"zone": "Europe/Moscow", "week": [[], [], [], [], [], [], []],
        "exceptions": []}, "version": 99});
    let list = || json!({"items": [], "version": 99});
    vec![
        row(
            "POST",
            "/api/session",
            Nothing,
            json!({"login": "x@y.ru", "password": "z"}),
        ),
        row("GET", "/api/session", Nothing, none()),
        row("DELETE", "/api/session", Nothing, none()),
        row(
            "PUT",
            "/api/session/password",
            Nothing,
            json!({"current": "not it at all", "new": "long enough for it"}),
        ),
        row(
            "PUT",
            "/api/session/language",
            Nothing,
            json!({"language": "ru"}),
        ),
        row(
            "POST",
            "/api/password-resets",
            Nothing,
            json!({"login": "nobody@y.ru"}),
        ),
        row("GET", "/api/password-resets/{token}", Token, none()),
        row(
            "PUT",
            "/api/password-resets/{token}",
            Token,
            json!({"new": "long enough for it"}),
        ),
        row("GET", "/api/sessions", Nothing, none()),
        row("DELETE", "/api/sessions", Nothing, none()),
        row("DELETE", "/api/sessions/{id}", Session, none()),
        row("GET", "/api/platform/companies", Nothing, none()),
        row(
            "POST",
            "/api/platform/companies",
            Nothing,
            json!({"name": "x", "admin_email": "x", "admin_name": "x", "language": "ru"}),
        ),
        row("GET", "/api/platform/operators", Nothing, none()),
        row(
            "POST",
            "/api/platform/operators",
            Nothing,
            json!({"email": "x", "name": "x", "supervisor": false}),
        ),
        row(
            "PATCH",
            "/api/platform/operators/{id}",
            Operator,
            json!({"name": "x", "supervisor": true}),
        ),
        row("DELETE", "/api/platform/operators/{id}", Operator, none()),
        row(
            "POST",
            "/api/platform/users/{id}/password",
            Operator,
            none(),
        ),
        row("GET", "/api/platform/health", Nothing, none()),
        row("GET", "/api/calls", Nothing, none()),
        row("GET", "/api/calls/export", Nothing, none()),
        row("GET", "/api/calls/{id}", Call, none()),
        row(
            "POST",
            "/api/calls/{id}/called-back",
            Call,
            json!({"called_back": true}),
        ),
        row("GET", "/api/calls/{id}/recording", Call, none()),
        row("GET", "/api/calls/{id}/peaks", Call, none()),
        row("GET", "/api/today", Nothing, none()),
        row("GET", "/api/figures", Nothing, none()),
        row("GET", "/api/events", Nothing, none()),
        row("GET", "/api/messages", Nothing, none()),
        row("GET", "/api/messages/export", Nothing, none()),
        row("GET", "/api/messages/unread", Nothing, none()),
        row("GET", "/api/messages/{id}", Message, none()),
        row("POST", "/api/messages/{id}/read", Message, none()),
        row("POST", "/api/messages/{id}/accept", Message, none()),
        row("POST", "/api/messages/{id}/release", Message, none()),
        row("POST", "/api/messages/{id}/close", Message, none()),
        row("POST", "/api/messages/{id}/reopen", Message, none()),
        row(
            "POST",
            "/api/messages/{id}/comments",
            Message,
            json!({"id": Uuid::new_v4(), "text": "?"}),
        ),
        row(
            "POST",
            "/api/messages/{id}/assign",
            Message,
            json!({"employee": TOLD}),
        ),
        row(
            "POST",
            "/api/messages/{id}/deliveries/{delivery}/retry",
            Failed,
            none(),
        ),
        row("POST", "/api/deliveries/{id}/delivered", Delivery, none()),
        row("GET", "/api/colleagues", Nothing, none()),
        row("GET", "/api/me", Nothing, none()),
        row(
            "PUT",
            "/api/me/presence",
            Nothing,
            json!({"presence": "busy", "until": null}),
        ),
        row(
            "PUT",
            "/api/me/reach",
            Nothing,
            json!({"email": true, "push": true, "quiet": [], "urgent_anyway": true, "absence": null}),
        ),
        row("PUT", "/api/me/summary", Nothing, json!({"summary": "day"})),
        row("GET", "/api/escalations", Nothing, none()),
        row(
            "PUT",
            "/api/escalations",
            Nothing,
            json!({"department": null, "policy": null, "version": 99}),
        ),
        row("GET", "/api/rotas/{id}", Department, none()),
        row(
            "PUT",
            "/api/rotas/{id}",
            Department,
            json!({"shifts": [], "version": 0}),
        ),
        row("GET", "/api/employees/{id}/absence", Employee, none()),
        row(
            "PUT",
            "/api/employees/{id}/absence",
            Employee,
            json!({"absence": null}),
        ),
        row("GET", "/api/lines", Nothing, none()),
        row(
            "POST",
            "/api/lines",
            Nothing,
            json!({"name": "x", "scenario": "secretary"}),
        ),
        row("GET", "/api/lines/{id}", Line, none()),
        row("PATCH", "/api/lines/{id}", Line, json!({"name": "y"})),
        row("DELETE", "/api/lines/{id}", Line, none()),
        row("PUT", "/api/lines/{id}/script", Line, script),
        row("PUT", "/api/lines/{id}/account", Line, account),
        row("POST", "/api/lines/{id}/connect", Line, none()),
        row("POST", "/api/lines/{id}/disconnect", Line, none()),
        row("GET", "/api/lines/{id}/journal", Line, none()),
        row("GET", "/api/lines/{id}/doctor", Line, none()),
        row("POST", "/api/lines/{id}/doctor", Line, none()),
        row("DELETE", "/api/lines/{id}/doctor", Line, none()),
        row(
            "POST",
            "/api/lines/{id}/doctor/reply",
            Line,
            json!({"reply": "skip"}),
        ),
        row("GET", "/api/lines/{id}/trace", Line, none()),
        row("GET", "/api/lines/{id}/trace/{exchange}", Line, none()),
        row("GET", "/api/lines/{id}/forecast", Line, none()),
        row("GET", "/api/prompts", Nothing, none()),
        row("GET", "/api/checklist", Nothing, none()),
        row("GET", "/api/wordings", Nothing, none()),
        row("GET", "/api/company", Nothing, none()),
        row("PUT", "/api/company", Nothing, company),
        row("GET", "/api/working-hours", Nothing, none()),
        row("PUT", "/api/working-hours", Nothing, hours),
        row("GET", "/api/production-calendar", Nothing, none()),
        row("POST", "/api/departments/import", Nothing, none()),
        row("GET", "/api/departments/export", Nothing, none()),
        row("POST", "/api/employees/import", Nothing, none()),
        row("GET", "/api/employees/export", Nothing, none()),
        row("GET", "/api/departments", Nothing, none()),
        row("PUT", "/api/departments", Nothing, list()),
        row("GET", "/api/employees", Nothing, none()),
        row("PUT", "/api/employees", Nothing, list()),
        row("GET", "/api/webhooks", Nothing, none()),
        row("POST", "/api/webhooks", Nothing, webhook.clone()),
        row("GET", "/api/webhooks/{id}", Webhook, none()),
        row("PUT", "/api/webhooks/{id}", Webhook, webhook_change),
        row("DELETE", "/api/webhooks/{id}", Webhook, none()),
        row("POST", "/api/webhooks/{id}/secret", Webhook, none()),
        row("POST", "/api/webhooks/{id}/test", Webhook, none()),
        row("GET", "/api/webhooks/{id}/attempts", Webhook, none()),
        row(
            "POST",
            "/api/webhooks/{id}/replay",
            Webhook,
            json!({"from_seq": 1}),
        ),
        row(
            "POST",
            "/api/webhooks/{id}/events/{seq}/resend",
            Webhook,
            none(),
        ),
        row("GET", "/api/push/key", Nothing, none()),
        row("POST", "/api/push/subscriptions", Nothing, subscription),
        row(
            "DELETE",
            "/api/push/subscriptions",
            Nothing,
            json!({"endpoint": "https://push.example/1"}),
        ),
        row("POST", "/api/desk/messages", Nothing, message),
        row(
            "PUT",
            "/api/desk/calls/{id}/result",
            Call,
            json!({"result": "spam"}),
        ),
        row(
            "PUT",
            "/api/desk/calls/{id}/caller",
            Call,
            json!({"name": "Иван", "note": "", "vip": true}),
        ),
        row("POST", "/api/desk/calls/{id}/spam", Call, none()),
        row("GET", "/api/callers", Nothing, none()),
        row(
            "POST",
            "/api/callers",
            Nothing,
            json!({"number": "+79261112233", "name": "", "note": "", "mark": "blocked"}),
        ),
        row(
            "PUT",
            "/api/callers/{id}",
            Caller,
            json!({"name": "Иван", "note": "", "mark": "usual"}),
        ),
        row("DELETE", "/api/callers/{id}", Caller, none()),
        row("GET", "/api/desk/calls/{id}/questions", Call, none()),
        row("GET", "/api/desk/calls/today", Nothing, none()),
        row("GET", "/api/desk/lost", Nothing, none()),
        row("GET", "/api/desk/tasks", Nothing, none()),
        row("POST", "/api/desk/tasks/{id}/take", Task, none()),
        row(
            "PUT",
            "/api/desk/tasks/{id}",
            Task,
            json!({"outcome": "no_answer"}),
        ),
        row("GET", "/api/desk/socket", Nothing, none()),
        row("GET", "/api/desk/board/socket", Nothing, none()),
        row("GET", "/api/desk/board/figures", Nothing, none()),
        row("GET", "/api/desk/board/thresholds", Nothing, none()),
        row(
            "PUT",
            "/api/desk/board/thresholds",
            Nothing,
            json!({"longest_wait_s": 60, "waiting": null, "service_level": null, "nobody_ready": true}),
        ),
        row("GET", "/api/desk/shifts", Nothing, none()),
        row("GET", "/api/desk/shifts/export", Nothing, none()),
        row("GET", "/api/keys", Nothing, none()),
        row(
            "POST",
            "/api/keys",
            Nothing,
            json!({"name": "x", "scopes": ["calls:read"]}),
        ),
        row("DELETE", "/api/keys/{id}", Key, none()),
        row("GET", "/v1/calls/search", Nothing, none()),
        row("GET", "/v1/calls/{id}", OldCall, none()),
        row("GET", "/v1/calls/{id}/messages", OldCall, none()),
        row("GET", "/v1/calls/{id}/record.mp3", OldCall, none()),
        row("GET", "/api/demo", Nothing, none()),
        row("GET", "/api/demo/enter", Nothing, none()),
        row(
            "POST",
            "/api/demo/call",
            Nothing,
            json!({"caller": "nobody"}),
        ),
        row("GET", "/api/demo/mails", Nothing, none()),
        row("GET", "/api/openapi.json", Nothing, none()),
        row("GET", "/api/docs", Nothing, none()),
        row("GET", "/api/docs/style.css", Nothing, none()),
        row("GET", "/healthz", Nothing, none()),
        row("GET", "/readyz", Nothing, none()),
        row("GET", "/metrics", Nothing, none()),
    ]
}

impl Row {
    /// Who may ask, by the table that the server goes by.
    fn access(&self) -> Access {
        self.rule().access
    }

    fn rule(&self) -> &'static Rule {
        let rule = RULES
            .iter()
            .find(|rule| rule.method == self.method.as_str() && rule.path == self.path);
        rule.expect("a row of access")
    }

    fn roles(&self) -> &'static [Role] {
        match self.access() {
            Access::Roles(roles) => roles,
            Access::Everybody | Access::AnySession | Access::SignedIn | Access::OldApi => &[],
        }
    }

    /// What a key needs.
    fn scope(&self) -> Option<Scope> {
        self.rule().scope
    }

    /// What has no recording is not found by its owner either: `calls` has one.
    fn sound(&self) -> bool {
        ["/recording", "/peaks", "/record.mp3"]
            .iter()
            .any(|end| self.path.ends_with(end))
    }

    /// No session opens it.
    fn for_keys_alone(&self) -> bool {
        self.access() == Access::OldApi
    }
}

/// Everybody that the table needs, and something for each path with an id.
struct Stage {
    world: World,
    admin: Person,
    stranger: Person,
    employee: Person,
    operator: Person,
    other_operator: Person,
    supervisor: Person,
    platform: Person,
    newcomer: Person,
    /// An employee who is told of messages.
    told: Person,
    told_id: EmployeeId,
}

impl Stage {
    async fn set() -> Self {
        let world = World::start_with(Some(demo_of("admin@romashka.ru", "maria@calls.ru"))).await;
        let other = world.other_company;
        let told_id = world.employee("nina@romashka.ru").await;
        Self {
            told: world.signed_in("nina@romashka.ru").await,
            told_id,
            admin: world.admin().await,
            stranger: world
                .person(Role::CompanyAdmin, Some(other), "admin@vasilek.ru")
                .await,
            operator: world.operator().await,
            employee: world
                .person(Role::Employee, Some(world.company), "vera@romashka.ru")
                .await,
            other_operator: world.person(Role::Operator, None, "olga@calls.ru").await,
            supervisor: world.person(Role::Supervisor, None, "sveta@calls.ru").await,
            platform: world
                .person(Role::PlatformAdmin, None, "root@calls.ru")
                .await,
            newcomer: world.newcomer(world.company, "new@romashka.ru").await,
            world,
        }
    }

    /// The path with the id of something that the right person may touch.
    async fn path(&self, row: &Row) -> String {
        let line = self.world.line().await;
        if row.path.ends_with("/connect") {
            self.world.recipient_for(line).await;
        }
        let id = match row.of {
            Of::Nothing => return row.path.to_owned(),
            Of::Line => line.0,
            Of::Token => return row.path.replace("{token}", "x"),
            Of::Session => {
                let sessions = self.world.store.sessions();
                let session = sessions.create(self.admin.id, Timestamp::now()).await;
                store::session_id(&session.expect("a session").token)
            }
            Of::Operator => {
                let login = format!("{}@calls.ru", Uuid::new_v4().simple());
                self.world.person(Role::Operator, None, &login).await.id.0
            }
            Of::Message => self.message(line, Timestamp::now()).await.0,
            Of::Delivery => self.letter(line).await.1.0,
            Of::Failed => {
                let (message, letter) = self.letter(line).await;
                let deliveries = self.world.store.deliveries();
                let failed = deliveries.mark_failed(letter, "refused", Timestamp::now());
                failed.await.expect("failed");
                let path = row.path.replace("{delivery}", &letter.to_string());
                return path.replace("{id}", &message.to_string());
            }
            Of::Department => {
                self.world.recipient_for(line).await;
                let departments = self.world.store.departments();
                let stored = departments.list(self.world.company).await;
                stored.expect("departments").value[0].id.0
            }
            Of::Employee => self.told_id.0,
            Of::Task => self.task(line).await.0,
            Of::Caller => {
                let draft = store::CallerDraft {
                    // Each time another one.
                    number: format!("+7{:010}", Uuid::new_v4().as_u128() % 10_000_000_000),
                    name: "Иван".into(),
                    note: String::new(),
                    mark: model::caller::Mark::Usual,
                };
                let callers = self.world.store.callers();
                let made = callers.create(self.world.company, &draft, Timestamp::now());
                made.await.expect("made").id.0
            }
            Of::Webhook => {
                self.world.call(line, None).await;
                self.world.webhook().await.0
            }
            Of::Call => self.world.call(line, Some(self.operator.id)).await.id.0,
            Of::Key => {
                let key = self.world.key(self.world.company, &Scope::ALL).await;
                key.key.id.0
            }
            Of::OldCall => {
                let call = self.world.call(line, Some(self.operator.id)).await;
                return row.path.replace("{id}", &short_id(call.id));
            }
        };
        // The first event of the company: a call that came.
        let path = row.path.replace("{seq}", "1").replace("{exchange}", "1");
        path.replace("{id}", &id.to_string())
    }

    /// A message to the told employee.
    async fn message(&self, line: LineId, created_at: Timestamp) -> MessageId {
        let call = self.world.call(line, Some(self.operator.id)).await;
        let message = model::message::Message {
            id: MessageId(Uuid::now_v7()),
            company: self.world.company,
            call: call.id,
            recipient: Recipient::Employee {
                employee: self.told_id,
            },
            caller_name: "Иван".into(),
            caller_phone: String::new(),
            text: "Перезвоните".into(),
            answers: Vec::new(),
            urgent: false,
            author: Some(self.operator.id),
            created_at,
        };
        let messages = self.world.store.messages();
        messages.create(&message, true).await.expect("stored");
        message.id
    }

    /// A message with its letter to the told employee.
    async fn letter(&self, line: LineId) -> (MessageId, DeliveryId) {
        let id = self.message(line, Timestamp::now()).await;
        let messages = self.world.store.messages();
        let stored = messages.get(self.world.company, &Seen::Everything, id);
        let ways = stored.await.expect("stored").deliveries.into_iter();
        let mut letters = ways.filter(|way| way.delivery.channel == Channel::Email);
        (id, letters.next().expect("a letter").delivery.id)
    }

    /// A call that operators owe, for nobody has accepted a message in time.
    async fn task(&self, line: LineId) -> TaskId {
        let (notice, now) = (self.world.store.notice(), Timestamp::now());
        let stored = notice.policy(self.world.company, None).await;
        let policy = Policy {
            only_urgent: false,
            steps: vec![Step {
                after_minutes: 1,
                to: Target::OperatorCall,
            }],
        };
        let version = stored.expect("a policy").version;
        let written = notice.write_policy(self.world.company, None, Some(&policy), version);
        written.await.expect("written");
        let message = self.message(line, now - SignedDuration::from_mins(5)).await;
        while notice
            .take_due_step(now, true)
            .await
            .expect("a step")
            .is_some()
        {}
        let tasks = notice.tasks(now).await.expect("tasks");
        let task = tasks.iter().find(|task| task.message.id == message);
        task.expect("a task").id
    }

    fn ask(&self, row: &Row, path: &str) -> Ask<'_> {
        self.with_body(self.world.ask(row.method.clone(), path), row)
    }

    fn with_body<'a>(&self, ask: Ask<'a>, row: &Row) -> Ask<'a> {
        let Some(body) = &row.body else { return ask };
        let text = body.to_string().replace(TOLD, &self.told_id.to_string());
        ask.json(&serde_json::from_str(&text).expect("a body"))
    }

    fn right_one(&self, row: &Row) -> &Person {
        match (row.of, row.roles()) {
            (Of::Delivery, _) => &self.told,
            (_, []) => &self.admin,
            (_, [role, ..]) => self.of(*role),
        }
    }

    fn of(&self, role: Role) -> &Person {
        match role {
            Role::CompanyAdmin => &self.admin,
            Role::Employee => &self.employee,
            Role::Operator => &self.operator,
            Role::Supervisor => &self.supervisor,
            Role::PlatformAdmin => &self.platform,
        }
    }
}

fn assert_refused(row: &Row, answer: &Answer, status: StatusCode, code: &str) {
    assert_eq!(answer.status, status, "{} {}: {code}", row.method, row.path);
    assert_eq!(answer.code(), code, "{} {}", row.method, row.path);
    assert_eq!(answer.header("content-type"), "application/problem+json");
}

#[test]
fn every_endpoint_of_the_document_stands_in_the_table() {
    let document: Value = serde_json::from_str(&api::openapi()).expect("a document");
    let mut documented = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for method in item.as_object().expect("methods").keys() {
            documented.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    let rows = table();
    let tested: BTreeSet<_> = rows
        .iter()
        .map(|r| format!("{} {}", r.method, r.path))
        .collect();
    assert_eq!(documented, tested);
    let allowed = RULES
        .iter()
        .map(|rule| format!("{} {}", rule.method, rule.path));
    assert_eq!(documented, allowed.collect());
    for row in rows {
        assert_eq!(
            row.path.contains('{'),
            row.of != Of::Nothing,
            "{}",
            row.path
        );
    }
}

#[tokio::test]
async fn who_is_not_signed_in_is_told_so() {
    let stage = Stage::set().await;
    for row in table()
        .iter()
        .filter(|row| row.access() != Access::Everybody)
    {
        let path = stage.path(row).await;
        let answer = stage.ask(row, &path).send().await;
        let code = match row.for_keys_alone() {
            true => "wrong_key",
            false => "signed_out",
        };
        assert_refused(row, &answer, StatusCode::UNAUTHORIZED, code);
        let forged = Person {
            token: "x".repeat(43),
            ..stage.admin.clone()
        };
        let answer = stage.ask(row, &path).by(&forged).send().await;
        assert_refused(row, &answer, StatusCode::UNAUTHORIZED, code);
        let answer = stage.ask(row, &path).key("tk_forged").send().await;
        assert_refused(row, &answer, StatusCode::UNAUTHORIZED, "wrong_key");
    }
}

#[tokio::test]
async fn the_wrong_role_is_refused() {
    let stage = Stage::set().await;
    for row in &table() {
        let allowed = row.roles();
        if allowed.is_empty() {
            continue;
        }
        let path = stage.path(row).await;
        for role in ROLES.iter().filter(|role| !allowed.contains(role)) {
            let answer = stage.ask(row, &path).by(stage.of(*role)).send().await;
            assert_refused(row, &answer, StatusCode::FORBIDDEN, "forbidden");
        }
    }
}

#[tokio::test]
async fn what_is_anothers_is_not_found() {
    let stage = Stage::set().await;
    let of_something =
        |row: &&Row| !matches!(row.of, Of::Nothing | Of::Token) && !row.for_keys_alone();
    for row in table().iter().filter(of_something) {
        let path = stage.path(row).await;
        let others: &[&Person] = match row.roles() {
            // Operators serve every company: the calls that are owed are everybody's.
            [Role::Operator] if row.of == Of::Task => &[],
            [Role::Operator] => &[&stage.other_operator],
            // The platform's own see all that is the platform's.
            [Role::PlatformAdmin] => &[],
            // An employee to whom nothing of it is addressed is as strange as another company.
            [Role::CompanyAdmin, Role::Employee] => &[&stage.stranger, &stage.employee],
            _ => &[&stage.stranger],
        };
        for other in others {
            let answer = stage.ask(row, &path).by(other).send().await;
            assert_refused(row, &answer, StatusCode::NOT_FOUND, "not_found");
        }
        let nonsense = row.path.replace("{id}", "..%2Fetc");
        let answer = stage
            .ask(row, &nonsense)
            .by(stage.right_one(row))
            .send()
            .await;
        assert_refused(row, &answer, StatusCode::NOT_FOUND, "not_found");
    }
}

/// The counterpart of the refusals: they are not refused for something else.
#[tokio::test]
async fn the_right_person_is_let_in() {
    let stage = Stage::set().await;
    for row in &table() {
        let no_sound = row.sound();
        let ends = row.path == "/api/session" && row.method != Method::GET;
        if row.access() == Access::Everybody || row.for_keys_alone() || no_sound || ends {
            continue;
        }
        let path = stage.path(row).await;
        let answer = stage
            .ask(row, &path)
            .by(stage.right_one(row))
            .send_head()
            .await;
        let refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];
        assert!(
            !refused.contains(&answer.status()),
            "{} {}",
            row.method,
            row.path
        );
        if row.of != Of::Nothing {
            assert!(
                answer.status().is_success(),
                "{} {}: {}",
                row.method,
                row.path,
                answer.status()
            );
        }
    }
}

/// The column of scopes: each opens its own rows to keys of the company, and no other row.
#[tokio::test]
async fn a_key_opens_what_its_scopes_say() {
    let stage = Stage::set().await;
    let (world, company) = (&stage.world, stage.world.company);
    let mut keys = Vec::new();
    for scope in Scope::ALL {
        keys.push((scope, world.key(company, &[scope]).await.secret));
    }
    let strange = world.key(world.other_company, &Scope::ALL).await.secret;
    for row in &table() {
        if row.access() == Access::Everybody {
            continue;
        }
        let path = stage.path(row).await;
        for (scope, secret) in &keys {
            let answer = stage.ask(row, &path).key(secret).send().await;
            match row.scope() {
                None => {
                    assert_refused(row, &answer, StatusCode::FORBIDDEN, "key_not_allowed");
                }
                Some(needed) if needed != *scope => {
                    assert_refused(row, &answer, StatusCode::FORBIDDEN, "missing_scope");
                }
                Some(_) if row.sound() => {
                    assert_refused(row, &answer, StatusCode::NOT_FOUND, "not_found");
                }
                Some(_) => {
                    let status = answer.status;
                    assert!(status.is_success(), "{} {}: {status}", row.method, row.path);
                }
            }
        }
        if row.scope().is_some() && row.of != Of::Nothing {
            let answer = stage.ask(row, &path).key(&strange).send().await;
            assert_refused(row, &answer, StatusCode::NOT_FOUND, "not_found");
            let nonsense = row.path.replace("{id}", "..%2Fetc");
            let answer = stage.ask(row, &nonsense).key(&strange).send().await;
            assert_refused(row, &answer, StatusCode::NOT_FOUND, "not_found");
        }
    }
}

#[tokio::test]
async fn a_first_password_has_to_be_changed_before_anything_else() {
    let stage = Stage::set().await;
    for row in &table() {
        let open = matches!(row.access(), Access::Everybody | Access::AnySession);
        if open || row.for_keys_alone() {
            continue;
        }
        let path = stage.path(row).await;
        let answer = stage.ask(row, &path).by(&stage.newcomer).send().await;
        assert_refused(
            row,
            &answer,
            StatusCode::FORBIDDEN,
            "password_change_required",
        );
    }
    let session = stage
        .world
        .get("/api/session")
        .by(&stage.newcomer)
        .send()
        .await;
    assert_eq!(
        session.expect(StatusCode::OK).json()["user"]["must_change_password"],
        true
    );
}

#[tokio::test]
async fn another_sites_page_changes_nothing() {
    let stage = Stage::set().await;
    for row in &table() {
        let socket = row.path.ends_with("/socket");
        if row.method == Method::GET && !socket {
            continue;
        }
        let path = stage.path(row).await;
        let person = stage.right_one(row);
        let foreign = |name, value| {
            let ask = stage.world.ask_from_nowhere(row.method.clone(), &path);
            let ask = if socket {
                ask.header("upgrade", "websocket")
            } else {
                ask
            };
            stage.with_body(ask.header(name, value).by(person), row)
        };
        for (name, value) in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("origin", "http://calls.example.ru"),
            ("sec-fetch-site", "cross-site"),
        ] {
            let answer = foreign(name, value).send().await;
            assert_refused(row, &answer, StatusCode::FORBIDDEN, "foreign_origin");
        }
        if row.access() == Access::Everybody || socket {
            continue;
        }
        let answer = stage.ask(row, &path).cookie_of(person).send().await;
        assert_refused(row, &answer, StatusCode::FORBIDDEN, "wrong_csrf");
        let other = Person {
            csrf: stage.stranger.csrf.clone(),
            ..person.clone()
        };
        let answer = stage.ask(row, &path).by(&other).send().await;
        assert_refused(row, &answer, StatusCode::FORBIDDEN, "wrong_csrf");
    }
}
