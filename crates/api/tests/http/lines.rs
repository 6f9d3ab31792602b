//! «Линии и сценарии».

use axum::http::{Method, StatusCode};
use model::id::LineId;
use serde_json::{Value, json};

use crate::world::{Person, World};

async fn created(world: &World, admin: &Person) -> (String, Value) {
    let body = json!({"name": " Основная ", "scenario": "missed_calls"});
    let line = world.post("/api/lines", &body).by(admin).send().await;
    let line = line.expect(StatusCode::CREATED).json();
    (
        format!("/api/lines/{}", line["id"].as_str().expect("an id")),
        line,
    )
}

#[tokio::test]
async fn a_line_is_created_renamed_connected_and_deleted() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (path, line) = created(&world, &admin).await;
    assert_eq!(
        (&line["name"], &line["connected"]),
        (&json!("Основная"), &json!(false))
    );
    assert_eq!(line["connection"], json!({"state": "not_configured"}));
    let codes: Vec<_> = line["problems"]
        .as_array()
        .expect("problems")
        .iter()
        .map(|p| p["code"].clone())
        .collect();
    assert_eq!(codes, [json!("no_account"), json!("no_recipient")]);

    let renamed = world
        .ask(Method::PATCH, &path)
        .json(&json!({"name": "Новая"}))
        .by(&admin);
    assert_eq!(
        renamed.send().await.expect(StatusCode::OK).json()["name"],
        "Новая"
    );
    let id: LineId = path
        .rsplit('/')
        .next()
        .expect("an id")
        .parse()
        .expect("an id");
    world.recipient_for(id).await;
    for (word, connected) in [("connect", true), ("disconnect", false)] {
        let answer = world
            .ask(Method::POST, &format!("{path}/{word}"))
            .by(&admin)
            .send()
            .await;
        assert_eq!(answer.expect(StatusCode::OK).json()["connected"], connected);
    }
    let journal = world
        .get(&format!("{path}/journal"))
        .by(&admin)
        .send()
        .await;
    assert_eq!(
        journal.expect(StatusCode::OK).json(),
        json!({"items": [], "next": null})
    );
    let deleted = world.ask(Method::DELETE, &path).by(&admin).send().await;
    deleted.expect(StatusCode::NO_CONTENT);
    world
        .get(&path)
        .by(&admin)
        .send()
        .await
        .expect(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_script_is_saved_whole_or_not_at_all() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (path, _) = created(&world, &admin).await;
    let path = format!("{path}/script");
    let wordings = world
        .get("/api/wordings")
        .by(&admin)
        .send()
        .await
        .expect(StatusCode::OK);
    assert_eq!(
        wordings.json()["greetings"]["ru"].as_array().map(Vec::len),
        Some(3)
    );

    let department = json!({"items": [
        {"id": null, "name": "Продажи", "extension": "10", "notify": {"to": "everyone"}}
    ], "version": 0});
    let version = world.get("/api/departments").by(&admin).send().await.json()["version"].clone();
    let mut department = department;
    department["version"] = version;
    let saved = world
        .put("/api/departments", &department)
        .by(&admin)
        .send()
        .await;
    let id = saved.expect(StatusCode::OK).json()["items"][0]["id"].clone();

    let script = json!({
        "greeting": {"kind": "own", "text": "«{company}», здравствуйте!"},
        "farewell": {"kind": "variant", "number": 2},
        "recipient": {"to": "department", "department": id},
        "outside_hours": false,
        "transfer": {"first": "code", "code": "*2{number}"},
        "dialling": {"form": "seven", "prefix": "9"},
        "priority": "high",
        "questions": []
    });
    let line = world
        .put(&path, &script)
        .by(&admin)
        .send()
        .await
        .expect(StatusCode::OK)
        .json();
    assert_eq!(line["script"], script);

    for (key, value, field) in [
        (
            "greeting",
            json!({"kind": "own", "text": " "}),
            "greeting.text",
        ),
        (
            "greeting",
            json!({"kind": "own", "text": "я".repeat(501)}),
            "greeting.text",
        ),
        (
            "farewell",
            json!({"kind": "variant", "number": 9}),
            "farewell.number",
        ),
        (
            "recipient",
            json!({"to": "department", "department": uuid::Uuid::new_v4()}),
            "recipient",
        ),
        (
            "transfer",
            json!({"first": "code", "code": "##"}),
            "transfer.code",
        ),
        (
            "dialling",
            json!({"form": "eight", "prefix": "9w"}),
            "dialling.prefix",
        ),
        (
            "dialling",
            json!({"form": "eight", "prefix": "1234567"}),
            "dialling.prefix",
        ),
        ("dialling", json!({"form": "nine"}), "dialling.form"),
    ] {
        let mut bad = script.clone();
        bad[key] = value;
        bad["outside_hours"] = json!(true);
        let refused = world.put(&path, &bad).by(&admin).send().await;
        let problem = refused.expect(StatusCode::UNPROCESSABLE_ENTITY).json();
        assert_eq!(problem["field"], field, "{bad}");
    }
    let kept = world
        .get(path.trim_end_matches("/script"))
        .by(&admin)
        .send()
        .await
        .json();
    assert_eq!(kept["script"], script);
}

