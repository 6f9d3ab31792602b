//! Companies with people, lines and calls, for stories to begin with.

use jiff::Timestamp;
use model::audio::Codec;
use model::call::{Call, Caller, Ending, RecordingState};
use model::company::{Company, Notify};
use model::id::{CallId, CompanyId, DepartmentId, EmployeeId, LineId, MessageId, UserId};
use model::language::Language;
use model::line::{Recipient, Scenario};
use model::message::Message;
use model::notice::{Event, Policy, Reach, Step, Target};
use model::pbx::{Fingerprint, Transport, Trust};
use model::secret::Secret;
use model::user::Role;
use store::{
    AccountDraft, Actor, DepartmentDraft, EmployeeDraft, MasterKey, MessageDetails, NewUser, Seen,
    Store, StoredMessage,
};
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
        texts: Vec::new(),
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
            outgoing: false,
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

    /// A call that the operator places now.
    pub fn placing(&self, number: &str, seconds: i64) -> Call {
        Call {
            outgoing: true,
            operator: Some(self.operator),
            ..self.arriving(number, seconds)
        }
    }

    /// A caller who gave up after nine seconds.
    pub async fn lost(&self, number: &str, seconds: i64) -> CallId {
        let call = self.call(number, seconds).await;
        let (calls, ending) = (self.store.calls(), Ending::CallerGaveUpRinging);
        let ended = calls.finish(self.company, call, ending, at(seconds + 9));
        ended.await.expect("ended");
        call
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
            answers: Vec::new(),
            urgent: false,
            author: Some(self.operator),
            created_at: at(seconds),
        }
    }
}

impl World {
    /// Stores a message for Anna, and gives its id.
    pub async fn told(&self, seconds: i64) -> MessageId {
        let call = self.call("+79261234567", seconds).await;
        let message = self.message(call, seconds);
        self.store_message(&message).await;
        message.id
    }

    pub async fn store_message(&self, message: &Message) -> StoredMessage {
        let created = self.store.messages().create(message, true).await;
        created.expect("created").stored
    }

    pub async fn details(&self, id: MessageId) -> MessageDetails {
        let messages = self.store.messages();
        let seen = Seen::Everything;
        let details = messages.details(self.company, &seen, id, self.operator);
        details.await.expect("stored")
    }

    /// What the timeline tells, without times and people.
    pub async fn events(&self, id: MessageId) -> Vec<Event> {
        let timeline = self.details(id).await.timeline;
        timeline.into_iter().map(|entry| entry.event).collect()
    }

    /// Anna, signed in; or Boris.
    pub async fn actor(&self, employee: EmployeeId) -> Actor {
        let people = self.store.employees().list(self.company).await;
        let people = people.expect("employees").value;
        let person = people.into_iter().find(|person| person.id == employee);
        let person = person.expect("one of the company");
        let user = self.store.users().by_login(&person.email).await;
        Actor {
            user: user.expect("invited").id,
            name: person.name,
            employee: Some(employee),
        }
    }

    /// What one of them sees.
    pub async fn seen(&self, email: &str) -> Seen {
        let seen = self.store.employees().seen_by(self.company, email).await;
        seen.expect("told")
    }

    pub async fn reach(&self, employee: EmployeeId, reach: &Reach) {
        let notice = self.store.notice();
        let written = notice
            .write_reach(self.company, employee, reach, at(0))
            .await;
        written.expect("written");
    }

    /// The company's policy.
    pub async fn policy(&self, steps: &[(u32, Target)]) {
        let steps = steps.iter().map(|(after_minutes, to)| Step {
            after_minutes: *after_minutes,
            to: *to,
        });
        let policy = Policy {
            only_urgent: false,
            steps: steps.collect(),
        };
        let notice = self.store.notice();
        let written = notice
            .write_policy(self.company, None, Some(&policy), 0)
            .await;
        written.expect("written");
    }

    /// Takes every step that is due, and gives how many there were.
    pub async fn steps(&self, seconds: i64) -> usize {
        let mut count = 0;
        let notice = self.store.notice();
        while let Some(taken) = notice
            .take_due_step(at(seconds), true)
            .await
            .expect("taken")
        {
            assert_eq!(taken.company, self.company);
            count += 1;
        }
        count
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
        codecs: vec![Codec::G722, Codec::Pcma],
        trust: Trust::Pinned {
            sha256: Fingerprint([7; 32]),
        },
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
