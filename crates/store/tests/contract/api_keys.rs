use model::api_key::Scope;
use model::call::{CallResult, Ending, Happening, TimelineEntry};
use model::id::{CallId, CompanyId, UserId};
use model::language::Language;
use model::secret::Secret;
use model::user::Role;
use store::{
    ApiKeyDraft, Begun, Conflict, KEYS_MAX, NewApiKey, NewUser, Store, StoreError, StoredAnswer,
};
use uuid::Uuid;

use crate::world::{World, at};

stories! {
    a_key_opens_until_it_is_revoked
    a_key_acts_for_an_administrator_who_is_there
    a_company_has_so_many_keys
    a_key_is_its_companys
    a_named_request_is_carried_out_once
    a_request_that_a_crash_cut_off_is_taken_over
    answers_go_after_a_day
    calls_are_told_once_nothing_more_is_to_come
    a_call_is_found_by_its_moment
}

const HOUR: i64 = 60 * 60;

async fn admin(store: &Store, company: CompanyId) -> UserId {
    let user = NewUser {
        company: Some(company),
        login: format!("{}@romashka.example", Uuid::now_v7().simple()),
        name: "Директор".into(),
        roles: vec![Role::CompanyAdmin],
        password: Secret::new("long enough a password"),
        must_change_password: false,
        language: Language::Ru,
    };
    store.users().create(&user).await.expect("admin").id
}

async fn made(store: &Store, company: CompanyId, made_by: UserId) -> NewApiKey {
    let draft = ApiKeyDraft {
        name: "CRM".into(),
        scopes: vec![Scope::CallsRead],
        made_by,
    };
    let keys = store.api_keys();
    keys.create(company, &draft, at(0)).await.expect("a key")
}

async fn a_key_opens_until_it_is_revoked(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let admin = admin(&store, world.company).await;
    let new = made(&store, world.company, admin).await;
    assert!(new.secret.starts_with("tk_") && new.secret.len() == 46);
    assert!(new.secret.starts_with(&new.key.prefix));
    let keys = store.api_keys();
    let holder = keys.by_secret(&new.secret).await.expect("opens");
    assert_eq!((&holder.key, holder.user.id), (&new.key, admin));
    assert_fails!(keys.by_secret("tk_x").await, StoreError::NotFound);

    keys.touch(&holder.key, at(10)).await.expect("noted");
    let used = keys.by_secret(&new.secret).await.expect("opens").key;
    assert_eq!(used.used_at, Some(at(10)));
    keys.touch(&used, at(60)).await.expect("noted");
    let used = keys.by_secret(&new.secret).await.expect("opens").key;
    assert_eq!(used.used_at, Some(at(10)), "to the minute");
    keys.touch(&used, at(70)).await.expect("noted");

    for second in [80, 90] {
        let revoked = keys.revoke(world.company, new.key.id, at(second)).await;
        revoked.expect("revoked");
    }
    assert_fails!(keys.by_secret(&new.secret).await, StoreError::NotFound);
    let listed = keys.list(world.company).await.expect("keys");
    assert_eq!(
        (listed[0].used_at, listed[0].revoked_at),
        (Some(at(70)), Some(at(80)))
    );
}

async fn a_key_acts_for_an_administrator_who_is_there(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let first = admin(&store, world.company).await;
    let second = admin(&store, world.company).await;
    let keys = store.api_keys();
    let of_second = made(&store, world.company, second).await;
    let holder = keys.by_secret(&of_second.secret).await.expect("opens");
    assert_eq!(holder.user.id, second);
    // An operator makes no keys; whoever was an administrator once is in the same place.
    let of_another = made(&store, world.company, world.operator).await;
    let holder = keys.by_secret(&of_another.secret).await.expect("opens");
    assert_eq!(holder.user.id, first);
    // A company without administrators has nobody to act for.
    let empty = World::new(&store, "Астра").await;
    let lonely = made(&store, empty.company, empty.operator).await;
    assert_fails!(keys.by_secret(&lonely.secret).await, StoreError::NotFound);
}

