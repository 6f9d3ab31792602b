//! Links to choose a password, letters about them, and the users that employees become.

use jiff::SignedDuration;
use model::id::UserId;
use model::secret::Secret;
use model::user::{Role, SignIn, User};
use store::{AccountLetterKind, EmployeeDraft, Store, StoreError};

use crate::world::{World, at, company, employee, operator};

stories! {
    a_link_chooses_a_password_once
    a_link_runs_out
    employees_are_invited
    a_login_of_a_stranger_stays_as_it_is
    an_administrator_becomes_an_employee_as_well
    who_is_deleted_can_not_sign_in
    letters_wait_for_the_mail_server
    sessions_are_listed_and_ended
    operators_are_changed_and_removed
    a_company_comes_with_its_administrator
}

const HOUR: i64 = 60 * 60;

fn anna() -> &'static str {
    "anna@romashka.example"
}

async fn user(store: &Store, login: &str) -> User {
    store.users().by_login(login).await.expect("a user")
}

async fn verified(store: &Store, login: &str, password: &str) -> bool {
    let (users, password) = (store.users(), Secret::new(password));
    let verified = users.verify_login(login, &password).await;
    verified.expect("checked").is_some()
}

async fn set_password(store: &Store, user: UserId, password: &str) {
    let (users, password) = (store.users(), Secret::new(password));
    let set = users.set_password(user, &password, false, None).await;
    set.expect("set");
}

async fn save(world: &World, rows: &[EmployeeDraft]) {
    let employees = world.store.employees();
    let version = employees.list(world.company).await.expect("list").version;
    let saved = employees.replace_all(world.company, rows, version).await;
    saved.expect("saved");
}

async fn a_link_chooses_a_password_once(store: Store) {
    World::new(&store, "Ромашка").await;
    let anna_user = user(&store, anna()).await;
    let tokens = store.password_tokens();
    let token = tokens.issue(anna_user.id, at(0), at(HOUR)).await;
    let token = token.expect("a token");
    let other = tokens.issue(anna_user.id, at(0), at(HOUR)).await;
    let other = other.expect("another");
    assert_ne!(token, other);
    let holder = tokens.get(&token, at(1)).await.expect("known");
    assert_eq!((holder.id, holder.invited), (anna_user.id, true));

    let session = store.sessions().create(anna_user.id, at(0)).await;
    let session = session.expect("a session").token;
    let password = Secret::new("correct horse");
    tokens.choose(&token, &password, at(1)).await.expect("set");
    assert!(verified(&store, anna(), "correct horse").await);
    assert!(!user(&store, anna()).await.invited);
    assert_fails!(
        store.sessions().get(&session, at(2)).await,
        StoreError::NotFound
    );
    for used in [&token, &other] {
        assert_fails!(tokens.get(used, at(2)).await, StoreError::NotFound);
        let again = tokens.choose(used, &password, at(2)).await;
        assert_fails!(again, StoreError::NotFound);
    }
}

async fn a_link_runs_out(store: Store) {
    World::new(&store, "Ромашка").await;
    let anna_user = user(&store, anna()).await;
    let tokens = store.password_tokens();
    let token = tokens.issue(anna_user.id, at(0), at(HOUR)).await;
    let token = token.expect("a token");
    tokens.get(&token, at(HOUR - 1)).await.expect("good still");
    assert_fails!(tokens.get(&token, at(HOUR)).await, StoreError::NotFound);
    let password = Secret::new("too late");
    let late = tokens.choose(&token, &password, at(HOUR)).await;
    assert_fails!(late, StoreError::NotFound);
    assert_fails!(
        tokens.get("no such token", at(0)).await,
        StoreError::NotFound
    );
    // A password that is set in another way makes links void.
    let token = tokens.issue(anna_user.id, at(0), at(HOUR)).await;
    let token = token.expect("a token");
    set_password(&store, anna_user.id, "set").await;
    assert_fails!(tokens.get(&token, at(1)).await, StoreError::NotFound);
}

async fn employees_are_invited(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let invited = user(&store, anna()).await;
    assert_eq!(invited.company, Some(world.company));
    assert_eq!(invited.roles, [Role::Employee]);
    assert_eq!(invited.name, "Анна");
    assert!(invited.invited && !invited.must_change_password);
    assert!(!verified(&store, anna(), "").await);

    let employees = store.employees();
    let told = employees.sign_ins(world.company).await.expect("told");
    assert_eq!(told[&world.anna], SignIn::Invited);
    set_password(&store, invited.id, "horse").await;
    let told = employees.sign_ins(world.company).await.expect("told");
    assert_eq!(told[&world.anna], SignIn::Active);
    assert_eq!(told[&world.boris], SignIn::Invited);
}

