//! Calls, their recordings, and what is told live.

use axum::http::StatusCode;
use http_body_util::BodyExt;
use model::call::{Call, Ending, RecordingState};
use serde_json::json;

use crate::world::{Answer, Person, World};

const PEAKS: &[u8] = br#"{"per_second":20,"left":[0,255],"right":[1,2]}"#;

pub fn sound() -> Vec<u8> {
    let mut sound = b"OggS".to_vec();
    sound.extend((0..600_000_u32).map(|n| (n % 251) as u8));
    sound
}

/// A call of ten seconds with a packed recording.
pub async fn recorded(world: &World, operator: &Person) -> Call {
    let line = world.line().await;
    let call = world.call(line, Some(operator.id)).await;
    let calls = world.store.calls();
    let end = call.arrived_at + std::time::Duration::from_secs(10);
    calls
        .finish(world.company, call.id, Ending::CallerHungUp, end)
        .await
        .expect("stored");
    let ogg = world.folder.path().join("x.ogg");
    let peaks = world.folder.path().join("x.peaks");
    std::fs::write(&ogg, sound()).expect("written");
    std::fs::write(&peaks, PEAKS).expect("written");
    let recordings = &world.recordings;
    recordings
        .put(world.company, call.id, call.arrived_at, &ogg, &peaks)
        .await
        .expect("put");
    let state = RecordingState::Ready;
    calls
        .set_recording(world.company, call.id, state, 10_000)
        .await
        .expect("stored");
    call
}