async fn a_company_has_so_many_keys(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let admin = admin(&store, world.company).await;
    let mut last = None;
    for _ in 0..KEYS_MAX {
        last = Some(made(&store, world.company, admin).await);
    }
    let draft = ApiKeyDraft {
        name: "CRM".into(),
        scopes: vec![Scope::CallsRead],
        made_by: admin,
    };
    let keys = store.api_keys();
    assert_fails!(
        keys.create(world.company, &draft, at(1)).await,
        StoreError::Conflict {
            what: Conflict::TooManyKeys
        }
    );
    // Those revoked are listed for a while, and do not count.
    for round in 0..60 {
        let id = last.take().expect("a key").key.id;
        keys.revoke(world.company, id, at(round))
            .await
            .expect("revoked");
        last = Some(made(&store, world.company, admin).await);
    }
    let listed = keys.list(world.company).await.expect("keys").len();
    assert!((60..=71).contains(&listed), "{listed}");
}

async fn a_key_is_its_companys(store: Store) {
    let (mine, other) = (
        World::new(&store, "Ромашка").await,
        World::new(&store, "Астра").await,
    );
    let admin = admin(&store, mine.company).await;
    let new = made(&store, mine.company, admin).await;
    let keys = store.api_keys();
    assert!(keys.list(other.company).await.expect("keys").is_empty());
    assert_fails!(
        keys.revoke(other.company, new.key.id, at(0)).await,
        StoreError::NotFound
    );
    keys.by_secret(&new.secret).await.expect("untouched");
}

fn answer(body: &str) -> StoredAnswer {
    StoredAnswer {
        status: 200,
        content_type: Some("application/json".into()),
        body: body.into(),
    }
}

async fn a_named_request_is_carried_out_once(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let admin = admin(&store, world.company).await;
    let (a, b) = (
        made(&store, world.company, admin).await.key,
        made(&store, world.company, admin).await.key,
    );
    let requests = store.idempotency();
    let begin = async |key, name, hash: &[u8]| {
        let begun = requests.begin(key, name, hash, at(0)).await;
        begun.expect("begun")
    };
    assert_eq!(begin(&a, "x", b"1").await, Begun::First);
    assert_eq!(begin(&a, "x", b"1").await, Begun::Running);
    assert_eq!(begin(&a, "x", b"2").await, Begun::Differs);
    assert_eq!(begin(&b, "x", b"2").await, Begun::First, "another key's");
    requests
        .finish(&a, "x", &answer("done"))
        .await
        .expect("kept");
    assert_eq!(begin(&a, "x", b"1").await, Begun::Answered(answer("done")));
    assert_eq!(begin(&a, "x", b"2").await, Begun::Differs);
    // Nothing was done: again.
    requests.forget(&b, "x").await.expect("forgotten");
    assert_eq!(begin(&b, "x", b"3").await, Begun::First);
    // What was done is not forgotten.
    requests.forget(&a, "x").await.expect("nothing");
    assert_eq!(begin(&a, "x", b"1").await, Begun::Answered(answer("done")));
}

async fn a_request_that_a_crash_cut_off_is_taken_over(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let admin = admin(&store, world.company).await;
    let key = made(&store, world.company, admin).await.key;
    let requests = store.idempotency();
    let begin = async |seconds| {
        let begun = requests.begin(&key, "x", b"1", at(seconds)).await;
        begun.expect("begun")
    };
    assert_eq!(begin(0).await, Begun::First);
    assert_eq!(begin(59).await, Begun::Running);
    assert_eq!(begin(60).await, Begun::First);
    assert_eq!(begin(61).await, Begun::Running, "by one alone");
}

async fn answers_go_after_a_day(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let admin = admin(&store, world.company).await;
    let key = made(&store, world.company, admin).await.key;
    let requests = store.idempotency();
    let begin = async |name, seconds| {
        let begun = requests.begin(&key, name, b"1", at(seconds)).await;
        begun.expect("begun")
    };
    begin("x", 0).await;
    requests.finish(&key, "x", &answer("")).await.expect("kept");
    assert_eq!(begin("x", 24 * HOUR - 1).await, Begun::Answered(answer("")));
    assert_eq!(begin("x", 24 * HOUR).await, Begun::First);
}

async fn told(world: &World, from: i64, to: Option<i64>) -> Vec<CallId> {
    let calls = world.store.calls();
    let told = calls.told(world.company, at(from), to.map(at), 100).await;
    told.expect("calls")
        .into_iter()
        .map(|call| call.id)
        .collect()
}

