//! What people do with messages, and how they want to be told of them.

use axum::http::{Method, StatusCode};
use model::id::EmployeeId;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::world::{Answer, Person, World};

/// A company with an administrator and an employee, and a message to the latter.
struct Scene {
    world: World,
    admin: Person,
    nina: Person,
    nina_id: EmployeeId,
    message: String,
}

impl Scene {
    async fn set(urgent: bool) -> Self {
        let world = World::start().await;
        let nina_id = world.employee("nina@romashka.ru").await;
        let (admin, operator) = (world.admin().await, world.operator().await);
        let line = world.line().await;
        let call = world.call(line, Some(operator.id)).await;
        let message = json!({
            "id": Uuid::now_v7(), "call_id": call.id, "urgent": urgent,
            "recipient": {"to": "employee", "employee": nina_id},
            "caller_name": "Иван", "caller_phone": "8 926 123-45-67", "text": "Перезвоните"
        });
        let sent = world.post("/api/desk/messages", &message).by(&operator);
        sent.send().await.expect(StatusCode::CREATED);
        Self {
            nina: world.signed_in("nina@romashka.ru").await,
            message: message["id"].as_str().expect("an id").to_owned(),
            world,
            admin,
            nina_id,
        }
    }

    async fn act(&self, person: &Person, what: &str) -> Answer {
        let path = format!("/api/messages/{}/{what}", self.message);
        let ask = self.world.ask(Method::POST, &path);
        ask.by(person).send().await
    }

    async fn get(&self, person: &Person, path: &str) -> Value {
        let answer = self.world.get(path).by(person).send().await;
        answer.expect(StatusCode::OK).json()
    }

    async fn put(&self, person: &Person, path: &str, body: &Value) -> Answer {
        let ask = self.world.ask(Method::PUT, path).json(body);
        ask.by(person).send().await
    }

    async fn whole(&self, person: &Person) -> Value {
        self.get(person, &format!("/api/messages/{}", self.message))
            .await
    }
}

fn kinds(message: &Value) -> Vec<&str> {
    let timeline = message["timeline"].as_array().expect("a timeline");
    let kinds = timeline.iter().map(|entry| &entry["event"]["kind"]);
    kinds.map(|kind| kind.as_str().expect("a kind")).collect()
}

#[tokio::test]
async fn a_message_is_read_accepted_and_closed_and_its_timeline_tells_by_whom() {
    let scene = Scene::set(true).await;
    let nina = &scene.nina;
    let unread = scene.get(nina, "/api/messages/unread").await;
    assert_eq!(unread["unread"], 1);
    scene.act(nina, "read").await.expect(StatusCode::OK);
    let unread = scene.get(nina, "/api/messages/unread").await;
    assert_eq!(unread["unread"], 0);
    let accepted = scene.act(nina, "accept").await;
    let accepted = accepted.expect(StatusCode::OK).json();
    assert_eq!(accepted["state"], "accepted");
    assert_eq!(accepted["urgent"], true);
    scene.act(nina, "accept").await.expect(StatusCode::OK);
    scene.act(nina, "close").await.expect(StatusCode::OK);

    let message = scene.whole(&scene.admin).await;
    assert_eq!(message["state"], "closed");
    assert_eq!(message["closed_by_name"], accepted["accepted_by_name"]);
    assert_eq!(message["call"]["id"], message["call_id"]);
    let kinds = kinds(&message);
    let told: Vec<_> = kinds
        .into_iter()
        .filter(|kind| ["created", "read", "accepted", "closed"].contains(kind))
        .collect();
    assert_eq!(told, ["created", "read", "accepted", "closed"]);
}

