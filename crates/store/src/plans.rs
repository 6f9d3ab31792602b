//! The hot queries seek in an index, and read in its order. Told by SQLite,
//! whose plans do not depend on how much is stored.

use jiff::Timestamp;
use model::call::CallResult;
use model::id::{CompanyId, LineId, UserId};
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, QueryTrait, Select, Statement};
use uuid::Uuid;

use crate::calls::{figures, history, progress};
use crate::{CallFilter, Cursor, MasterKey, PageRequest, Store, deliveries, messages};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

/// What SQLite would do, a step a line.
async fn plan<E: EntityTrait>(store: &Store, query: Select<E>) -> String {
    let query = query.build(DbBackend::Sqlite);
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
    let first = PageRequest::default();
    let further = PageRequest {
        after: Some(Cursor {
            place: 1,
            id: Uuid::nil(),
        }),
        ..first
    };
    let all = CallFilter::default();
    let of_line = CallFilter {
        line: Some(LineId(Uuid::nil())),
        ..all.clone()
    };
    let lost = CallFilter {
        result: Some(CallResult::Lost),
        ..all.clone()
    };
    for (filter, index) in [
        (&all, "calls_company"),
        (&of_line, "calls_line"),
        (&lost, "calls_result"),
    ] {
        for page in [first, further] {
            let query = history::listed(company, filter, page).expect("a query");
            seeks(&plan(&store, query).await, index);
        }
    }
    for page in [first, further] {
        let query = messages::listed(company, None, page);
        seeks(&plan(&store, query).await, "messages_company");
    }
    let operator = history::answered_by(UserId(Uuid::nil()), NOW, NOW);
    seeks(&plan(&store, operator).await, "calls_operator");
    let number = history::of_number(company, "+79261234567".into(), NOW);
    seeks(&plan(&store, number).await, "calls_caller");
    let today = figures::arrived(company, NOW, NOW);
    seeks(&plan(&store, today).await, "calls_company");
    // These two read a partial index, which holds only what they look for.
    seeks(
        &plan(&store, deliveries::due(NOW)).await,
        "deliveries_queued",
    );
    let running = plan(&store, progress::running()).await;
    assert_eq!(running, "SCAN calls USING INDEX calls_running");
}

fn seeks(plan: &str, index: &str) {
    let seek = format!("USING INDEX {index} (");
    assert!(
        plan.starts_with("SEARCH") && plan.contains(&seek) && plan.lines().count() == 1,
        "not a seek in {index}:\n{plan}"
    );
}
