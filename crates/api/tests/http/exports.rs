//! Calls and messages as files.

use std::io::Cursor;
use std::time::Duration;

use axum::http::StatusCode;
use calamine::{Data, Reader, Xlsx};
use jiff::Timestamp;
use model::call::{Call, Caller, Ending, RecordingState};
use model::id::{CallId, CompanyId, EmployeeId, LineId, MessageId};
use model::line::{Recipient, Scenario};
use model::message::Message;
use model::user::Role;
use serde_json::Value;
use store::EmployeeDraft;
use uuid::Uuid;

use crate::world::{Person, World};

/// In Vladivostok it is the next morning by then.
const EVENING: &str = "2026-11-23T20:05:00Z";
/// Who leaves messages; who is lost is somebody else, for an answered call settles those lost before.
const HEARD: &str = "+79261234567";
const UNHEARD: &str = "+79031234567";
const MINUTE: Duration = Duration::from_secs(60);

/// «Ромашка» in Vladivostok, with two employees and a line of its own and of another company.
struct Stage {
    world: World,
    admin: Person,
    operator: Person,
    anna: EmployeeId,
    boris: EmployeeId,
    line: LineId,
    other_line: LineId,
}

impl Stage {
    async fn set() -> Self {
        let world = World::start().await;
        let companies = world.store.companies();
        let mut hours = companies.hours(world.company).await.expect("hours");
        hours.value.zone = "Asia/Vladivostok".into();
        let put = companies.put_hours(world.company, &hours.value, hours.version);
        put.await.expect("put");
        let rows = ["anna", "boris"].map(|name| EmployeeDraft {
            id: None,
            email: format!("{name}@romashka.ru"),
            name: name.into(),
            department: None,
            position: String::new(),
            extension: String::new(),
            mobile: String::new(),
        });
        let people = world.store.employees();
        let people = people.replace_all(world.company, &rows, 1).await;
        let people = people.expect("saved").value;
        let lines = world.store.lines();
        let other = lines.create(world.other_company, "Чужая", Scenario::MissedCalls);
        Self {
            admin: world.admin().await,
            operator: world.operator().await,
            anna: people[0].id,
            boris: people[1].id,
            line: world.line().await,
            other_line: other.await.expect("a line").id,
            world,
        }
    }

    /// A call that nobody has answered yet.
    async fn call(
        &self,
        company: CompanyId,
        line: LineId,
        (name, number): (&str, &str),
        at: Timestamp,
    ) -> Call {
        let call = Call {
            id: CallId(Uuid::now_v7()),
            company,
            line,
            outgoing: false,
            caller: Caller {
                number: Some(number.into()),
                name: Some(name.into()),
            },
            arrived_at: at,
            answered_at: None,
            ended_at: None,
            ending: None,
            result: None,
            operator: None,
            recording: RecordingState::None,
            recording_ms: 0,
            called_back: false,
        };
        let calls = self.world.store.calls();
        calls.insert(&call).await.expect("stored");
        call
    }

    /// A caller who gave up after a minute.
    async fn lost(&self, line: LineId, name: &str, at: Timestamp) -> CallId {
        let call = self
            .call(self.world.company, line, (name, UNHEARD), at)
            .await;
        self.end(&call, Ending::CallerGaveUpRinging, at + MINUTE)
            .await;
        call.id
    }

    async fn end(&self, call: &Call, ending: Ending, at: Timestamp) {
        let calls = self.world.store.calls();
        let ended = calls.finish(call.company, call.id, ending, at).await;
        ended.expect("stored");
    }

    /// A call that the operator answered after a minute, and the message of it.
    async fn message(&self, to: EmployeeId, text: &str, at: Timestamp) {
        let company = self.world.company;
        let call = self.call(company, self.line, ("Иван", HEARD), at).await;
        let calls = self.world.store.calls();
        let answered = calls.set_answered(company, call.id, self.operator.id, at + MINUTE);
        answered.await.expect("stored");
        let message = Message {
            id: MessageId(Uuid::new_v4()),
            company,
            call: call.id,
            recipient: Recipient::Employee { employee: to },
            caller_name: "Иван".into(),
            caller_phone: HEARD.into(),
            text: text.into(),
            answers: Vec::new(),
            urgent: false,
            author: Some(self.operator.id),
            created_at: at + MINUTE,
        };
        let messages = self.world.store.messages();
        messages.create(&message, false).await.expect("stored");
        self.end(&call, Ending::CallerHungUp, at + 3 * MINUTE).await;
    }

    /// The rows under the head, which are the same in either form.
    async fn export(&self, of: &str, query: &str, by: &Person) -> Vec<Vec<String>> {
        let csv = of_csv(&self.file(of, "csv", query, by).await);
        let mut rows = of_xlsx(self.file(of, "xlsx", query, by).await);
        assert_eq!(csv, rows, "{query}");
        rows.remove(0);
        rows
    }

