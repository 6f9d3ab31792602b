//! The demo's company «Ромашка», stored as if somebody had filled the pages in.

use std::net::SocketAddr;

use api::DemoRole;
use model::company::{Company, Notify};
use model::hours::{Interval, WorkingHours};
use model::id::{CompanyId, DepartmentId};
use model::language::Language;
use model::line::{Recipient, Scenario, Script};
use model::pbx::{Transport, Trust};
use model::secret::Secret;
use model::user::{Role, User};
use sim::customer;
use store::{AccountDraft, DepartmentDraft, EmployeeDraft, NewUser, Store, StoreError};

/// Password of everybody in the demo, which listens on this machine only.
pub const PASSWORD: &str = "romashka-2026";

/// Password of the line's extension at the PBX inside.
pub const PBX_PASSWORD: &str = "line-password";

/// The operator's login.
pub const OPERATOR: &str = "operator@demo.example";

/// The supervisor's login.
pub const SUPERVISOR: &str = "supervisor@demo.example";

/// The company administrator's login.
pub const ADMIN: &str = "admin@romashka.example";

/// The platform administrator's login.
pub const PLATFORM: &str = "platform@demo.example";

/// The employee whom the page offers to sign in as.
const EMPLOYEE: &customer::Employee = &customer::EMPLOYEES[1];

/// Who can sign in: in words, with which login, as whom.
pub const SIGN_INS: [(&str, &str, DemoRole); 5] = [
    ("Администратор компании «Ромашка»", ADMIN, DemoRole::Admin),
    ("Оператор Мария", OPERATOR, DemoRole::Operator),
    ("Супервизор Светлана", SUPERVISOR, DemoRole::Supervisor),
    (
        "Менеджер Дмитрий Козлов",
        EMPLOYEE.email,
        DemoRole::Employee,
    ),
    ("Администратор платформы", PLATFORM, DemoRole::Platform),
];

/// The link that signs in with one click, from the root of the pages.
pub fn enter(role: DemoRole) -> String {
    let word = match role {
        DemoRole::Admin => "admin",
        DemoRole::Operator => "operator",
        DemoRole::Supervisor => "supervisor",
        DemoRole::Employee => "employee",
        DemoRole::Platform => "platform",
    };
    format!("/api/demo/enter?as={word}")
}

const INTERVAL_S: u32 = 120;

/// Stores the company unless an earlier demo in the same folder did, and
/// points its line at the PBX, whose port is another each time.
pub async fn seed(store: &Store, pbx: SocketAddr, login: &Login) -> Result<CompanyId, StoreError> {
    staff(store).await?;
    let company = match store.users().by_login(ADMIN).await {
        Ok(User {
            company: Some(company),
            ..
        }) => company,
        Ok(_) | Err(StoreError::NotFound) => create(store).await?,
        Err(error) => return Err(error),
    };
    for line in store.lines().list(company).await? {
        store
            .lines()
            .put_account(company, line.id, &account(pbx, login))
            .await?;
        store.lines().set_connected(company, line.id, true).await?;
    }
    Ok(company)
}

/// How the line logs in at the PBX.
pub struct Login {
    /// The name to log in with, where it is not the extension.
    pub auth_name: Option<String>,
    /// What the PBX speaks.
    pub transport: Transport,
}

fn account(pbx: SocketAddr, login: &Login) -> AccountDraft {
    AccountDraft {
        user: customer::LINE_USER.to_owned(),
        password: Some(Secret::new(PBX_PASSWORD)),
        server: pbx.ip().to_string(),
        proxy: None,
        auth_name: login.auth_name.clone(),
        port: Some(pbx.port()),
        transport: login.transport,
        interval_s: INTERVAL_S,
        codecs: model::audio::Codec::ALL.to_vec(),
        trust: Trust::Public,
    }
}

