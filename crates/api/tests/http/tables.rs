//! Employees and departments as files, in and out.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::world::{Answer, Person, World};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

async fn read(world: &World, path: &str, admin: &Person) -> Value {
    let answer = world.get(path).by(admin).send().await;
    answer.expect(StatusCode::OK).json()
}

/// «Ромашка» with a department and an employee.
async fn staffed(world: &World, admin: &Person) -> (Value, Value) {
    let version = read(world, "/api/departments", admin).await["version"].clone();
    let form = json!({"version": version, "items": [
        {"id": null, "name": "Продажи", "extension": "10", "notify": {"to": "everyone"}}]});
    let answer = world.put("/api/departments", &form).by(admin).send().await;
    let sales = answer.expect(StatusCode::OK).json()["items"][0].clone();
    let version = read(world, "/api/employees", admin).await["version"].clone();
    let form = json!({"version": version, "items": [
        {"id": null, "email": "anna@romashka.ru", "name": "Анна Иванова", "department": sales["id"],
            "position": "Менеджер", "extension": "101", "mobile": "+7 926 123-45-67"}]});
    let answer = world.put("/api/employees", &form).by(admin).send().await;
    let anna = answer.expect(StatusCode::OK).json()["items"][0].clone();
    (sales, anna)
}

async fn bring(world: &World, path: &str, admin: &Person, kind: &str, file: Vec<u8>) -> Answer {
    let ask = world.ask(Method::POST, path).by(admin);
    ask.header("content-type", kind).raw(file).send().await
}

fn flaws(row: &Value) -> Vec<&str> {
    let errors = row["errors"].as_array().expect("errors");
    errors
        .iter()
        .filter_map(|error| error["field"].as_str())
        .collect()
}

#[tokio::test]
async fn a_file_is_looked_at_row_by_row_and_nothing_is_saved() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (sales, anna) = staffed(&world, &admin).await;
    let before = read(&world, "/api/employees", &admin).await;
    let file = "Мобильный;E-mail;ФИО;Отдел;Внутренний номер\r\n\
        89161112233;Boris@Romashka.ru;Борис;продажи;102.0\r\n\
        8.92E+10;ANNA@romashka.ru;Анна Петрова;;101\r\n\
        ;nonsense;;Склад;звоните\r\n\
        ;boris@romashka.ru;Борис;;\r\n";
    let answer = bring(
        &world,
        "/api/employees/import",
        &admin,
        "text/csv",
        file.into(),
    )
    .await;
    let rows = answer.expect(StatusCode::OK).json()["rows"].clone();
    let new = json!({"row": 2, "known": null, "email": "boris@romashka.ru", "name": "Борис",
        "department": sales["id"], "position": "", "extension": "102", "mobile": "89161112233",
        "errors": []});
    assert_eq!(rows[0], new);
    // The file has no column for the position: it stays.
    let known = json!({"row": 3, "known": anna["id"], "email": "anna@romashka.ru",
        "name": "Анна Петрова", "department": null, "position": "Менеджер", "extension": "101",
        "mobile": "", "errors": rows[1]["errors"]});
    assert_eq!(rows[1], known);
    assert_eq!(flaws(&rows[1]), ["mobile"]);
    assert_eq!(
        flaws(&rows[2]),
        ["email", "name", "extension", "department"]
    );
    let department = rows[2]["errors"][3]["detail"].as_str().unwrap_or_default();
    assert!(department.contains("«Склад»"), "{department}");
    let twice = json!([{"field": "email", "detail": "То же значение стоит в строке 2."}]);
    assert_eq!(rows[3]["errors"], twice);
    assert_eq!(read(&world, "/api/employees", &admin).await, before);
}

