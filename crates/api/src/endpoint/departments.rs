//! «Отделы».

pub mod export;
pub mod import;
pub mod read;
pub mod write;

use model::company::{Department, Notify};
use model::language::Language;
use serde::Serialize;
use store::Versioned;
use utoipa::ToSchema;

const NAME_MAX: usize = 100;
const EXTENSION_MAX: usize = 20;

/// The tab «Отделы».
#[derive(Debug, Serialize, ToSchema)]
pub struct DepartmentList {
    /// The departments, in the order in which they were saved.
    items: Vec<Department>,
    /// Version to name when saving.
    version: u64,
}

impl DepartmentList {
    fn of(list: Versioned<Vec<Department>>) -> Self {
        Self {
            items: list.value,
            version: list.version,
        }
    }
}

/// A column of the table as a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Name,
    Extension,
    Notify,
}

impl Column {
    /// In the order of the page.
    const ALL: [Self; 3] = [Self::Name, Self::Extension, Self::Notify];

    /// As the page calls it.
    fn title(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Name, Language::Ru) => "Отдел",
            (Self::Name, Language::En) => "Department",
            (Self::Extension, Language::Ru) => "Добавочный",
            (Self::Extension, Language::En) => "Extension",
            (Self::Notify, Language::Ru) => "Посылать уведомления",
            (Self::Notify, Language::En) => "Send notifications",
        }
    }

    /// Names that files give it.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Name => &["Отдел", "Department", "Название", "Name", "Подразделение"],
            Self::Extension => &[
                "Добавочный",
                "Extension",
                "Добавочный номер",
                "Внутренний номер",
                "Внутренний",
                "Ext",
            ],
            Self::Notify => &[
                "Посылать уведомления",
                "Send notifications",
                "Уведомления",
                "Notifications",
                "Notify",
            ],
        }
    }
}

/// What the column «Посылать уведомления» says for whoever is on duty.
fn on_duty(language: Language) -> &'static str {
    match language {
        Language::Ru => "Дежурному",
        Language::En => "To whoever is on duty",
    }
}

/// What it says where no employee is chosen.
fn rule(notify: Notify, language: Language) -> &'static str {
    match notify {
        Notify::OnDuty => on_duty(language),
        Notify::Everyone | Notify::Employee { .. } => everyone(language),
    }
}

/// What the column «Посылать уведомления» says for the whole department.
fn everyone(language: Language) -> &'static str {
    match language {
        Language::Ru => "Всему отделу",
        Language::En => "To the whole department",
    }
}
