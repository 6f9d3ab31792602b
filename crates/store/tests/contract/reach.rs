//! How employees are reached, rotas, and what holds people who are to be deleted.

use jiff::Timestamp;
use model::company::Notify;
use model::id::EmployeeId;
use model::line::Recipient;
use model::message::{Channel, Delivery, DeliveryState, Message};
use model::notice::{Absence, Event, Policy, Presence, Quiet, Reach, Rota, Shift, Step, Target};
use store::{
    Conflict, DepartmentDraft, EmployeeDraft, InUse, MessageFilter, PageRequest, Seen, Store,
    StoreError,
};

use crate::world::{World, at, department, employee};

stories! {
    reach_outlives_the_saving_of_the_list
    quiet_hours_hold_a_letter_until_they_end
    what_is_closed_meanwhile_does_not_leave
    who_is_available_again_is_told_at_once
    an_urgent_message_does_not_wait
    a_deputy_is_told_and_sees_the_message
    whoever_is_on_duty_is_told
    colleagues_see_who_can_be_reached
    a_rota_names_the_companys_own
    a_policy_names_the_companys_own
    who_is_needed_is_not_deleted
    reach_of_another_company
}

fn absence(deputy: Option<EmployeeId>) -> Option<Absence> {
    Some(Absence {
        from: at(-3600),
        to: at(3600),
        deputy,
    })
}

/// Noon in UTC is three in the afternoon in Moscow, a Monday.
fn quiet_until_five() -> Reach {
    Reach {
        quiet: vec![Quiet {
            days: vec![1],
            from: "14:00".parse().expect("time"),
            to: "17:00".parse().expect("time"),
        }],
        ..Reach::default()
    }
}

async fn letter(world: &World, stored: &Message) -> Delivery {
    let stored = world.details(stored.id).await.stored;
    let mut all = stored.deliveries.into_iter().map(|stored| stored.delivery);
    let letter = all.find(|delivery| delivery.channel == Channel::Email);
    letter.expect("a letter")
}

async fn reach_outlives_the_saving_of_the_list(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let notice = store.notice();
    let reach = Reach {
        email: false,
        absence: absence(Some(world.boris)),
        ..quiet_until_five()
    };
    let default = notice.reach(world.company, world.anna).await;
    assert_eq!(default.expect("read"), Reach::default());
    world.reach(world.anna, &reach).await;
    let presence = Presence::Busy;
    let said = notice
        .write_presence(world.company, world.anna, presence, Some(at(60)), at(0))
        .await;
    let expected = Reach {
        presence,
        presence_until: Some(at(60)),
        ..reach
    };
    assert_eq!(said.expect("said"), expected);
    let draft = |id, email: &str, name: &str| EmployeeDraft {
        id: Some(id),
        ..employee(email, name, Some(world.department))
    };
    let drafts = [
        draft(world.boris, "boris@romashka.example", "Борис"),
        draft(world.anna, "anna@romashka.example", "Анна Новая"),
    ];
    let saved = store
        .employees()
        .replace_all(world.company, &drafts, 2)
        .await;
    saved.expect("saved");
    let kept = notice.reach(world.company, world.anna).await;
    assert_eq!(kept.expect("read"), expected);
}

async fn quiet_hours_hold_a_letter_until_they_end(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    world.reach(world.anna, &quiet_until_five()).await;
    let call = world.call("101", 0).await;
    let message = world.message(call, 0);
    world.store_message(&message).await;
    let letter = letter(&world, &message).await;
    let end = at(2 * 3600);
    assert_eq!(letter.state, DeliveryState::Queued);
    assert_eq!((letter.next_at, letter.held_until), (Some(end), Some(end)));
    let held = Event::Held {
        to: "Анна".into(),
        until: end,
    };
    assert!(world.events(message.id).await.contains(&held));
    let deliveries = store.deliveries();
    let early = deliveries
        .take_due(
            store::Taking::all(model::message::Channel::Email),
            at(7199),
            at(8000),
            9,
        )
        .await;
    assert!(early.expect("taken").is_empty());
    let due = deliveries
        .take_due(
            store::Taking::all(model::message::Channel::Email),
            end,
            at(8000),
            9,
        )
        .await
        .expect("taken");
    // It is tried for three days from then on.
    assert_eq!((due[0].delivery.id, due[0].tried_from), (letter.id, end));
}

