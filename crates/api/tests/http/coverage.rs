//! Who may ask what: a row for every endpoint of the OpenAPI document, so
//! that one without an authorization test is a failure.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use model::user::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::demo::demo_of;
use crate::world::{Answer, Ask, Person, World};

/// Who may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Everybody,
    /// Also with a password that has to be changed.
    AnySession,
    Admin,
    Operator,
}

/// What the id in the path is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Nothing,
    Line,
    Call,
}

struct Row {
    method: Method,
    path: &'static str,
    who: Who,
    of: Of,
    body: Option<Value>,
}

fn table() -> Vec<Row> {
    use Of::{Call, Line, Nothing};
    use Who::{Admin, AnySession, Everybody, Operator};
    let row = |method: &str, path, who, of, body: Value| Row {
        method: method.parse().expect("a method"),
        path,
        who,
        of,
        body: (!body.is_null()).then_some(body),
    };
    let none = || Value::Null;
    let script = json!({
        "greeting": {"kind": "variant", "number": 1}, "farewell": {"kind": "variant", "number": 1},
        "recipient": null, "outside_hours": true
    });
    let account = json!({"user": "200", "password": "x", "server": "127.0.0.1"});
    let message = json!({
        "id": Uuid::new_v4(), "call_id": Uuid::new_v4(), "caller_name": "", "caller_phone": "",
        "recipient": {"to": "employee", "employee": Uuid::new_v4()}, "text": "?"
    });
    let company = json!({
        "name": "x", "legal_name": "", "about": "", "address": "", "site": "", "phone": "",
        "email": "", "not_to_say": "", "language": "ru", "retention_days": 90, "version": 99
    });
    let hours = json!({"hours": {"zone": "Europe/Moscow", "week": [[], [], [], [], [], [], []],
        "exceptions": []}, "version": 99});
    let list = || json!({"items": [], "version": 99});
    vec![
        row(
            "POST",
            "/api/session",
            Everybody,
            Nothing,
            json!({"login": "x@y.ru", "password": "z"}),
        ),
        row("GET", "/api/session", AnySession, Nothing, none()),
        row("DELETE", "/api/session", AnySession, Nothing, none()),
        row(
            "PUT",
            "/api/session/password",
            AnySession,
            Nothing,
            json!({"current": "not it at all", "new": "long enough for it"}),
        ),
        row(
            "PUT",
            "/api/session/language",
            AnySession,
            Nothing,
            json!({"language": "ru"}),
        ),
        row("GET", "/api/calls", Admin, Nothing, none()),
        row("GET", "/api/calls/{id}", Admin, Call, none()),
        row(
            "POST",
            "/api/calls/{id}/called-back",
            Admin,
            Call,
            json!({"called_back": true}),
        ),
        row("GET", "/api/calls/{id}/recording", Admin, Call, none()),
        row("GET", "/api/calls/{id}/peaks", Admin, Call, none()),
        row("GET", "/api/today", Admin, Nothing, none()),
        row("GET", "/api/events", Admin, Nothing, none()),
        row("GET", "/api/figures", Admin, Nothing, none()),
        row("GET", "/api/messages", Admin, Nothing, none()),
        row("GET", "/api/lines", Admin, Nothing, none()),
        row(
            "POST",
            "/api/lines",
            Admin,
            Nothing,
            json!({"name": "x", "scenario": "secretary"}),
        ),
        row("GET", "/api/lines/{id}", Admin, Line, none()),
        row(
            "PATCH",
            "/api/lines/{id}",
            Admin,
            Line,
            json!({"name": "y"}),
        ),
        row("DELETE", "/api/lines/{id}", Admin, Line, none()),
        row("PUT", "/api/lines/{id}/script", Admin, Line, script),
        row("PUT", "/api/lines/{id}/account", Admin, Line, account),
        row("POST", "/api/lines/{id}/connect", Admin, Line, none()),
        row("POST", "/api/lines/{id}/disconnect", Admin, Line, none()),
        row("GET", "/api/lines/{id}/journal", Admin, Line, none()),
        row("GET", "/api/lines/{id}/forecast", Admin, Line, none()),
        row("GET", "/api/prompts", Admin, Nothing, none()),
        row("GET", "/api/wordings", Admin, Nothing, none()),
        row("GET", "/api/company", Admin, Nothing, none()),
        row("PUT", "/api/company", Admin, Nothing, company),
        row("GET", "/api/working-hours", Admin, Nothing, none()),
        row("PUT", "/api/working-hours", Admin, Nothing, hours),
        row("GET", "/api/departments", Admin, Nothing, none()),
        row("PUT", "/api/departments", Admin, Nothing, list()),
        row("GET", "/api/checklist", Admin, Nothing, none()),
        row("GET", "/api/employees", Admin, Nothing, none()),
        row("PUT", "/api/employees", Admin, Nothing, list()),
        row("POST", "/api/desk/messages", Operator, Nothing, message),
        row(
            "PUT",
            "/api/desk/calls/{id}/result",
            Operator,
            Call,
            json!({"result": "spam"}),
        ),
        row("GET", "/api/desk/calls/today", Operator, Nothing, none()),
        row("GET", "/api/desk/socket", Operator, Nothing, none()),
        row("GET", "/api/demo", Everybody, Nothing, none()),
        row("GET", "/api/demo/enter", Everybody, Nothing, none()),
        row(
            "POST",
            "/api/demo/call",
            Everybody,
            Nothing,
            json!({"caller": "nobody"}),
        ),
        row("GET", "/api/demo/mails", Everybody, Nothing, none()),
        row("GET", "/api/openapi.json", Everybody, Nothing, none()),
        row("GET", "/healthz", Everybody, Nothing, none()),
        row("GET", "/readyz", Everybody, Nothing, none()),
        row("GET", "/metrics", Everybody, Nothing, none()),
    ]
}

