//! The demo's company «Ромашка», and those who call it.

use crate::audio::{AudioError, Sound};

/// A department.
#[derive(Clone, Copy, Debug)]
pub struct Department {
    /// «Отдел».
    pub name: &'static str,
    /// «Добавочный».
    pub extension: &'static str,
}

/// An employee.
#[derive(Clone, Copy, Debug)]
pub struct Employee {
    /// «Email логин».
    pub email: &'static str,
    /// «ФИО».
    pub name: &'static str,
    /// «Отдел»: name of one of [`DEPARTMENTS`].
    pub department: &'static str,
    /// «Должность».
    pub position: &'static str,
    /// «Добавочный».
    pub extension: &'static str,
    /// «Мобильный номер», as the company's PBX dials it.
    pub mobile: &'static str,
}

/// Somebody who calls the company.
#[derive(Clone, Copy, Debug)]
pub struct Caller {
    /// Short name: what the demo's button and `--caller` say.
    pub id: &'static str,
    /// Name, as the caller says it.
    pub name: &'static str,
    /// Number, as the PBX tells it.
    pub number: &'static str,
    /// The employee's extension that was dialled.
    pub dialled: &'static str,
    wav: &'static [u8],
}

impl Caller {
    /// What the caller says.
    pub fn voice(&self) -> Result<Sound, AudioError> {
        Sound::wav(self.wav)
    }
}

/// Name as operators say it.
pub const NAME: &str = "Ромашка";
/// Legal name.
pub const LEGAL_NAME: &str = "ООО «Ромашка»";
/// What the company does.
pub const ABOUT: &str = "Продажа и обслуживание кофейного оборудования: кофемашины, кофемолки, фильтры для воды. \
     Доставка по Москве и области, ремонт в своей мастерской.";
/// Address and how to find it.
pub const ADDRESS: &str = "Москва, ул. Садовая, д. 12, вход со двора, 2-й этаж. Парковка для гостей: у шлагбаума \
     назвать компанию.";
/// Site.
pub const SITE: &str = "https://romashka.example";
/// Telephone.
pub const PHONE: &str = "+74951234567";
/// E-mail.
pub const EMAIL: &str = "info@romashka.example";
/// What operators must not say.
pub const NOT_TO_SAY: &str =
    "Не называть цены и сроки ремонта: их говорит сервис. Не давать мобильные номера сотрудников.";
/// IANA time zone of the working hours.
pub const ZONE: &str = "Europe/Moscow";

/// Name of the line.
pub const LINE: &str = "Защита от пропущенных";
/// PBX user that the line registers as.
pub const LINE_USER: &str = "200";
/// Name of the department that messages go to by default.
pub const DEFAULT_DEPARTMENT: &str = "Отдел продаж";

/// «Отделы».
pub const DEPARTMENTS: [Department; 3] = [
    Department {
        name: "Отдел продаж",
        extension: "110",
    },
    Department {
        name: "Бухгалтерия",
        extension: "120",
    },
    Department {
        name: "Сервис",
        extension: "130",
    },
];

/// «Сотрудники».
pub const EMPLOYEES: [Employee; 5] = [
    Employee {
        email: "anna.belova@romashka.example",
        name: "Белова Анна Викторовна",
        department: "Отдел продаж",
        position: "Руководитель отдела продаж",
        extension: "101",
        mobile: "89161112233",
    },
    Employee {
        email: "dmitry.kozlov@romashka.example",
        name: "Козлов Дмитрий Сергеевич",
        department: "Отдел продаж",
        position: "Менеджер",
        extension: "102",
        mobile: "89162223344",
    },
    Employee {
        email: "elena.sokolova@romashka.example",
        name: "Соколова Елена Павловна",
        department: "Бухгалтерия",
        position: "Главный бухгалтер",
        extension: "103",
        mobile: "89163334455",
    },
    Employee {
        email: "pavel.morozov@romashka.example",
        name: "Морозов Павел Андреевич",
        department: "Сервис",
        position: "Мастер",
        extension: "104",
        mobile: "89164445566",
    },
    Employee {
        email: "maria.volkova@romashka.example",
        name: "Волкова Мария Олеговна",
        department: "Сервис",
        position: "Диспетчер",
        extension: "105",
        mobile: "",
    },
];

/// Those who call.
pub const CALLERS: [Caller; 3] = [
    Caller {
        id: "ivan-petrov",
        name: "Иван Петров",
        number: "+79261234567",
        dialled: "101",
        wav: include_bytes!("../assets/callers/ivan-petrov.wav"),
    },
    Caller {
        id: "olga-smirnova",
        name: "Ольга Смирнова",
        number: "89037654321",
        dialled: "103",
        wav: include_bytes!("../assets/callers/olga-smirnova.wav"),
    },
    Caller {
        id: "sergey-orlov",
        name: "Сергей Орлов",
        number: "74952223344",
        dialled: "104",
        wav: include_bytes!("../assets/callers/sergey-orlov.wav"),
    },
];

/// The caller of a short name.
pub fn caller(id: &str) -> Option<&'static Caller> {
    CALLERS.iter().find(|caller| caller.id == id)
}

/// What an operator answers.
pub fn operator_voice() -> Result<Sound, AudioError> {
    Sound::wav(include_bytes!("../assets/callers/operator-reply.wav"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn every_employee_has_a_department_and_every_caller_somebody_to_call() {
        for employee in EMPLOYEES {
            assert!(DEPARTMENTS.iter().any(|d| d.name == employee.department));
        }
        for caller in CALLERS {
            assert!(EMPLOYEES.iter().any(|e| e.extension == caller.dialled));
        }
        assert!(DEPARTMENTS.iter().any(|d| d.name == DEFAULT_DEPARTMENT));
    }

    #[test]
    fn everybody_has_a_voice() {
        for caller in CALLERS {
            let voice = caller.voice().expect("a voice");
            assert!(voice.duration() > Duration::from_secs(5), "{}", caller.id);
        }
        assert!(operator_voice().expect("a voice").duration() > Duration::from_secs(5));
    }
}
