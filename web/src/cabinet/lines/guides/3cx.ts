import type { Guide } from "./guide";

/** 3CX, whose authentication name differs from the extension. */
export const guide: Guide = {
  steps: {
    ru: [
      { text: "Откройте консоль управления 3CX и добавьте внутренний номер для Телефонистки: раздел Extensions (в новых версиях Users), кнопка Add." },
      {
        text: "Откройте данные SIP этого номера (Authentication). Имя для авторизации здесь не совпадает с номером: оно указывается в «Дополнительных параметрах».",
        fields: [
          { theirs: "Номер (Extension)", ours: "user" },
          { theirs: "Authentication ID", ours: "auth_name" },
          { theirs: "Authentication Password", ours: "password" },
          { theirs: "Имя сервера 3CX (FQDN)", ours: "server" },
        ],
      },
      { text: "Разрешите номеру подключаться извне: в его настройках снимите запрет Disallow use of extension outside the LAN, если он включён." },
      { text: "Нажмите здесь «Сохранить и проверить» и дождитесь сообщения «Соединение установлено»." },
      {
        text: "Направьте на этот номер пропущенные: в группе или очереди, которая принимает звонки, задайте время ожидания 15 секунд, а в качестве назначения при отсутствии ответа – номер Телефонистки.",
        value: "user",
      },
      { text: "Отключите у номера Телефонистки голосовую почту, а время до переадресации без ответа поставьте наибольшее: иначе почта ответит раньше оператора." },
      { text: "Сохраните настройки и позвоните на внутренний номер Телефонистки: голос попросит что-нибудь сказать для проверки звука." },
    ],
    en: [
      { text: "Open the 3CX Management Console and add an extension for Telefonistka: Extensions (Users in newer versions), the button Add." },
      {
        text: "Open the SIP data of that extension (Authentication). The authentication name differs from the number here: it goes under “Further parameters”.",
        fields: [
          { theirs: "The number (Extension)", ours: "user" },
          { theirs: "Authentication ID", ours: "auth_name" },
          { theirs: "Authentication Password", ours: "password" },
          { theirs: "Name of the 3CX server (FQDN)", ours: "server" },
        ],
      },
      { text: "Let the extension connect from outside: clear “Disallow use of extension outside the LAN” in its settings where it is set." },
      { text: "Press “Save and check” here and wait for “Connection established”." },
      {
        text: "Send missed calls to that extension: in the ring group or queue that takes the calls set a ring time of 15 seconds, and Telefonistka's extension as the destination if no answer.",
        value: "user",
      },
      { text: "Turn the voicemail of Telefonistka's extension off and set the longest no-answer time: otherwise the voicemail answers before the operator." },
      { text: "Save the settings and call Telefonistka's extension: a voice asks you to say something to check the sound." },
    ],
  },
};
