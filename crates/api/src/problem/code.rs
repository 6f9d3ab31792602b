//! Every code of a problem with its status and its sentences.

use axum::http::StatusCode;
use model::language::Language;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident $code:literal $status:ident $ru:literal $en:literal)*) => {
        /// What went wrong, as a program tells it apart.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        impl Code {
            /// The word in the answer's field `code`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The status that goes with it.
            pub fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)* }
            }

            /// The sentence for people.
            pub fn sentence(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$name, Language::Ru) => $ru, (Self::$name, Language::En) => $en,)*
                }
            }
        }
    };
}

codes! {
    /// Nobody is signed in.
    SignedOut "signed_out" UNAUTHORIZED
        "Войдите, чтобы продолжить." "Sign in to go on."
    /// Login and password do not go together.
    WrongLogin "wrong_login" UNAUTHORIZED
        "Неверный логин или пароль." "Wrong login or password."
    /// Too many sign-ins failed.
    TooManyTries "too_many_tries" TOO_MANY_REQUESTS
        "Слишком много попыток входа. Подождите немного и попробуйте снова."
        "Too many attempts to sign in. Wait a little and try again."
    /// Too many letters were asked for.
    TooManyResets "too_many_resets" TOO_MANY_REQUESTS
        "Письмо уже запрашивали несколько раз. Проверьте почту и папку «Спам» или попробуйте позже."
        "The letter was asked for several times already. Look into your mail and its spam folder, or try again later."
    /// The link to choose a password is not good any more.
    ResetExpired "reset_expired" NOT_FOUND
        "Ссылка устарела или уже использована. Запросите новую: «Забыли пароль?»."
        "The link has run out or was used already. Ask for a new one: “Forgot your password?”."
    /// No key, one that is not known, or one that was revoked.
    WrongKey "wrong_key" UNAUTHORIZED
        "Нужен действующий ключ API: такого нет, или он отозван." "A key of the API that is valid is needed: this one is unknown or revoked."
    /// Keys do not open this.
    KeyNotAllowed "key_not_allowed" FORBIDDEN
        "Этот адрес ключом API не открывается." "This address is not opened by keys of the API."
    /// The key has not the scope that opens this.
    MissingScope "missing_scope" FORBIDDEN
        "У ключа API нет права, которое открывает этот адрес." "The key of the API has not the scope that opens this address."
    /// A key is used too often.
    TooManyRequests "too_many_requests" TOO_MANY_REQUESTS
        "Слишком много запросов с этим ключом. Повторите позже: через сколько секунд, сказано в Retry-After."
        "Too many requests with this key. Try again later: Retry-After tells in how many seconds."
    /// The company has as many keys as it may have.
    TooManyKeys "too_many_keys" CONFLICT
        "Ключей уже столько, сколько может быть у компании. Отзовите ненужный."
        "The company has as many keys as it may have. Revoke one that is not needed."
    /// The header `Idempotency-Key` can't be taken.
    BadIdempotencyKey "bad_idempotency_key" BAD_REQUEST
        "Idempotency-Key — от 1 до 255 печатных символов ASCII." "Idempotency-Key is 1 to 255 printable ASCII characters."
    /// The name was used for another request.
    IdempotencyKeyReused "idempotency_key_reused" UNPROCESSABLE_ENTITY
        "С этим Idempotency-Key уже был другой запрос." "This Idempotency-Key was used for another request."
    /// The same request is being carried out.
    StillRunning "still_running" CONFLICT
        "Такой же запрос ещё выполняется. Повторите через секунду." "The same request is still being carried out. Try again in a second."
    /// The password that somebody else set has to be changed first.
    PasswordChangeRequired "password_change_required" FORBIDDEN
        "Сначала задайте новый пароль." "Set a new password first."
    /// The present password is another one.
    WrongPassword "wrong_password" UNPROCESSABLE_ENTITY
        "Текущий пароль указан неверно." "The present password is wrong."
    /// The role does not allow it.
    Forbidden "forbidden" FORBIDDEN
        "У Вас нет прав на это действие." "You are not allowed to do this."
    /// The request comes from another site's page.
    ForeignOrigin "foreign_origin" FORBIDDEN
        "Запрос пришёл с чужой страницы и отклонён." "The request came from another site's page and was refused."
    /// The header `X-CSRF-Token` is missing or wrong.
    WrongCsrf "wrong_csrf" FORBIDDEN
        "Страница устарела. Обновите её и повторите действие." "The page is out of date. Reload it and try again."
    /// There is no such thing, or it is another company's.
    NotFound "not_found" NOT_FOUND
        "Не найдено." "Not found."
    /// The method does not exist there.
    MethodNotAllowed "method_not_allowed" METHOD_NOT_ALLOWED
        "Это действие здесь не поддерживается." "This method is not supported here."
    /// The body is not `application/json`.
    NotJson "not_json" UNSUPPORTED_MEDIA_TYPE
        "Данные нужно передавать как application/json." "The body has to be application/json."
    /// The body is broken JSON.
    BrokenJson "broken_json" BAD_REQUEST
        "Данные повреждены: это не JSON." "The body is broken: it is not JSON."
    /// The body is larger than allowed.
    TooLarge "too_large" PAYLOAD_TOO_LARGE
        "Слишком большой объём данных." "The body is too large."
    /// The body is neither CSV nor XLSX.
    NotTable "not_table" UNSUPPORTED_MEDIA_TYPE
        "Нужен файл CSV или XLSX." "A CSV or XLSX file is needed."
    /// The file can't be read.
    TableBroken "table_broken" UNPROCESSABLE_ENTITY
        "Файл не читается: он повреждён или это не таблица. Откройте его в Excel и сохраните заново как CSV или XLSX."
        "The file can't be read: it is broken or no table. Open it in Excel and save it again as CSV or XLSX."
    /// The file is larger than any that is needed.
    TableTooLarge "table_too_large" PAYLOAD_TOO_LARGE
        "Файл слишком большой: подойдёт таблица до 2 МБ и до 2000 строк."
        "The file is too large: a table may have 2 MB and 2000 rows."
    /// The file is a workbook of Excel 97.
    TableOldExcel "table_old_excel" UNPROCESSABLE_ENTITY
        "Это файл старого формата XLS. Откройте его в Excel и сохраните как XLSX или CSV."
        "This is a file of the old kind XLS. Open it in Excel and save it as XLSX or CSV."
    /// One or several fields can't be taken.
    Invalid "invalid" UNPROCESSABLE_ENTITY
        "Исправьте отмеченные поля." "Mend the marked fields."
    /// Another line has this PBX user.
    PbxUserTaken "pbx_user_taken" CONFLICT
        "Этот пользователь АТС уже указан в другой линии. Для каждой линии нужен свой пользователь."
        "This PBX user belongs to another line already. Each line needs a user of its own."
    /// A line without a recipient can't be connected.
    LineNotReady "line_not_ready" CONFLICT
        "Сначала выберите в пункте 3 сценария, кому передавать сообщения: без этого линию нельзя подключить к колл-центру."
        "Choose who gets the messages in point 3 of the scenario first: without it the line can't be connected to the call centre."
    /// Somebody else saved in the meantime.
    ChangedMeanwhile "changed_meanwhile" CONFLICT
        "Пока Вы редактировали, эти настройки изменил кто-то другой. Обновите страницу и внесите изменения снова."
        "Somebody else changed these settings meanwhile. Reload the page and make your changes again."
    /// The company knows as many callers as it may.
    TooManyCallers "too_many_callers" CONFLICT
        "Контактов уже столько, сколько может быть у компании. Удалите ненужные." "The company has as many contacts as it may have. Delete those that are not needed."
    /// The company has as many receivers of events as it may.
    TooManyWebhooks "too_many_webhooks" CONFLICT
        "Можно завести до десяти вебхуков. Удалите ненужный." "There may be ten webhooks. Delete one that is not needed."
    /// A single event is on its way to a receiver of the company.
    HookBusy "hook_busy" TOO_MANY_REQUESTS
        "Предыдущая отправка ещё не закончилась. Подождите несколько секунд."
        "The attempt before has not ended yet. Wait a few seconds."
    /// It is used elsewhere, so it can't be deleted.
    InUse "in_use" CONFLICT
        "Удалить нельзя: используется в другом месте." "It can't be deleted: it is used elsewhere."
    /// Somebody else has taken the message on.
    AlreadyAccepted "already_accepted" CONFLICT
        "Сообщение уже принял другой сотрудник." "Somebody else has accepted the message already."
    /// The message is closed.
    MessageClosed "message_closed" CONFLICT
        "Сообщение закрыто. Сначала откройте его снова." "The message is closed. Open it again first."
    /// The delivery did not fail.
    NotFailed "not_failed" CONFLICT
        "Это уведомление уже отправлено: повторять нечего." "This notice has got through: there is nothing to repeat."
    /// Another operator is at the call.
    TaskTaken "task_taken" CONFLICT
        "Этот звонок уже взял другой оператор, или он больше не нужен." "Another operator is at this call, or it is not needed any more."
    /// The id belongs to something else already.
    IdTaken "id_taken" CONFLICT
        "Этот идентификатор уже занят." "This id is taken already."
    /// No byte of the asked range exists.
    RangeNotSatisfiable "range_not_satisfiable" RANGE_NOT_SATISFIABLE
        "Запрошенной части записи нет." "The recording has no such part."
    /// The recording exists but is not packed yet.
    RecordingNotReady "recording_not_ready" CONFLICT
        "Запись ещё готовится." "The recording is still being made ready."
    /// The recording can't be read as sound.
    RecordingUnreadable "recording_unreadable" INTERNAL_SERVER_ERROR
        "Запись не удалось прочитать." "The recording can't be read."
    /// It needs a WebSocket.
    NotWebSocket "not_web_socket" BAD_REQUEST
        "Здесь нужно соединение WebSocket." "This address takes WebSocket connections only."
    /// The server is stopping, or the database is away.
    Unavailable "unavailable" SERVICE_UNAVAILABLE
        "Сервис временно недоступен. Попробуйте ещё раз через минуту."
        "The service is not available for the moment. Try again in a minute."
    /// The server's own fault.
    Internal "internal" INTERNAL_SERVER_ERROR
        "Произошла внутренняя ошибка. Мы уже знаем о ней." "An internal error happened. It has been logged."
}

impl Code {
    /// The code for an answer that the framework gave by itself.
    pub fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::NotJson,
            StatusCode::UPGRADE_REQUIRED => Self::NotWebSocket,
            StatusCode::SERVICE_UNAVAILABLE => Self::Unavailable,
            status if status.is_client_error() => Self::BrokenJson,
            _ => Self::Internal,
        }
    }
}
