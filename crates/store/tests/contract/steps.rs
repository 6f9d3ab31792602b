//! Escalation, carried out.

use model::company::Company;
use model::id::EmployeeId;
use model::language::Language;
use model::message::{Channel, Message};
use model::notice::{Absence, Event, Policy, Reach, Step, Target};
use model::secret::Secret;
use model::user::Role;
use store::{NewUser, Seen, Store};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::world::{World, at, employee};

stories! {
    the_next_one_is_told_in_time
    reading_gives_the_time_once_more
    acceptance_ends_it
    two_workers_take_a_step_once
    where_nobody_is_found_the_administrators_are_told
    who_is_deleted_leaves_messages_to_others
    after_three_days_there_is_an_alarm
    a_departments_policy_replaces_the_companys
    a_voice_message_takes_the_same_way
    a_policy_of_urgent_ones_leaves_others_alone
}

const MINUTE: i64 = 60;

async fn letters(world: &World, message: model::id::MessageId) -> Vec<Option<EmployeeId>> {
    let stored = world.details(message).await.stored;
    let all = stored.deliveries.into_iter().map(|stored| stored.delivery);
    all.filter(|delivery| delivery.channel == Channel::Email)
        .map(|delivery| delivery.employee)
        .collect()
}

async fn next_at(world: &World) -> Option<jiff::Timestamp> {
    world.store.notice().next_step_at().await.expect("asked")
}

async fn the_next_one_is_told_in_time(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    world
        .policy(&[(
            15,
            Target::Employee {
                employee: world.boris,
            },
        )])
        .await;
    let id = world.told(0).await;
    assert_eq!(next_at(&world).await, Some(at(15 * MINUTE)));
    assert_eq!(
        world.details(id).await.stored.next_step_at,
        Some(at(15 * MINUTE))
    );
    assert_eq!(world.steps(15 * MINUTE - 1).await, 0);
    let wakeup = store.delivery_wakeup();
    wakeup.notified().await;
    assert_eq!(world.steps(15 * MINUTE).await, 1);
    // Its letter wakes the worker.
    wakeup.notified().await;
    let (anna, boris) = (Some(world.anna), Some(world.boris));
    assert_eq!(letters(&world, id).await, [anna, boris]);
    let escalated = Event::Escalated {
        step: 1,
        to: vec!["Борис".into()],
    };
    assert!(world.events(id).await.contains(&escalated));
    assert_eq!(next_at(&world).await, Some(at(30 * MINUTE)));
    // The letter to him still waits: there is no second one.
    assert_eq!(world.steps(30 * MINUTE).await, 1);
    assert_eq!(letters(&world, id).await, [anna, boris]);
    // He sees what he was told of.
    let his = world.seen("boris@romashka.example").await;
    store
        .messages()
        .get(world.company, &his, id)
        .await
        .expect("seen");
}

async fn reading_gives_the_time_once_more(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    world
        .policy(&[(
            15,
            Target::Employee {
                employee: world.boris,
            },
        )])
        .await;
    let id = world.told(0).await;
    let (company, all) = (world.company, Seen::Everything);
    let messages = store.messages();
    // Whoever has nothing to do with it may read it without an effect.
    let boris = world.actor(world.boris).await;
    let read = messages
        .read(company, &all, id, &boris, at(5 * MINUTE))
        .await;
    assert_eq!(read.expect("read").next_step_at, Some(at(15 * MINUTE)));
    let anna = world.actor(world.anna).await;
    let read = messages
        .read(company, &all, id, &anna, at(10 * MINUTE))
        .await;
    assert_eq!(read.expect("read").next_step_at, Some(at(25 * MINUTE)));
    let again = messages
        .read(company, &all, id, &anna, at(20 * MINUTE))
        .await;
    assert_eq!(again.expect("read").next_step_at, Some(at(25 * MINUTE)));
    assert_eq!(world.steps(25 * MINUTE).await, 1);
    assert_eq!(next_at(&world).await, Some(at(40 * MINUTE)));
}

async fn acceptance_ends_it(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    world.policy(&[(15, Target::OperatorCall)]).await;
    let id = world.told(0).await;
    assert_eq!(world.steps(15 * MINUTE).await, 1);
    assert_eq!(
        store
            .notice()
            .tasks(at(15 * MINUTE))
            .await
            .expect("listed")
            .len(),
        1
    );
    let anna = world.actor(world.anna).await;
    let (company, all) = (world.company, Seen::Everything);
    let accepted = store
        .messages()
        .accept(company, &all, id, &anna, at(16 * MINUTE))
        .await;
    assert_eq!(accepted.expect("accepted").next_step_at, None);
    assert_eq!(world.steps(100_000).await, 0);
    assert!(
        store
            .notice()
            .tasks(at(100_000))
            .await
            .expect("listed")
            .is_empty()
    );
}

async fn two_workers_take_a_step_once(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    world
        .policy(&[(
            15,
            Target::Employee {
                employee: world.boris,
            },
        )])
        .await;
    let mut ids = Vec::new();
    for second in 0..30 {
        ids.push(world.told(second).await);
    }
    let mut workers = JoinSet::new();
    for _ in 0..6 {
        let store = store.clone();
        workers.spawn(async move {
            let mut count = 0;
            let now = at(16 * MINUTE);
            while store
                .notice()
                .take_due_step(now, true)
                .await
                .expect("taken")
                .is_some()
            {
                count += 1;
            }
            count
        });
    }
    let taken: usize = workers.join_all().await.into_iter().sum();
    // A worker that met only what others held may have stopped early.
    assert_eq!(taken + world.steps(16 * MINUTE).await, 30);
    for id in ids {
        assert_eq!(
            letters(&world, id).await,
            [Some(world.anna), Some(world.boris)]
        );
    }
}

