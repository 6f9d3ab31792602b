//! What can be wrong with one field, in sentences.

use model::language::Language;

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// The field does not exist.
    Unknown,
    /// The field is missing.
    Missing,
    /// The value is of another kind.
    WrongKind,
    /// Nothing is filled in.
    Empty,
    /// Too many characters.
    TooLong {
        /// How many are allowed.
        max: usize,
    },
    /// Too few characters.
    TooShort {
        /// How many are needed.
        min: usize,
    },
    /// A number outside of its limits.
    OutOfRange {
        /// Smallest.
        min: u32,
        /// Largest.
        max: u32,
    },
    /// Too many rows.
    TooMany {
        /// How many are allowed.
        max: usize,
    },
    /// No e-mail address.
    NotEmail,
    /// Neither a host name nor an address.
    NotHost,
    /// No address of the web.
    NotWebAddress,
    /// An address of the web without TLS.
    NotProtected,
    /// No certificate as text (PEM).
    NotCertificate,
    /// A private key, which nobody else may have.
    PrivateKey,
    /// No SHA-256.
    NotFingerprint,
    /// Holds characters that it can't have.
    BadCharacters,
    /// Not a telephone number or extension.
    NotPhone,
    /// The time zone does not exist.
    UnknownZone,
    /// Two intervals of one day overlap.
    Overlap,
    /// The same date stands twice.
    DateTwice,
    /// The same value stands in another row.
    Twice,
    /// The chosen employee is not there.
    UnknownEmployee,
    /// The chosen recipient is not there.
    UnknownRecipient,
    /// A connected line needs a recipient.
    RecipientMissing,
    /// The chosen department is not there.
    UnknownDepartment,
    /// The login of a saved employee.
    EmailFixed,
    /// The address is another employee's login.
    EmailTaken,
    /// The company knows the caller's number already.
    NumberKnown,
    /// The variant does not exist.
    UnknownVariant,
    /// The question is not in the scenario any more.
    UnknownQuestion,
    /// Not a day of the calendar.
    NotADate,
    /// Not a number.
    NotANumber,
    /// The new password is the old one.
    SamePassword,
    /// It is not the present password.
    NotThePassword,
    /// There is no such caller in the demo.
    UnknownCaller,
    /// A result that operators do not choose.
    NotAResult,
    /// No feature code of a PBX.
    NotACode,
    /// Not what is dialled before a number to get out of a PBX.
    NotAPrefix,
    /// A period that ends before it begins, or is too long.
    BadPeriod {
        /// Its longest.
        days: u32,
    },
    /// The cursor of a list is not one that was given out.
    BadCursor,
    /// The file has a head and nothing below.
    NoRows,
    /// The file has no such column.
    NoColumn {
        /// Name of the column.
        name: String,
    },
    /// No department goes by the name.
    NoDepartment {
        /// The name.
        name: String,
    },
    /// No employee goes by the name or login, or several do.
    NoEmployee {
        /// The name or login.
        name: String,
    },
    /// Another row of the file has the same value.
    SameAsRow {
        /// Number of that row.
        row: u32,
    },
    /// A spreadsheet rounded a number, and digits are lost.
    Rounded,
    /// Where a row is used that was to be deleted.
    UsedBy {
        /// Name of the row.
        name: String,
        /// Where.
        places: Vec<Use>,
    },
    /// Somebody else has taken the message on.
    AcceptedBy {
        /// Who.
        by: String,
    },
}

/// Where an employee or a department is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Use {
    /// In a line or a department of this name.
    Named(String),
    /// In the rota of the department of this name.
    Rota(String),
    /// In the policy of the department of this name, or in the company's.
    Policy(Option<String>),
    /// As the deputy of the employee of this name.
    Deputy(String),
}

impl Use {
    fn words(&self, language: Language) -> String {
        match (self, language) {
            (Self::Named(name), _) => name.clone(),
            (Self::Rota(name), Language::Ru) => format!("график дежурств отдела «{name}»"),
            (Self::Rota(name), Language::En) => format!("rota of {name}"),
            (Self::Policy(None), Language::Ru) => "порядок оповещения".to_owned(),
            (Self::Policy(None), Language::En) => "order of notices".to_owned(),
            (Self::Policy(Some(name)), Language::Ru) => {
                format!("порядок оповещения отдела «{name}»")
            }
            (Self::Policy(Some(name)), Language::En) => format!("order of notices of {name}"),
            (Self::Deputy(name), Language::Ru) => format!("замещает сотрудника {name}"),
            (Self::Deputy(name), Language::En) => format!("stands in for {name}"),
        }
    }
}

