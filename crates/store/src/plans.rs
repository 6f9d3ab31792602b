//! The hot queries seek in an index, and read in its order. Told by SQLite,
//! whose plans do not depend on how much is stored.

use jiff::Timestamp;
use model::call::CallResult;
use model::caller::Mark;
use model::id::{CompanyId, EmployeeId, LineId, UserId};
use model::line::Recipient;
use model::message::{Channel, MessageState};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{
    ConnectionTrait, DbBackend, EntityTrait, QuerySelect, QueryTrait, Select, Statement,
};
use uuid::Uuid;

use crate::calls::{figures, history, hourly, lost, progress, told};
use crate::history::walk;
use crate::notice::{steps, tasks};
use crate::search::Search;
use crate::search_index::CALLS;
use crate::{
    CallFilter, CallerFilter, Cursor, MasterKey, MessageFilter, Own, Seen, Store, Taking, callers,
    deliveries, messages,
};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

/// What SQLite would do, a step a line.
async fn plan<E: EntityTrait>(store: &Store, query: Select<E>) -> String {
    plan_of(store, query.as_query()).await
}

async fn plan_of(store: &Store, query: &SelectStatement) -> String {
    let query = DbBackend::Sqlite.build(query);
    let explained = Statement {
        sql: format!("EXPLAIN QUERY PLAN {}", query.sql),
        ..query
    };
    let steps = store
        .reader()
        .query_all_raw(explained)
        .await
        .expect("a plan");
    let steps: Vec<String> = steps
        .iter()
        .map(|step| step.try_get("", "detail").expect("a step"))
        .collect();
    steps.join("\n")
}

#[tokio::test]
async fn hot_queries_seek_in_an_index_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}/store.db", folder.path().display());
    let store = Store::open(&url, MasterKey::from_bytes([0; 32]))
        .await
        .expect("opened");
    let company = CompanyId(Uuid::nil());
    let further = Some(Cursor {
        place: 1,
        id: Uuid::nil(),
    });
    let all = CallFilter::default();
    let of_line = CallFilter {
        line: Some(LineId(Uuid::nil())),
        ..all.clone()
    };
    let lost = CallFilter {
        result: Some(CallResult::Lost),
        ..all.clone()
    };
    let lost_on_line = CallFilter {
        line: of_line.line,
        ..lost.clone()
    };
    let to_call_back = CallFilter {
        not_called_back: true,
        ..all.clone()
    };
    let outgoing = CallFilter {
        outgoing: Some(true),
        ..all.clone()
    };
    let outgoing_on_line = CallFilter {
        line: of_line.line,
        ..outgoing.clone()
    };
    let came_in = CallFilter {
        outgoing: Some(false),
        ..all.clone()
    };
    let of_today = CallFilter {
        from: Some(NOW),
        to: Some(NOW),
        ..all.clone()
    };
    for (filter, index) in [
        (&all, "calls_company"),
        (&of_today, "calls_company"),
        (&of_line, "calls_line"),
        (&lost, "calls_result"),
        (&lost_on_line, "calls_line_result"),
        (&to_call_back, "calls_to_call_back"),
        (&outgoing, "calls_outgoing"),
        (&outgoing_on_line, "calls_outgoing"),
        (&came_in, "calls_company"),
    ] {
        for after in [None, further] {
            let wanted = history::wanted(company, filter).expect("a filter");
            let query = walk::<crate::entity::call::Entity>(&wanted, after, 51);
            seeks(&plan(&store, query).await, index);
        }
    }
    for after in [None, further] {
        let wanted = messages::wanted(company, &MessageFilter::default()).expect("a filter");
        let query = walk::<crate::entity::message::Entity>(&wanted, after, 51);
        seeks(&plan(&store, query).await, "messages_company");
    }
    let anna = Seen::Of(Own {
        recipients: vec![Recipient::Employee {
            employee: EmployeeId(Uuid::nil()),
        }],
        employee: None,
    });
    let own_messages = MessageFilter {
        seen: anna,
        ..MessageFilter::default()
    };
    for after in [None, further] {
        let wanted = messages::wanted(company, &own_messages).expect("a filter");
        let query = walk::<crate::entity::message::Entity>(&wanted, after, 51);
        seeks(&plan(&store, query).await, "messages_recipient");
    }
    let by_state = MessageFilter {
        state: Some(MessageState::Open),
        ..MessageFilter::default()
    };
    for after in [None, further] {
        let wanted = messages::wanted(company, &by_state).expect("a filter");
        let query = walk::<crate::entity::message::Entity>(&wanted, after, 51);
        seeks(&plan(&store, query).await, "messages_state");
    }
    notices_seek(&store, company).await;
    let blocked = CallerFilter {
        mark: Some(Mark::Blocked),
        search: None,
    };
    for (filter, index) in [
        (CallerFilter::default(), "callers_company"),
        (blocked, "callers_mark"),
    ] {
        let query = callers::wanted(company, &filter).expect("a filter");
        seeks(&plan(&store, query).await, index);
    }
    let caller = callers::of_number(company, "+79261234567".into());
    seeks(&plan(&store, caller).await, "callers_number");
    let operator = history::answered_by(UserId(Uuid::nil()), NOW, NOW);
    seeks(&plan(&store, operator).await, "calls_operator");
    let owed = progress::owed(company, "+79261234567");
    seeks(&plan(&store, owed).await, "calls_caller");
    let number = history::of_number(company, "+79261234567".into(), NOW);
    seeks(&plan(&store, number).await, "calls_caller");
    let ended = plan(&store, told::ended(company, 0, 1)).await;
    assert!(ended.contains("USING INDEX calls_ended ("), "{ended}");
    let written = plan(&store, told::written(company, 0, 1)).await;
    assert!(
        written.contains("USING INDEX messages_company (") && !written.contains("SCAN calls"),
        "{written}"
    );
    let today = plan(&store, figures::counted(company, NOW, NOW)).await;
    assert!(
        today.contains("USING COVERING INDEX calls_figures ("),
        "{today}"
    );
    let hourly = plan(&store, hourly::counted(company, NOW, NOW)).await;
    assert!(
        hourly.starts_with("SEARCH") && hourly.contains("arrived_at>"),
        "{hourly}"
    );
    let lost = lost::lost(NOW).limit(1000);
    seeks(&plan(&store, lost).await, "calls_lost");
    let tested = figures::ended_with(company, CallResult::TestCall).expect("a query");
    seeks(&plan(&store, tested).await, "calls_result");
    let search = Search::parse(Some("роза")).expect("a search");
    let found = CALLS.found(DbBackend::Sqlite, company, &search, 1..=2);
    let found = plan_of(&store, &found).await;
    assert!(
        found.lines().count() == 3 && found.lines().skip(1).all(|step| step.starts_with("SEARCH")),
        "rows are looked up one by one:\n{found}"
    );
    // These two read a partial index, which holds only what they look for.
    let wanted = Taking {
        channel: Channel::Email,
        passed_over: &[company],
        fresh: true,
    };
    let due = deliveries::due(&wanted, NOW).expect("a query");
    seeks(&plan(&store, due).await, "deliveries_queued");
    let running = plan(&store, progress::running()).await;
    assert_eq!(running, "SCAN calls USING INDEX calls_running");
}

