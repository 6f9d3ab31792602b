use store::{Store, StoreError};

use crate::world::{at, operator};

stories! {
    a_session_lives_while_it_is_used
    a_session_ends_after_thirty_days
    signing_out_ends_it
}

const HOUR: i64 = 60 * 60;

async fn a_session_lives_while_it_is_used(store: Store) {
    let user = operator(&store, "Ольга").await;
    let session = store.sessions().create(user, at(0)).await.expect("session");
    assert_eq!(session.token.len(), 43);
    assert_ne!(session.token, session.csrf);
    let read = store
        .sessions()
        .get(&session.token, at(11 * HOUR))
        .await
        .expect("alive");
    assert_eq!((read.user.id, &read.csrf), (user, &session.csrf));
    store
        .sessions()
        .touch(&session.token, at(11 * HOUR))
        .await
        .expect("touched");
    store
        .sessions()
        .get(&session.token, at(22 * HOUR))
        .await
        .expect("used in between");
    assert_fails!(
        store.sessions().get(&session.token, at(23 * HOUR)).await,
        StoreError::NotFound
    );
    assert_fails!(
        store.sessions().get("no such token", at(0)).await,
        StoreError::NotFound
    );
}

async fn a_session_ends_after_thirty_days(store: Store) {
    let user = operator(&store, "Ольга").await;
    let token = store
        .sessions()
        .create(user, at(0))
        .await
        .expect("session")
        .token;
    for hour in (0..30 * 24).step_by(11) {
        store
            .sessions()
            .touch(&token, at(hour * HOUR))
            .await
            .expect("touched");
        store
            .sessions()
            .get(&token, at(hour * HOUR))
            .await
            .expect("alive");
    }
    assert_fails!(
        store.sessions().get(&token, at(30 * 24 * HOUR)).await,
        StoreError::NotFound
    );
    assert_eq!(
        store
            .sessions()
            .delete_expired(at(29 * 24 * HOUR))
            .await
            .expect("swept"),
        0
    );
    assert_eq!(
        store
            .sessions()
            .delete_expired(at(30 * 24 * HOUR))
            .await
            .expect("swept"),
        1
    );
}

async fn signing_out_ends_it(store: Store) {
    let user = operator(&store, "Ольга").await;
    let token = store
        .sessions()
        .create(user, at(0))
        .await
        .expect("session")
        .token;
    store.sessions().delete(&token).await.expect("signed out");
    store
        .sessions()
        .delete(&token)
        .await
        .expect("again is no error");
    assert_fails!(
        store.sessions().get(&token, at(1)).await,
        StoreError::NotFound
    );
}
