//! Sentences about a line's connection, each naming the field to mend.

use model::journal::JournalEntry;
use model::language::Language;
use model::pbx::{CertificateFlaw, Connection, Fault};

/// «Соединение установлено», or why not.
pub fn outcome(connection: &Connection, language: Language) -> String {
    match (connection, language) {
        (Connection::Registered { .. }, Language::Ru) => "Соединение установлено".into(),
        (Connection::Registered { .. }, Language::En) => "The connection is established".into(),
        (Connection::Failed { fault: reason }, language) => fault(reason, language),
        (Connection::Connecting, Language::Ru) => {
            "АТС пока не ответила. Попытки продолжаются, состояние линии обновится само.".into()
        }
        (Connection::Connecting, Language::En) => {
            "The PBX has not answered yet. Attempts go on, the line's state will follow.".into()
        }
        (Connection::NotConfigured, Language::Ru) => {
            "Заполните «Подключение к АТС (SIP)»: пользователь, пароль и SIP сервер.".into()
        }
        (Connection::NotConfigured, Language::En) => {
            "Fill in “Connection to the PBX (SIP)”: user, password and SIP server.".into()
        }
    }
}

/// Why a line is not registered, and what to mend.
pub fn fault(fault: &Fault, language: Language) -> String {
    match language {
        Language::Ru => russian(fault),
        Language::En => english(fault),
    }
}

fn russian(fault: &Fault) -> String {
    match fault {
        Fault::NameNotResolved => {
            "Имя сервера не найдено. Проверьте поле «SIP сервер» (и «SIP proxy», если он указан).".into()
        }
        Fault::AddressNotAllowed => {
            "Адрес сервера лежит в сети, подключение к которой запрещено настройками. Проверьте поле «SIP сервер».".into()
        }
        Fault::NoAnswer => {
            "Сервер не отвечает. Проверьте поле «SIP сервер», порт и транспорт.".into()
        }
        Fault::ConnectionRefused => {
            "Сервер не принимает соединение. Проверьте транспорт и порт.".into()
        }
        Fault::UserRefused { code } => {
            format!("АТС не знает такого пользователя или не пускает его (ответ {code}). Проверьте поле «Пользователь».")
        }
        Fault::WrongPassword => {
            "АТС не приняла пароль. Проверьте поле «Пароль», а если АТС его требует, и имя для авторизации.".into()
        }
        Fault::Certificate { flaw, .. } => russian_certificate(*flaw).into(),
        Fault::RegistrationLimit => {
            "АТС не принимает больше регистраций этого пользователя. Отключите другой аппарат с этим пользователем или увеличьте их число на АТС.".into()
        }
        Fault::UnknownChallenge => {
            "АТС требует вход способом, который не поддерживается. Включите на АТС вход по паролю (Digest: MD5 или SHA-256).".into()
        }
        Fault::Refused { code } => {
            format!("АТС отказала в регистрации (ответ {code}). Проверьте настройки пользователя на АТС.")
        }
        Fault::TakenByAnotherLine => {
            "Этот пользователь АТС уже указан в другой линии. Укажите в поле «Пользователь» другого.".into()
        }
    }
}

/// What is wrong with a certificate, and where it is mended.
fn russian_certificate(flaw: CertificateFlaw) -> &'static str {
    match flaw {
        CertificateFlaw::Expired => {
            "Срок сертификата сервера истёк. Обновите сертификат на АТС или укажите в поле «Проверка сертификата» его отпечаток."
        }
        CertificateFlaw::NotYetValid => {
            "Срок сертификата сервера ещё не начался. Проверьте часы на АТС и на этом сервере или укажите в поле «Проверка сертификата» его отпечаток."
        }
        CertificateFlaw::Name => {
            "Сертификат сервера выдан на другое имя. Укажите в поле «SIP сервер» имя из сертификата, а если его там нет, в поле «Проверка сертификата» – отпечаток."
        }
        CertificateFlaw::Issuer => {
            "Сертификат сервера выдан центром, которому линия не доверяет. Укажите в поле «Проверка сертификата» свой центр или отпечаток сертификата."
        }
        CertificateFlaw::Pin => {
            "Сертификат сервера не тот, отпечаток которого указан. Если его сменили на АТС, укажите в поле «Проверка сертификата» новый отпечаток; если нет, между Вами и АТС стоит кто-то посторонний."
        }
        CertificateFlaw::Authority => {
            "Сертификат своего центра не читается. Вставьте в поле «Проверка сертификата» содержимое его файла PEM."
        }
        CertificateFlaw::Unusable => {
            "Сертификат сервера не годится для соединения. Исправьте его на АТС или укажите в поле «Проверка сертификата» его отпечаток."
        }
    }
}

fn english_certificate(flaw: CertificateFlaw) -> &'static str {
    match flaw {
        CertificateFlaw::Expired => {
            "The server's certificate has expired. Renew it at the PBX, or give its fingerprint in “Certificate check”."
        }
        CertificateFlaw::NotYetValid => {
            "The server's certificate is not valid yet. Check the clocks of the PBX and of this server, or give its fingerprint in “Certificate check”."
        }
        CertificateFlaw::Name => {
            "The server's certificate is for another name. Give the certificate's name in “SIP server” or, where it has none, its fingerprint in “Certificate check”."
        }
        CertificateFlaw::Issuer => {
            "The line does not trust who issued the server's certificate. Give your own authority or the certificate's fingerprint in “Certificate check”."
        }
        CertificateFlaw::Pin => {
            "The server's certificate is not the one whose fingerprint is given. Where it was changed at the PBX, give the new fingerprint in “Certificate check”; where it was not, somebody else stands between you and the PBX."
        }
        CertificateFlaw::Authority => {
            "Your own authority's certificate can't be read. Paste its PEM file into “Certificate check”."
        }
        CertificateFlaw::Unusable => {
            "The server's certificate is of no use for a connection. Mend it at the PBX, or give its fingerprint in “Certificate check”."
        }
    }
}

