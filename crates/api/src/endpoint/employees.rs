//! «Сотрудники».

pub mod absence;
pub mod export;
pub mod import;
pub mod read;
pub mod write;

use model::company::Employee;
use model::id::CompanyId;
use model::language::Language;
use model::user::SignIn;
use serde::Serialize;
use store::Versioned;
use utoipa::ToSchema;

use crate::Api;
use crate::problem::Problem;
use crate::validate::Checks;

const NAME_MAX: usize = 100;
const EXTENSION_MAX: usize = 20;
const MOBILE_MAX: usize = 30;

/// The tab «Сотрудники».
#[derive(Debug, Serialize, ToSchema)]
pub struct EmployeeList {
    /// The employees, in the order in which they were saved.
    items: Vec<EmployeeRow>,
    /// Version to name when saving.
    version: u64,
}

/// A saved row of «Сотрудники».
#[derive(Debug, Serialize, ToSchema)]
pub struct EmployeeRow {
    /// The employee.
    #[serde(flatten)]
    employee: Employee,
    /// How the employee's sign-in stands.
    sign_in: SignIn,
}

impl EmployeeList {
    async fn of(
        api: &Api,
        company: CompanyId,
        list: Versioned<Vec<Employee>>,
    ) -> Result<Self, Problem> {
        let sign_ins = api.store.employees().sign_ins(company).await?;
        let items = list.value.into_iter().map(|employee| EmployeeRow {
            sign_in: sign_ins.get(&employee.id).copied().unwrap_or(SignIn::None),
            employee,
        });
        Ok(Self {
            items: items.collect(),
            version: list.version,
        })
    }
}

/// What is typed into a row, wherever it comes from.
#[derive(Clone, Debug, Default)]
struct Typed {
    email: String,
    name: String,
    position: String,
    extension: String,
    mobile: String,
}

impl Typed {
    /// Trimmed and checked; `at` leads the names of the fields.
    fn checked(&self, checks: &mut Checks, at: &str) -> Self {
        let field = |name: &str| format!("{at}{name}");
        Self {
            email: checks.email(&field("email"), &self.email),
            name: checks.required(&field("name"), &self.name, NAME_MAX),
            position: checks.line(&field("position"), &self.position, NAME_MAX),
            extension: checks.dialled(&field("extension"), &self.extension, EXTENSION_MAX),
            mobile: checks.dialled(&field("mobile"), &self.mobile, MOBILE_MAX),
        }
    }
}

/// A column of the table as a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Email,
    Name,
    Department,
    Position,
    Extension,
    Mobile,
}

impl Column {
    /// In the order of the page.
    const ALL: [Self; 6] = [
        Self::Email,
        Self::Name,
        Self::Department,
        Self::Position,
        Self::Extension,
        Self::Mobile,
    ];

    /// As the page calls it.
    fn title(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Email, Language::Ru) => "Email логин",
            (Self::Email, Language::En) => "Email login",
            (Self::Name, Language::Ru) => "ФИО",
            (Self::Name, Language::En) => "Full name",
            (Self::Department, Language::Ru) => "Отдел",
            (Self::Department, Language::En) => "Department",
            (Self::Position, Language::Ru) => "Должность",
            (Self::Position, Language::En) => "Position",
            (Self::Extension, Language::Ru) => "Добавочный",
            (Self::Extension, Language::En) => "Extension",
            (Self::Mobile, Language::Ru) => "Мобильный номер",
            (Self::Mobile, Language::En) => "Mobile number",
        }
    }

    /// Names that files give it.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Email => &[
                "Email логин",
                "Email login",
                "Email",
                "Логин",
                "Login",
                "Почта",
                "Электронная почта",
                "Адрес электронной почты",
                "Mail",
                "E-mail address",
            ],
            Self::Name => &[
                "ФИО",
                "Full name",
                "Name",
                "Имя",
                "Сотрудник",
                "Employee",
                "Фамилия Имя Отчество",
                "Фамилия и имя",
                "Фамилия Имя",
            ],
            Self::Department => &["Отдел", "Department", "Подразделение"],
            Self::Position => &["Должность", "Position", "Job title", "Title"],
            Self::Extension => &[
                "Добавочный",
                "Extension",
                "Добавочный номер",
                "Внутренний номер",
                "Внутренний",
                "Ext",
            ],
            Self::Mobile => &[
                "Мобильный номер",
                "Mobile number",
                "Мобильный",
                "Mobile",
                "Мобильный телефон",
                "Mobile phone",
                "Сотовый",
                "Телефон",
                "Phone",
            ],
        }
    }
}