async fn what_is_closed_meanwhile_does_not_leave(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    world.reach(world.anna, &quiet_until_five()).await;
    let call = world.call("101", 0).await;
    let message = world.message(call, 0);
    world.store_message(&message).await;
    let boris = world.actor(world.boris).await;
    let (messages, all) = (store.messages(), Seen::Everything);
    let closed = messages
        .close(world.company, &all, message.id, &boris, at(1))
        .await;
    closed.expect("closed");
    let letter = letter(&world, &message).await;
    assert_eq!(
        (letter.state, letter.next_at),
        (DeliveryState::Closed, None)
    );
    assert_eq!(
        store
            .deliveries()
            .next_due_after(at(0))
            .await
            .expect("asked"),
        None
    );
}

async fn who_is_available_again_is_told_at_once(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let notice = store.notice();
    let write = async |presence, until: Option<Timestamp>, seconds| {
        let written = notice
            .write_presence(world.company, world.anna, presence, until, at(seconds))
            .await;
        written.expect("written");
    };
    write(Presence::DoNotDisturb, Some(at(3600)), 0).await;
    let call = world.call("101", 0).await;
    let message = world.message(call, 1);
    world.store_message(&message).await;
    assert_eq!(letter(&world, &message).await.next_at, Some(at(3600)));
    write(Presence::DoNotDisturb, Some(at(7200)), 10).await;
    assert_eq!(letter(&world, &message).await.next_at, Some(at(7200)));
    write(Presence::Available, None, 20).await;
    let free = letter(&world, &message).await;
    assert_eq!((free.next_at, free.held_until), (Some(at(20)), None));
}

async fn an_urgent_message_does_not_wait(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    world.reach(world.anna, &quiet_until_five()).await;
    let call = world.call("101", 0).await;
    let message = Message {
        urgent: true,
        ..world.message(call, 1)
    };
    let stored = world.store_message(&message).await;
    assert!(stored.message.urgent);
    assert_eq!(letter(&world, &message).await.next_at, Some(at(1)));
}

async fn a_deputy_is_told_and_sees_the_message(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let his = world.seen("boris@romashka.example").await;
    let before = world.told(0).await;
    let away = Reach {
        absence: absence(Some(world.boris)),
        ..Reach::default()
    };
    world.reach(world.anna, &away).await;
    let call = world.call("101", 0).await;
    let message = world.message(call, 1);
    world.store_message(&message).await;
    let told = letter(&world, &message).await;
    assert_eq!(told.employee, Some(world.boris));
    let deputised = Event::Deputised {
        absent: "Анна".into(),
        deputy: "Борис".into(),
    };
    assert!(world.events(message.id).await.contains(&deputised));
    let messages = store.messages();
    messages
        .get(world.company, &his, message.id)
        .await
        .expect("seen");
    assert_fails!(
        messages.get(world.company, &his, before).await,
        StoreError::NotFound
    );
    let filter = MessageFilter {
        seen: his.clone(),
        ..MessageFilter::default()
    };
    let page = messages
        .list(world.company, &filter, PageRequest::default())
        .await;
    assert_eq!(page.expect("a page").items.len(), 1);
    // The call with it is seen as well.
    let seen = store.calls().is_seen(world.company, call, &his).await;
    assert!(seen.expect("told"));
}

async fn whoever_is_on_duty_is_told(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let on_duty = DepartmentDraft {
        id: Some(world.department),
        notify: Notify::OnDuty,
        ..department("Продажи")
    };
    let departments = store.departments();
    let saved = departments.replace_all(world.company, &[on_duty], 2).await;
    assert_eq!(saved.expect("saved").value[0].notify, Notify::OnDuty);
    let to_department = async |second| {
        let call = world.call("101", second).await;
        let message = Message {
            recipient: Recipient::Department {
                department: world.department,
            },
            ..world.message(call, second)
        };
        let stored = world.store_message(&message).await;
        let told = stored
            .deliveries
            .iter()
            .filter_map(|it| it.delivery.employee);
        (message.id, told.collect::<Vec<EmployeeId>>())
    };
    // While nobody is, everybody is told, and the timeline says so.
    let (id, told) = to_department(0).await;
    assert_eq!(told, [world.anna, world.boris]);
    let nobody = Event::NobodyOnDuty {
        department: "Продажи".into(),
    };
    assert!(world.events(id).await.contains(&nobody));
    let rota = Rota {
        shifts: vec![Shift {
            employee: world.boris,
            days: vec![1],
            from: "09:00".parse().expect("time"),
            to: "21:00".parse().expect("time"),
        }],
    };
    let notice = store.notice();
    let written = notice
        .write_rota(world.company, world.department, &rota, 0)
        .await;
    assert_eq!(written.expect("written").version, 1);
    assert_eq!(to_department(1).await.1, [world.boris]);
}

