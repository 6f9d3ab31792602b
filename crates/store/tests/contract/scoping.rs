//! Another company's ids are not found, whichever function they are handed to.

use model::call::{CallResult, Ending, Happening, RecordingState, TimelineEntry};
use model::company::Notify;
use model::line::{Recipient, Scenario, Script};
use model::message::Message;
use store::{
    CallFilter, Conflict, DepartmentDraft, EmployeeDraft, MessageFilter, PageRequest, Seen, Store,
    StoreError,
};

use crate::world::{World, account, at, department, employee};

stories! {
    lines_of_another_company
    people_of_another_company
    calls_of_another_company
    lists_of_another_company
    messages_of_another_company
}

async fn two(store: &Store) -> (World, World) {
    (
        World::new(store, "Ромашка").await,
        World::new(store, "Астра").await,
    )
}

async fn lines_of_another_company(store: Store) {
    let (mine, other) = two(&store).await;
    let (lines, company, line) = (store.lines(), mine.company, other.line);
    assert_fails!(lines.get(company, line).await, StoreError::NotFound);
    assert_fails!(
        lines.rename(company, line, "Моя").await,
        StoreError::NotFound
    );
    assert_fails!(lines.delete(company, line).await, StoreError::NotFound);
    assert_fails!(
        lines.put_script(company, line, &Script::default()).await,
        StoreError::NotFound
    );
    assert_fails!(
        lines.put_account(company, line, &account("200")).await,
        StoreError::NotFound
    );
    let kept = store::AccountDraft {
        password: None,
        ..account("200")
    };
    assert_fails!(
        lines.put_account(company, line, &kept).await,
        StoreError::NotFound
    );
    assert_fails!(
        lines.set_connected(company, line, true).await,
        StoreError::NotFound
    );
    assert_fails!(
        store
            .journal()
            .list(company, line, PageRequest::default())
            .await,
        StoreError::NotFound
    );
    let untouched = lines.get(other.company, line).await.expect("line");
    assert_eq!(
        (untouched.name.as_str(), untouched.connected),
        ("Основная", false)
    );
    assert!(untouched.account.is_none());
    let nobody = model::id::CompanyId(uuid::Uuid::now_v7());
    assert_fails!(
        lines.create(nobody, "Линия", Scenario::Secretary).await,
        StoreError::NotFound
    );
}

async fn people_of_another_company(store: Store) {
    let (mine, other) = two(&store).await;
    let stolen = DepartmentDraft {
        id: Some(other.department),
        ..department("Моя")
    };
    assert_fails!(
        store
            .departments()
            .replace_all(mine.company, &[stolen], 2)
            .await,
        StoreError::NotFound
    );
    let notifying = Notify::Employee {
        employee: other.anna,
    };
    let notifying = DepartmentDraft {
        notify: notifying,
        ..department("Моя")
    };
    assert_fails!(
        store
            .departments()
            .replace_all(mine.company, &[notifying], 2)
            .await,
        StoreError::Conflict {
            what: Conflict::UnknownEmployee { row: 0 }
        }
    );
    let stolen = EmployeeDraft {
        id: Some(other.anna),
        ..employee("anna@romashka.example", "Моя", None)
    };
    assert_fails!(
        store
            .employees()
            .replace_all(mine.company, &[stolen], 2)
            .await,
        StoreError::NotFound
    );
    let joining = employee("new@romashka.example", "Новая", Some(other.department));
    assert_fails!(
        store
            .employees()
            .replace_all(mine.company, &[joining], 2)
            .await,
        StoreError::Conflict {
            what: Conflict::UnknownDepartment { row: 0 }
        }
    );
    // Emptying one company's lists leaves the other's alone.
    store
        .employees()
        .replace_all(mine.company, &[], 2)
        .await
        .expect("deleted");
    store
        .departments()
        .replace_all(mine.company, &[], 2)
        .await
        .expect("deleted");
    assert_eq!(
        store
            .employees()
            .list(other.company)
            .await
            .expect("list")
            .value
            .len(),
        2
    );
    assert_eq!(
        store
            .departments()
            .list(other.company)
            .await
            .expect("list")
            .value
            .len(),
        1
    );
}

