use std::collections::HashSet;

use model::dialling::{Dialling, NumberForm};
use model::doctor::{Cause, Check, Finding, Report, Verdict};
use model::greeting::Wording;
use model::id::{LineId, QuestionId};
use model::journal::JournalEntry;
use model::line::{Priority, Recipient, Scenario, Script};
use model::question::{AnswerKind, Question};
use model::secret::Secret;
use model::transfer::{TransferFirst, TransferSettings};
use store::{AccountDraft, Conflict, MasterKey, PageRequest, Store, StoreError};
use uuid::Uuid;

use crate::databases::{Postgres, Sqlite};
use crate::world::{World, account, at};

stories! {
    a_line_is_kept_whole
    a_line_without_a_recipient_is_not_connected
    contacts_can_not_be_guessed
    a_pbx_user_belongs_to_one_line
    a_password_is_kept_unless_given
    a_deleted_line_is_gone_and_its_calls_stay
    a_script_names_the_companys_own
    a_journal_keeps_the_newest
    the_last_report_of_a_line_is_kept_for_its_company
}

async fn the_last_report_of_a_line_is_kept_for_its_company(store: Store) {
    let (world, other) = (
        World::new(&store, "Ромашка").await,
        World::new(&store, "Василёк").await,
    );
    let reports = store.line_reports();
    let none = reports.get(world.company, world.line).await.expect("none");
    assert_eq!(none, None);
    let report = |verdict| Report {
        findings: vec![Finding {
            check: Check::Reach,
            verdict,
            cause: Some(Cause::PortClosed),
            detail: Some("203.0.113.5:5060".into()),
        }],
        done: true,
        ..Report::default()
    };
    for (seconds, verdict) in [(1, Verdict::Failed), (2, Verdict::Passed)] {
        let report = report(verdict);
        let put = reports.put(world.company, world.line, at(seconds), &report);
        put.await.expect("stored");
    }
    let last = reports.get(world.company, world.line).await.expect("read");
    let last = last.expect("a report");
    assert_eq!((last.at, last.report), (at(2), report(Verdict::Passed)));
    assert_fails!(
        reports.get(other.company, world.line).await,
        StoreError::NotFound
    );
    let empty = Report::default();
    let put = reports.put(other.company, world.line, at(3), &empty);
    assert_fails!(put.await, StoreError::NotFound);
}

async fn a_line_is_kept_whole(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let line = store
        .lines()
        .get(world.company, world.line)
        .await
        .expect("line");
    assert_eq!(line.script, Script::default());
    assert!(line.account.is_none() && !line.connected);

    let script = Script {
        greeting: Wording::Own {
            text: "{company}, добрый день!".into(),
        },
        farewell: Wording::Variant { number: 2 },
        recipient: Some(Recipient::Department {
            department: world.department,
        }),
        outside_hours: false,
        transfer: TransferSettings {
            first: TransferFirst::Code,
            code: "##{number}".into(),
        },
        dialling: Dialling {
            form: NumberForm::Plus,
            prefix: "9".into(),
        },
        priority: Priority::High,
        questions: vec![Question {
            id: QuestionId(Uuid::from_u128(1)),
            label: "Филиал".into(),
            answer: AnswerKind::Choice {
                options: vec!["Центр".into(), "Север".into()],
            },
            required: true,
        }],
    };
    store
        .lines()
        .put_script(world.company, world.line, &script)
        .await
        .expect("script");
    store
        .lines()
        .put_account(world.company, world.line, &account("200"))
        .await
        .expect("account");
    store
        .lines()
        .rename(world.company, world.line, "Запасная")
        .await
        .expect("renamed");
    let last = store
        .lines()
        .set_connected(world.company, world.line, true)
        .await
        .expect("connected");

    let read = store
        .lines()
        .get(world.company, world.line)
        .await
        .expect("line");
    assert_eq!(read, last);
    assert_eq!(read, store.lines().by_id(world.line).await.expect("line"));
    assert_eq!((read.name.as_str(), read.connected), ("Запасная", true));
    assert_eq!(read.script, script);
    assert_eq!(read.contact, line.contact);
    let stored = read.account.clone().expect("account");
    let draft = account("200");
    assert_eq!(Some(stored.password), draft.password);
    assert_eq!(stored.server, draft.server);
    assert_eq!(
        (stored.user, stored.auth_name),
        (draft.user, draft.auth_name)
    );
    assert_eq!((stored.proxy, stored.port), (draft.proxy, draft.port));
    assert_eq!(
        (stored.transport, stored.interval_s),
        (draft.transport, draft.interval_s)
    );
    assert_eq!(stored.codecs, draft.codecs);
    assert_eq!(stored.trust, draft.trust);

    store
        .lines()
        .create(world.company, "Без АТС", Scenario::Secretary)
        .await
        .expect("second");
    assert_eq!(
        store.lines().list(world.company).await.expect("list").len(),
        2
    );
    assert_eq!(
        store.lines().all_configured().await.expect("configured"),
        [read]
    );
}

