import type { Guide } from "./guide";

/** Asterisk, plain and with FreePBX. */
export const guide: Guide = {
  steps: {
    ru: [
      { text: "Заведите для Телефонистки внутренний номер, как для любого телефона. В FreePBX: Applications → Extensions, новый номер PJSIP; в обычном Asterisk: endpoint, auth и aor в pjsip.conf." },
      {
        text: "Перенесите данные номера в поля на этой странице.",
        fields: [
          { theirs: "Номер (User Extension; в pjsip.conf – username)", ours: "user" },
          { theirs: "Secret (в pjsip.conf – password)", ours: "password" },
          { theirs: "Адрес или имя сервера Asterisk", ours: "server" },
        ],
      },
      { text: "Если сервер слушает не порт 5060, укажите порт в «Дополнительных параметрах». Сервер должен быть доступен из интернета: откройте на брандмауэре порт SIP и диапазон RTP." },
      { text: "Нажмите здесь «Сохранить и проверить» и дождитесь сообщения «Соединение установлено»." },
      {
        text: "Направьте на этот номер пропущенные. В FreePBX: Applications → Ring Groups (или Queues), время звонка (Ring Time) 15 секунд и «Destination if no answer»: номер Телефонистки. В диалплане: второй Dial после первого на 15 секунд.",
        value: "user",
      },
      { text: "Дайте номеру Телефонистки звонить долго: в диалплане Dial с временем 300 секунд." },
      { text: "Сохраните настройки и позвоните на внутренний номер Телефонистки: голос попросит что-нибудь сказать для проверки звука." },
    ],
    en: [
      { text: "Create an extension for Telefonistka, as for any telephone. In FreePBX: Applications → Extensions, a new PJSIP one; in plain Asterisk: endpoint, auth and aor in pjsip.conf." },
      {
        text: "Copy the extension's data into the fields on this page.",
        fields: [
          { theirs: "The number (User Extension; username in pjsip.conf)", ours: "user" },
          { theirs: "Secret (password in pjsip.conf)", ours: "password" },
          { theirs: "Address or name of the Asterisk server", ours: "server" },
        ],
      },
      { text: "Where the server does not listen on port 5060, give the port under “Further parameters”. The server has to be reachable from the Internet: open the SIP port and the RTP range in its firewall." },
      { text: "Press “Save and check” here and wait for “Connection established”." },
      {
        text: "Send missed calls to that extension. In FreePBX: Applications → Ring Groups (or Queues), a Ring Time of 15 seconds and “Destination if no answer”: Telefonistka's extension. In a dialplan: a second Dial after the first one of 15 seconds.",
        value: "user",
      },
      { text: "Let Telefonistka's extension ring long: a Dial of 300 seconds in a dialplan." },
      { text: "Save the settings and call Telefonistka's extension: a voice asks you to say something to check the sound." },
    ],
  },
};
