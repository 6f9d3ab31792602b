import type { Guide } from "./guide";

/** UIS. */
export const guide: Guide = {
  steps: {
    ru: [
      { text: "Откройте личный кабинет UIS, «Настройки» → «Сотрудники и отделы», нажмите «Добавить сотрудника» и заполните карточку; задайте сотруднику внутренний номер." },
      { text: "В карточке в блоке «Телефоны» нажмите «Добавить номер» и создайте SIP-линию. Сохраните карточку: сервис предложит перейти к новой SIP-линии." },
      {
        text: "Откройте эту SIP-линию и перенесите её данные в поля на этой странице.",
        fields: [
          { theirs: "Логин", ours: "user" },
          { theirs: "Пароль", ours: "password" },
          { theirs: "Сервер", ours: "server" },
        ],
      },
      { text: "Нажмите здесь «Сохранить и проверить» и дождитесь сообщения «Соединение установлено»." },
      {
        text: "В сценарии обработки звонков, который ведёт на Ваших сотрудников, ограничьте их время ответа 15 секундами, а следующим шагом поставьте сотрудника, созданного для Телефонистки.",
        value: "user",
      },
      { text: "Если у номера задано, как долго он звонит, поставьте самое большое время, лучше 300 секунд: пока ищется свободный оператор, звонящий слышит гудки." },
      { text: "Сохраните настройки и позвоните на внутренний номер Телефонистки: голос попросит что-нибудь сказать для проверки звука." },
    ],
    en: [
      { text: "Open your account at UIS, «Настройки» → «Сотрудники и отделы» (settings, employees and departments), press «Добавить сотрудника» (add an employee) and fill in the card; give the employee an extension." },
      { text: "In the block «Телефоны» (telephones) of the card press «Добавить номер» (add a number) and create a SIP line. Save the card: the service offers to go to the new SIP line." },
      {
        text: "Open that SIP line and copy its data into the fields on this page.",
        fields: [
          { theirs: "Login", ours: "user" },
          { theirs: "Password", ours: "password" },
          { theirs: "Server", ours: "server" },
        ],
      },
      { text: "Press “Save and check” here and wait for “Connection established”." },
      {
        text: "In the call scenario that leads to your staff limit their time to answer to 15 seconds, and put the employee that you created for Telefonistka as the next step.",
        value: "user",
      },
      { text: "Where the PBX limits how long an extension rings, set the longest time, at best 300 seconds: the caller hears ringing while a free operator is looked for." },
      { text: "Save the settings and call Telefonistka's extension: a voice asks you to say something to check the sound." },
    ],
  },
};