/// All places in words.
fn places(places: &[Use], language: Language) -> String {
    let words = places.iter().map(|place| place.words(language));
    words.collect::<Vec<_>>().join(", ")
}

impl Flaw {
    /// The sentence that stands beside the field.
    pub fn sentence(&self, language: Language) -> String {
        match language {
            Language::Ru => self.russian(),
            Language::En => self.english(),
        }
    }

    fn russian(&self) -> String {
        let fixed = match self {
            Self::TooLong { max } => return format!("Не длиннее {max} символов."),
            Self::TooShort { min } => return format!("Не короче {min} символов."),
            Self::OutOfRange { min, max } => return format!("Укажите число от {min} до {max}."),
            Self::TooMany { max } => return format!("Не больше {max} строк."),
            Self::BadPeriod { days } => {
                return format!("Укажите период не длиннее {days} дней.");
            }
            Self::UsedBy { name, places: used } => {
                return format!(
                    "«{name}» удалить нельзя, используется: {}.",
                    places(used, Language::Ru)
                );
            }
            Self::AcceptedBy { by } => return format!("Сообщение уже в работе: {by}."),
            Self::NoColumn { name } => {
                return format!("В первой строке файла нет столбца «{name}».");
            }
            Self::NoDepartment { name } => {
                return format!("Отдела «{name}» нет. Сначала добавьте его на вкладке «Отделы».");
            }
            Self::NoEmployee { name } => {
                return format!("Сотрудник «{name}» не найден. Укажите его Email логин.");
            }
            Self::SameAsRow { row } => return format!("То же значение стоит в строке {row}."),
            Self::NoRows => "В файле нет строк с данными.",
            Self::Rounded => {
                "Excel округлил номер. Задайте столбцу формат «Текст» и впишите номер заново."
            }
            Self::Unknown => "Такого поля нет.",
            Self::Missing => "Поле не передано.",
            Self::WrongKind => "Значение не подходит для этого поля.",
            Self::Empty => "Заполните это поле.",
            Self::NotEmail => "Укажите адрес e-mail, например ivanov@example.ru.",
            Self::NotHost => "Укажите имя сервера или IP-адрес, например vpbx123.mangosip.ru.",
            Self::NotWebAddress => "Адрес вида https://example.ru/events.",
            Self::NotProtected => "Адрес должен начинаться с https://.",
            Self::NotCertificate => {
                "Вставьте сертификат целиком, от строки BEGIN CERTIFICATE до строки END CERTIFICATE."
            }
            Self::PrivateKey => {
                "Это закрытый ключ, его никому нельзя передавать. Нужен сертификат."
            }
            Self::NotFingerprint => {
                "Отпечаток SHA-256 состоит из 64 цифр и букв от A до F, между ними могут стоять двоеточия."
            }
            Self::BadCharacters => "Есть недопустимые символы.",
            Self::NotPhone => "Укажите номер: цифры, пробелы, скобки, «+», «-», «*», «#».",
            Self::UnknownZone => "Такого часового пояса нет.",
            Self::Overlap => "Интервалы одного дня пересекаются.",
            Self::DateTwice => "Эта дата уже указана.",
            Self::Twice => "Такое значение уже есть в другой строке.",
            Self::UnknownEmployee => "Такого сотрудника нет.",
            Self::UnknownRecipient => "Такого получателя нет.",
            Self::RecipientMissing => {
                "Выберите, кому передавать сообщения: без этого операторы не могут отвечать на звонки линии."
            }
            Self::UnknownDepartment => "Такого отдела нет.",
            Self::EmailFixed => "Email логин нельзя изменить после сохранения.",
            Self::NumberKnown => "Этот номер уже есть в контактах.",
            Self::EmailTaken => "Этот Email логин уже занят.",
            Self::UnknownVariant => "Такого варианта нет.",
            Self::UnknownQuestion => "Этого вопроса в сценарии больше нет.",
            Self::NotADate => "Укажите дату.",
            Self::NotANumber => "Укажите число, например 12,5.",
            Self::SamePassword => "Новый пароль совпадает с текущим.",
            Self::NotThePassword => "Текущий пароль указан неверно.",
            Self::UnknownCaller => "Такого звонящего нет.",
            Self::NotAResult => "Такой результат выбрать нельзя.",
            Self::NotACode => {
                "Код набирается цифрами, * и #, а номер обозначается так: {number}. Например, ##{number}."
            }
            Self::NotAPrefix => "Префикс набирается цифрами, * и #, не больше шести знаков.",
            Self::BadCursor => "Продолжить список с этого места нельзя.",
        };
        fixed.to_owned()
    }