async fn administrator(store: &Store, company: &Company) -> String {
    let login = format!("{}@romashka.example", Uuid::now_v7().simple());
    let admin = NewUser {
        company: Some(company.id),
        login: login.clone(),
        name: "Ада".into(),
        roles: vec![Role::CompanyAdmin],
        password: Secret::new("long enough a password"),
        must_change_password: false,
        language: Language::Ru,
    };
    store
        .users()
        .create(&admin)
        .await
        .expect("an administrator");
    login
}

async fn where_nobody_is_found_the_administrators_are_told(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let company = store
        .companies()
        .get(world.company)
        .await
        .expect("company")
        .value;
    let login = administrator(&store, &company).await;
    let away = Reach {
        absence: Some(Absence {
            from: at(-1),
            to: at(3600),
            deputy: None,
        }),
        ..Reach::default()
    };
    world.reach(world.anna, &away).await;
    let id = world.told(0).await;
    let stored = world.details(id).await.stored;
    let letter = &stored.deliveries[1];
    assert_eq!(
        (letter.delivery.employee, &letter.delivery.address),
        (None, &login)
    );
    assert_eq!(letter.employee_name.as_deref(), Some("Ада"));
    let events = world.events(id).await;
    assert!(events.contains(&Event::Absent {
        absent: "Анна".into()
    }));
    assert!(events.contains(&Event::Administrators {
        to: vec!["Ада".into()]
    }));
    // The worker finds all that the letter needs.
    let due = store
        .deliveries()
        .take_due(
            store::Taking::all(model::message::Channel::Email),
            at(1),
            at(60),
            9,
        )
        .await
        .expect("taken");
    assert_eq!(due.len(), 1);
}

async fn who_is_deleted_leaves_messages_to_others(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let company = store
        .companies()
        .get(world.company)
        .await
        .expect("company")
        .value;
    administrator(&store, &company).await;
    let call = world.call("101", 0).await;
    let now = jiff::Timestamp::now();
    let message = Message {
        created_at: now,
        ..world.message(call, 0)
    };
    world.store_message(&message).await;
    let kept = store::EmployeeDraft {
        id: Some(world.boris),
        ..employee("boris@romashka.example", "Борис", None)
    };
    let saved = store
        .employees()
        .replace_all(world.company, &[kept], 2)
        .await;
    saved.expect("saved");
    let later = now + jiff::SignedDuration::from_secs(60);
    let taken = store
        .notice()
        .take_due_step(later, true)
        .await
        .expect("taken");
    assert!(taken.expect("a step").nobody);
    let told = Event::Administrators {
        to: vec!["Ада".into()],
    };
    assert!(world.events(message.id).await.contains(&told));
}

async fn after_three_days_there_is_an_alarm(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    world
        .policy(&[(
            1440,
            Target::Employee {
                employee: world.boris,
            },
        )])
        .await;
    let id = world.told(0).await;
    let day = 24 * 60 * MINUTE;
    assert_eq!(world.steps(day).await, 1);
    assert_eq!(world.steps(2 * day).await, 1);
    let alarm = store
        .notice()
        .take_due_step(at(3 * day), true)
        .await
        .expect("taken");
    let alarm = alarm.expect("due");
    assert!(alarm.exhausted && alarm.told == 0 && alarm.message == id);
    assert_eq!(next_at(&world).await, None);
    assert_eq!(world.events(id).await.last(), Some(&Event::Exhausted));
}

async fn a_departments_policy_replaces_the_companys(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    world
        .policy(&[(
            15,
            Target::Employee {
                employee: world.boris,
            },
        )])
        .await;
    let own = Policy {
        only_urgent: false,
        steps: vec![Step {
            after_minutes: 3,
            to: Target::OperatorCall,
        }],
    };
    let notice = store.notice();
    let (company, department) = (world.company, Some(world.department));
    notice
        .write_policy(company, department, Some(&own), 0)
        .await
        .expect("written");
    // Anna is of that department.
    world.told(0).await;
    assert_eq!(next_at(&world).await, Some(at(3 * MINUTE)));
}

async fn a_voice_message_takes_the_same_way(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    world
        .policy(&[(
            15,
            Target::Employee {
                employee: world.boris,
            },
        )])
        .await;
    let call = world.call("101", 0).await;
    let voice = Message {
        author: None,
        ..world.message(call, 0)
    };
    let calls = store.calls();
    calls
        .finish_with_voice_message(&voice, at(0), true)
        .await
        .expect("stored");
    assert_eq!(next_at(&world).await, Some(at(15 * MINUTE)));
    assert_eq!(world.events(voice.id).await.len(), 1);
}

async fn a_policy_of_urgent_ones_leaves_others_alone(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let policy = Policy {
        only_urgent: true,
        steps: vec![Step {
            after_minutes: 3,
            to: Target::OperatorCall,
        }],
    };
    let notice = store.notice();
    notice
        .write_policy(world.company, None, Some(&policy), 0)
        .await
        .expect("written");
    world.told(0).await;
    assert_eq!(next_at(&world).await, None);
    let call = world.call("101", 0).await;
    let urgent = Message {
        urgent: true,
        ..world.message(call, 1)
    };
    world.store_message(&urgent).await;
    assert_eq!(next_at(&world).await, Some(at(3 * MINUTE + 1)));
}