async fn a_login_of_a_stranger_stays_as_it_is(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let other = World::new(&store, "Астра").await;
    // The people of World have one address in both companies: the first has them.
    let told = store.employees().sign_ins(other.company).await;
    assert_eq!(told.expect("told")[&other.anna], SignIn::None);
    let before = user(&store, anna()).await;
    assert_eq!(before.company, Some(world.company));
    save(&other, &[]).await;
    assert_eq!(user(&store, anna()).await, before);
}

async fn an_administrator_becomes_an_employee_as_well(store: Store) {
    let mut world = World::new(&store, "Ромашка").await;
    let admin = store::NewUser {
        company: Some(world.company),
        login: "admin@romashka.example".into(),
        name: "Администратор".into(),
        roles: vec![Role::CompanyAdmin],
        password: Secret::new("correct horse"),
        must_change_password: false,
        language: model::language::Language::Ru,
    };
    let admin = store.users().create(&admin).await.expect("created");
    save(&world, &[employee(&admin.login, "Вера", None)]).await;
    let both = user(&store, &admin.login).await;
    assert_eq!(both.roles, [Role::CompanyAdmin, Role::Employee]);
    assert_eq!((both.name, both.invited), (admin.name, false));
    let list = store.employees().list(world.company).await.expect("list");
    world.anna = list.value[0].id;
    let told = store.employees().sign_ins(world.company).await;
    assert_eq!(told.expect("told")[&world.anna], SignIn::Active);
    let session = store.sessions().create(admin.id, at(0)).await;
    let session = session.expect("a session").token;
    save(&world, &[]).await;
    let still = store.sessions().get(&session, at(1)).await;
    assert_eq!(still.expect("signed in").user.id, admin.id);
    assert_eq!(user(&store, &admin.login).await.roles, [Role::CompanyAdmin]);
    assert!(verified(&store, &admin.login, "correct horse").await);
}

async fn who_is_deleted_can_not_sign_in(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let gone = user(&store, anna()).await;
    set_password(&store, gone.id, "horse").await;
    let session = store.sessions().create(gone.id, at(0)).await;
    let session = session.expect("a session").token;
    let tokens = store.password_tokens();
    let token = tokens.issue(gone.id, at(0), at(HOUR)).await;
    let token = token.expect("a token");
    save(&world, &[]).await;
    assert!(!verified(&store, anna(), "horse").await);
    assert_fails!(
        store.sessions().get(&session, at(1)).await,
        StoreError::NotFound
    );
    assert_fails!(tokens.get(&token, at(1)).await, StoreError::NotFound);
    // The address is free again, for another user.
    save(&world, &[employee(anna(), "Анна", None)]).await;
    assert_ne!(user(&store, anna()).await.id, gone.id);
}

async fn letters_wait_for_the_mail_server(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let letters = store.account_letters();
    let now = jiff::Timestamp::now() + SignedDuration::from_secs(1);
    let later = now + SignedDuration::from_mins(2);
    let first = letters.take_due(now, later).await.expect("taken");
    let first = first.expect("a letter");
    assert_eq!(first.kind, AccountLetterKind::Invitation);
    assert_eq!(first.company_name.as_deref(), Some("Ромашка"));
    assert_eq!((first.user.login.as_str(), first.attempts), (anna(), 1));
    let second = letters.take_due(now, later).await.expect("taken");
    let second = second.expect("the other letter");
    assert_eq!(second.user.login, "boris@romashka.example");
    let none = letters.take_due(now, later).await.expect("nothing");
    assert_eq!(none, None, "both are leased");

    letters.remove(second.id).await.expect("removed");
    letters.again(first.id, later).await.expect("put off");
    assert_eq!(letters.take_due(now, later).await.expect("nothing"), None);
    let next = letters
        .next_due_after(jiff::Timestamp::UNIX_EPOCH)
        .await
        .expect("told");
    let rounded = jiff::Timestamp::from_millisecond(later.as_millisecond());
    assert_eq!(next, rounded.ok());
    let again = letters.take_due(later, later).await.expect("taken");
    assert_eq!(
        again.map(|letter| (letter.id, letter.attempts)),
        Some((first.id, 2))
    );

    // Who is deleted is not written to.
    save(&world, &[]).await;
    assert_eq!(
        letters
            .next_due_after(jiff::Timestamp::UNIX_EPOCH)
            .await
            .expect("told"),
        None
    );
    letters
        .add(world.operator, AccountLetterKind::Reset, now)
        .await
        .expect("queued");
    let reset = letters.take_due(later, later).await.expect("taken");
    assert_eq!(
        reset.map(|letter| letter.kind),
        Some(AccountLetterKind::Reset)
    );
}

