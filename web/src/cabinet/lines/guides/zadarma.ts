import type { Guide } from "./guide";

/** Zadarma. */
export const guide: Guide = {
  steps: {
    ru: [
      { text: "Откройте личный кабинет Zadarma, раздел «Моя АТС», и добавьте внутренний номер для Телефонистки." },
      {
        text: "Откройте настройки SIP этого номера и перенесите данные в поля на этой странице. Логин выглядит как 12345-100: он нужен целиком.",
        fields: [
          { theirs: "Логин (вида 12345-100)", ours: "user" },
          { theirs: "Пароль", ours: "password" },
          { theirs: "Сервер (pbx.zadarma.com)", ours: "server" },
        ],
      },
      { text: "Нажмите здесь «Сохранить и проверить» и дождитесь сообщения «Соединение установлено»." },
      {
        text: "В настройках входящих звонков АТС направьте звонок, на который сотрудники не ответили за 15 секунд, на внутренний номер Телефонистки (цифры логина после дефиса).",
        value: "user",
      },
      { text: "Отключите у номера Телефонистки голосовую почту. Если у номера задано, как долго он звонит, поставьте самое большое время, лучше 300 секунд: пока ищется свободный оператор, звонящий слышит гудки." },
      { text: "Сохраните настройки и позвоните на внутренний номер Телефонистки: голос попросит что-нибудь сказать для проверки звука." },
    ],
    en: [
      { text: "Open your account at Zadarma, the section of your PBX («Моя АТС», My PBX), and add an extension for Telefonistka." },
      {
        text: "Open the SIP settings of that extension and copy its data into the fields on this page. The login looks like 12345-100: all of it is needed.",
        fields: [
          { theirs: "Login (such as 12345-100)", ours: "user" },
          { theirs: "Password", ours: "password" },
          { theirs: "Server (pbx.zadarma.com)", ours: "server" },
        ],
      },
      { text: "Press “Save and check” here and wait for “Connection established”." },
      {
        text: "In the PBX's settings of incoming calls send a call that nobody answered within 15 seconds to Telefonistka's extension (the digits of the login behind the dash).",
        value: "user",
      },
      { text: "Turn the voicemail of Telefonistka's extension off. Where the PBX limits how long an extension rings, set the longest time, at best 300 seconds: the caller hears ringing while a free operator is looked for." },
      { text: "Save the settings and call Telefonistka's extension: a voice asks you to say something to check the sound." },
    ],
  },
};