#[tokio::test]
async fn an_account_is_tried_for_real_and_belongs_to_one_line() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (path, _) = created(&world, &admin).await;
    let (second, _) = created(&world, &admin).await;
    let account = format!("{path}/account");
    let missing = json!({"user": "200", "password": null, "server": "127.0.0.1"});
    let missing = world.put(&account, &missing).by(&admin).send().await;
    assert_eq!(
        missing.expect(StatusCode::UNPROCESSABLE_ENTITY).json()["field"],
        "password"
    );

    // The loopback is no network that customers' servers may lie in.
    let form =
        json!({"user": "200@127.0.0.1", "password": "secret-1", "server": "", "interval_s": 60});
    let outcome = world.put(&account, &form).by(&admin).send().await;
    let outcome = outcome.expect(StatusCode::OK);
    assert!(!String::from_utf8_lossy(&outcome.body).contains("secret-1"));
    let outcome = outcome.json();
    assert_eq!(
        (&outcome["established"], &outcome["field"]),
        (&json!(false), &json!("server"))
    );
    assert!(
        outcome["text"]
            .as_str()
            .expect("a sentence")
            .contains("«SIP сервер»")
    );
    let shown = &outcome["line"]["account"];
    assert_eq!(
        (&shown["user"], &shown["server"]),
        (&json!("200"), &json!("127.0.0.1"))
    );
    assert_eq!(shown["has_password"], true);
    assert_eq!(outcome["line"]["problems"][0]["code"], "not_registered");

    assert_eq!(shown["trust"], json!({"kind": "public"}));

    let mut pinned = form.clone();
    pinned["password"] = Value::Null;
    pinned["transport"] = json!("tls");
    pinned["trust"] = json!({"kind": "pinned", "sha256": "ab".repeat(32)});
    let outcome = world.put(&account, &pinned).by(&admin).send().await;
    let outcome = outcome.expect(StatusCode::OK).json();
    let sha256 = vec!["AB"; 32].join(":");
    assert_eq!(
        outcome["line"]["account"]["trust"],
        json!({"kind": "pinned", "sha256": sha256})
    );
    for trust in [
        json!({"kind": "pinned", "sha256": "ab"}),
        json!({"kind": "authority", "certificate": "pbx.example"}),
    ] {
        pinned["trust"] = trust;
        let refused = world.put(&account, &pinned).by(&admin).send().await;
        let refused = refused.expect(StatusCode::UNPROCESSABLE_ENTITY).json();
        assert_eq!(refused["field"], "trust");
    }

    let taken = world
        .put(&format!("{second}/account"), &form)
        .by(&admin)
        .send()
        .await;
    assert_eq!(taken.expect(StatusCode::CONFLICT).code(), "pbx_user_taken");
    let line = world.get(&second).by(&admin).send().await.json();
    assert_eq!(line["account"], Value::Null);
}