    async fn file(&self, of: &str, format: &str, query: &str, by: &Person) -> Vec<u8> {
        let path = format!("/api/{of}/export?format={format}&{query}");
        let answer = self.world.get(&path).by(by).send().await;
        let answer = answer.expect(StatusCode::OK);
        let named = format!("attachment; filename=\"{of}.{format}\"");
        assert_eq!(answer.header("content-disposition"), named);
        answer.body
    }

    async fn listed(&self, of: &str, query: &str) -> Vec<Value> {
        let path = format!("/api/{of}?limit=200&{query}");
        let answer = self.world.get(&path).by(&self.admin).send().await;
        let list = answer.expect(StatusCode::OK).json();
        list["items"].as_array().expect("items").clone()
    }
}

fn evening() -> Timestamp {
    EVENING.parse().expect("a time")
}

fn of_csv(file: &[u8]) -> Vec<Vec<String>> {
    let text = std::str::from_utf8(file).expect("UTF-8");
    let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.delimiter(b';').has_headers(false);
    // Without the apostrophe before what Excel would calculate.
    let plain = |cell: &str| cell.strip_prefix('\'').unwrap_or(cell).to_owned();
    let mut reader = reader.from_reader(text.as_bytes());
    let records = reader.records().map(|record| record.expect("a row"));
    records.map(|row| row.iter().map(plain).collect()).collect()
}

fn of_xlsx(file: Vec<u8>) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).expect("a workbook");
    let sheet = book.worksheet_range_at(0).expect("a sheet").expect("cells");
    let text = |cell: &Data| match cell {
        Data::Empty => String::new(),
        Data::String(text) => text.clone(),
        other => panic!("{other:?} is no text"),
    };
    sheet
        .rows()
        .map(|row| row.iter().map(text).collect())
        .collect()
}

fn column(rows: &[Vec<String>], at: usize) -> Vec<&str> {
    rows.iter().map(|row| row[at].as_str()).collect()
}

#[tokio::test]
async fn a_call_stands_in_the_file_as_in_the_list_by_the_companys_clock() {
    let stage = Stage::set().await;
    let company = stage.world.company;
    stage.message(stage.anna, "Перезвоните", evening()).await;
    let later = evening() + 2 * MINUTE;
    let lost = stage.lost(stage.line, "Пётр", later).await;
    let calls = stage.world.store.calls();
    let noted = calls.set_called_back(company, lost, true, stage.admin.id, later + 2 * MINUTE);
    noted.await.expect("noted");
    assert_eq!(
        stage.export("calls", "", &stage.admin).await,
        [
            [
                "2026-11-24 06:07:00",
                "Основная",
                "+7 (903) 123-45-67",
                "Пётр",
                "Потерян",
                "0:01:00",
                "0:00:00",
                "",
                "",
                "",
                "Мария (admin@romashka.ru)",
                "2026-11-24 06:09:00",
                "Входящий"
            ],
            [
                "2026-11-24 06:05:00",
                "Основная",
                "+7 (926) 123-45-67",
                "Иван",
                "Сообщение принято",
                "0:01:00",
                "0:02:00",
                "Мария (maria@calls.ru)",
                "anna",
                "Перезвоните",
                "",
                "",
                "Входящий"
            ],
        ]
    );
    assert_eq!(
        stage.export("messages", "", &stage.admin).await,
        [[
            "2026-11-24 06:06:00",
            "Иван",
            "+7 (926) 123-45-67",
            "anna",
            "Перезвоните",
            "Мария (maria@calls.ru)",
            "",
            "Новое",
            "",
            ""
        ]]
    );
}

#[tokio::test]
async fn an_outgoing_call_is_told_as_one_in_the_file() {
    let stage = Stage::set().await;
    stage.lost(stage.line, "Пётр", evening()).await;
    let call = stage.world.placed(stage.line, stage.operator.id).await;
    let ended_at = call.arrived_at + MINUTE;
    stage.end(&call, Ending::CalleeNoAnswer, ended_at).await;
    for (query, result, operator, direction) in [
        (
            "outgoing=true",
            "Не дозвонились",
            "Мария (maria@calls.ru)",
            "Исходящий",
        ),
        ("outgoing=false", "Потерян", "", "Входящий"),
    ] {
        let rows = stage.export("calls", query, &stage.admin).await;
        assert_eq!(
            (rows.len(), stage.listed("calls", query).await.len()),
            (1, 1)
        );
        let row = &rows[0];
        assert_eq!(
            (row[4].as_str(), row[7].as_str(), row[12].as_str()),
            (result, operator, direction)
        );
    }
}

