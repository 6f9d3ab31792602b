//! Due steps run by themselves, with mail or without.

#![allow(missing_docs, reason = "tests speak for themselves")]

use jiff::{SignedDuration, Timestamp};
use model::call::{Call, Caller, RecordingState};
use model::company::Company;
use model::id::{CallId, CompanyId, MessageId};
use model::language::Language;
use model::line::{Recipient, Scenario};
use model::message::Message;
use model::notice::{Policy, Step, Target};
use notify::Steps;
use store::{ChangeKind, EmployeeDraft, MasterKey, Seen, Store};
use tokio::sync::oneshot;
use uuid::Uuid;

/// A company whose messages operators read on the telephone after a minute.
async fn company(store: &Store) -> (CompanyId, Recipient) {
    let company = Company {
        id: CompanyId(Uuid::now_v7()),
        name: "Camomile".into(),
        legal_name: String::new(),
        about: String::new(),
        address: String::new(),
        site: String::new(),
        phone: String::new(),
        email: String::new(),
        not_to_say: String::new(),
        texts: Vec::new(),
        language: Language::En,
        retention_days: 90,
    };
    store.companies().create(&company).await.expect("company");
    let anna = EmployeeDraft {
        id: None,
        email: "anna@camomile.example".into(),
        name: "Anna".into(),
        department: None,
        position: String::new(),
        extension: String::new(),
        mobile: String::new(),
    };
    let people = store.employees().replace_all(company.id, &[anna], 1).await;
    let policy = Policy {
        only_urgent: false,
        steps: vec![Step {
            after_minutes: 1,
            to: Target::OperatorCall,
        }],
    };
    let notice = store.notice();
    let written = notice
        .write_policy(company.id, None, Some(&policy), 0)
        .await;
    written.expect("written");
    let employee = people.expect("saved").value[0].id;
    (company.id, Recipient::Employee { employee })
}

/// A message that came so long ago.
async fn message(
    store: &Store,
    company: CompanyId,
    to: Recipient,
    ago: SignedDuration,
) -> MessageId {
    let line = store
        .lines()
        .create(company, "Main", Scenario::MissedCalls)
        .await;
    let created_at = Timestamp::now() - ago;
    let call = Call {
        id: CallId(Uuid::now_v7()),
        company,
        line: line.expect("a line").id,
        outgoing: false,
        caller: Caller::default(),
        arrived_at: created_at,
        answered_at: None,
        ended_at: None,
        ending: None,
        result: None,
        operator: None,
        recording: RecordingState::None,
        recording_ms: 0,
        called_back: false,
    };
    store.calls().insert(&call).await.expect("call");
    let message = Message {
        id: MessageId(Uuid::now_v7()),
        company,
        call: call.id,
        recipient: to,
        caller_name: "Ivan".into(),
        caller_phone: String::new(),
        text: "Asks to be called back.".into(),
        answers: Vec::new(),
        urgent: false,
        author: None,
        created_at,
    };
    let created = store.messages().create(&message, false).await;
    created.expect("created");
    message.id
}

#[tokio::test]
async fn a_step_that_is_due_runs_by_itself_and_later_ones_wait() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}/store.db", folder.path().display());
    let key = MasterKey::from_bytes([7; 32]);
    let store = Store::open(&url, key).await.expect("opened");
    let (company, anna) = company(&store).await;
    let (stop, stopped) = oneshot::channel::<()>();
    let steps = Steps::new(store.clone(), false);
    let running = tokio::spawn(steps.run(async move {
        let _ = stopped.await;
    }));

    let mut changes = store.changes();
    let waiting = message(&store, company, anna, SignedDuration::ZERO).await;
    let due = message(&store, company, anna, SignedDuration::from_mins(2)).await;
    while changes.recv().await.expect("told").kind != ChangeKind::Tasks {}
    let tasks = store
        .notice()
        .tasks(Timestamp::now())
        .await
        .expect("listed");
    let called: Vec<MessageId> = tasks.iter().map(|task| task.message.id).collect();
    assert_eq!(called, [due]);
    let seen = Seen::Everything;
    let later = store.messages().get(company, &seen, waiting).await;
    let next = later.expect("stored").next_step_at.expect("due later");
    assert!(next > Timestamp::now());

    stop.send(()).expect("running");
    running.await.expect("stopped");
}
