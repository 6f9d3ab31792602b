import type { Guide } from "./guide";

/** Облачная АТС of Билайн. */
export const guide: Guide = {
  steps: {
    ru: [
      { text: "Откройте личный кабинет Облачной АТС Билайн и заведите для Телефонистки абонента с внутренним номером и подключением по SIP. Если такой услуги в тарифе нет, её добавит менеджер Билайн." },
      {
        text: "Откройте данные учётной записи SIP этого абонента и перенесите их в поля на этой странице.",
        fields: [
          { theirs: "Логин SIP (то, что до «@»)", ours: "user" },
          { theirs: "Пароль SIP", ours: "password" },
          { theirs: "Сервер или домен SIP", ours: "server" },
        ],
      },
      { text: "Если АТС отдельно указывает адрес, через который идёт подключение (proxy, outbound proxy), перенесите его в «SIP proxy»; иначе оставьте это поле пустым." },
      { text: "Нажмите здесь «Сохранить и проверить» и дождитесь сообщения «Соединение установлено»." },
      {
        text: "Там, где Облачная АТС Билайн распределяет входящие звонки, ограничьте время ответа группы сотрудников 15 секундами и направьте звонок без ответа на внутренний номер Телефонистки.",
        value: "user",
      },
      { text: "Если у номера задано, как долго он звонит, поставьте самое большое время, лучше 300 секунд: пока ищется свободный оператор, звонящий слышит гудки." },
      { text: "Сохраните настройки и позвоните на внутренний номер Телефонистки: голос попросит что-нибудь сказать для проверки звука." },
    ],
    en: [
      { text: "Open your account at the cloud PBX of Beeline and create a subscriber for Telefonistka, with an extension and a SIP connection. Where your plan has no such service, Beeline's manager adds it." },
      {
        text: "Open the data of that subscriber's SIP account and copy them into the fields on this page.",
        fields: [
          { theirs: "SIP login (what stands before the @)", ours: "user" },
          { theirs: "SIP password", ours: "password" },
          { theirs: "SIP server or domain", ours: "server" },
        ],
      },
      { text: "Where the PBX names a separate address to connect through (proxy, outbound proxy), copy it into “SIP proxy”; leave that field empty otherwise." },
      { text: "Press “Save and check” here and wait for “Connection established”." },
      {
        text: "Where the cloud PBX of Beeline distributes incoming calls, limit the group's time to answer to 15 seconds and send an unanswered call to Telefonistka's extension.",
        value: "user",
      },
      { text: "Where the PBX limits how long an extension rings, set the longest time, at best 300 seconds: the caller hears ringing while a free operator is looked for." },
      { text: "Save the settings and call Telefonistka's extension: a voice asks you to say something to check the sound." },
    ],
  },
};