async fn create(store: &Store) -> Result<CompanyId, StoreError> {
    let id = CompanyId(uuid::Uuid::now_v7());
    store.companies().create(&company(id)).await?;
    let hours = store.companies().hours(id).await?;
    store
        .companies()
        .put_hours(id, &always(), hours.version)
        .await?;
    let departments = departments(store, id).await?;
    employees(store, id, &departments).await?;
    for employee in customer::EMPLOYEES {
        choose_password(store, employee.email).await?;
    }
    let line = store
        .lines()
        .create(id, customer::LINE, Scenario::MissedCalls)
        .await?;
    let sales = departments
        .iter()
        .find(|(name, _)| *name == customer::DEFAULT_DEPARTMENT);
    let script = Script {
        recipient: sales.map(|(_, department)| Recipient::Department {
            department: *department,
        }),
        ..Script::default()
    };
    store.lines().put_script(id, line.id, &script).await?;
    // The administrator last: who is there stands for a company that is whole.
    let admin = user(ADMIN, "Анна Белова", vec![Role::CompanyAdmin], Some(id));
    store.users().create(&admin).await?;
    Ok(id)
}

fn user(login: &str, name: &str, roles: Vec<Role>, company: Option<CompanyId>) -> NewUser {
    NewUser {
        company,
        login: login.to_owned(),
        name: name.to_owned(),
        roles,
        password: Secret::new(PASSWORD),
        must_change_password: false,
        language: Language::Ru,
    }
}

/// Those who work for all companies; an older demo's folder may lack some of them.
async fn staff(store: &Store) -> Result<(), StoreError> {
    for (login, name, roles) in [
        (OPERATOR, "Мария", vec![Role::Operator]),
        (
            SUPERVISOR,
            "Светлана",
            vec![Role::Operator, Role::Supervisor],
        ),
        (PLATFORM, "Пётр Орлов", vec![Role::PlatformAdmin]),
    ] {
        match store.users().by_login(login).await {
            Err(StoreError::NotFound) => {
                store
                    .users()
                    .create(&user(login, name, roles, None))
                    .await?;
            }
            known => {
                known?;
            }
        }
    }
    Ok(())
}

/// What the link in an employee's letter is for.
async fn choose_password(store: &Store, login: &str) -> Result<(), StoreError> {
    let user = store.users().by_login(login).await?;
    let password = Secret::new(PASSWORD);
    let users = store.users();
    users.set_password(user.id, &password, false, None).await
}

fn company(id: CompanyId) -> Company {
    Company {
        id,
        name: customer::NAME.to_owned(),
        legal_name: customer::LEGAL_NAME.to_owned(),
        about: customer::ABOUT.to_owned(),
        address: customer::ADDRESS.to_owned(),
        site: customer::SITE.to_owned(),
        phone: customer::PHONE.to_owned(),
        email: customer::EMAIL.to_owned(),
        not_to_say: customer::NOT_TO_SAY.to_owned(),
        texts: Vec::new(),
        language: Language::Ru,
        retention_days: 180,
    }
}

/// Round the clock: whoever tries the demo at night is served, too.
fn always() -> WorkingHours {
    let midnight = jiff::civil::Time::midnight();
    let day = vec![Interval {
        from: midnight,
        to: midnight,
    }];
    WorkingHours {
        zone: customer::ZONE.to_owned(),
        week: std::array::from_fn(|_| day.clone()),
        exceptions: Vec::new(),
    }
}

async fn departments(
    store: &Store,
    company: CompanyId,
) -> Result<Vec<(&'static str, DepartmentId)>, StoreError> {
    let version = store.departments().list(company).await?.version;
    let rows = customer::DEPARTMENTS.map(|d| DepartmentDraft {
        id: None,
        name: d.name.to_owned(),
        extension: d.extension.to_owned(),
        notify: Notify::Everyone,
    });
    let stored = store
        .departments()
        .replace_all(company, &rows, version)
        .await?
        .value;
    let named = customer::DEPARTMENTS.iter().zip(stored);
    Ok(named.map(|(d, stored)| (d.name, stored.id)).collect())
}

async fn employees(
    store: &Store,
    company: CompanyId,
    departments: &[(&str, DepartmentId)],
) -> Result<(), StoreError> {
    let version = store.employees().list(company).await?.version;
    let rows = customer::EMPLOYEES.map(|e| EmployeeDraft {
        id: None,
        email: e.email.to_owned(),
        name: e.name.to_owned(),
        department: departments
            .iter()
            .find(|(name, _)| *name == e.department)
            .map(|(_, id)| *id),
        position: e.position.to_owned(),
        extension: e.extension.to_owned(),
        mobile: e.mobile.to_owned(),
    });
    store
        .employees()
        .replace_all(company, &rows, version)
        .await?;
    Ok(())
}