#[tokio::test]
async fn a_line_without_a_recipient_is_not_connected() {
    let world = World::start().await;
    let admin = world.admin().await;
    let line = world.line().await;
    let path = format!("/api/lines/{line}");
    let connect = async || {
        let ask = world.ask(Method::POST, &format!("{path}/connect"));
        ask.by(&admin).send().await
    };
    let refused = connect().await.expect(StatusCode::CONFLICT);
    assert_eq!(refused.code(), "line_not_ready");
    assert_eq!(refused.json()["field"], "recipient");
    let sentence = refused.json()["detail"].to_string();
    assert!(sentence.contains("кому передавать сообщения"), "{sentence}");

    world.recipient_for(line).await;
    connect().await.expect(StatusCode::OK);
    let script = json!({
        "greeting": {"kind": "variant", "number": 1}, "farewell": {"kind": "variant", "number": 1},
        "recipient": null, "outside_hours": true
    });
    let script = world.put(&format!("{path}/script"), &script).by(&admin);
    let refused = script.send().await.expect(StatusCode::CONFLICT);
    assert_eq!(refused.code(), "line_not_ready");
}

#[tokio::test]
async fn what_a_caller_will_hear_is_told_for_any_moment() {
    let world = World::start().await;
    let admin = world.admin().await;
    let line = world.line().await;
    world.recipient_for(line).await;
    let path = format!("/api/lines/{line}/forecast");
    let told = async |query: &str| {
        let ask = world.get(&format!("{path}{query}")).by(&admin);
        ask.send().await.expect(StatusCode::OK).json()
    };
    let whats = |forecast: &Value| -> Vec<String> {
        let steps = forecast["steps"].as_array().expect("steps").iter();
        steps
            .map(|step| step["what"].as_str().unwrap_or_default().into())
            .collect()
    };
    let unconnected = told("?at=2026-12-31T19:40").await;
    assert_eq!(
        (&unconnected["at"], &unconnected["open"]),
        (&json!("2026-12-31T19:40:00"), &json!(false))
    );
    assert_eq!(whats(&unconnected), ["hours", "not_reached", "line_check"]);
    assert_eq!(
        unconnected["steps"][2]["prompts"],
        json!(["line_check", "line_check_done"])
    );

    let lines = world.store.lines();
    lines
        .set_connected(world.company, line, true)
        .await
        .expect("connected");
    let noon = told("?at=2026-11-23T12:00").await;
    assert_eq!(noon["open"], true);
    assert_eq!(
        whats(&noon),
        [
            "hours",
            "not_reached",
            "ringing",
            "operator",
            "queue",
            "reassurance",
            "voice_message",
            "message"
        ]
    );
    assert_eq!(told("").await["zone"], "Europe/Moscow");
    let nonsense = world
        .get(&format!("{path}?at=tomorrow"))
        .by(&admin)
        .send()
        .await;
    let problem = nonsense.expect(StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(problem.json()["field"], "at");
}

#[tokio::test]
async fn what_the_machine_says_can_be_listened_to() {
    let world = World::start().await;
    let admin = world.admin().await;
    let mut sounds = Vec::new();
    for query in ["name=line_check", "name=line_check&language=en"] {
        let prompt = world
            .get(&format!("/api/prompts?{query}"))
            .by(&admin)
            .send()
            .await;
        let prompt = prompt.expect(StatusCode::OK);
        assert_eq!(prompt.header("content-type"), "audio/wav");
        assert!(prompt.body.starts_with(b"RIFF"));
        sounds.push(prompt.body);
    }
    assert_ne!(sounds[0], sounds[1]);
    let unknown = world.get("/api/prompts?name=song").by(&admin).send().await;
    unknown.expect(StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn the_calls_of_the_day_are_told_by_the_hour() {
    let world = World::start().await;
    let admin = world.admin().await;
    let line = world.line().await;
    world.call(line, None).await;
    let shown = world
        .get(&format!("/api/lines/{line}"))
        .by(&admin)
        .send()
        .await
        .json();
    let hours = shown["calls_by_hour"].as_array().expect("hours").iter();
    let hours: Vec<u64> = hours.filter_map(Value::as_u64).collect();
    assert_eq!((hours.len(), hours.iter().sum::<u64>()), (24, 1));
    assert_eq!(shown["calls_today"], 1);
    assert_eq!(shown["warnings"], json!([]));
}

#[tokio::test]
async fn a_line_that_exchanged_nothing_has_an_empty_trace() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (path, _) = created(&world, &admin).await;
    for of in ["trace", "trace/1"] {
        let answer = world.get(&format!("{path}/{of}")).by(&admin).send().await;
        assert_eq!(answer.expect(StatusCode::OK).json(), json!([]));
    }
}