async fn sessions_are_listed_and_ended(store: Store) {
    let user = operator(&store, "Ольга").await;
    let other = operator(&store, "Мария").await;
    let sessions = store.sessions();
    let create = |user, agent, seconds| sessions.create_from(user, agent, at(seconds));
    let here = create(user, "Chrome, Linux", 0).await.expect("a session");
    let phone = create(user, "Safari, iPhone", 10).await.expect("a session");
    let theirs = create(other, "", 0).await.expect("a session");
    let list = sessions.list(user, at(20)).await.expect("a list");
    let told: Vec<(uuid::Uuid, &str)> = list.iter().map(|s| (s.id, s.agent.as_str())).collect();
    let id = store::session_id;
    assert_eq!(
        told,
        [
            (id(&phone.token), "Safari, iPhone"),
            (id(&here.token), "Chrome, Linux")
        ]
    );
    assert_eq!((list[0].created_at, list[0].seen_at), (at(10), at(10)));
    assert!(
        sessions
            .list(user, at(13 * HOUR))
            .await
            .expect("a list")
            .is_empty()
    );

    let foreign = sessions.end(user, id(&theirs.token)).await;
    assert_fails!(foreign, StoreError::NotFound);
    sessions.end(user, id(&phone.token)).await.expect("ended");
    let ended = sessions.get(&phone.token, at(20)).await;
    assert_fails!(ended, StoreError::NotFound);
    create(user, "", 20).await.expect("a session");
    sessions.end_others(user, &here.token).await.expect("ended");
    let left = sessions.list(user, at(20)).await.expect("a list");
    assert_eq!(left.len(), 1);
    sessions
        .get(&theirs.token, at(20))
        .await
        .expect("another user's");
}

async fn operators_are_changed_and_removed(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let users = store.users();
    let id = world.operator;
    users
        .change_operator(id, "Мария", true)
        .await
        .expect("changed");
    let changed = users.get(id).await.expect("read");
    assert_eq!(changed.name, "Мария");
    assert_eq!(changed.roles, [Role::Operator, Role::Supervisor]);
    users
        .change_operator(id, "Мария", false)
        .await
        .expect("changed");
    assert_eq!(users.get(id).await.expect("read").roles, [Role::Operator]);

    let call = world.call("101", 0).await;
    let calls = store.calls();
    let answered = calls.set_answered(world.company, call, id, at(1)).await;
    answered.expect("answered");
    users.remove_operator(id).await.expect("removed");
    assert!(users.operators().await.expect("list").is_empty());
    let told = calls.get(world.company, call).await.expect("told");
    assert_eq!(told.row.operator_name.as_deref(), Some("Мария"));
    for who in [id, user(&store, anna()).await.id] {
        assert_fails!(users.remove_operator(who).await, StoreError::NotFound);
        let change = users.change_operator(who, "x", true).await;
        assert_fails!(change, StoreError::NotFound);
    }
}

async fn a_company_comes_with_its_administrator(store: Store) {
    let romashka = company("Ромашка");
    let admin = store::NewUser {
        company: Some(romashka.id),
        login: "admin@romashka.example".into(),
        name: "Вера".into(),
        roles: vec![Role::CompanyAdmin],
        password: Secret::new("correct horse"),
        must_change_password: true,
        language: model::language::Language::Ru,
    };
    let companies = store.companies();
    let created = companies.create_with_admin(&romashka, &admin).await;
    assert_eq!(created.expect("created").company, Some(romashka.id));
    let astra = company("Астра");
    let taken = store::NewUser {
        company: Some(astra.id),
        ..admin
    };
    let refused = companies.create_with_admin(&astra, &taken).await;
    assert_fails!(
        refused,
        StoreError::Conflict {
            what: store::Conflict::LoginTaken
        }
    );
    assert_fails!(companies.get(astra.id).await, StoreError::NotFound);

    companies.create(&astra).await.expect("created");
    let page = store::PageRequest {
        after: None,
        limit: 1,
    };
    let first = companies.overview(None, at(0), page).await.expect("listed");
    assert_eq!(first.items[0].name, "Астра", "the newest first");
    let page = store::PageRequest {
        after: first.next,
        limit: 1,
    };
    let second = companies.overview(None, at(0), page).await.expect("listed");
    let row = &second.items[0];
    assert_eq!((row.name.as_str(), row.admins.len()), ("Ромашка", 1));
    assert!(row.created_at.is_some());
    assert_eq!((row.lines, row.connected, row.calls), (0, 0, 0));
    assert_eq!(second.next, None);
    let page = store::PageRequest::default();
    let found = companies.overview(Some("РОМ"), at(0), page).await;
    assert_eq!(found.expect("listed").items.len(), 1);
    let figures = store.deliveries().figures(at(0)).await.expect("told");
    assert_eq!((figures.waiting, figures.failed), (0, 0));
}
