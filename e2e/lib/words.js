// What stands on the pages, in both languages: buttons, fields, states.

export const ru = {
  switchTo: 'ENG, переключить на русский',
  signIn: { email: 'Email', password: 'Пароль', enter: 'Войти', forgot: 'Забыли пароль?' },
  forgot: { title: 'Забыли пароль?', send: 'Прислать ссылку', sent: /отправлено письмо со ссылкой/ },
  reset: {
    title: 'Новый пароль', invited: 'Придумайте пароль', save: 'Сохранить и войти', expired: 'Ссылка больше не действует',
    again: 'Запросить новую ссылку',
  },
  profile: {
    menu: 'Меню учётной записи', title: 'Профиль', sessions: 'Сеансы', current: 'этот сеанс', end: /^Завершить сеанс/,
    endOthers: 'Завершить остальные', changed: /^Пароль изменён/, signOut: 'Выйти',
  },
  password: {
    title: 'Придумайте новый пароль', current: 'Текущий пароль', fresh: 'Новый пароль', again: 'Новый пароль ещё раз',
    save: 'Сохранить пароль',
  },
  nav: { home: 'Главная', lines: 'Линии и сценарии', linesShort: 'Линии', settings: 'Настройки' },
  platform: {
    companies: 'Компании', operators: 'Операторы', health: 'Состояние', addCompany: 'Добавить компанию',
    name: 'Название компании', adminName: 'ФИО администратора', adminEmail: 'Email администратора',
    letterSent: /^Письмо с адресом, логином и паролем отправлено/, addOperator: 'Добавить оператора',
    menuOf: (/** @type {string} */ name) => `Меню: ${name}`, rename: 'Переименовать', skills: 'Навыки', version: /^Версия /,
  },
  start: { title: 'Что осталось сделать', go: 'Перейти' },
  save: 'Сохранить', saved: 'Сохранено', add: 'Добавить', yes: 'Да', no: 'Нет', delete: 'Удалить', create: 'Создать',
  close: 'Закрыть',
  file: {
    menu: 'Файл', import: 'Загрузить из файла', xlsx: 'Скачать XLSX', csv: 'Скачать CSV', wrong: 'Эти строки в таблицу не попадут',
    row: (/** @type {number} */ number) => `Строка ${number}`, take: /^Взять в таблицу \d+ строк/,
  },
  restore: 'Вернуть',
  conflict: {
    title: 'Пока Вы меняли настройки, их сохранил кто-то другой', theirs: 'Изменено без Вас', mine: 'Изменили Вы',
    both: 'Изменено и без Вас, и Вами', fresh: 'Загрузить свежие', keep: 'Сохранить мои поверх',
  },
  company: {
    tab: 'Компания', name: 'Название', legalName: 'Юридическое название', about: 'Чем занимается компания',
    address: 'Адрес и как добраться', site: 'Сайт', phone: 'Телефон', email: 'Email', notToSay: 'Что нельзя говорить',
  },
  hours: {
    tab: 'Рабочее время', zone: 'Часовой пояс', city: /Екатеринбург/, mondayEnd: 'Конец, понедельник', now: /^Сейчас (не)?рабочее время/,
    calendar: /^Производственный календарь, /, take: 'Добавить дни',
  },
  departments: {
    tab: 'Отделы', name: 'Отдел', extension: 'Добавочный', notify: 'Посылать уведомления', everyone: 'Всему отделу',
  },
  employees: {
    tab: 'Сотрудники', email: 'Email логин', name: 'ФИО', department: 'Отдел', position: 'Должность',
    extension: 'Добавочный', mobile: 'Мобильный номер',
    remove: (/** @type {string} */ name) => `Удалить сотрудника «${name}»`,
    absence: /^Отсутствие: /, deputy: 'Заместитель',
  },
  notices: {
    addStep: 'Добавить шаг', target: 'Кому сообщить, шаг 1', addDuty: 'Добавить дежурство', gaps: 'Никто не дежурит',
  },
  integrations: {
    addWebhook: 'Добавить вебхук', url: 'Адрес', kept: 'Секрет сохранён', addKey: 'Создать ключ', keyName: 'Для чего ключ',
    sent: 'Что отправлено', nothingSent: 'Пока ничего не отправлялось.',
  },
  contacts: { add: 'Добавить контакт', number: 'Номер', name: 'Имя', vip: /^VIP/ },
  board: { alarms: 'Сигналы', shifts: 'Смены' },
  app: {
    story: 'Ход работы', accept: 'Принять в работу', release: 'Вернуть', close: 'Закрыть', reopen: 'Открыть снова',
    accepted: 'Принято в работу', closed: 'Сообщение закрыто', more: 'Ещё действия', assign: 'Назначить коллеге',
    nothing: 'По этому запросу сообщений нет', notices: 'Уведомления', addHours: 'Добавить часы', gone: 'Сообщение не найдено',
    away: /^Нет связи/, pending: 'будет отправлено', comment: 'Комментарий для коллег', sendComment: 'Отправить комментарий',
    signOut: 'Выйти', available: 'Доступен', busy: 'Занят',
  },
  row: (/** @type {string} */ column, /** @type {number} */ number) => `${column}, строка ${number}`,
  lines: {
    add: 'Добавить линию и сценарий', name: 'Название линии', scenario: 'Сценарий линии', missedCalls: 'Защита от пропущенных',
    create: 'Создать', problem: 'Линия не работает', connected: 'Подключена к колл-центру',
    menu: (/** @type {string} */ name) => `Меню линии «${name}»`,
    unfold: (/** @type {string} */ name) => `Настройки линии «${name}»`,
    connect: 'Подключить к колл-центру', disconnect: 'Отключить от колл-центра',
  },
  script: {
    title: 'Сценарий обработки звонков', greeting: 'Приветствие', farewell: 'Прощание',
    recipient: 'Кому передавать сообщения', outside: 'Обрабатывать звонки в нерабочее время',
    dialling: 'Набор номера', prefix: 'Префикс выхода в город',
  },
  account: {
    title: 'Подключение к АТС (SIP)', user: 'Пользователь', password: 'Пароль', server: 'SIP сервер', proxy: 'SIP proxy',
    others: 'Дополнительные параметры', port: 'Порт', transport: 'Транспорт', check: 'Сохранить и проверить',
    trust: 'Проверка сертификата', authority: 'По своему центру сертификации', certificate: 'Сертификат своего центра',
    fingerprint: 'Отпечаток SHA-256', pin: 'Доверять этому сертификату',
    transfer: 'Перевод звонков', codes: 'Коды АТС', code: 'Код перевода',
    established: 'Соединение установлено', notEstablished: 'Соединение не установлено',
  },
  doctor: {
    section: 'Проверка соединения', start: 'Проверить соединение', stop: 'Прервать проверку', well: 'Всё работает', trace: 'Обмен с АТС',
    refresh: 'Обновить', incoming: /Входящий звонок/, ladder: 'Сообщения по порядку',
  },
  calls: { empty: 'Звонков пока нет', test: 'Тестовый звонок', play: 'Слушать', outgoing: 'Исходящий' },
  desk: {
    microphone: 'Включить микрофон', heard: 'Вас слышно', check: 'Проверка микрофона', ready: 'Готов', waiting: 'Ждём звонка',
    call: 'Позвонить', answer: /^Ответить/, hangUp: /^Завершить/, text: 'Текст сообщения', ended: 'Звонок завершён',
    send: /^Отправить/, sent: /^Сообщение отправлено/, transfer: /^Перевести/, toWhom: 'Перевести звонок', keys: 'Клавиши',
    callBack: /^Перезвонить/, lost: 'Перезвонить', again: /^Перезвонить ещё раз/, dials: 'Набираем номер…', rings: /^Гудки/,
    notReached: 'Не дозвонились', mobile: /^Позвонить на мобильный/, extension: /^Позвонить на добавочный/,
    outcome: 'Чем закончился звонок', read: 'Зачитано',
  },
};

