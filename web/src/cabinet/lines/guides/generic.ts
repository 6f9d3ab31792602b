import type { Guide } from "./guide";

/** Any PBX that speaks SIP. */
export const guide: Guide = {
  steps: {
    ru: [
      { text: "Заведите на своей АТС внутренний номер для Телефонистки, точно такой же, как у любого сотрудника, с подключением по SIP." },
      {
        text: "Найдите данные для подключения SIP-телефона и перенесите их в поля на этой странице. Если дан адрес вида user@domain, вставьте его целиком в «Пользователь»: домен сам перейдёт в «SIP сервер».",
        fields: [
          { theirs: "Имя пользователя, логин или SIP ID", ours: "user" },
          { theirs: "Пароль", ours: "password" },
          { theirs: "Сервер, домен или регистратор", ours: "server" },
          { theirs: "Outbound proxy, если указан", ours: "proxy" },
          { theirs: "Имя для авторизации, если отличается от логина", ours: "auth_name" },
        ],
      },
      { text: "Порт и транспорт меняйте, только если АТС называет другие: они в «Дополнительных параметрах»." },
      { text: "Нажмите здесь «Сохранить и проверить» и дождитесь сообщения «Соединение установлено»." },
      {
        text: "Задайте правило: звонок, на который сотрудники не ответили за 15 секунд, переадресуется на внутренний номер Телефонистки.",
        value: "user",
      },
      { text: "Отключите у этого номера голосовую почту и переадресации. Если у номера задано, как долго он звонит, поставьте самое большое время, лучше 300 секунд: пока ищется свободный оператор, звонящий слышит гудки." },
      { text: "Сохраните настройки и позвоните на внутренний номер Телефонистки: голос попросит что-нибудь сказать для проверки звука." },
    ],
    en: [
      { text: "Create an extension for Telefonistka at your PBX, just like any employee's, with a SIP connection." },
      {
        text: "Find the data for a SIP telephone and copy them into the fields on this page. Where an address like user@domain is given, paste all of it into “User”: the domain goes to “SIP server” by itself.",
        fields: [
          { theirs: "User name, login or SIP ID", ours: "user" },
          { theirs: "Password", ours: "password" },
          { theirs: "Server, domain or registrar", ours: "server" },
          { theirs: "Outbound proxy, where given", ours: "proxy" },
          { theirs: "Authentication name, where it differs from the login", ours: "auth_name" },
        ],
      },
      { text: "Change port and transport only where the PBX names others: they stand under “Further parameters”." },
      { text: "Press “Save and check” here and wait for “Connection established”." },
      {
        text: "Set a rule: a call that the staff did not answer within 15 seconds is forwarded to Telefonistka's extension.",
        value: "user",
      },
      { text: "Turn voicemail and forwarding of that extension off. Where the PBX limits how long an extension rings, set the longest time, at best 300 seconds: the caller hears ringing while a free operator is looked for." },
      { text: "Save the settings and call Telefonistka's extension: a voice asks you to say something to check the sound." },
    ],
  },
};
