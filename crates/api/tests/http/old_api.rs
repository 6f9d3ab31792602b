//! The old API as customers' scripts use it.

use axum::http::StatusCode;
use jiff::Timestamp;
use model::api_key::Scope;
use model::call::{Call, Ending};
use model::id::{CallId, MessageId};
use model::line::Recipient;
use model::message::Message;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::calls::recorded;
use crate::world::{Answer, Person, World};

/// The old API's id of a call.
pub fn short_id(call: CallId) -> String {
    let id = call.0.as_u128();
    ((id >> 80) << 22 | id & ((1 << 22) - 1)).to_string()
}

struct Script<'a> {
    world: &'a World,
    key: String,
}

impl<'a> Script<'a> {
    async fn new(world: &'a World) -> Self {
        let key = world.key(world.company, &Scope::ALL).await.secret;
        Self { world, key }
    }

    async fn get(&self, path: &str) -> Answer {
        let with = if path.contains('?') { '&' } else { '?' };
        let path = format!("{path}{with}auth_api_key={}", self.key);
        self.world.get(&path).send().await
    }

    async fn json(&self, path: &str) -> Value {
        self.get(path).await.expect(StatusCode::OK).json()
    }

    async fn found(&self, query: &str) -> Vec<String> {
        let found = self.json(&format!("/v1/calls/search{query}")).await;
        let list = found["list"].as_array().expect("a list").clone();
        let ids = list.iter().map(|call| call["id"].as_str().expect("an id"));
        ids.map(str::to_owned).collect()
    }
}

async fn message(world: &World, operator: &Person, call: &Call) {
    world.recipient_for(call.line).await;
    let departments = world.store.departments().list(world.company).await;
    let department = departments.expect("departments").value[0].id;
    let message = Message {
        id: MessageId(Uuid::now_v7()),
        company: world.company,
        call: call.id,
        recipient: Recipient::Department { department },
        caller_name: "Иван Петров".into(),
        caller_phone: "8 (926) 123-45-67".into(),
        text: "Просит перезвонить".into(),
        answers: Vec::new(),
        urgent: false,
        author: Some(operator.id),
        created_at: Timestamp::now(),
    };
    let messages = world.store.messages();
    messages.create(&message, false).await.expect("stored");
}

#[tokio::test]
async fn a_script_reads_what_is_new() {
    let world = World::start().await;
    let operator = world.operator().await;
    let script = Script::new(&world).await;
    let before = (Timestamp::now() - jiff::SignedDuration::from_mins(5)).to_string();
    let call = recorded(&world, &operator).await;
    assert!(
        script
            .found(&format!("?from_time={before}"))
            .await
            .is_empty()
    );
    message(&world, &operator, &call).await;

    let id = short_id(call.id);
    assert_eq!(id.len(), 19);
    let naive = before.trim_end_matches('Z');
    for from in [
        before.clone(),
        naive.to_owned(),
        naive.replace('T', "%20"),
        naive.split('.').next().expect("seconds").to_owned(),
    ] {
        let found = script.found(&format!("?from_time={from}")).await;
        assert_eq!(found, std::slice::from_ref(&id), "{from}");
    }
    assert_eq!(
        script.found("").await,
        std::slice::from_ref(&id),
        "of the last day"
    );

    let told = script.json(&format!("/v1/calls/{id}")).await;
    assert_eq!(told["id"], json!(id));
    for (field, time) in [
        ("answer_datetime", call.arrived_at),
        (
            "finish_datetime",
            call.arrived_at + std::time::Duration::from_secs(10),
        ),
    ] {
        let text = told[field].as_str().expect(field);
        let (second, fraction) = text.split_once('.').expect("a dot");
        assert_eq!((second.len(), fraction.len()), (19, 7), "{text}");
        assert_eq!(text.parse().ok(), Some(time));
    }
    let messages = script.json(&format!("/v1/calls/{id}/messages")).await;
    let first = &messages["list"][0];
    assert_eq!(first["caller_name"], "Иван Петров");
    assert_eq!(first["caller_phone"], "+79261234567");
    assert_eq!(first["caller_message"], "Просит перезвонить");
    let at = first["datetime"].as_str().expect("a time");
    assert!(at.contains('.') && at.parse::<Timestamp>().is_ok(), "{at}");
}

