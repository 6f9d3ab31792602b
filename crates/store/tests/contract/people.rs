//! Departments and employees, which refer to each other.

use model::company::{Department, Employee, Notify};
use model::id::{DepartmentId, EmployeeId};
use model::line::{Recipient, Script};
use store::{Conflict, DepartmentDraft, EmployeeDraft, InUse, Store, StoreError};
use uuid::Uuid;

use crate::world::{World, department, employee};

stories! {
    lists_keep_their_order_and_ids
    nothing_is_saved_of_a_list_with_a_mistake
    an_address_is_one_employees_and_stays
    a_lines_recipient_can_not_be_deleted
    a_departments_chosen_one_can_not_be_deleted
    employees_outlive_their_department
    lists_have_versions
}

fn draft(department: &Department) -> DepartmentDraft {
    DepartmentDraft {
        id: Some(department.id),
        name: department.name.clone(),
        extension: department.extension.clone(),
        notify: department.notify,
    }
}

fn person(employee: &Employee) -> EmployeeDraft {
    EmployeeDraft {
        id: Some(employee.id),
        email: employee.email.clone(),
        name: employee.name.clone(),
        department: employee.department,
        position: employee.position.clone(),
        extension: employee.extension.clone(),
        mobile: employee.mobile.clone(),
    }
}

async fn lists_keep_their_order_and_ids(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let before = store.departments().list(world.company).await.expect("list");
    let mut sales = draft(&before.value[0]);
    sales.name = "Отдел продаж".into();
    sales.notify = Notify::Employee {
        employee: world.boris,
    };
    let rows = [department("Бухгалтерия"), sales, department("Склад")];
    let saved = store
        .departments()
        .replace_all(world.company, &rows, before.version)
        .await
        .expect("saved");
    let names: Vec<&str> = saved.value.iter().map(|d| d.name.as_str()).collect();
    assert_eq!(names, ["Бухгалтерия", "Отдел продаж", "Склад"]);
    assert_eq!(saved.value[1].id, world.department);
    assert_eq!(
        store.departments().list(world.company).await.expect("list"),
        saved
    );

    let before = store.employees().list(world.company).await.expect("list");
    let mut rows: Vec<EmployeeDraft> = before.value.iter().rev().map(person).collect();
    rows.insert(1, employee("Vera@Romashka.example ", "Вера", None));
    let saved = store
        .employees()
        .replace_all(world.company, &rows, before.version)
        .await
        .expect("saved");
    let names: Vec<&str> = saved.value.iter().map(|e| e.name.as_str()).collect();
    assert_eq!(names, ["Борис", "Вера", "Анна"]);
    assert_eq!(saved.value[1].email, "vera@romashka.example");
    assert_eq!(saved.value[2].id, world.anna);
    assert_eq!(
        store.employees().list(world.company).await.expect("list"),
        saved
    );
}

async fn nothing_is_saved_of_a_list_with_a_mistake(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let departments = store.departments().list(world.company).await.expect("list");
    let employees = store.employees().list(world.company).await.expect("list");

    let stranger = Notify::Employee {
        employee: EmployeeId(Uuid::now_v7()),
    };
    let rows = [
        department("Новый"),
        DepartmentDraft {
            notify: stranger,
            ..department("Чужой")
        },
    ];
    assert_fails!(
        store
            .departments()
            .replace_all(world.company, &rows, departments.version)
            .await,
        StoreError::Conflict {
            what: Conflict::UnknownEmployee { row: 1 }
        }
    );
    let unknown = DepartmentDraft {
        id: Some(DepartmentId(Uuid::now_v7())),
        ..department("Нет")
    };
    let twice = draft(&departments.value[0]);
    for rows in [vec![unknown], vec![twice.clone(), twice]] {
        assert_fails!(
            store
                .departments()
                .replace_all(world.company, &rows, departments.version)
                .await,
            StoreError::NotFound
        );
    }
    let rows = [employee(
        "new@romashka.example",
        "Новый",
        Some(DepartmentId(Uuid::now_v7())),
    )];
    assert_fails!(
        store
            .employees()
            .replace_all(world.company, &rows, employees.version)
            .await,
        StoreError::Conflict {
            what: Conflict::UnknownDepartment { row: 0 }
        }
    );
    assert_eq!(
        store.departments().list(world.company).await.expect("list"),
        departments
    );
    assert_eq!(
        store.employees().list(world.company).await.expect("list"),
        employees
    );
}