#[tokio::test]
async fn calls_are_listed_and_told() {
    let world = World::start().await;
    let (admin, operator) = (world.admin().await, world.operator().await);
    let call = recorded(&world, &operator).await;
    world.call(call.line, None).await;

    let all = world
        .get("/api/calls")
        .by(&admin)
        .send()
        .await
        .expect(StatusCode::OK)
        .json();
    assert_eq!(all["items"].as_array().map(Vec::len), Some(2));
    let first = world
        .get("/api/calls?limit=1")
        .by(&admin)
        .send()
        .await
        .json();
    let next = first["next"].as_str().expect("a second page");
    let second = world
        .get(&format!("/api/calls?limit=1&after={next}"))
        .by(&admin)
        .send()
        .await;
    let row = &second.expect(StatusCode::OK).json()["items"][0];
    assert_eq!(row["id"], json!(call.id));
    assert_eq!(row["line"]["name"], "Основная");
    assert_eq!(row["caller_phone"], "+79261234567");
    assert_eq!(row["caller_phone_shown"], "+7 (926) 123-45-67");
    assert_eq!(
        (&row["duration_ms"], &row["waited_ms"]),
        (&json!(10_000), &json!(0))
    );
    assert_eq!(
        (&row["result"], &row["recording"]),
        (&json!("dropped"), &json!("ready"))
    );

    for (query, found) in [
        ("search=926+123", 2),
        ("search=%D0%B8%D0%B2%D0%B0%D0%BD", 2),
        ("search=nobody", 0),
        ("result=dropped", 1),
        (&format!("line={}", call.line), 2),
    ] {
        let list = world
            .get(&format!("/api/calls?{query}"))
            .by(&admin)
            .send()
            .await;
        let list = list.expect(StatusCode::OK).json();
        assert_eq!(
            list["items"].as_array().map(Vec::len),
            Some(found),
            "{query}"
        );
    }
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=x", "limit"),
        ("after=x", "after"),
        ("result=x", "result"),
    ] {
        let refused = world
            .get(&format!("/api/calls?{query}"))
            .by(&admin)
            .send()
            .await;
        let refused = refused.expect(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.json()["field"], field, "{query}");
    }

    let told = world
        .get(&format!("/api/calls/{}", call.id))
        .by(&admin)
        .send()
        .await
        .json();
    assert_eq!(told["id"], json!(call.id));
    let ended = told["timeline"]
        .as_array()
        .expect("a timeline")
        .last()
        .expect("an entry");
    assert_eq!(
        (&ended["what"], &ended["ending"]),
        (&json!("ended"), &json!("caller_hung_up"))
    );

    let path = format!("/api/calls/{}/called-back", call.id);
    let noted = world
        .post(&path, &json!({"called_back": true}))
        .by(&admin)
        .send()
        .await;
    noted.expect(StatusCode::NO_CONTENT);
    let told = world
        .get(&format!("/api/calls/{}", call.id))
        .by(&admin)
        .send()
        .await
        .json();
    assert_eq!(told["called_back"], true);
    assert_eq!(told["called_back_by"], "Мария (admin@romashka.ru)");
    assert!(told["called_back_at"].is_string());

    let today = world
        .get("/api/today")
        .by(&admin)
        .send()
        .await
        .expect(StatusCode::OK)
        .json();
    assert_eq!(
        (&today["calls"], &today["answered"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(
        (&today["service_level"], &today["not_called_back"]),
        (&json!(1.0), &json!(0))
    );
}

#[tokio::test]
async fn lost_calls_are_listed_until_somebody_has_called_back() {
    let world = World::start().await;
    let admin = world.admin().await;
    let line = world.line().await;
    let call = world.call(line, None).await;
    let ending = Ending::CallerGaveUpRinging;
    let calls = world.store.calls();
    calls
        .finish(world.company, call.id, ending, call.arrived_at)
        .await
        .expect("stored");
    let listed = async |query: &str| {
        let list = world.get(&format!("/api/calls?{query}")).by(&admin);
        let list = list.send().await.expect(StatusCode::OK).json();
        list["items"].as_array().map(Vec::len)
    };
    assert_eq!(listed("not_called_back=true").await, Some(1));
    let from = call.arrived_at;
    let later = from + std::time::Duration::from_secs(1);
    assert_eq!(listed(&format!("from={from}&to={later}")).await, Some(1));
    assert_eq!(listed(&format!("from={later}")).await, Some(0));
    let today = world.get("/api/today").by(&admin).send().await.json();
    assert_eq!(today["not_called_back"], 1);
    let path = format!("/api/calls/{}/called-back", call.id);
    let noted = world.post(&path, &json!({"called_back": true}));
    noted.by(&admin).send().await.expect(StatusCode::NO_CONTENT);
    assert_eq!(listed("not_called_back=true").await, Some(0));
    for wrong in ["from=yesterday", "not_called_back=maybe"] {
        let list = world.get(&format!("/api/calls?{wrong}")).by(&admin);
        list.send().await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test]
async fn figures_are_told_by_the_companys_clock() {
    let world = World::start().await;
    let (admin, operator) = (world.admin().await, world.operator().await);
    let line = world.line().await;
    let call = world.call(line, Some(operator.id)).await;
    let zone = jiff::tz::TimeZone::get("Europe/Moscow").expect("a zone");
    let at = call.arrived_at.to_zoned_datetime(zone);
    let asked = |from: jiff::Timestamp, to: jiff::Timestamp| {
        let path = format!("/api/figures?from={from}&to={to}");
        world.get(&path).by(&admin).send()
    };
    let day = std::time::Duration::from_secs(86_400);
    let told = asked(call.arrived_at - day, call.arrived_at + day).await;
    let told = told.expect(StatusCode::OK).json();
    assert_eq!(told["totals"]["calls"], 1);
    assert_eq!(told["by_hour"].as_array().map(Vec::len), Some(24));
    assert_eq!(
        told["by_hour"][usize::try_from(at.hour()).expect("an hour")]["calls"],
        1
    );
    let weekday = usize::try_from(at.weekday().to_monday_zero_offset()).expect("a day");
    assert_eq!(told["by_weekday"][weekday]["answered"], 1);
    assert_eq!(told["by_day"].as_array().map(Vec::len), Some(3));
    assert_eq!(told["by_day"][1]["date"], at.date().to_string());
    assert_eq!(told["by_day"][1]["calls"], 1);
    for (from, to) in [
        (call.arrived_at, call.arrived_at),
        (call.arrived_at, call.arrived_at - day),
        (call.arrived_at - 95 * day, call.arrived_at),
    ] {
        let refused = asked(from, to).await;
        let refused = refused.expect(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.json()["field"], "to");
    }
}

#[tokio::test]
async fn a_recording_is_served_in_parts() {
    let world = World::start().await;
    let (admin, operator) = (world.admin().await, world.operator().await);
    let call = recorded(&world, &operator).await;
    let path = format!("/api/calls/{}/recording", call.id);
    let sound = sound();

    let whole = world
        .get(&path)
        .by(&admin)
        .header("accept-encoding", "gzip")
        .send()
        .await;
    let whole = whole.expect(StatusCode::OK);
    assert_eq!(whole.body, sound);
    assert_eq!(whole.header("content-type"), "audio/ogg");
    assert_eq!(whole.header("accept-ranges"), "bytes");
    assert_eq!(whole.header("content-encoding"), "");

    let part = |range: &str| world.get(&path).by(&admin).header("range", range).send();
    for (range, first, last) in [
        ("bytes=0-1", 0, 1),
        ("bytes=300000-", 300_000, sound.len() - 1),
        ("bytes=-5", sound.len() - 5, sound.len() - 1),
    ] {
        let answer: Answer = part(range).await.expect(StatusCode::PARTIAL_CONTENT);
        assert_eq!(answer.body, &sound[first..=last], "{range}");
        let told = format!("bytes {first}-{last}/{}", sound.len());
        assert_eq!(answer.header("content-range"), told);
        assert_eq!(
            answer.header("content-length"),
            (last - first + 1).to_string()
        );
    }
    let beyond = part("bytes=9999999-")
        .await
        .expect(StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(
        beyond.header("content-range"),
        format!("bytes */{}", sound.len())
    );
    assert_eq!(beyond.code(), "range_not_satisfiable");

    let wav = world
        .get(&format!("{path}?format=wav"))
        .by(&admin)
        .send()
        .await;
    let wav = wav.expect(StatusCode::OK);
    assert!(wav.body.starts_with(b"RIFF"));
    let disposition = wav.header("content-disposition");
    assert!(
        disposition.starts_with("attachment; filename=\"20"),
        "{disposition}"
    );
    assert!(disposition.ends_with("_79261234567.wav\""), "{disposition}");
    let odd = world
        .get(&format!("{path}?format=mp3"))
        .by(&admin)
        .send()
        .await;
    assert_eq!(
        odd.expect(StatusCode::UNPROCESSABLE_ENTITY).json()["field"],
        "format"
    );

    let peaks = world
        .get(&format!("/api/calls/{}/peaks", call.id))
        .by(&admin)
        .send()
        .await;
    let peaks = peaks.expect(StatusCode::OK);
    assert_eq!(peaks.body, PEAKS);
    assert_eq!(peaks.header("content-type"), "application/json");
}

#[tokio::test]
async fn a_recording_that_is_not_there_yet_is_told_apart() {
    let world = World::start().await;
    let admin = world.admin().await;
    let line = world.line().await;
    let call = world.call(line, None).await;
    let path = format!("/api/calls/{}/recording", call.id);
    world
        .get(&path)
        .by(&admin)
        .send()
        .await
        .expect(StatusCode::NOT_FOUND);
    let calls = world.store.calls();
    let running = RecordingState::InProgress;
    calls
        .set_recording(world.company, call.id, running, 0)
        .await
        .expect("stored");
    let answer = world.get(&path).by(&admin).send().await;
    assert_eq!(
        answer.expect(StatusCode::CONFLICT).code(),
        "recording_not_ready"
    );
}

#[tokio::test]
async fn what_happens_is_told_live_to_its_own_company_only() {
    let world = World::start().await;
    let admin = world.admin().await;
    let stranger = model::user::Role::CompanyAdmin;
    let stranger = world
        .person(stranger, Some(world.other_company), "admin@vasilek.ru")
        .await;
    let mut own = world.get("/api/events").by(&admin).send_head().await;
    let mut other = world.get("/api/events").by(&stranger).send_head().await;
    assert_eq!(own.headers()["content-type"], "text/event-stream");

    let line = world.line().await;
    let lines = world.store.lines();
    let theirs = lines
        .create(
            world.other_company,
            "Чужая",
            model::line::Scenario::Secretary,
        )
        .await;
    let theirs = theirs.expect("a line").id;
    for (answer, id) in [(&mut own, line), (&mut other, theirs)] {
        let frame = answer
            .body_mut()
            .frame()
            .await
            .expect("an event")
            .expect("no error");
        let text = String::from_utf8(frame.into_data().expect("data").to_vec()).expect("text");
        assert_eq!(text, format!("event: line\ndata: {{\"id\":\"{id}\"}}\n\n"));
    }
}

/// Every kind of event is told to its company's administrator; an employee is
/// told of what is addressed to them, and another company of nothing.
#[tokio::test]
async fn an_employee_is_told_live_of_the_own_messages_alone() {
    let world = World::start().await;
    let (admin, operator) = (world.admin().await, world.operator().await);
    let draft = |email: &str| store::EmployeeDraft {
        id: None,
        email: email.into(),
        name: "Анна".into(),
        department: None,
        position: String::new(),
        extension: String::new(),
        mobile: String::new(),
    };
    let rows = [draft("anna@romashka.ru"), draft("boris@romashka.ru")];
    let people = world.store.employees();
    let people = people.replace_all(world.company, &rows, 1).await;
    let people = people.expect("saved").value;
    let anna = world.signed_in("anna@romashka.ru").await;
    let role = model::user::Role::CompanyAdmin;
    let stranger = world
        .person(role, Some(world.other_company), "admin@vasilek.ru")
        .await;
    let line = world.line().await;
    let open = |person| world.get("/api/events").by(person).send_head();
    let (mut all, mut own, mut other) =
        (open(&admin).await, open(&anna).await, open(&stranger).await);

    let mut stored = Vec::new();
    for employee in [people[1].id, people[0].id] {
        let call = world.call(line, Some(operator.id)).await;
        let message = model::message::Message {
            id: model::id::MessageId(uuid::Uuid::new_v4()),
            company: world.company,
            call: call.id,
            recipient: model::line::Recipient::Employee { employee },
            caller_name: String::new(),
            caller_phone: String::new(),
            text: "Перезвоните".into(),
            answers: Vec::new(),
            urgent: false,
            author: Some(operator.id),
            created_at: call.arrived_at,
        };
        let messages = world.store.messages();
        messages.create(&message, false).await.expect("stored");
        stored.push((call.id, message.id));
    }
    let companies = world.store.companies();
    for (company, version) in [(world.company, 1), (world.other_company, 1)] {
        let hours = companies.hours(company).await.expect("hours").value;
        let put = companies.put_hours(company, &hours, version).await;
        put.expect("put");
    }

    // The last event of each tells that nothing else came before it.
    let told = events(&mut all, "event: hours").await;
    for (call, message) in &stored {
        assert!(told.contains(&call.to_string()) && told.contains(&message.to_string()));
    }
    assert_eq!(
        events(&mut other, "event: hours").await,
        "event: hours\ndata: {}\n\n"
    );
    let (call, message) = stored[1];
    let told = events(&mut own, "event: message").await;
    assert!(told.contains(&call.to_string()) && told.contains(&message.to_string()));
    let (call, message) = stored[0];
    assert!(!told.contains(&call.to_string()) && !told.contains(&message.to_string()));
}

/// What is told until the event, with it.
async fn events(answer: &mut axum::response::Response, until: &str) -> String {
    let mut told = String::new();
    while !told.contains(until) {
        let frame = answer.body_mut().frame().await;
        let frame = frame.expect("an event").expect("no error");
        let data = frame.into_data().expect("data");
        told.push_str(std::str::from_utf8(&data).expect("text"));
    }
    told
}