/** @type {typeof ru} */
export const en = {
  switchTo: 'РУС, switch to English',
  signIn: { email: 'Email', password: 'Password', enter: 'Sign in', forgot: 'Forgot your password?' },
  forgot: { title: 'Forgot your password?', send: 'Send the link', sent: /a letter with a link was sent/ },
  reset: {
    title: 'New password', invited: 'Choose a password', save: 'Save and sign in', expired: 'The link is no longer valid',
    again: 'Ask for a new link',
  },
  profile: {
    menu: 'Account menu', title: 'Profile', sessions: 'Sessions', current: 'this session', end: /^End the session/,
    endOthers: 'End all others', changed: /^The password was changed/, signOut: 'Sign out',
  },
  password: {
    title: 'Choose a new password', current: 'Present password', fresh: 'New password', again: 'New password once more',
    save: 'Save password',
  },
  nav: { home: 'Home', lines: 'Lines and scenarios', linesShort: 'Lines', settings: 'Settings' },
  platform: {
    companies: 'Companies', operators: 'Operators', health: 'Health', addCompany: 'Add company',
    name: 'Company name', adminName: "Administrator's full name", adminEmail: "Administrator's email",
    letterSent: /^A letter with the address, login and password was sent/, addOperator: 'Add operator',
    menuOf: (name) => `Menu: ${name}`, rename: 'Rename', skills: 'Skills', version: /^Version /,
  },
  start: { title: 'What is left to do', go: 'Go there' },
  save: 'Save', saved: 'Saved', add: 'Add', yes: 'Yes', no: 'No', delete: 'Delete', create: 'Create',
  close: 'Close',
  file: {
    menu: 'File', import: 'Load from a file', xlsx: 'Download XLSX', csv: 'Download CSV', wrong: 'These rows will not come into the table',
    row: (number) => `Row ${number}`, take: /^Take \d+ rows? over/,
  },
  restore: 'Undo',
  conflict: {
    title: 'Somebody else saved these settings while you were changing them', theirs: 'Changed by somebody else',
    mine: 'Changed by you', both: 'Changed by both', fresh: 'Load the fresh ones', keep: 'Save mine on top',
  },
  company: {
    tab: 'Company', name: 'Name', legalName: 'Legal name', about: 'What the company does',
    address: 'Address and how to find it', site: 'Site', phone: 'Phone', email: 'Email', notToSay: 'What must not be said',
  },
  hours: {
    tab: 'Working hours', zone: 'Time zone', city: /Yekaterinburg/, mondayEnd: 'End, Monday', now: /^(Working time now|Outside of working hours)/,
    calendar: /^Production calendar of Russia, /, take: 'Add the days',
  },
  departments: {
    tab: 'Departments', name: 'Department', extension: 'Extension', notify: 'Send notifications', everyone: 'To the whole department',
  },
  employees: {
    tab: 'Employees', email: 'Email login', name: 'Full name', department: 'Department', position: 'Position',
    extension: 'Extension', mobile: 'Mobile number',
    remove: (name) => `Delete the employee ${name}`,
    absence: /^Absence: /, deputy: 'Stands in',
  },
  notices: { addStep: 'Add a step', target: 'Whom to tell, step 1', addDuty: 'Add a duty', gaps: 'Nobody is on duty' },
  integrations: {
    addWebhook: 'Add a webhook', url: 'Address', kept: 'I have kept it', addKey: 'Make a key', keyName: 'What the key is for',
    sent: 'What was sent', nothingSent: 'Nothing was sent yet.',
  },
  contacts: { add: 'Add a contact', number: 'Number', name: 'Name', vip: /^VIP/ },
  board: { alarms: 'Alarms', shifts: 'Shifts' },
  app: {
    story: 'History', accept: 'Accept', release: 'Give back', close: 'Close', reopen: 'Open again',
    accepted: 'Accepted', closed: 'Message closed', more: 'More actions', assign: 'Assign to a colleague',
    nothing: 'No messages match', notices: 'Notifications', addHours: 'Add hours', gone: 'Message not found',
    away: /^No connection/, pending: 'will be sent', comment: 'Comment for colleagues', sendComment: 'Send the comment',
    signOut: 'Sign out', available: 'Available', busy: 'Busy',
  },
  row: (column, number) => `${column}, row ${number}`,
  lines: {
    add: 'Add line and scenario', name: 'Line name', scenario: 'Line scenario', missedCalls: 'Missed call protection',
    create: 'Create', problem: 'The line does not work', connected: 'Connected to the call centre',
    menu: (name) => `Menu of the line ${name}`,
    unfold: (name) => `Settings of the line ${name}`,
    connect: 'Connect to the call centre', disconnect: 'Disconnect from the call centre',
  },
  script: {
    title: 'Call handling scenario', greeting: 'Greeting', farewell: 'Farewell',
    recipient: 'Who gets the messages', outside: 'Handle calls outside of working hours',
    dialling: 'Dialling', prefix: 'Prefix to dial out',
  },
  account: {
    title: 'Connection to the PBX (SIP)', user: 'User', password: 'Password', server: 'SIP server', proxy: 'SIP proxy',
    others: 'Further parameters', port: 'Port', transport: 'Transport', check: 'Save and check',
    trust: 'Certificate check', authority: 'By your own authority', certificate: 'Certificate of your own authority',
    fingerprint: 'SHA-256 fingerprint', pin: 'Trust this certificate',
    transfer: 'Transfers', codes: "The PBX's codes", code: 'Transfer code',
    established: 'Connection established', notEstablished: 'Connection not established',
  },
  doctor: {
    section: 'Connection check', start: 'Check connection', stop: 'Stop the check', well: 'Everything works', trace: 'Messages exchanged with the PBX',
    refresh: 'Refresh', incoming: /Incoming call/, ladder: 'Messages in their order',
  },
  calls: { empty: 'No calls yet', test: 'Test call', play: 'Play', outgoing: 'Outgoing' },
  desk: {
    microphone: 'Turn the microphone on', heard: 'You can be heard', check: 'Microphone check', ready: 'Ready', waiting: 'Waiting for a call',
    call: 'Call', answer: /^Answer/, hangUp: /^End/, text: 'Message text', ended: 'The call has ended',
    send: /^Send/, sent: /^Message sent/, transfer: /^Transfer/, toWhom: 'Transfer the call', keys: 'Keys',
    callBack: /^Call back/, lost: 'Call back', again: /^Call back once more/, dials: 'Dialling…', rings: /^It rings/,
    notReached: 'Not reached', mobile: /^Call the mobile/, extension: /^Call the extension/,
    outcome: 'How the call ended', read: 'Read to them',
  },
};

/** @typedef {typeof ru} Words */
export const words = { ru, en };