async fn colleagues_see_who_can_be_reached(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let away = Reach {
        absence: absence(Some(world.boris)),
        ..Reach::default()
    };
    world.reach(world.anna, &away).await;
    let notice = store.notice();
    let busy = (Presence::Busy, Some(at(60)));
    let written = notice
        .write_presence(world.company, world.boris, busy.0, busy.1, at(0))
        .await;
    written.expect("written");
    let colleagues = notice
        .colleagues(world.company, at(1))
        .await
        .expect("listed");
    let [anna, boris] = &colleagues[..] else {
        panic!("{colleagues:?}");
    };
    assert_eq!(anna.absent_until, Some(at(3600)));
    assert_eq!(anna.deputy_name.as_deref(), Some("Борис"));
    assert_eq!((boris.presence, boris.presence_until), busy);
    assert_eq!(boris.department_name.as_deref(), Some("Продажи"));
    let later = notice
        .colleagues(world.company, at(3600))
        .await
        .expect("listed");
    assert_eq!(later[0].absent_until, None);
    assert_eq!(later[1].presence, Presence::Available);
}

async fn a_rota_names_the_companys_own(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let other = World::new(&store, "Астра").await;
    let shift = |employee| Shift {
        employee,
        days: vec![1],
        from: "09:00".parse().expect("time"),
        to: "21:00".parse().expect("time"),
    };
    let rota = |employees: &[EmployeeId]| Rota {
        shifts: employees.iter().map(|it| shift(*it)).collect(),
    };
    let (notice, company) = (store.notice(), world.company);
    let strange = rota(&[world.anna, other.anna]);
    assert_fails!(
        notice
            .write_rota(company, world.department, &strange, 0)
            .await,
        StoreError::Conflict {
            what: Conflict::UnknownEmployee { row: 1 }
        }
    );
    let own = rota(&[world.anna]);
    for elsewhere in [
        notice.write_rota(company, other.department, &own, 0).await,
        notice.rota(company, other.department).await,
    ] {
        assert_fails!(elsewhere, StoreError::NotFound);
    }
    notice
        .write_rota(company, world.department, &own, 0)
        .await
        .expect("written");
    assert_fails!(
        notice.write_rota(company, world.department, &own, 0).await,
        StoreError::Stale
    );
    let read = notice.rota(company, world.department).await.expect("read");
    assert_eq!((read.version, read.value), (1, own));
}

async fn a_policy_names_the_companys_own(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let other = World::new(&store, "Астра").await;
    let policy = |to| Policy {
        only_urgent: false,
        steps: vec![
            Step {
                after_minutes: 5,
                to: Target::OperatorCall,
            },
            Step {
                after_minutes: 5,
                to,
            },
        ],
    };
    let (notice, company) = (store.notice(), world.company);
    let department = Some(world.department);
    let to_stranger = policy(Target::Employee {
        employee: other.anna,
    });
    assert_fails!(
        notice
            .write_policy(company, None, Some(&to_stranger), 0)
            .await,
        StoreError::Conflict {
            what: Conflict::UnknownEmployee { row: 1 }
        }
    );
    let elsewhere = policy(Target::OnDuty {
        department: other.department,
    });
    assert_fails!(
        notice
            .write_policy(company, None, Some(&elsewhere), 0)
            .await,
        StoreError::Conflict {
            what: Conflict::UnknownDepartment { row: 1 }
        }
    );
    let own = policy(Target::Employee {
        employee: world.anna,
    });
    assert_fails!(
        notice
            .write_policy(company, Some(other.department), Some(&own), 0)
            .await,
        StoreError::NotFound
    );
    assert_fails!(
        notice.policy(company, Some(other.department)).await,
        StoreError::NotFound
    );
    for scope in [None, department] {
        let none = notice.policy(company, scope).await.expect("read");
        assert_eq!((none.version, none.value), (0, None));
        notice
            .write_policy(company, scope, Some(&own), 0)
            .await
            .expect("written");
        assert_fails!(
            notice.write_policy(company, scope, None, 0).await,
            StoreError::Stale
        );
        let read = notice.policy(company, scope).await.expect("read");
        assert_eq!((read.version, read.value.as_ref()), (1, Some(&own)));
    }
    let all = notice.policies(company).await.expect("listed");
    let scopes: Vec<_> = all.iter().map(|policy| policy.department).collect();
    assert_eq!(scopes, [None, department]);
    notice
        .write_policy(company, department, None, 1)
        .await
        .expect("taken away");
    let read = notice.policy(company, department).await.expect("read");
    assert_eq!((read.version, read.value), (2, None));
    assert!(
        notice
            .policies(other.company)
            .await
            .expect("listed")
            .is_empty()
    );
}

