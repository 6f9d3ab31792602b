//! Companies with people, lines and calls, for stories to begin with.

use jiff::Timestamp;
use model::call::{Call, Caller, RecordingState};
use model::company::{Company, Notify};
use model::id::{CallId, CompanyId, DepartmentId, EmployeeId, LineId, MessageId, UserId};
use model::language::Language;
use model::line::{Recipient, Scenario};
use model::message::Message;
use model::pbx::Transport;
use model::secret::Secret;
use model::user::Role;
use store::{AccountDraft, DepartmentDraft, EmployeeDraft, MasterKey, NewUser, Store};
use uuid::Uuid;

pub fn key() -> MasterKey {
    MasterKey::from_bytes([42; 32])
}

/// A moment: seconds after noon of 23 November 2026 in UTC.
pub fn at(seconds: i64) -> Timestamp {
    let noon: Timestamp = "2026-11-23T12:00:00Z".parse().expect("a time");
    noon + jiff::SignedDuration::from_secs(seconds)
}

pub fn company(name: &str) -> Company {
    Company {
        id: CompanyId(Uuid::now_v7()),
        name: name.into(),
        legal_name: format!("ООО «{name}»"),
        about: "Цветы".into(),
        address: "Москва, Цветной бульвар, 1".into(),
        site: "romashka.example".into(),
        phone: "+74951234567".into(),
        email: "info@romashka.example".into(),
        not_to_say: "Цен конкурентов".into(),
        language: Language::Ru,
        retention_days: 90,
    }
}

/// A company with a line, two employees and a department that both are in.
pub struct World {
    pub store: Store,
    pub company: CompanyId,
    pub line: LineId,
    pub department: DepartmentId,
    pub anna: EmployeeId,
    pub boris: EmployeeId,
    pub operator: UserId,
}

impl World {
    pub async fn new(store: &Store, name: &str) -> Self {
        let company = company(name);
        store.companies().create(&company).await.expect("company");
        let departments = store
            .departments()
            .replace_all(company.id, &[department("Продажи")], 1)
            .await
            .expect("department");
        let department = departments.value[0].id;
        let people = [
            employee("anna@romashka.example", "Анна", Some(department)),
            employee("boris@romashka.example", "Борис", Some(department)),
        ];
        let people = store
            .employees()
            .replace_all(company.id, &people, 1)
            .await
            .expect("employees");
        let line = store
            .lines()
            .create(company.id, "Основная", Scenario::MissedCalls)
            .await
            .expect("line");
        Self {
            store: store.clone(),
            company: company.id,
            line: line.id,
            department,
            anna: people.value[0].id,
            boris: people.value[1].id,
            operator: operator(store, "Ольга").await,
        }
    }

    /// A call that rings now.
    pub fn arriving(&self, number: &str, seconds: i64) -> Call {
        Call {
            id: CallId(Uuid::now_v7()),
            company: self.company,
            line: self.line,
            caller: Caller {
                number: Some(number.into()),
                name: Some("Иван Петров".into()),
            },
            arrived_at: at(seconds),
            answered_at: None,
            ended_at: None,
            ending: None,
            result: None,
            operator: None,
            recording: RecordingState::None,
            recording_ms: 0,
            called_back: false,
        }
    }

    /// A call that is stored.
    pub async fn call(&self, number: &str, seconds: i64) -> CallId {
        let call = self.arriving(number, seconds);
        self.store.calls().insert(&call).await.expect("call");
        call.id
    }

    /// A message for Anna.
    pub fn message(&self, call: CallId, seconds: i64) -> Message {
        Message {
            id: MessageId(Uuid::now_v7()),
            company: self.company,
            call,
            recipient: Recipient::Employee {
                employee: self.anna,
            },
            caller_name: "Иван Петров".into(),
            caller_phone: "8 (926) 123-45-67".into(),
            text: "Просит перезвонить о букете".into(),
            urgent: false,
            author: Some(self.operator),
            created_at: at(seconds),
        }
    }
}

pub fn department(name: &str) -> DepartmentDraft {
    DepartmentDraft {
        id: None,
        name: name.into(),
        extension: "100".into(),
        notify: Notify::Everyone,
    }
}

pub fn employee(email: &str, name: &str, department: Option<DepartmentId>) -> EmployeeDraft {
    EmployeeDraft {
        id: None,
        email: email.into(),
        name: name.into(),
        department,
        position: "Менеджер".into(),
        extension: "101".into(),
        mobile: "89261112233".into(),
    }
}

pub fn account(user: &str) -> AccountDraft {
    AccountDraft {
        user: user.into(),
        password: Some(Secret::new("s3cret-of-the-pbx")),
        server: "vpbx1.MangoSip.example".into(),
        proxy: None,
        auth_name: Some("auth".into()),
        port: Some(5070),
        transport: Transport::Tcp,
        interval_s: 300,
    }
}

pub async fn operator(store: &Store, name: &str) -> UserId {
    let user = NewUser {
        company: None,
        login: format!("{}@desk.example", Uuid::now_v7().simple()),
        name: name.into(),
        roles: vec![Role::Operator],
        password: Secret::new("long enough a password"),
        must_change_password: false,
        language: Language::Ru,
    };
    store.users().create(&user).await.expect("operator").id
}