#[tokio::test]
async fn what_was_exported_comes_back_unchanged() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (sales, anna) = staffed(&world, &admin).await;
    for (format, kind) in [("csv", "text/csv"), ("xlsx", XLSX)] {
        let path = format!("/api/employees/export?format={format}");
        let file = world
            .get(&path)
            .by(&admin)
            .send()
            .await
            .expect(StatusCode::OK);
        assert!(file.header("content-type").starts_with(kind));
        let named = format!("attachment; filename=\"employees.{format}\"");
        assert_eq!(file.header("content-disposition"), named);
        let back = bring(&world, "/api/employees/import", &admin, kind, file.body).await;
        let row = back.expect(StatusCode::OK).json()["rows"][0].clone();
        assert_eq!((&row["known"], &row["errors"]), (&anna["id"], &json!([])));
        for field in [
            "email",
            "name",
            "department",
            "position",
            "extension",
            "mobile",
        ] {
            assert_eq!(row[field], anna[field], "{format}: {field}");
        }

        let path = format!("/api/departments/export?format={format}");
        let file = world
            .get(&path)
            .by(&admin)
            .send()
            .await
            .expect(StatusCode::OK);
        let back = bring(&world, "/api/departments/import", &admin, kind, file.body).await;
        let row = back.expect(StatusCode::OK).json()["rows"][0].clone();
        assert_eq!((&row["known"], &row["errors"]), (&sales["id"], &json!([])));
        for field in ["name", "extension", "notify"] {
            assert_eq!(row[field], sales[field], "{format}: {field}");
        }
    }
}

#[tokio::test]
async fn a_department_notifies_by_login_or_name() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (_, anna) = staffed(&world, &admin).await;
    let file = "Department,Notify\nA,anna@romashka.ru\nB,анна иванова\nC,Всему отделу\nD,Пётр\n";
    let answer = bring(
        &world,
        "/api/departments/import",
        &admin,
        "text/csv",
        file.into(),
    )
    .await;
    let rows = answer.expect(StatusCode::OK).json()["rows"].clone();
    let her = json!({"to": "employee", "employee": anna["id"]});
    let notified = [0, 1, 2].map(|at| rows[at]["notify"].clone());
    assert_eq!(notified, [her.clone(), her, json!({"to": "everyone"})]);
    assert_eq!(flaws(&rows[3]), ["notify"]);
}

#[tokio::test]
async fn files_that_are_no_tables_are_refused_in_words() {
    let world = World::start().await;
    let admin = world.admin().await;
    let path = "/api/employees/import";
    let csv = "text/csv; charset=utf-8";
    for (kind, file, status, code) in [
        ("image/png", b"A;B\n1;2".to_vec(), 415, "not_table"),
        (csv, b"\x89PNG\0\0".to_vec(), 422, "table_broken"),
        (XLSX, b"PK\x03\x04broken".to_vec(), 422, "table_broken"),
        (XLSX, b"\xd0\xcf\x11\xe0".to_vec(), 422, "table_old_excel"),
        (csv, vec![b'a'; 2 * 1024 * 1024 + 1], 413, "table_too_large"),
        (csv, "Email\n".into(), 422, "invalid"),
        (csv, "ФИО\nАнна\n".into(), 422, "invalid"),
    ] {
        let answer = bring(&world, path, &admin, kind, file).await;
        let told = (answer.status.as_u16(), answer.code());
        assert_eq!(told, (status, code.to_owned()));
    }
    let answer = bring(&world, path, &admin, csv, "ФИО\nАнна\n".into()).await;
    let detail = answer.json()["detail"].clone();
    assert_eq!(detail, "В первой строке файла нет столбца «Email логин».");
}

#[tokio::test]
async fn the_production_calendar_is_told() {
    let world = World::start().await;
    let admin = world.admin().await;
    let calendar = read(&world, "/api/production-calendar?year=2026", &admin).await;
    assert_eq!(calendar["official"], true);
    let day = json!({"date": "2026-12-31", "name": "Перенесённый выходной", "closed": true,
        "shortened": false});
    let days = calendar["days"].as_array().expect("days");
    assert!(days.contains(&day));
    let answer = world
        .get("/api/production-calendar?year=1")
        .by(&admin)
        .send()
        .await;
    assert_eq!(
        answer.expect(StatusCode::UNPROCESSABLE_ENTITY).json()["field"],
        "year"
    );
}
