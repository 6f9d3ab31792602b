use model::id::{CompanyId, UserId};
use model::language::Language;
use model::secret::Secret;
use model::skills::Skills;
use model::user::Role;
use store::{Conflict, NewUser, Store, StoreError};
use uuid::Uuid;

use crate::world::{World, at, operator};

stories! {
    a_user_signs_in
    a_login_belongs_to_one
    a_new_password_ends_other_sessions
    operators_are_listed
    operators_are_good_at_something
    users_that_are_not_there
}

fn admin(company: Option<CompanyId>) -> NewUser {
    NewUser {
        company,
        login: " Admin@Romashka.Example ".into(),
        name: "Администратор".into(),
        roles: vec![Role::CompanyAdmin],
        password: Secret::new("correct horse"),
        must_change_password: true,
        language: Language::Ru,
    }
}

async fn a_user_signs_in(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let user = store
        .users()
        .create(&admin(Some(world.company)))
        .await
        .expect("created");
    assert_eq!(user.login, "admin@romashka.example");
    assert_eq!(store.users().get(user.id).await.expect("read"), user);
    assert_eq!(
        store
            .users()
            .by_login("ADMIN@romashka.example")
            .await
            .expect("read"),
        user
    );

    let right = Secret::new("correct horse");
    let verified = store
        .users()
        .verify_login("admin@ROMASHKA.example", &right)
        .await;
    assert_eq!(verified.expect("checked"), Some(user));
    let wrong = Secret::new("battery staple");
    for (login, password) in [
        ("admin@romashka.example", &wrong),
        ("nobody@romashka.example", &right),
    ] {
        assert_eq!(
            store
                .users()
                .verify_login(login, password)
                .await
                .expect("checked"),
            None
        );
    }
}

async fn a_login_belongs_to_one(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    store
        .users()
        .create(&admin(Some(world.company)))
        .await
        .expect("created");
    assert_fails!(
        store.users().create(&admin(None)).await,
        StoreError::Conflict {
            what: Conflict::LoginTaken
        }
    );
}

async fn a_new_password_ends_other_sessions(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let user = store
        .users()
        .create(&admin(Some(world.company)))
        .await
        .expect("created")
        .id;
    let here = store
        .sessions()
        .create(user, at(0))
        .await
        .expect("session")
        .token;
    let elsewhere = store
        .sessions()
        .create(user, at(0))
        .await
        .expect("session")
        .token;
    let others = store
        .sessions()
        .create(world.operator, at(0))
        .await
        .expect("session")
        .token;

    let fresh = Secret::new("a new password");
    store
        .users()
        .set_password(user, &fresh, false, Some(&here))
        .await
        .expect("set");
    assert!(
        !store
            .sessions()
            .get(&here, at(1))
            .await
            .expect("kept")
            .user
            .must_change_password
    );
    assert_fails!(
        store.sessions().get(&elsewhere, at(1)).await,
        StoreError::NotFound
    );
    store
        .sessions()
        .get(&others, at(1))
        .await
        .expect("another user's");
    let old = store
        .users()
        .verify_login("admin@romashka.example", &Secret::new("correct horse"))
        .await;
    assert_eq!(old.expect("checked"), None);
    let new = store
        .users()
        .verify_login("admin@romashka.example", &fresh)
        .await;
    assert_eq!(new.expect("checked").map(|user| user.id), Some(user));

    store
        .users()
        .set_password(user, &fresh, true, None)
        .await
        .expect("set");
    assert_fails!(
        store.sessions().get(&here, at(1)).await,
        StoreError::NotFound
    );
    assert!(
        store
            .users()
            .get(user)
            .await
            .expect("read")
            .must_change_password
    );
}

async fn operators_are_listed(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    store
        .users()
        .create(&admin(Some(world.company)))
        .await
        .expect("created");
    let boris = operator(&store, "Борис").await;
    let ids: Vec<UserId> = store
        .users()
        .operators()
        .await
        .expect("list")
        .iter()
        .map(|user| user.id)
        .collect();
    assert_eq!(ids, [boris, world.operator]);
    store
        .users()
        .set_language(boris, Language::En)
        .await
        .expect("set");
    assert_eq!(
        store.users().get(boris).await.expect("read").language,
        Language::En
    );
}

async fn operators_are_good_at_something(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let boris = operator(&store, "Борис").await;
    let users = store.users();
    let before = users.skills(boris).await.expect("read");
    assert_eq!(before, Skills::default(), "everything is expected");
    let skills = Skills {
        companies: Some(vec![world.company]),
        languages: vec![Language::En],
    };
    users.set_skills(boris, &skills).await.expect("set");
    assert_eq!(users.skills(boris).await.expect("read"), skills);
    let all = users.all_skills().await.expect("read");
    assert_eq!(all.get(&boris), Some(&skills));
    assert_eq!(all.get(&world.operator), Some(&Skills::default()));
    let admin = users
        .create(&admin(Some(world.company)))
        .await
        .expect("made");
    assert_fails!(users.skills(admin.id).await, StoreError::NotFound);
    assert_fails!(
        users.set_skills(admin.id, &skills).await,
        StoreError::NotFound
    );
}

async fn users_that_are_not_there(store: Store) {
    let nobody = UserId(Uuid::now_v7());
    let password = Secret::new("long enough");
    assert_fails!(store.users().get(nobody).await, StoreError::NotFound);
    assert_fails!(store.users().by_login("nobody").await, StoreError::NotFound);
    assert_fails!(
        store.users().set_language(nobody, Language::En).await,
        StoreError::NotFound
    );
    assert_fails!(
        store
            .users()
            .set_password(nobody, &password, false, None)
            .await,
        StoreError::NotFound
    );
    assert_fails!(
        store
            .users()
            .create(&admin(Some(CompanyId(nobody.0))))
            .await,
        StoreError::NotFound
    );
    assert_fails!(
        store.sessions().create(nobody, at(0)).await,
        StoreError::NotFound
    );
}
