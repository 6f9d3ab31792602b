//! A company, its departments and its employees.

use serde::{Deserialize, Serialize};

use crate::id::{CompanyId, DepartmentId, EmployeeId};
use crate::language::Language;

/// A company as the tab «Компания» describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Company {
    /// Id.
    pub id: CompanyId,
    /// Name as operators say it.
    pub name: String,
    /// Legal name.
    pub legal_name: String,
    /// What the company does.
    pub about: String,
    /// Address and how to find it.
    pub address: String,
    /// Site.
    pub site: String,
    /// Telephone.
    pub phone: String,
    /// E-mail.
    pub email: String,
    /// What operators must not say.
    pub not_to_say: String,
    /// «Готовые тексты» for messages.
    pub texts: Vec<String>,
    /// Language of its callers.
    pub language: Language,
    /// How long recordings are kept, in days.
    pub retention_days: u32,
}

/// Who gets the messages that are for a department.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "to", rename_all = "snake_case", deny_unknown_fields)]
pub enum Notify {
    /// Every employee of the department.
    Everyone,
    /// One chosen employee.
    Employee {
        /// Which one.
        employee: EmployeeId,
    },
    /// Whoever is on duty by the department's rota («График дежурств»);
    /// every employee while nobody is.
    OnDuty,
}

/// A department: a row of the tab «Отделы».
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Department {
    /// Id.
    pub id: DepartmentId,
    /// «Отдел».
    pub name: String,
    /// «Добавочный».
    pub extension: String,
    /// «Посылать уведомления».
    pub notify: Notify,
}

/// An employee: a row of the tab «Сотрудники».
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Employee {
    /// Id.
    pub id: EmployeeId,
    /// «Email логин», in lower case; can't be changed once saved.
    pub email: String,
    /// «ФИО».
    pub name: String,
    /// «Отдел».
    pub department: Option<DepartmentId>,
    /// «Должность».
    pub position: String,
    /// «Добавочный».
    pub extension: String,
    /// «Мобильный номер», in the form that the company's PBX dials.
    pub mobile: String,
}