/// Everybody that the table needs, and something for each path with an id.
struct Stage {
    world: World,
    admin: Person,
    stranger: Person,
    operator: Person,
    other_operator: Person,
    newcomer: Person,
}

impl Stage {
    async fn set() -> Self {
        let world = World::start_with(Some(demo_of("admin@romashka.ru", "maria@calls.ru"))).await;
        let other = world.other_company;
        Self {
            admin: world.admin().await,
            stranger: world
                .person(Role::CompanyAdmin, Some(other), "admin@vasilek.ru")
                .await,
            operator: world.operator().await,
            other_operator: world.person(Role::Operator, None, "olga@calls.ru").await,
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
            Of::Call => self.world.call(line, Some(self.operator.id)).await.id.0,
        };
        row.path.replace("{id}", &id.to_string())
    }

    fn ask(&self, row: &Row, path: &str) -> Ask<'_> {
        with_body(self.world.ask(row.method.clone(), path), row)
    }

    fn right_one(&self, row: &Row) -> &Person {
        if row.who == Who::Operator {
            &self.operator
        } else {
            &self.admin
        }
    }
}

fn with_body<'a>(ask: Ask<'a>, row: &Row) -> Ask<'a> {
    match &row.body {
        Some(body) => ask.json(body),
        None => ask,
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
    for row in table().iter().filter(|row| row.who != Who::Everybody) {
        let path = stage.path(row).await;
        let answer = stage.ask(row, &path).send().await;
        assert_refused(row, &answer, StatusCode::UNAUTHORIZED, "signed_out");
        let forged = Person {
            token: "x".repeat(43),
            ..stage.admin.clone()
        };
        let answer = stage.ask(row, &path).by(&forged).send().await;
        assert_refused(row, &answer, StatusCode::UNAUTHORIZED, "signed_out");
    }
}

#[tokio::test]
async fn the_wrong_role_is_refused() {
    let stage = Stage::set().await;
    for row in &table() {
        let wrong = match row.who {
            Who::Admin => &stage.operator,
            Who::Operator => &stage.admin,
            Who::Everybody | Who::AnySession => continue,
        };
        let path = stage.path(row).await;
        let answer = stage.ask(row, &path).by(wrong).send().await;
        assert_refused(row, &answer, StatusCode::FORBIDDEN, "forbidden");
    }
}

#[tokio::test]
async fn what_is_anothers_is_not_found() {
    let stage = Stage::set().await;
    for row in table().iter().filter(|row| row.of != Of::Nothing) {
        let path = stage.path(row).await;
        let other = if row.who == Who::Operator {
            &stage.other_operator
        } else {
            &stage.stranger
        };
        let answer = stage.ask(row, &path).by(other).send().await;
        assert_refused(row, &answer, StatusCode::NOT_FOUND, "not_found");
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
        // What has no recording is not found by its owner either: `calls` has one.
        let no_sound = row.path.ends_with("/recording") || row.path.ends_with("/peaks");
        let ends = row.path == "/api/session" && row.method != Method::GET;
        if row.who == Who::Everybody || no_sound || ends {
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

#[tokio::test]
async fn a_first_password_has_to_be_changed_before_anything_else() {
    let stage = Stage::set().await;
    for row in &table() {
        if matches!(row.who, Who::Everybody | Who::AnySession) {
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
        let socket = row.path == "/api/desk/socket";
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
            with_body(ask.header(name, value).by(person), row)
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
        if row.who == Who::Everybody || socket {
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