async fn calls_are_told_once_nothing_more_is_to_come(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let calls = store.calls();
    let end = async |id, ending, second| {
        let ended = calls.finish(world.company, id, ending, at(second)).await;
        ended.expect("ended");
    };
    let answer = async |id, second| {
        let answered = calls
            .set_answered(world.company, id, world.operator, at(second))
            .await;
        answered.expect("answered");
    };
    let write = async |id, second| {
        let message = world.message(id, second);
        store.messages().create(&message, false).await.expect("it");
    };

    // Lost: the end is enough.
    let lost = world.call("+79261234567", 0).await;
    assert!(told(&world, 0, None).await.is_empty(), "it runs");
    end(lost, Ending::CallerGaveUpQueued, 20).await;
    assert_eq!(told(&world, 0, None).await, [lost]);

    // Written during the call: the end is the moment.
    let during = world.call("+79261234567", 100).await;
    answer(during, 105).await;
    write(during, 110).await;
    assert!(told(&world, 100, None).await.is_empty(), "it runs");
    end(during, Ending::CallerHungUp, 120).await;
    assert_eq!(told(&world, 100, None).await, [during]);

    // Written after the end: the message is the moment.
    let after = world.call("+79261234567", 200).await;
    answer(after, 205).await;
    end(after, Ending::OperatorHungUp, 220).await;
    assert!(told(&world, 200, None).await.is_empty(), "no message yet");
    write(after, 300).await;
    write(after, 310).await;
    assert_eq!(told(&world, 200, None).await, [after]);
    assert_eq!(told(&world, 300, Some(301)).await, [after]);
    assert!(told(&world, 220, Some(300)).await.is_empty());
    assert!(told(&world, 301, None).await.is_empty(), "told once");

    // Dropped by an operator, and a sound check: never.
    let dropped = world.call("+79261234567", 400).await;
    answer(dropped, 405).await;
    end(dropped, Ending::CallerHungUp, 420).await;
    let check = world.call("+79261234567", 430).await;
    let began = TimelineEntry {
        at: at(431),
        happening: Happening::LineCheckStarted,
    };
    calls
        .append_timeline(world.company, check, &began)
        .await
        .expect("noted");
    end(check, Ending::LineCheckDone, 440).await;
    let stored = calls.get(world.company, check).await.expect("a call");
    assert_eq!(stored.row.call.result, Some(CallResult::TestCall));
    assert!(told(&world, 400, None).await.is_empty());

    // In the order in which they were told; windows that meet share none and miss none.
    assert_eq!(told(&world, 0, None).await, [lost, during, after]);
    let mut met = Vec::new();
    for from in (0..500).step_by(10) {
        met.extend(told(&world, from, Some(from + 10)).await);
    }
    assert_eq!(met, [lost, during, after]);
    let latest = calls.told(world.company, at(0), None, 2).await;
    let latest: Vec<_> = latest.expect("calls").iter().map(|it| it.id).collect();
    assert_eq!(latest, [during, after], "the latest of too many");
    let other = World::new(&store, "Астра").await;
    assert!(told(&other, 0, None).await.is_empty());
}

async fn a_call_is_found_by_its_moment(store: Store) {
    let (world, other) = (
        World::new(&store, "Ромашка").await,
        World::new(&store, "Астра").await,
    );
    const MASK: u32 = (1 << 22) - 1;
    let id = |millisecond: u128, random: u128| {
        CallId(Uuid::from_u128(
            millisecond << 80 | 7 << 76 | 2 << 62 | random,
        ))
    };
    let calls = [
        id(1000, 5),
        id(1000, 6),
        id(1001, 5),
        id(1000, (1 << 22) + 5),
    ];
    for id in calls {
        let call = model::call::Call {
            id,
            ..world.arriving("+79261234567", 0)
        };
        store.calls().insert(&call).await.expect("stored");
    }
    let find = async |company, millisecond, lowest| {
        let calls = store.calls();
        calls.by_moment(company, millisecond, lowest, MASK).await
    };
    assert_eq!(find(world.company, 1000, 6).await.expect("it"), calls[1]);
    assert_eq!(find(world.company, 1001, 5).await.expect("it"), calls[2]);
    // Two with the same short id: the earlier one, always.
    assert_eq!(find(world.company, 1000, 5).await.expect("it"), calls[0]);
    for (company, millisecond, lowest) in [
        (other.company, 1000, 5),
        (world.company, 1002, 5),
        (world.company, 1000, 7),
        (world.company, u64::MAX >> 22, MASK),
    ] {
        assert_fails!(
            find(company, millisecond, lowest).await,
            StoreError::NotFound
        );
    }
}