async fn a_line_without_a_recipient_is_not_connected(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let lines = store.lines();
    let missing = Conflict::RecipientMissing;
    match lines.set_connected(world.company, world.line, true).await {
        Err(StoreError::Conflict { what }) => assert_eq!(what, missing),
        other => panic!("connected: {other:?}"),
    }
    let script = Script {
        recipient: Some(Recipient::Department {
            department: world.department,
        }),
        ..Script::default()
    };
    let put = async |script: &Script| lines.put_script(world.company, world.line, script).await;
    put(&script).await.expect("script");
    let connected = lines.set_connected(world.company, world.line, true).await;
    assert!(connected.expect("connected").connected);
    match put(&Script::default()).await {
        Err(StoreError::Conflict { what }) => assert_eq!(what, missing),
        other => panic!("the recipient is gone: {other:?}"),
    }
    let kept = lines.get(world.company, world.line).await.expect("line");
    assert_eq!(kept.script, script);
    lines
        .set_connected(world.company, world.line, false)
        .await
        .expect("disconnected");
    put(&Script::default()).await.expect("nobody needs it now");
}

async fn contacts_can_not_be_guessed(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let mut contacts = HashSet::new();
    for _ in 0..20 {
        let line = store
            .lines()
            .create(world.company, "Линия", Scenario::Secretary)
            .await
            .expect("line");
        assert_eq!(line.contact.len(), 32);
        assert!(line.contact.bytes().all(|c| c.is_ascii_hexdigit()));
        assert!(contacts.insert(line.contact));
    }
}

async fn a_pbx_user_belongs_to_one_line(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let other = World::new(&store, "Астра").await;
    store
        .lines()
        .put_account(world.company, world.line, &account("200"))
        .await
        .expect("account");
    let same = AccountDraft {
        server: "VPBX1.mangosip.EXAMPLE".into(),
        ..account("200")
    };
    assert_fails!(
        store
            .lines()
            .put_account(other.company, other.line, &same)
            .await,
        StoreError::Conflict {
            what: Conflict::PbxUserTaken
        }
    );
    store
        .lines()
        .put_account(other.company, other.line, &account("201"))
        .await
        .expect("another user");
    store
        .lines()
        .put_account(world.company, world.line, &account("200"))
        .await
        .expect("its own again");
    store
        .lines()
        .delete(world.company, world.line)
        .await
        .expect("deleted");
    store
        .lines()
        .put_account(other.company, other.line, &same)
        .await
        .expect("free now");
}

async fn a_password_is_kept_unless_given(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let without = AccountDraft {
        password: None,
        interval_s: 60,
        ..account("200")
    };
    assert_fails!(
        store
            .lines()
            .put_account(world.company, world.line, &without)
            .await,
        StoreError::Conflict {
            what: Conflict::PasswordMissing
        }
    );
    store
        .lines()
        .put_account(world.company, world.line, &account("200"))
        .await
        .expect("account");
    let kept = store
        .lines()
        .put_account(world.company, world.line, &without)
        .await
        .expect("account");
    let kept = kept.account.expect("account");
    assert_eq!(
        (kept.password, kept.interval_s),
        (Secret::new("s3cret-of-the-pbx"), 60)
    );
}