#[tokio::test]
async fn who_comes_second_is_told_who_was_first() {
    let scene = Scene::set(false).await;
    scene
        .act(&scene.nina, "accept")
        .await
        .expect(StatusCode::OK);
    let second = scene.act(&scene.admin, "accept").await;
    let second = second.expect(StatusCode::CONFLICT);
    assert_eq!(second.code(), "already_accepted");
    let detail = second.json()["detail"].as_str().map(str::to_owned);
    assert!(detail.is_some_and(|detail| detail.contains("Нина")));
    scene
        .act(&scene.nina, "release")
        .await
        .expect(StatusCode::OK);
    scene
        .act(&scene.admin, "accept")
        .await
        .expect(StatusCode::OK);
    scene
        .act(&scene.admin, "close")
        .await
        .expect(StatusCode::OK);
    let closed = scene.act(&scene.nina, "accept").await;
    assert_eq!(closed.expect(StatusCode::CONFLICT).code(), "message_closed");
    scene
        .act(&scene.nina, "reopen")
        .await
        .expect(StatusCode::OK);
    assert_eq!(scene.whole(&scene.nina).await["state"], "open");
}

#[tokio::test]
async fn lists_are_filtered_by_state() {
    let scene = Scene::set(false).await;
    let count = async |state: &str| {
        let list = scene
            .get(&scene.nina, &format!("/api/messages?state={state}"))
            .await;
        list["items"].as_array().map(Vec::len)
    };
    assert_eq!(
        (count("open").await, count("closed").await),
        (Some(1), Some(0))
    );
    scene.act(&scene.nina, "close").await.expect(StatusCode::OK);
    assert_eq!(
        (count("open").await, count("closed").await),
        (Some(0), Some(1))
    );
}

#[tokio::test]
async fn a_comment_is_written_once_and_has_to_say_something() {
    let scene = Scene::set(false).await;
    let path = format!("/api/messages/{}/comments", scene.message);
    let write = async |text: &str, id: Uuid| {
        let body = json!({"id": id, "text": text});
        scene.world.post(&path, &body).by(&scene.nina).send().await
    };
    let id = Uuid::now_v7();
    for _ in 0..2 {
        write("Перезвонил, договорились", id)
            .await
            .expect(StatusCode::OK);
    }
    let empty = write("  ", Uuid::now_v7()).await;
    empty.expect(StatusCode::UNPROCESSABLE_ENTITY);
    let message = scene.whole(&scene.admin).await;
    let comments = kinds(&message);
    assert_eq!(
        comments.iter().filter(|kind| **kind == "comment").count(),
        1
    );
}

#[tokio::test]
async fn colleagues_see_who_is_not_to_be_disturbed_and_who_is_away() {
    let scene = Scene::set(false).await;
    let busy = json!({"presence": "do_not_disturb", "until": "2099-01-01T00:00:00Z"});
    let said = scene.put(&scene.nina, "/api/me/presence", &busy).await;
    said.expect(StatusCode::OK);
    let colleagues = scene.get(&scene.admin, "/api/colleagues").await;
    assert_eq!(colleagues["items"][0]["presence"], "do_not_disturb");

    let path = format!("/api/employees/{}/absence", scene.nina_id);
    let absence = json!({"absence": {"from": "2020-01-01T00:00:00Z", "to": "2020-01-02T00:00:00Z", "deputy": null}});
    let past = scene.put(&scene.admin, &path, &absence).await;
    past.expect(StatusCode::UNPROCESSABLE_ENTITY);
    let now = jiff::Timestamp::now();
    let until = now + jiff::SignedDuration::from_hours(24);
    let absence = json!({"absence": {"from": now, "to": until, "deputy": null}});
    let set = scene.put(&scene.admin, &path, &absence).await;
    set.expect(StatusCode::OK);
    let colleagues = scene.get(&scene.nina, "/api/colleagues").await;
    assert!(colleagues["items"][0]["absent_until"].is_string());
    let myself = scene.get(&scene.nina, "/api/me").await;
    assert_eq!(myself["reach"]["presence"], "do_not_disturb");
    assert!(myself["reach"]["absence"]["to"].is_string());
}

