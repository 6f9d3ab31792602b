use jiff::civil::time;
use model::hours::{Interval, WorkingHours};
use model::id::CompanyId;
use model::language::Language;
use store::{Store, StoreError};
use uuid::Uuid;

use crate::world::company;

stories! {
    a_company_is_kept_whole
    an_older_version_is_stale
    working_hours_are_kept_whole
    a_stranger_is_not_found
}

async fn a_company_is_kept_whole(store: Store) {
    let mut romashka = company("Ромашка");
    store.companies().create(&romashka).await.expect("created");
    store
        .companies()
        .create(&company("Астра"))
        .await
        .expect("created");
    let read = store.companies().get(romashka.id).await.expect("read");
    assert_eq!((read.version, &read.value), (1, &romashka));

    romashka.not_to_say = "Ничего лишнего; '\"%_\\".into();
    romashka.language = Language::En;
    romashka.retention_days = 30;
    let updated = store
        .companies()
        .update(&romashka, 1)
        .await
        .expect("updated");
    assert_eq!(updated.version, 2);
    let read = store.companies().get(romashka.id).await.expect("read");
    assert_eq!(read, updated);
    assert_eq!(read.value, romashka);

    let names: Vec<String> = store
        .companies()
        .list()
        .await
        .expect("list")
        .into_iter()
        .map(|c| c.name)
        .collect();
    assert_eq!(names, ["Астра", "Ромашка"]);
}

async fn an_older_version_is_stale(store: Store) {
    let mut romashka = company("Ромашка");
    store.companies().create(&romashka).await.expect("created");
    store
        .companies()
        .update(&romashka, 1)
        .await
        .expect("updated");
    romashka.name = "Другая".into();
    for version in [0, 1, 3, u64::MAX] {
        assert_fails!(
            store.companies().update(&romashka, version).await,
            StoreError::Stale
        );
        if version != 1 {
            let hours = WorkingHours::default();
            assert_fails!(
                store
                    .companies()
                    .put_hours(romashka.id, &hours, version)
                    .await,
                StoreError::Stale
            );
        }
    }
    let read = store.companies().get(romashka.id).await.expect("read");
    assert_eq!(read.value.name, "Ромашка");
}

async fn working_hours_are_kept_whole(store: Store) {
    let romashka = company("Ромашка");
    store.companies().create(&romashka).await.expect("created");
    let first = store.companies().hours(romashka.id).await.expect("read");
    assert_eq!(first.value, WorkingHours::default());

    let mut hours = first.value;
    hours.zone = "Asia/Vladivostok".into();
    hours.week[6].push(Interval {
        from: time(20, 0, 0, 0),
        to: time(2, 0, 0, 0),
    });
    let put = store
        .companies()
        .put_hours(romashka.id, &hours, first.version)
        .await
        .expect("put");
    let read = store.companies().hours(romashka.id).await.expect("read");
    assert_eq!(read, put);
    assert_eq!(read.value, hours);
    // The hours' version is their own.
    assert_eq!(
        store
            .companies()
            .get(romashka.id)
            .await
            .expect("read")
            .version,
        1
    );
}

async fn a_stranger_is_not_found(store: Store) {
    let nobody = CompanyId(Uuid::now_v7());
    assert_fails!(store.companies().get(nobody).await, StoreError::NotFound);
    assert_fails!(store.companies().hours(nobody).await, StoreError::NotFound);
    assert_fails!(
        store.companies().update(&company("Никто"), 1).await,
        StoreError::NotFound
    );
    let hours = WorkingHours::default();
    assert_fails!(
        store.companies().put_hours(nobody, &hours, 1).await,
        StoreError::NotFound
    );
}