#[tokio::test]
async fn windows_that_meet_or_overlap_miss_nothing() {
    let world = World::start().await;
    let operator = world.operator().await;
    let script = Script::new(&world).await;
    let line = world.line().await;
    let noon: Timestamp = "2026-11-26T12:00:00Z".parse().expect("a time");
    let minute = |n: i64| noon + jiff::SignedDuration::from_mins(n);
    let mut all = Vec::new();
    for n in 0..10 {
        let call = world.call(line, None).await;
        let calls = world.store.calls();
        let ended = calls.finish(
            world.company,
            call.id,
            Ending::CallerGaveUpQueued,
            minute(n),
        );
        ended.await.expect("ended");
        all.push(short_id(call.id));
    }
    let answered = world.call(line, Some(operator.id)).await;
    let calls = world.store.calls();
    let ended = calls.finish(world.company, answered.id, Ending::CallerHungUp, minute(5));
    ended.await.expect("ended");

    let whole = format!("?from_time={noon}&to_time={}", minute(60));
    assert_eq!(script.found(&whole).await, all);
    for (step, wide) in [(1, 1), (3, 3), (2, 5)] {
        let mut met = Vec::new();
        for from in (0..12).step_by(step) {
            let (from, to) = (minute(from), minute(from + wide));
            met.extend(
                script
                    .found(&format!("?from_time={from}&to_time={to}"))
                    .await,
            );
        }
        let repeats = met.len();
        met.sort();
        met.dedup();
        assert_eq!(met.len(), all.len(), "{step} {wide}");
        assert_eq!(repeats > met.len(), wide > step as i64);
    }
}

#[tokio::test]
async fn a_lost_call_tells_who_called() {
    let world = World::start().await;
    let script = Script::new(&world).await;
    let line = world.line().await;
    let call = world.call(line, None).await;
    let id = short_id(call.id);
    let messages = script.json(&format!("/v1/calls/{id}/messages")).await;
    assert_eq!(messages, json!({"list": []}), "it rings");
    let running = script.json(&format!("/v1/calls/{id}")).await;
    assert_eq!(running["finish_datetime"], Value::Null);
    let calls = world.store.calls();
    let ended = calls.finish(
        world.company,
        call.id,
        Ending::CallerGaveUpRinging,
        Timestamp::now(),
    );
    ended.await.expect("ended");
    assert_eq!(script.found("").await, std::slice::from_ref(&id));
    let told = script.json(&format!("/v1/calls/{id}")).await;
    assert_eq!(told["answer_datetime"], Value::Null);
    let messages = script.json(&format!("/v1/calls/{id}/messages")).await;
    let first = &messages["list"][0];
    assert_eq!(first["caller_phone"], "+79261234567");
    assert_eq!(first["caller_message"], "");
    let no_sound = script.get(&format!("/v1/calls/{id}/record.mp3")).await;
    no_sound.expect(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_record_plays_on_pages_of_other_sites() {
    let world = World::start().await;
    let operator = world.operator().await;
    let script = Script::new(&world).await;
    let call = recorded(&world, &operator).await;
    let path = format!("/v1/calls/{}/record.mp3", short_id(call.id));
    let whole = script.get(&path).await.expect(StatusCode::OK);
    assert_eq!(whole.header("content-type"), "audio/mpeg");
    assert_eq!(whole.header("accept-ranges"), "bytes");
    assert_eq!(whole.header("cross-origin-resource-policy"), "cross-origin");
    assert!(
        whole
            .header("content-disposition")
            .ends_with("_79261234567.mp3\"")
    );
    let other = world.get("/api/calls").send().await;
    assert_eq!(other.header("cross-origin-resource-policy"), "same-origin");

    let part = world
        .get(&path)
        .header("auth_api_key", &script.key)
        .header("range", "bytes=2-5")
        .send()
        .await
        .expect(StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.body, b"OggS");
    let size = whole.body.len();
    assert_eq!(part.header("content-range"), format!("bytes 2-5/{size}"));
    let beyond = world
        .get(&path)
        .header("auth_api_key", &script.key)
        .header("range", &format!("bytes={size}-"))
        .send()
        .await;
    beyond.expect(StatusCode::RANGE_NOT_SATISFIABLE);
}

#[tokio::test]
async fn the_key_may_stand_in_three_places_and_has_to_be_right() {
    let world = World::start().await;
    let script = Script::new(&world).await;
    let path = "/v1/calls/search?from_time=2026-11-26";
    let header = world.get(path).header("auth_api_key", &script.key);
    header.send().await.expect(StatusCode::OK);
    let bearer = world.get(path).key(&script.key).send().await;
    bearer.expect(StatusCode::OK);
    for wrong in ["", "x", &"x".repeat(5000)] {
        let refused = world.get(&format!("{path}&auth_api_key={wrong}"));
        let refused = refused.send().await.expect(StatusCode::UNAUTHORIZED);
        assert_eq!(refused.code(), "wrong_key");
    }
    // It is the old API's alone.
    let refused = script.get("/api/calls").await;
    refused.expect(StatusCode::UNAUTHORIZED);
    let refused = script.get("/v1/calls/search?from_time=yesterday").await;
    let refused = refused.expect(StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.json()["field"], "from_time");
    for nothing in ["/v1", "/v1/", "/v1/calls", "/v1/calls/1", "/v1/calls/x"] {
        let answer = script.get(nothing).await;
        if nothing.starts_with("/v1/") {
            answer.expect(StatusCode::NOT_FOUND);
        }
    }
}