#[tokio::test]
async fn quiet_hours_are_checked_before_they_are_kept() {
    let scene = Scene::set(false).await;
    let form = |days: Value| {
        json!({"email": true, "push": false, "urgent_anyway": true, "absence": null,
            "quiet": [{"days": days, "from": "22:00:00", "to": "08:00:00"}]})
    };
    for days in [json!([]), json!([0]), json!([8]), json!([1, 1])] {
        let answer = scene.put(&scene.nina, "/api/me/reach", &form(days)).await;
        answer.expect(StatusCode::UNPROCESSABLE_ENTITY);
    }
    let kept = scene
        .put(&scene.nina, "/api/me/reach", &form(json!([1, 7])))
        .await;
    kept.expect(StatusCode::OK);
    let myself = scene.get(&scene.nina, "/api/me").await;
    assert_eq!(myself["reach"]["quiet"][0]["days"], json!([1, 7]));
    assert_eq!(myself["reach"]["push"], false);
}

#[tokio::test]
async fn an_order_of_notices_is_kept_and_an_employee_in_it_is_not_deleted() {
    let scene = Scene::set(false).await;
    let admin = &scene.admin;
    let policy = json!({"only_urgent": false, "steps": [
        {"after_minutes": 15, "to": {"kind": "employee", "employee": scene.nina_id}},
        {"after_minutes": 15, "to": {"kind": "operator_call"}}]});
    let form = json!({"department": null, "policy": policy, "version": 0});
    let saved = scene.put(admin, "/api/escalations", &form).await;
    assert_eq!(saved.expect(StatusCode::OK).json()["version"], 1);
    let again = scene.put(admin, "/api/escalations", &form).await;
    assert_eq!(
        again.expect(StatusCode::CONFLICT).code(),
        "changed_meanwhile"
    );
    let stored = scene.get(admin, "/api/escalations").await;
    assert_eq!(stored["items"][0]["policy"], policy);

    let version = scene.get(admin, "/api/employees").await["version"].clone();
    let none = json!({"items": [], "version": version});
    let deleted = scene.put(admin, "/api/employees", &none).await;
    let deleted = deleted.expect(StatusCode::CONFLICT).json();
    let detail = deleted["detail"].as_str().expect("a sentence");
    assert!(detail.contains("порядок оповещения"), "{detail}");

    let never = json!({"department": null, "version": 1, "policy":
        {"only_urgent": false, "steps": [{"after_minutes": 0, "to": {"kind": "operator_call"}}]}});
    let refused = scene.put(admin, "/api/escalations", &never).await;
    let refused = refused.expect(StatusCode::UNPROCESSABLE_ENTITY).json();
    assert_eq!(refused["field"], "steps.0.after_minutes");
}

#[tokio::test]
async fn a_rota_names_its_empty_hours() {
    let scene = Scene::set(false).await;
    let admin = &scene.admin;
    let line = scene.world.line().await;
    scene.world.recipient_for(line).await;
    let departments = scene.get(admin, "/api/departments").await;
    let department = departments["items"][0]["id"].as_str().expect("an id");
    let path = format!("/api/rotas/{department}");
    let empty = scene.get(admin, &path).await;
    assert_eq!(empty["gaps"].as_array().map(Vec::len), Some(7));
    let form = json!({"version": 0, "shifts": [
        {"employee": scene.nina_id, "days": [1, 2, 3, 4, 5, 6, 7], "from": "09:00:00", "to": "09:00:00"}]});
    let saved = scene.put(admin, &path, &form).await;
    assert_eq!(saved.expect(StatusCode::OK).json()["gaps"], json!([]));
    let stranger = json!({"version": 1, "shifts": [
        {"employee": Uuid::new_v4(), "days": [1], "from": "09:00:00", "to": "18:00:00"}]});
    let refused = scene.put(admin, &path, &stranger).await;
    refused.expect(StatusCode::UNPROCESSABLE_ENTITY);
}
