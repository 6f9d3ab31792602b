//! «Вопросы сценария» from the cabinet to the message, and «Готовые тексты».

use axum::http::{Method, StatusCode};
use model::api_key::Scope;
use model::id::LineId;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::old_api::short_id;
use crate::world::{Answer, Person, World};

/// A line with a question of each kind, and a call of it that the operator answered.
struct Scene {
    world: World,
    admin: Person,
    operator: Person,
    line: LineId,
    call: model::call::Call,
    ids: [Uuid; 4],
}

impl Scene {
    async fn set() -> Self {
        let world = World::start().await;
        let (admin, operator) = (world.admin().await, world.operator().await);
        let line = world.line().await;
        world.recipient_for(line).await;
        let call = world.call(line, Some(operator.id)).await;
        let scene = Self {
            world,
            admin,
            operator,
            line,
            call,
            ids: std::array::from_fn(|_| Uuid::new_v4()),
        };
        let saved = scene.save(&scene.questions()).await;
        saved.expect(StatusCode::OK);
        scene
    }

    fn questions(&self) -> Value {
        let [contract, branch, day, sum] = self.ids;
        json!([
            {"id": contract, "label": " Номер договора ", "answer": {"kind": "text"}, "required": true},
            {"id": branch, "label": "Филиал", "required": false,
                "answer": {"kind": "choice", "options": ["Центр", " ", "Север "]}},
            {"id": day, "label": "Когда перезвонить?", "answer": {"kind": "date"}, "required": false},
            {"id": sum, "label": "Сумма", "answer": {"kind": "number"}, "required": false},
        ])
    }

    async fn save(&self, questions: &Value) -> Answer {
        let path = format!("/api/lines/{}", self.line);
        let line = self.world.get(&path).by(&self.admin).send().await;
        let mut script = line.expect(StatusCode::OK).json()["script"].clone();
        script["questions"] = questions.clone();
        let path = format!("{path}/script");
        let ask = self.world.ask(Method::PUT, &path).json(&script);
        ask.by(&self.admin).send().await
    }

    async fn send(&self, answers: &[(Uuid, &str)]) -> Answer {
        let path = format!("/api/lines/{}", self.line);
        let line = self.world.get(&path).by(&self.admin).send().await;
        let recipient = line.expect(StatusCode::OK).json()["script"]["recipient"].clone();
        let answers = answers.iter();
        let answers: Vec<_> = answers
            .map(|(question, value)| json!({"question": question, "value": value}))
            .collect();
        let message = json!({
            "id": Uuid::new_v4(), "call_id": self.call.id, "recipient": recipient,
            "caller_name": "Иван", "caller_phone": "8 926 123-45-67", "text": "Перезвоните",
            "answers": answers,
        });
        let sent = self.world.post("/api/desk/messages", &message);
        sent.by(&self.operator).send().await
    }

    async fn refused(&self, answers: &[(Uuid, &str)]) -> Value {
        let refused = self.send(answers).await;
        refused.expect(StatusCode::UNPROCESSABLE_ENTITY).json()["errors"].clone()
    }

    async fn get(&self, path: &str, by: &Person) -> Value {
        let answer = self.world.get(path).by(by).send().await;
        answer.expect(StatusCode::OK).json()
    }
}

fn fields(errors: &Value) -> Vec<&str> {
    let errors = errors.as_array().expect("a list").iter();
    errors
        .map(|error| error["field"].as_str().expect("a field"))
        .collect()
}