fn english(fault: &Fault) -> String {
    match fault {
        Fault::NameNotResolved => {
            "The server's name was not found. Check “SIP server” (and “SIP proxy”, where given).".into()
        }
        Fault::AddressNotAllowed => {
            "The server's address lies in a network that the settings do not allow. Check “SIP server”.".into()
        }
        Fault::NoAnswer => {
            "The server does not answer. Check “SIP server”, the port and the transport.".into()
        }
        Fault::ConnectionRefused => {
            "The server does not take the connection. Check the transport and the port.".into()
        }
        Fault::UserRefused { code } => {
            format!("The PBX does not know this user or does not let it in (answer {code}). Check “User”.")
        }
        Fault::WrongPassword => {
            "The PBX did not accept the password. Check “Password” and, where the PBX needs one, the authentication name.".into()
        }
        Fault::Certificate { flaw, .. } => english_certificate(*flaw).into(),
        Fault::RegistrationLimit => {
            "The PBX takes no more registrations of this user. Disconnect another telephone of this user, or allow more at the PBX.".into()
        }
        Fault::UnknownChallenge => {
            "The PBX asks for a login in a way that is not supported. Turn on login by password there (Digest: MD5 or SHA-256).".into()
        }
        Fault::Refused { code } => {
            format!("The PBX refused the registration (answer {code}). Check the user's settings at the PBX.")
        }
        Fault::TakenByAnotherLine => {
            "Another line has this PBX user already. Give another one in “User”.".into()
        }
    }
}

/// The form's field to mend, as the request names it.
pub fn field(connection: &Connection) -> Option<&'static str> {
    match connection {
        Connection::Failed { fault } => fault.field(),
        _ => None,
    }
}

/// What happened with a line's registration.
pub fn journal(entry: &JournalEntry, language: Language) -> String {
    use JournalEntry::{Failed, Registered, ServerChanged, Unregistered};
    match (entry, language) {
        (Registered { granted_s, server }, Language::Ru) => {
            format!("Соединение установлено: {server}, на {granted_s} с")
        }
        (Registered { granted_s, server }, Language::En) => {
            format!("The connection is established: {server}, for {granted_s} s")
        }
        (Failed { fault: why }, language) => match (why, language) {
            (
                Fault::Certificate {
                    seen: Some(seen), ..
                },
                Language::Ru,
            ) => {
                format!("{} Отпечаток SHA-256: {seen}", fault(why, language))
            }
            (
                Fault::Certificate {
                    seen: Some(seen), ..
                },
                Language::En,
            ) => {
                format!("{} SHA-256 fingerprint: {seen}", fault(why, language))
            }
            _ => fault(why, language),
        },
        (ServerChanged { server }, Language::Ru) => {
            format!("Линия перешла на другой сервер АТС: {server}")
        }
        (ServerChanged { server }, Language::En) => {
            format!("The line moved to another server of the PBX: {server}")
        }
        (Unregistered, Language::Ru) => "Регистрация снята".into(),
        (Unregistered, Language::En) => "The registration was taken back".into(),
    }
}

#[cfg(test)]
mod tests {
    use model::journal::JournalEntry;
    use model::language::Language;
    use model::pbx::{CertificateFlaw, Fault, Fingerprint};

    use super::{fault, journal};

    #[test]
    fn an_entry_is_told_in_words() {
        let entry = JournalEntry::Failed {
            fault: Fault::WrongPassword,
        };
        assert!(journal(&entry, Language::Ru).contains("«Пароль»"));
    }

    #[test]
    fn the_journal_tells_which_certificate_was_shown() {
        let seen = Fingerprint([0xab; 32]);
        let entry = JournalEntry::Failed {
            fault: Fault::Certificate {
                flaw: CertificateFlaw::Pin,
                seen: Some(seen),
            },
        };
        for language in [Language::Ru, Language::En] {
            assert!(journal(&entry, language).ends_with(&seen.to_string()));
        }
    }

    #[test]
    fn a_fault_with_a_field_names_it() {
        for (why, word) in [
            (Fault::NameNotResolved, "«SIP сервер»"),
            (Fault::NoAnswer, "«SIP сервер»"),
            (Fault::UserRefused { code: 403 }, "«Пользователь»"),
            (Fault::TakenByAnotherLine, "«Пользователь»"),
            (Fault::WrongPassword, "«Пароль»"),
            (Fault::ConnectionRefused, "транспорт"),
            (
                Fault::Certificate {
                    flaw: CertificateFlaw::Unusable,
                    seen: None,
                },
                "«Проверка сертификата»",
            ),
        ] {
            assert!(fault(&why, Language::Ru).contains(word), "{why:?}");
        }
    }

    #[test]
    fn each_flaw_of_a_certificate_has_a_sentence_of_its_own() {
        use CertificateFlaw as F;
        let all = [
            F::Expired,
            F::NotYetValid,
            F::Name,
            F::Issuer,
            F::Pin,
            F::Authority,
            F::Unusable,
        ];
        for language in [Language::Ru, Language::En] {
            let words = all.map(|flaw| fault(&Fault::Certificate { flaw, seen: None }, language));
            let different: std::collections::HashSet<_> = words.iter().collect();
            assert_eq!(different.len(), all.len());
        }
    }
}