async fn a_deleted_line_is_gone_and_its_calls_stay(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    store
        .lines()
        .put_account(world.company, world.line, &account("200"))
        .await
        .expect("account");
    let call = world.call("+79261234567", 0).await;
    store
        .lines()
        .delete(world.company, world.line)
        .await
        .expect("deleted");
    assert_fails!(
        store.lines().get(world.company, world.line).await,
        StoreError::NotFound
    );
    assert_fails!(store.lines().by_id(world.line).await, StoreError::NotFound);
    assert_fails!(
        store.lines().delete(world.company, world.line).await,
        StoreError::NotFound
    );
    assert!(
        store
            .lines()
            .list(world.company)
            .await
            .expect("list")
            .is_empty()
    );
    assert!(
        store
            .lines()
            .all_configured()
            .await
            .expect("list")
            .is_empty()
    );
    let details = store.calls().get(world.company, call).await.expect("call");
    assert_eq!(details.row.line_name, "Основная");
}

async fn a_script_names_the_companys_own(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let other = World::new(&store, "Астра").await;
    for recipient in [
        Recipient::Department {
            department: other.department,
        },
        Recipient::Employee {
            employee: other.anna,
        },
    ] {
        let script = Script {
            recipient: Some(recipient),
            ..Script::default()
        };
        assert_fails!(
            store
                .lines()
                .put_script(world.company, world.line, &script)
                .await,
            StoreError::Conflict {
                what: Conflict::UnknownRecipient
            }
        );
    }
}

async fn a_journal_keeps_the_newest(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let journal = store.journal();
    for second in 0..510 {
        let entry = JournalEntry::Registered {
            granted_s: second,
            server: "10.0.0.1:5060".into(),
        };
        journal
            .append(world.line, at(i64::from(second)), &entry, true)
            .await
            .expect("appended");
    }
    journal
        .append(world.line, at(600), &JournalEntry::Unregistered, false)
        .await
        .expect("appended");
    let mut request = PageRequest {
        after: None,
        limit: 150,
    };
    let mut items = Vec::new();
    loop {
        let page = journal
            .list(world.company, world.line, request)
            .await
            .expect("page");
        items.extend(page.items);
        request.after = page.next;
        if page.next.is_none() {
            break;
        }
    }
    assert_eq!(items.len(), 500);
    assert_eq!(items[0].entry, JournalEntry::Unregistered);
    assert!(!items[0].ok && items[1].ok);
    assert_eq!(items[499].at, at(11));
    assert!(items.windows(2).all(|pair| pair[0].at > pair[1].at));
    let nowhere = LineId(Uuid::now_v7());
    assert_fails!(
        journal
            .append(nowhere, at(0), &JournalEntry::Unregistered, true)
            .await,
        StoreError::NotFound
    );
}

/// Neither the file nor its write-ahead log holds the password as text.
#[tokio::test]
async fn a_password_is_not_readable_in_the_file_sqlite() {
    let database = Sqlite::new();
    let store = database.store().await;
    let world = World::new(&store, "Ромашка").await;
    store
        .lines()
        .put_account(world.company, world.line, &account("200"))
        .await
        .expect("account");
    let folder = database.file().parent().expect("a folder").to_owned();
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder") {
        bytes.extend(std::fs::read(entry.expect("entry").path()).expect("file"));
    }
    let holds = |text: &str| {
        bytes
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    assert!(holds("vpbx1.MangoSip.example"), "the account is in there");
    assert!(!holds("s3cret-of-the-pbx"));
    assert!(!holds("long enough a password"));
}

#[tokio::test]
async fn a_password_is_not_readable_in_a_dump_postgres() {
    let database = Postgres::new();
    let store = database.store().await;
    let world = World::new(&store, "Ромашка").await;
    store
        .lines()
        .put_account(world.company, world.line, &account("200"))
        .await
        .expect("account");
    let sql = "SELECT encode(pbx_password, 'escape'), pbx_server FROM lines";
    let dump = crate::cluster::shared().sql(&database.name, sql);
    assert!(dump.contains("vpbx1.MangoSip.example"), "{dump}");
    assert!(!dump.contains("s3cret"), "{dump}");
}

#[tokio::test]
async fn another_key_does_not_open_a_password_sqlite() {
    let database = Sqlite::new();
    let store = database.store().await;
    let world = World::new(&store, "Ромашка").await;
    store
        .lines()
        .put_account(world.company, world.line, &account("200"))
        .await
        .expect("account");
    let stranger = Store::open(&database.url(), MasterKey::from_bytes([1; 32]))
        .await
        .expect("opened");
    assert_fails!(
        stranger.lines().by_id(world.line).await,
        StoreError::Corrupt(_)
    );
}