/// What one is told of besides, what is unread, and what is due.
async fn notices_seek(store: &Store, company: CompanyId) {
    let anna = Seen::Of(Own {
        recipients: vec![Recipient::Employee {
            employee: EmployeeId(Uuid::nil()),
        }],
        employee: Some(EmployeeId(Uuid::nil())),
    });
    let filter = MessageFilter {
        seen: anna.clone(),
        ..MessageFilter::default()
    };
    let wanted = messages::besides(company, &filter).expect("a filter");
    let wanted = wanted.expect("an employee's");
    let query = walk::<crate::entity::message::Entity>(&wanted, None, 51);
    looks_up(&plan(store, query).await, "message_viewers");
    let user = UserId(Uuid::nil());
    for seek in [Seen::Everything.addressed(), anna.addressed()] {
        let unread = messages::unread(company, seek.expect("a condition"), user);
        looks_up(
            &plan(store, unread.expect("a query")).await,
            "message_reads",
        );
    }
    seeks(&plan(store, steps::due(NOW)).await, "messages_step");
    seeks(&plan(store, tasks::due(NOW)).await, "call_tasks_open");
}

/// Nothing is read whole, and this table is looked into by its key.
fn looks_up(plan: &str, table: &str) {
    let whole = plan
        .lines()
        .any(|step| step.starts_with("SCAN") && !step.contains("newest"));
    let looked = plan
        .lines()
        .any(|step| step.contains(&format!("SEARCH {table} USING")) && step.contains("INDEX"));
    assert!(!whole && looked, "not looked up in {table}:\n{plan}");
}

fn seeks(plan: &str, index: &str) {
    let seek = format!("USING INDEX {index} (");
    assert!(
        plan.starts_with("SEARCH") && plan.contains(&seek) && plan.lines().count() == 1,
        "not a seek in {index}:\n{plan}"
    );
}