    fn english(&self) -> String {
        let fixed = match self {
            Self::TooLong { max } => return format!("At most {max} characters."),
            Self::TooShort { min } => return format!("At least {min} characters."),
            Self::OutOfRange { min, max } => return format!("A number from {min} to {max}."),
            Self::TooMany { max } => return format!("At most {max} rows."),
            Self::BadPeriod { days } => {
                return format!("A period of at most {days} days.");
            }
            Self::UsedBy { name, places: used } => {
                return format!(
                    "“{name}” can't be deleted, it is used by: {}.",
                    places(used, Language::En)
                );
            }
            Self::AcceptedBy { by } => return format!("{by} has taken the message on."),
            Self::NoColumn { name } => {
                return format!("The first row of the file has no column “{name}”.");
            }
            Self::NoDepartment { name } => {
                return format!(
                    "There is no department “{name}”. Add it on the tab “Departments” first."
                );
            }
            Self::NoEmployee { name } => {
                return format!("The employee “{name}” was not found. Give the e-mail login.");
            }
            Self::SameAsRow { row } => return format!("Row {row} has the same value."),
            Self::NoRows => "The file has no rows with data.",
            Self::Rounded => {
                "Excel rounded the number. Format the column as text and enter the number anew."
            }
            Self::Unknown => "There is no such field.",
            Self::Missing => "The field is missing.",
            Self::WrongKind => "The value does not suit this field.",
            Self::Empty => "Fill this field in.",
            Self::NotEmail => "An e-mail address, such as ivanov@example.com.",
            Self::NotHost => "A server's name or IP address, such as pbx.example.com.",
            Self::NotWebAddress => "An address such as https://example.com/events.",
            Self::NotProtected => "The address has to begin with https://.",
            Self::NotCertificate => {
                "Paste the whole certificate, from the line BEGIN CERTIFICATE to the line END CERTIFICATE."
            }
            Self::PrivateKey => {
                "This is a private key, which nobody else may have. The certificate is needed."
            }
            Self::NotFingerprint => {
                "A SHA-256 fingerprint has 64 digits and letters from A to F; colons may stand between them."
            }
            Self::BadCharacters => "Some characters are not allowed here.",
            Self::NotPhone => "A number: digits, spaces, brackets, “+”, “-”, “*”, “#”.",
            Self::UnknownZone => "There is no such time zone.",
            Self::Overlap => "Intervals of one day overlap.",
            Self::DateTwice => "This date stands here already.",
            Self::Twice => "Another row has this value already.",
            Self::UnknownEmployee => "There is no such employee.",
            Self::UnknownRecipient => "There is no such recipient.",
            Self::RecipientMissing => {
                "Choose who gets the messages: a line that operators answer needs it."
            }
            Self::UnknownDepartment => "There is no such department.",
            Self::EmailFixed => "The e-mail login can't be changed once saved.",
            Self::NumberKnown => "This number is among the contacts already.",
            Self::EmailTaken => "This e-mail login is taken already.",
            Self::UnknownVariant => "There is no such variant.",
            Self::UnknownQuestion => "The scenario does not have this question any more.",
            Self::NotADate => "A date.",
            Self::NotANumber => "A number, such as 12.5.",
            Self::SamePassword => "The new password is the present one.",
            Self::NotThePassword => "The present password is wrong.",
            Self::UnknownCaller => "There is no such caller.",
            Self::NotAResult => "This result can't be chosen.",
            Self::NotACode => {
                "A code is made of digits, * and #, and {number} stands for the number: ##{number}, for example."
            }
            Self::NotAPrefix => "A prefix is made of digits, * and #, six of them at most.",
            Self::BadCursor => "The list can't go on from there.",
        };
        fixed.to_owned()
    }
}