async fn who_is_needed_is_not_deleted(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let (company, notice) = (world.company, store.notice());
    world
        .policy(&[(
            5,
            Target::Employee {
                employee: world.boris,
            },
        )])
        .await;
    let shift = Shift {
        employee: world.boris,
        days: vec![1],
        from: "09:00".parse().expect("time"),
        to: "21:00".parse().expect("time"),
    };
    let rota = Rota {
        shifts: vec![shift],
    };
    notice
        .write_rota(company, world.department, &rota, 0)
        .await
        .expect("written");
    let far = Reach {
        absence: Some(Absence {
            from: at(0),
            to: "2100-01-01T00:00:00Z".parse().expect("a time"),
            deputy: Some(world.boris),
        }),
        ..Reach::default()
    };
    world.reach(world.anna, &far).await;
    let kept = EmployeeDraft {
        id: Some(world.anna),
        ..employee("anna@romashka.example", "Анна", Some(world.department))
    };
    let delete = async || {
        store
            .employees()
            .replace_all(company, std::slice::from_ref(&kept), 2)
            .await
    };
    let refused = delete().await.err();
    let Some(StoreError::Conflict { what }) = refused else {
        panic!("not refused: {refused:?}");
    };
    let expected = Conflict::InUse(Box::new(InUse {
        name: "Борис".into(),
        rotas: vec!["Продажи".into()],
        policies: vec![None],
        absences: vec!["Анна".into()],
        ..InUse::default()
    }));
    assert_eq!(what, expected);
    // A department that a policy comes to is needed as well.
    let to_department = Policy {
        only_urgent: false,
        steps: vec![Step {
            after_minutes: 5,
            to: Target::OnDuty {
                department: world.department,
            },
        }],
    };
    notice
        .write_policy(company, None, Some(&to_department), 1)
        .await
        .expect("written");
    let refused = store.departments().replace_all(company, &[], 2).await;
    assert_fails!(
        refused,
        StoreError::Conflict {
            what: Conflict::InUse(_)
        }
    );
    notice
        .write_policy(company, None, None, 2)
        .await
        .expect("taken away");
    notice
        .write_rota(company, world.department, &Rota::default(), 1)
        .await
        .expect("emptied");
    world.reach(world.anna, &Reach::default()).await;
    delete().await.expect("nothing holds him any more");
    store
        .departments()
        .replace_all(company, &[], 2)
        .await
        .expect("nor the department");
}

async fn reach_of_another_company(store: Store) {
    let (world, other) = (
        World::new(&store, "Ромашка").await,
        World::new(&store, "Астра").await,
    );
    let (notice, company) = (store.notice(), world.company);
    let reach = Reach::default();
    assert_fails!(
        notice.reach(company, other.anna).await,
        StoreError::NotFound
    );
    assert_fails!(
        notice.write_reach(company, other.anna, &reach, at(0)).await,
        StoreError::NotFound
    );
    let busy = Presence::Busy;
    assert_fails!(
        notice
            .write_presence(company, other.anna, busy, None, at(0))
            .await,
        StoreError::NotFound
    );
    for deputy in [other.boris, world.anna] {
        let away = Reach {
            absence: absence(Some(deputy)),
            ..Reach::default()
        };
        assert_fails!(
            notice.write_reach(company, world.anna, &away, at(0)).await,
            StoreError::Conflict {
                what: Conflict::UnknownRecipient
            }
        );
    }
    let colleagues = notice.colleagues(company, at(0)).await.expect("listed");
    assert!(colleagues.iter().all(|it| it.employee.id != other.anna));
    let of = notice.employee_of(company, "anna@romashka.example").await;
    assert_eq!(of.expect("read").map(|it| it.id), Some(world.anna));
    let of = notice
        .employee_of(other.company, "nobody@romashka.example")
        .await;
    assert_eq!(of.expect("read"), None);
}
