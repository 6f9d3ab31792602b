//! What a PBX and this side say at the same time, told by SIPp.

mod common;

use std::process::Stdio;

use sip::{Event, LegEnd};

use common::asterisk::{free_port, workspace};
use common::scene::Scene;
use common::{PATIENCE, stream};

/// Who calls, as a scenario tells it; the line answers at once.
async fn told(scenario: &str) {
    let mut scene = Scene::set().await;
    scene.exchange.request_of("REGISTER").await;
    let address = scene.service.endpoint.address();
    let file = workspace().join(format!("crates/sip/tests/sipp/{scenario}.xml"));
    let folder = tempfile::tempdir().expect("a folder");
    let mut caller = tokio::process::Command::new(common::proxy::folder().join("bin/sipp"))
        .arg("-sf")
        .arg(file)
        .args(["-s", scene.telephone.user(), "-m", "1", "-nostdin", "-aa"])
        .args(["-i", "127.0.0.1", "-p", &free_port().to_string()])
        .args(["-timeout", "50", "-timeout_error", "-trace_err"])
        .arg(address.to_string())
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("SIPp");
    let leg = scene.arrives().await;
    scene.service.endpoint.ring(leg);
    scene.service.endpoint.answer(leg, stream());
    let event = scene.service.call_event().await;
    assert!(matches!(event, Event::Answered { .. }), "{event:?}");
    let end = loop {
        match scene.service.call_event().await {
            Event::Changed { .. } => {}
            other => break other,
        }
    };
    let cause = LegEnd::HungUp;
    assert_eq!(end, Event::Ended { leg, cause });
    let left = tokio::time::timeout(PATIENCE, caller.wait()).await;
    let status = left.expect("an end in time").expect("an end");
    let errors: String = std::fs::read_dir(folder.path())
        .expect("a folder")
        .filter_map(|entry| std::fs::read_to_string(entry.ok()?.path()).ok())
        .collect();
    assert!(status.success(), "{scenario}: {errors}");
    scene.nothing_is_left().await;
}

#[tokio::test]
async fn a_cancel_that_crosses_the_answer_ends_nothing() {
    told("cancel-crosses-answer").await;
}

#[tokio::test]
async fn an_answer_is_repeated_until_its_ack() {
    told("lost-ack").await;
}

#[tokio::test]
async fn a_change_waits_for_the_one_before() {
    told("glare").await;
}

#[tokio::test]
async fn what_comes_twice_counts_once() {
    told("retransmissions").await;
}

#[tokio::test]
async fn a_bye_to_a_call_that_is_over_finds_none() {
    told("late-bye").await;
}
