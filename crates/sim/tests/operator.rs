//! The robot operator, against a desk of another make.

use std::sync::LazyLock;
use std::time::Duration;

use serde_json::json;
use sim::audio::{Sound, find};
use sim::customer;
use sim::operator::{HangUp, Note, OperatorError, RobotOperator, Script};
use tokio::task::JoinSet;
use tokio::time::timeout;

#[allow(dead_code)]
#[path = "support/desk.rs"]
mod desk;

use desk::{CALL, DEPARTMENT};

const SOON: Duration = Duration::from_secs(40);

/// Resampled once: twenty robots say it.
static VOICE: LazyLock<Sound> = LazyLock::new(|| {
    let voice = customer::operator_voice().expect("a voice");
    Sound::new(&voice[..20_000])
});

fn script(hang_up: HangUp) -> Script {
    Script {
        answer_after: Duration::from_millis(50),
        voice: VOICE.clone(),
        speak_after: Duration::from_millis(100),
        note: None,
        hang_up,
    }
}

async fn serve(origin: &str, script: Script) -> sim::operator::Served {
    let work = async {
        let mut robot = RobotOperator::sign_in(origin, "olga@example.org", "secret")
            .await
            .expect("signed in");
        robot.ready().await.expect("ready");
        let served = robot.serve_one(script).await.expect("served");
        robot.sign_out().await.expect("signed out");
        served
    };
    timeout(SOON, work).await.expect("in time")
}

#[tokio::test]
async fn a_call_is_answered_spoken_to_and_written_down() {
    let (origin, told) = desk::start(true, None).await;
    let note = Note {
        recipient: None,
        caller_name: None,
        caller_phone: Some("+79260000000".into()),
        text: "Перезвоните мне".into(),
    };
    let served = serve(
        &origin,
        Script {
            note: Some(note),
            ..script(HangUp::Said(Duration::from_millis(300)))
        },
    )
    .await;
    assert_eq!(served.call.to_string(), CALL);
    assert_eq!(served.card["caller_name"], "Иван Петров");
    assert_eq!(served.ending.as_deref(), Some("operator_hung_up"));
    assert!(served.rang_at < served.answered_at && served.answered_at < served.ended_at);
    let found = find(&VOICE, &served.heard).expect("heard");
    assert!(found.strength > 0.9, "{found:?}");
    let packets = served.packets;
    assert_eq!((packets.lost, packets.repeated), (0, 0), "{packets:?}");
    assert!(
        packets.sent >= 140 && packets.received + 5 >= packets.sent,
        "{packets:?}"
    );
    let told = told.all();
    let commands: Vec<&str> = told.iter().filter_map(|t| t["type"].as_str()).collect();
    let expected = ["state", "accept", "hang_up", "wrap_up_done", "state"];
    assert_eq!(commands, expected);
    let written = told
        .iter()
        .find(|t| t["text"].is_string())
        .expect("a message");
    let id = served.message.expect("a message").to_string();
    let expected = json!({
        "id": id, "call_id": CALL, "text": "Перезвоните мне",
        "recipient": { "to": "department", "department": DEPARTMENT },
        "caller_name": "Иван Петров", "caller_phone": "+79260000000",
    });
    assert_eq!(written, &expected);
    assert_eq!(told.last(), Some(&json!("signed out")));
}

#[tokio::test]
async fn the_caller_may_leave_first() {
    let (origin, told) = desk::start(false, Some(Duration::from_millis(300))).await;
    let served = serve(&origin, script(HangUp::Never)).await;
    assert_eq!(served.ending.as_deref(), Some("caller_hung_up"));
    assert_eq!(served.message, None);
    assert!(told.all().iter().all(|t| t["type"] != "hang_up"));
}

#[tokio::test]
async fn a_wrong_password_is_told_in_the_servers_words() {
    let (origin, _) = desk::start(false, None).await;
    let refused = RobotOperator::sign_in(&origin, "olga@example.org", "wrong").await;
    match refused.err() {
        Some(OperatorError::Refused { status, detail, .. }) => {
            assert_eq!((status, detail.as_str()), (401, "Неверный пароль"));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_an_error() {
    let nobody = RobotOperator::sign_in("http://127.0.0.1:1", "a", "b").await;
    assert!(matches!(nobody.err(), Some(OperatorError::Http(_))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_robots_work_at_once_and_lose_nothing() {
    let mut robots = JoinSet::new();
    for _ in 0..20 {
        robots.spawn(async {
            let (origin, _) = desk::start(false, None).await;
            serve(&origin, script(HangUp::Said(Duration::from_millis(200)))).await
        });
    }
    while let Some(served) = robots.join_next().await {
        let served = served.expect("served");
        let packets = served.packets;
        assert_eq!((packets.lost, packets.repeated), (0, 0), "{packets:?}");
        assert!(packets.sent >= 135, "{packets:?}");
    }
}