async fn an_address_is_one_employees_and_stays(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let list = store.employees().list(world.company).await.expect("list");
    let rows: Vec<EmployeeDraft> = list.value.iter().map(person).collect();

    let mut changed = rows.clone();
    changed[1].email = "other@romashka.example".into();
    assert_fails!(
        store
            .employees()
            .replace_all(world.company, &changed, list.version)
            .await,
        StoreError::Conflict {
            what: Conflict::EmailFixed { row: 1 }
        }
    );
    let mut repeated = rows.clone();
    repeated.push(employee("ANNA@romashka.example", "Анна вторая", None));
    assert_fails!(
        store
            .employees()
            .replace_all(world.company, &repeated, list.version)
            .await,
        StoreError::Conflict {
            what: Conflict::EmailTaken { row: 2 }
        }
    );
    // The address of a deleted one is free in the same saving.
    let replaced = [
        rows[1].clone(),
        employee("anna@romashka.example", "Анна новая", None),
    ];
    let saved = store
        .employees()
        .replace_all(world.company, &replaced, list.version)
        .await
        .expect("saved");
    assert_ne!(saved.value[1].id, world.anna);
    // Another company may have the same people.
    World::new(&store, "Астра").await;
}

async fn a_lines_recipient_can_not_be_deleted(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let to_department = Recipient::Department {
        department: world.department,
    };
    let to_anna = Recipient::Employee {
        employee: world.anna,
    };
    for recipient in [to_department, to_anna] {
        let script = Script {
            recipient: Some(recipient),
            ..Script::default()
        };
        store
            .lines()
            .put_script(world.company, world.line, &script)
            .await
            .expect("saved");
        let (name, refused) = match recipient {
            Recipient::Department { .. } => (
                "Продажи",
                store
                    .departments()
                    .replace_all(world.company, &[], 2)
                    .await
                    .err(),
            ),
            Recipient::Employee { .. } => (
                "Анна",
                store
                    .employees()
                    .replace_all(world.company, &[], 2)
                    .await
                    .err(),
            ),
        };
        let Some(StoreError::Conflict { what }) = refused else {
            panic!("not refused: {refused:?}");
        };
        let expected = Conflict::InUse(Box::new(InUse {
            name: name.into(),
            lines: vec!["Основная".into()],
            ..InUse::default()
        }));
        assert_eq!(what, expected);
    }
    store
        .lines()
        .delete(world.company, world.line)
        .await
        .expect("deleted");
    store
        .employees()
        .replace_all(world.company, &[], 2)
        .await
        .expect("nothing holds them any more");
    store
        .departments()
        .replace_all(world.company, &[], 2)
        .await
        .expect("nor them");
}

async fn a_departments_chosen_one_can_not_be_deleted(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let chosen = DepartmentDraft {
        id: Some(world.department),
        notify: Notify::Employee {
            employee: world.anna,
        },
        ..department("Продажи")
    };
    store
        .departments()
        .replace_all(world.company, &[chosen], 2)
        .await
        .expect("saved");
    let refused = store
        .employees()
        .replace_all(world.company, &[], 2)
        .await
        .err();
    let Some(StoreError::Conflict { what }) = refused else {
        panic!("not refused: {refused:?}");
    };
    let expected = Conflict::InUse(Box::new(InUse {
        name: "Анна".into(),
        departments: vec!["Продажи".into()],
        ..InUse::default()
    }));
    assert_eq!(what, expected);
}

async fn employees_outlive_their_department(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    store
        .departments()
        .replace_all(world.company, &[], 2)
        .await
        .expect("deleted");
    let people = store
        .employees()
        .list(world.company)
        .await
        .expect("list")
        .value;
    assert_eq!(people.len(), 2);
    assert!(people.iter().all(|person| person.department.is_none()));
}

async fn lists_have_versions(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let rows = [department("Новый")];
    assert_fails!(
        store
            .departments()
            .replace_all(world.company, &rows, 1)
            .await,
        StoreError::Stale
    );
    assert_fails!(
        store.employees().replace_all(world.company, &[], 3).await,
        StoreError::Stale
    );
    store
        .departments()
        .replace_all(world.company, &rows, 2)
        .await
        .expect("the version of World");
}