#[tokio::test]
async fn the_filter_of_the_list_is_the_filter_of_the_file() {
    let stage = Stage::set().await;
    let second = stage.world.line().await;
    stage.lost(stage.line, "Пётр", evening()).await;
    stage.lost(second, "Олег", evening() + MINUTE).await;
    let later = evening() + 2 * MINUTE;
    stage.message(stage.anna, "Про розы", later).await;
    stage
        .message(stage.boris, "Про астры", later + MINUTE)
        .await;
    let roses = "search=%D1%80%D0%BE%D0%B7";
    for (query, found) in [
        ("", 4),
        ("result=lost", 2),
        ("not_called_back=true", 2),
        (&format!("line={second}"), 1),
        (&format!("from={later}"), 2),
        (&format!("to={later}&result=lost"), 2),
        (roses, 1),
        ("search=926+123&result=message_taken", 2),
        ("search=nobody", 0),
    ] {
        let rows = stage.export("calls", query, &stage.admin).await;
        let list = stage.listed("calls", query).await;
        assert_eq!((rows.len(), list.len()), (found, found), "{query}");
        let names = list.iter().map(|call| call["caller_name"].as_str());
        assert!(names.eq(column(&rows, 3).into_iter().map(Some)), "{query}");
    }
    for (query, found) in [
        ("", 2),
        (roses, 1),
        (&format!("from={}", later + 2 * MINUTE), 1),
        (&format!("to={later}"), 0),
    ] {
        let rows = stage.export("messages", query, &stage.admin).await;
        let list = stage.listed("messages", query).await;
        assert_eq!((rows.len(), list.len()), (found, found), "{query}");
        let texts = list.iter().map(|message| message["text"].as_str());
        assert!(texts.eq(column(&rows, 4).into_iter().map(Some)), "{query}");
    }
    for (path, field) in [
        ("/api/calls/export?format=pdf", "format"),
        ("/api/calls/export?format=csv&result=x", "result"),
        ("/api/messages/export?format=csv&from=yesterday", "from"),
    ] {
        let refused = stage.world.get(path).by(&stage.admin).send().await;
        let refused = refused.expect(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.json()["field"], field, "{path}");
    }
}

#[tokio::test]
async fn everybody_exports_what_they_may_see_and_nothing_else() {
    let stage = Stage::set().await;
    let other = stage.world.other_company;
    stage.message(stage.anna, "Анне", evening()).await;
    stage.message(stage.boris, "Борису", evening()).await;
    stage
        .call(other, stage.other_line, ("Чужой", HEARD), evening())
        .await;
    let admins = stage.export("calls", "", &stage.admin).await;
    assert_eq!(column(&admins, 3), ["Иван", "Иван"]);

    let role = Role::CompanyAdmin;
    let stranger = stage.world.person(role, Some(other), "admin@vasilek.ru");
    let stranger = stranger.await;
    let theirs = stage.export("calls", "", &stranger).await;
    assert_eq!(column(&theirs, 3), ["Чужой"]);
    let foreign = format!("line={}", stage.line);
    assert!(stage.export("calls", &foreign, &stranger).await.is_empty());
    assert!(stage.export("messages", "", &stranger).await.is_empty());

    let anna = stage.world.signed_in("anna@romashka.ru").await;
    let own = stage.export("calls", "", &anna).await;
    assert_eq!(column(&own, 9), ["Анне"]);
    let own = stage.export("messages", "", &anna).await;
    assert_eq!(column(&own, 4), ["Анне"]);
    let borisovs = "search=%D0%91%D0%BE%D1%80%D0%B8%D1%81%D1%83";
    assert!(stage.export("calls", borisovs, &anna).await.is_empty());
    assert!(stage.export("messages", borisovs, &anna).await.is_empty());
}

#[tokio::test]
async fn a_file_holds_more_than_a_page() {
    let stage = Stage::set().await;
    for at in 0..201 {
        stage
            .lost(stage.line, "Пётр", evening() + at * MINUTE)
            .await;
    }
    let rows = stage.export("calls", "", &stage.admin).await;
    let times = column(&rows, 0);
    assert_eq!(times.len(), 201);
    assert!(times.is_sorted_by(|newer, older| newer > older));
    // What asks for a page of the list asks for nothing of the file.
    assert_eq!(stage.export("calls", "limit=1", &stage.admin).await, rows);
}

#[tokio::test]
async fn what_a_caller_said_is_not_calculated() {
    let stage = Stage::set().await;
    let said = ["=1+1", "+1", "-1", "@SUM(1)", "1; \"2\"\n3"];
    for (text, at) in said.into_iter().zip(1..) {
        let at = evening() - at * MINUTE;
        stage.message(stage.anna, text, at).await;
    }
    let rows = stage.export("messages", "", &stage.admin).await;
    assert_eq!(column(&rows, 4), said);
    let rows = stage.export("calls", "", &stage.admin).await;
    assert_eq!(column(&rows, 9), said);
    let file = stage.file("messages", "csv", "", &stage.admin).await;
    let file = String::from_utf8(file).expect("UTF-8");
    for text in &said[..4] {
        assert!(file.contains(&format!(";'{text};")), "{text}: {file}");
    }
}
