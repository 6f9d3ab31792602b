//! «Настройки»: the four tabs.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::world::{Answer, Person, World};

async fn read(world: &World, path: &str, admin: &Person) -> Value {
    world
        .get(path)
        .by(admin)
        .send()
        .await
        .expect(StatusCode::OK)
        .json()
}

async fn put(world: &World, path: &str, admin: &Person, body: &Value) -> Answer {
    world.put(path, body).by(admin).send().await
}

fn field_of(answer: Answer) -> String {
    let problem = answer.expect(StatusCode::UNPROCESSABLE_ENTITY).json();
    problem["field"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn the_company_is_saved_against_its_version() {
    let world = World::start().await;
    let admin = world.admin().await;
    let mut company = read(&world, "/api/company", &admin).await;
    let stale = company.clone();
    company["about"] = json!(" Цветы\nи букеты ");
    company["email"] = json!(" Info@Romashka.RU ");
    let saved = put(&world, "/api/company", &admin, &company)
        .await
        .expect(StatusCode::OK)
        .json();
    assert_eq!(
        (&saved["about"], &saved["email"]),
        (&json!("Цветы\nи букеты"), &json!("info@romashka.ru"))
    );
    let refused = put(&world, "/api/company", &admin, &stale)
        .await
        .expect(StatusCode::CONFLICT);
    assert_eq!(refused.code(), "changed_meanwhile");

    let mut bad = saved.clone();
    bad["name"] = json!("");
    bad["email"] = json!("nonsense");
    bad["retention_days"] = json!(0);
    bad["legal_name"] = json!("two\nlines");
    let problem = put(&world, "/api/company", &admin, &bad).await;
    let problem = problem.expect(StatusCode::UNPROCESSABLE_ENTITY).json();
    let mut fields: Vec<_> = problem["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|e| e["field"].as_str())
        .collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        ["email", "legal_name", "name", "retention_days"].map(Some)
    );
    assert_eq!(read(&world, "/api/company", &admin).await, saved);
}

#[tokio::test]
async fn working_hours_are_saved() {
    let world = World::start().await;
    let admin = world.admin().await;
    let view = read(&world, "/api/working-hours", &admin).await;
    assert!(view["open_now"].is_boolean());
    let mut form = json!({"hours": view["hours"], "version": view["version"]});
    form["hours"]["zone"] = json!("Asia/Yekaterinburg");
    form["hours"]["week"][5] = json!([{"from": "20:00", "to": "02:00"}]);
    form["hours"]["exceptions"] =
        json!([{"date": "2027-01-01", "intervals": [], "note": "Новый год"}]);
    let saved = put(&world, "/api/working-hours", &admin, &form)
        .await
        .expect(StatusCode::OK)
        .json();
    assert_eq!(saved["hours"]["zone"], "Asia/Yekaterinburg");
    assert_eq!(saved["hours"]["week"][5][0]["to"], "02:00:00");
    form["version"] = saved["version"].clone();
    for (path, value, field) in [
        ("/hours/zone", json!("Mars/Base"), "hours.zone"),
        (
            "/hours/week/0/0/from",
            json!("25:00"),
            "hours.week.0.0.from",
        ),
        ("/hours/week", json!([[]]), "hours.week"),
        (
            "/hours/exceptions/0/date",
            json!("2027-02-30"),
            "hours.exceptions.0.date",
        ),
    ] {
        let mut bad = form.clone();
        *bad.pointer_mut(path).expect("the field") = value;
        assert_eq!(
            field_of(put(&world, "/api/working-hours", &admin, &bad).await),
            field
        );
    }
    let mut odd = form.clone();
    odd["hours"]["lunch"] = json!("13:00");
    assert_eq!(
        field_of(put(&world, "/api/working-hours", &admin, &odd).await),
        "hours.lunch"
    );
}

fn department(name: &str) -> Value {
    json!({"id": null, "name": name, "extension": "10", "notify": {"to": "everyone"}})
}

fn employee(email: &str, department: &Value) -> Value {
    json!({"id": null, "email": email, "name": "Анна Иванова", "department": department,
        "position": "Менеджер", "extension": "101", "mobile": "8 (926) 123-45-67"})
}

#[tokio::test]
async fn departments_and_employees_are_saved_as_lists() {
    let world = World::start().await;
    let admin = world.admin().await;
    let version = read(&world, "/api/departments", &admin).await["version"].clone();
    let form = json!({"items": [department("Продажи"), department("Сервис")], "version": version});
    let saved = put(&world, "/api/departments", &admin, &form)
        .await
        .expect(StatusCode::OK)
        .json();
    let (sales, service) = (saved["items"][0].clone(), saved["items"][1].clone());
    assert_eq!(sales["name"], "Продажи");
    let twice = json!({"items": [department("Продажи"), department("продажи")], "version": saved["version"]});
    assert_eq!(
        field_of(put(&world, "/api/departments", &admin, &twice).await),
        "items.1.name"
    );
    let mut lost = department("Склад");
    lost["notify"] = json!({"to": "employee", "employee": uuid::Uuid::new_v4()});
    let lost = json!({"items": [sales, service, lost], "version": saved["version"]});
    assert_eq!(
        field_of(put(&world, "/api/departments", &admin, &lost).await),
        "items.2.notify"
    );

    let staff = read(&world, "/api/employees", &admin).await["version"].clone();
    let form = json!({"items": [employee("Anna@Romashka.ru", &sales["id"])], "version": staff});
    let staff = put(&world, "/api/employees", &admin, &form)
        .await
        .expect(StatusCode::OK)
        .json();
    assert_eq!(staff["items"][0]["email"], "anna@romashka.ru");
    let version = &staff["version"];
    // How the sign-in stands is told, and not typed.
    let mut anna = staff["items"][0].clone();
    assert_eq!(anna["sign_in"], "invited");
    anna.as_object_mut().expect("a row").remove("sign_in");
    let changed = |key: &str, value: Value| {
        let mut row = anna.clone();
        row[key] = value;
        json!({"items": [row], "version": version})
    };
    for (key, value, field) in [
        ("email", json!("other@romashka.ru"), "items.0.email"),
        ("email", json!("nonsense"), "items.0.email"),
        ("name", json!(""), "items.0.name"),
        ("mobile", json!("звоните"), "items.0.mobile"),
        (
            "department",
            json!(uuid::Uuid::new_v4()),
            "items.0.department",
        ),
        ("age", json!(30), "items.0.age"),
    ] {
        let refused = put(&world, "/api/employees", &admin, &changed(key, value)).await;
        assert_eq!(field_of(refused), field, "{key}");
    }
    let twice =
        json!({"items": [anna, employee("anna@romashka.ru", &Value::Null)], "version": version});
    assert_eq!(
        field_of(put(&world, "/api/employees", &admin, &twice).await),
        "items.1.email"
    );
    assert_eq!(read(&world, "/api/employees", &admin).await, staff);
}

#[tokio::test]
async fn what_a_line_needs_is_not_deleted() {
    let world = World::start().await;
    let admin = world.admin().await;
    let version = read(&world, "/api/departments", &admin).await["version"].clone();
    let form = json!({"items": [department("Продажи")], "version": version});
    let saved = put(&world, "/api/departments", &admin, &form)
        .await
        .expect(StatusCode::OK)
        .json();
    let line = world.line().await;
    let script = json!({
        "greeting": {"kind": "variant", "number": 1}, "farewell": {"kind": "variant", "number": 1},
        "recipient": {"to": "department", "department": saved["items"][0]["id"]}, "outside_hours": true
    });
    let path = format!("/api/lines/{line}/script");
    put(&world, &path, &admin, &script)
        .await
        .expect(StatusCode::OK);
    let none = json!({"items": [], "version": saved["version"]});
    let refused = put(&world, "/api/departments", &admin, &none)
        .await
        .expect(StatusCode::CONFLICT);
    assert_eq!(refused.code(), "in_use");
    let detail = refused.json()["detail"]
        .as_str()
        .expect("a sentence")
        .to_owned();
    assert!(
        detail.contains("Продажи") && detail.contains("Основная"),
        "{detail}"
    );
    assert_eq!(read(&world, "/api/departments", &admin).await, saved);
}