#[tokio::test]
async fn answers_come_with_the_message_wherever_it_is_told() {
    let scene = Scene::set().await;
    let [contract, branch, day, sum] = scene.ids;
    let asked = format!("/api/desk/calls/{}/questions", scene.call.id);
    let asked = scene.get(&asked, &scene.operator).await;
    assert_eq!(asked[0]["label"], "Номер договора");
    assert_eq!(asked[1]["answer"]["options"], json!(["Центр", "Север"]));

    let given = [
        (sum, " 12 500,50 "),
        (contract, "А-17"),
        (branch, "Север"),
        (day, "2026-12-01"),
    ];
    let sent = scene.send(&given).await.expect(StatusCode::CREATED).json();
    let values = |row: &Value| {
        let answers = row["answers"].as_array().expect("answers").clone();
        let values = answers.iter();
        values
            .map(|answer| answer["value"].as_str().expect("a value").to_owned())
            .collect::<Vec<_>>()
    };
    let expected = ["А-17", "Север", "2026-12-01", "12500.50"];
    assert_eq!(values(&sent), expected, "in the scenario's order");

    // Questions that go, and change, leave what was answered as it was.
    let changed = json!([{"id": contract, "label": "Договор", "answer": {"kind": "number"},
        "required": false}]);
    scene.save(&changed).await.expect(StatusCode::OK);
    let path = format!("/api/messages/{}", sent["id"].as_str().expect("an id"));
    let whole = scene.get(&path, &scene.admin).await;
    assert_eq!(values(&whole), expected);
    assert_eq!(whole["answers"][0]["label"], "Номер договора");

    let found = scene.get("/api/messages?search=%D0%90-17", &scene.admin);
    assert_eq!(found.await["items"].as_array().map(Vec::len), Some(1));

    let text = "Перезвоните\n\nНомер договора: А-17\nФилиал: Север\n\
                Когда перезвонить? 01.12.2026\nСумма: 12500,50";
    let key = scene.world.key(scene.world.company, &Scope::ALL).await;
    let old = format!("/v1/calls/{}/messages", short_id(scene.call.id));
    let old = scene.world.get(&old).key(&key.secret).send().await;
    let old = old.expect(StatusCode::OK).json();
    assert_eq!(old["list"][0]["caller_message"], text);

    let events = scene.world.store.events();
    let events = events.after(scene.world.company, 0, 100).await;
    let bodies = events.expect("events").into_iter().map(|event| event.body);
    assert!(
        bodies
            .into_iter()
            .any(|body| body.contains("\"value\":\"А-17\"")),
        "receivers are told"
    );
}

#[tokio::test]
async fn an_answer_that_does_not_do_is_told_beside_its_question() {
    let scene = Scene::set().await;
    let [contract, branch, day, sum] = scene.ids;
    let wrong = [(branch, "Юг"), (day, "завтра"), (sum, "много")];
    let errors = scene.refused(&wrong).await;
    let expected = scene.ids.map(|id| format!("answers.{id}"));
    assert_eq!(fields(&errors), expected);
    assert_eq!(errors[0]["detail"], "Заполните это поле.");

    let gone = Uuid::new_v4();
    let errors = scene.refused(&[(contract, "А-17"), (gone, "Было")]).await;
    assert_eq!(fields(&errors), [format!("answers.{gone}")]);
    let nothing = scene.send(&[(contract, "А-17"), (gone, " ")]).await;
    nothing.expect(StatusCode::CREATED);
}

#[tokio::test]
async fn questions_that_nobody_could_answer_are_not_saved() {
    let scene = Scene::set().await;
    let [contract, branch, day, _] = scene.ids;
    let wrong = json!([
        {"id": contract, "label": " ", "answer": {"kind": "text"}, "required": true},
        {"id": branch, "label": "Филиал", "required": false,
            "answer": {"kind": "choice", "options": [" "]}},
        {"id": day, "label": "Цвет", "required": false,
            "answer": {"kind": "choice", "options": ["Белый", "Белый"]}},
        {"id": day, "label": "Ещё раз", "answer": {"kind": "date"}, "required": false},
    ]);
    let refused = scene.save(&wrong).await;
    let errors = refused.expect(StatusCode::UNPROCESSABLE_ENTITY).json()["errors"].clone();
    assert_eq!(
        fields(&errors),
        [
            "questions.0.label",
            "questions.1.answer.options",
            "questions.2.answer.options",
            "questions.3.label"
        ]
    );
    let many: Vec<_> = (0..21)
        .map(|n| json!({"id": Uuid::new_v4(), "label": format!("{n}"), "answer": {"kind": "text"}, "required": false}))
        .collect();
    let refused = scene.save(&json!(many)).await;
    refused.expect(StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn ready_texts_are_kept_without_empty_ones() {
    let scene = Scene::set().await;
    let mut company = scene.get("/api/company", &scene.admin).await;
    assert_eq!(company["texts"], json!([]));
    company["texts"] = json!(["Просит перезвонить.", " ", "Ждёт счёт на почту."]);
    let ask = scene.world.ask(Method::PUT, "/api/company").json(&company);
    ask.by(&scene.admin).send().await.expect(StatusCode::OK);
    let company = scene.get("/api/company", &scene.admin).await;
    assert_eq!(
        company["texts"],
        json!(["Просит перезвонить.", "Ждёт счёт на почту."])
    );
    let mut long = company.clone();
    long["texts"] = json!(["я".repeat(501)]);
    let ask = scene.world.ask(Method::PUT, "/api/company").json(&long);
    let refused = ask.by(&scene.admin).send().await;
    let refused = refused.expect(StatusCode::UNPROCESSABLE_ENTITY).json();
    assert_eq!(refused["errors"][0]["field"], "texts.0");
}
