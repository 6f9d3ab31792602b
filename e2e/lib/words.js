// What stands on the pages, in both languages: buttons, fields, states.

export const ru = {
  switchTo: 'ENG, переключить на русский',
  signIn: { email: 'Email', password: 'Пароль', enter: 'Войти' },
  password: {
    title: 'Придумайте новый пароль', current: 'Текущий пароль', fresh: 'Новый пароль', again: 'Новый пароль ещё раз',
    save: 'Сохранить пароль',
  },
  nav: { home: 'Главная', lines: 'Линии и сценарии', linesShort: 'Линии', settings: 'Настройки' },
  save: 'Сохранить', saved: 'Сохранено', add: 'Добавить', yes: 'Да', no: 'Нет', delete: 'Удалить',
  company: {
    tab: 'Компания', name: 'Название', legalName: 'Юридическое название', about: 'Чем занимается компания',
    address: 'Адрес и как добраться', site: 'Сайт', phone: 'Телефон', email: 'Email', notToSay: 'Что нельзя говорить',
  },
  hours: { tab: 'Рабочее время', zone: 'Часовой пояс', city: /Екатеринбург/, mondayEnd: 'Конец, понедельник', now: /^Сейчас (не)?рабочее время/ },
  departments: {
    tab: 'Отделы', name: 'Отдел', extension: 'Добавочный', notify: 'Посылать уведомления', everyone: 'Всему отделу',
  },
  employees: {
    tab: 'Сотрудники', email: 'Email логин', name: 'ФИО', department: 'Отдел', position: 'Должность',
    extension: 'Добавочный', mobile: 'Мобильный номер',
    remove: (/** @type {string} */ name) => `Удалить сотрудника «${name}»`,
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
  },
  account: {
    title: 'Подключение к АТС (SIP)', user: 'Пользователь', password: 'Пароль', server: 'SIP сервер', proxy: 'SIP proxy',
    others: 'Дополнительные параметры', port: 'Порт', check: 'Сохранить и проверить',
    established: 'Соединение установлено', notEstablished: 'Соединение не установлено',
  },
  calls: { empty: 'Звонков пока нет', test: 'Тестовый звонок', play: 'Слушать' },
  desk: {
    microphone: 'Включить микрофон', heard: 'Вас слышно', check: 'Проверка микрофона', ready: 'Готов', waiting: 'Ждём звонка',
    call: 'Позвонить', answer: /^Ответить/, hangUp: /^Завершить/, text: 'Текст сообщения', ended: 'Звонок завершён',
    send: /^Отправить/, sent: /^Сообщение отправлено/,
  },
};

/** @type {typeof ru} */
export const en = {
  switchTo: 'РУС, switch to English',
  signIn: { email: 'Email', password: 'Password', enter: 'Sign in' },
  password: {
    title: 'Choose a new password', current: 'Present password', fresh: 'New password', again: 'New password once more',
    save: 'Save password',
  },
  nav: { home: 'Home', lines: 'Lines and scenarios', linesShort: 'Lines', settings: 'Settings' },
  save: 'Save', saved: 'Saved', add: 'Add', yes: 'Yes', no: 'No', delete: 'Delete',
  company: {
    tab: 'Company', name: 'Name', legalName: 'Legal name', about: 'What the company does',
    address: 'Address and how to find it', site: 'Site', phone: 'Phone', email: 'Email', notToSay: 'What must not be said',
  },
  hours: { tab: 'Working hours', zone: 'Time zone', city: /Yekaterinburg/, mondayEnd: 'End, Monday', now: /^(Working time now|Outside of working hours)/ },
  departments: {
    tab: 'Departments', name: 'Department', extension: 'Extension', notify: 'Send notifications', everyone: 'To the whole department',
  },
  employees: {
    tab: 'Employees', email: 'Email login', name: 'Full name', department: 'Department', position: 'Position',
    extension: 'Extension', mobile: 'Mobile number',
    remove: (name) => `Delete the employee ${name}`,
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
  },
  account: {
    title: 'Connection to the PBX (SIP)', user: 'User', password: 'Password', server: 'SIP server', proxy: 'SIP proxy',
    others: 'Further parameters', port: 'Port', check: 'Save and check',
    established: 'Connection established', notEstablished: 'Connection not established',
  },
  calls: { empty: 'No calls yet', test: 'Test call', play: 'Play' },
  desk: {
    microphone: 'Turn the microphone on', heard: 'You can be heard', check: 'Microphone check', ready: 'Ready', waiting: 'Waiting for a call',
    call: 'Call', answer: /^Answer/, hangUp: /^End/, text: 'Message text', ended: 'The call has ended',
    send: /^Send/, sent: /^Message sent/,
  },
};

/** @typedef {typeof ru} Words */
export const words = { ru, en };