async fn calls_of_another_company(store: Store) {
    let (mine, other) = two(&store).await;
    let call = other.call("+79261234567", 0).await;
    let before = store.calls().get(other.company, call).await.expect("call");
    let (calls, company) = (store.calls(), mine.company);
    let held = TimelineEntry {
        at: at(1),
        happening: Happening::Held,
    };
    let voice = Message {
        author: None,
        ..mine.message(call, 1)
    };
    assert_fails!(calls.get(company, call).await, StoreError::NotFound);
    assert_fails!(
        calls.append_timeline(company, call, &held).await,
        StoreError::NotFound
    );
    assert_fails!(
        calls
            .set_answered(company, call, mine.operator, at(1))
            .await,
        StoreError::NotFound
    );
    assert_fails!(
        calls
            .finish(company, call, Ending::CallerHungUp, at(1))
            .await,
        StoreError::NotFound
    );
    assert_fails!(
        calls.finish_with_voice_message(&voice, at(1), true).await,
        StoreError::NotFound
    );
    assert_fails!(
        calls.set_result(company, call, CallResult::Spam).await,
        StoreError::NotFound
    );
    assert_fails!(
        calls
            .set_recording(company, call, RecordingState::Ready, 1)
            .await,
        StoreError::NotFound
    );
    assert_fails!(
        calls
            .set_called_back(company, call, true, mine.operator, at(9))
            .await,
        StoreError::NotFound
    );
    assert_fails!(
        calls.get_for_operator(mine.operator, call).await,
        StoreError::NotFound
    );
    let mut on_others_line = mine.arriving("101", 0);
    on_others_line.line = other.line;
    assert_fails!(calls.insert(&on_others_line).await, StoreError::NotFound);
    let mut same_id = mine.arriving("101", 0);
    same_id.id = call;
    assert_fails!(calls.insert(&same_id).await, StoreError::NotFound);
    assert_eq!(calls.get(other.company, call).await.expect("call"), before);
}

async fn lists_of_another_company(store: Store) {
    let (mine, other) = two(&store).await;
    let call = other.call("+79261234567", 0).await;
    store
        .messages()
        .create(&other.message(call, 1), true)
        .await
        .expect("message");
    let page = PageRequest::default();
    let search = CallFilter {
        search: Some("букете".into()),
        ..CallFilter::default()
    };
    let of_line = CallFilter {
        line: Some(other.line),
        ..CallFilter::default()
    };
    for filter in [CallFilter::default(), search, of_line] {
        assert!(
            store
                .calls()
                .list(mine.company, &filter, page)
                .await
                .expect("list")
                .items
                .is_empty()
        );
    }
    let by = MessageFilter {
        search: Some("букете".into()),
        ..MessageFilter::default()
    };
    assert!(
        store
            .messages()
            .list(mine.company, &by, page)
            .await
            .expect("list")
            .items
            .is_empty()
    );
    assert!(
        store
            .calls()
            .earlier(mine.company, "+79261234567", at(9), 5)
            .await
            .expect("list")
            .is_empty()
    );
    assert_eq!(
        store
            .calls()
            .figures(mine.company, at(0), at(9))
            .await
            .expect("figures")
            .calls,
        0
    );
    assert!(
        store
            .calls()
            .count_by_line_and_hour(mine.company, at(0), at(9))
            .await
            .expect("counts")
            .is_empty()
    );
    assert!(
        store
            .calls()
            .list_for_operator(mine.operator, at(0), at(9))
            .await
            .expect("list")
            .is_empty()
    );
    let lines = store.lines().list(mine.company).await.expect("list");
    assert!(lines.iter().all(|line| line.company == mine.company));
}

async fn messages_of_another_company(store: Store) {
    let (mine, other) = two(&store).await;
    let call = other.call("101", 0).await;
    let theirs = other.message(call, 1);
    store
        .messages()
        .create(&theirs, true)
        .await
        .expect("message");
    assert_fails!(
        store
            .messages()
            .get(mine.company, &Seen::Everything, theirs.id)
            .await,
        StoreError::NotFound
    );
    let on_their_call = mine.message(call, 1);
    assert_fails!(
        store.messages().create(&on_their_call, true).await,
        StoreError::NotFound
    );
    let own_call = mine.call("102", 0).await;
    let to_theirs = Message {
        recipient: Recipient::Department {
            department: other.department,
        },
        ..mine.message(own_call, 1)
    };
    assert_fails!(
        store.messages().create(&to_theirs, true).await,
        StoreError::Conflict {
            what: Conflict::UnknownRecipient
        }
    );
    let same_id = Message {
        id: theirs.id,
        ..mine.message(own_call, 1)
    };
    assert_fails!(
        store.messages().create(&same_id, true).await,
        StoreError::Conflict {
            what: Conflict::MessageDiffers
        }
    );
}
