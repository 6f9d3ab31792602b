import type { Guide } from "./guide";

/** MANGO OFFICE, as the quick start has it. */
export const guide: Guide = {
  steps: {
    ru: [
      { text: "Откройте личный кабинет облачной АТС MANGO OFFICE и щёлкните по названию раздела «Ваш персонал»." },
      { text: "Щёлкните по ссылке «Добавить сотрудника»: у Телефонистки будет свой внутренний номер, как у любого сотрудника." },
      {
        text: "Заполните поля. В Шаге 3 выберите вариант «На софтфон (компьютер)» и опцию «Создать новую учетную запись SIP автоматически». Нажмите кнопку «Создать».",
      },
      {
        text: "Скопируйте значения из появившейся формы в поля на этой странице. «SIP proxy» заполнять не надо.",
        fields: [
          { theirs: "SIP ID (только то, что до «@»)", ours: "user" },
          { theirs: "Пароль", ours: "password" },
          { theirs: "Домен", ours: "server" },
        ],
      },
      { text: "Нажмите здесь «Сохранить и проверить» и дождитесь сообщения «Соединение установлено». Затем вернитесь в кабинет MANGO OFFICE." },
      { text: "Щёлкните по созданному сотруднику и перейдите на вкладку «Телефония». В поле «Ждать ответ» укажите 300 и нажмите «Сохранить»." },
      { text: "В разделе «Обработка звонков» щёлкните по ссылке «Голосовое меню и распределение звонков»." },
      {
        text: "Найдите и разверните пункт голосового меню, который переводит звонки на нужную группу. Нажмите «Добавить» и выберите пункт «Переадресация».",
      },
      {
        text: "На вкладке «Сотрудники» выберите сотрудника, созданного для этой линии, и нажмите «Добавить».",
        value: "user",
      },
      { text: "Нажмите на пункт «Перейти к настройке следующего шага “Ожидание ответа”»." },
      {
        text: "В разделе «Если звонок адресован группе» в пункте «Максимальное время ожидания ответа, сек» задайте 15: через это время звонок, на который никто не ответил, уйдёт в Телефонистку.",
      },
      { text: "Нажмите кнопку «Сохранить» и позвоните на внутренний номер Телефонистки: голос попросит что-нибудь сказать для проверки звука." },
    ],
    en: [
      { text: "Open your account at the cloud PBX MANGO OFFICE and click the section «Ваш персонал» (your staff)." },
      { text: "Click the link «Добавить сотрудника» (add an employee): Telefonistka gets an extension of its own, like any employee." },
      {
        text: "Fill in the fields. In step 3 choose «На софтфон (компьютер)» (softphone) and the option «Создать новую учетную запись SIP автоматически» (create a SIP account). Press «Создать» (create).",
      },
      {
        text: "Copy the values of the form that appears into the fields on this page. “SIP proxy” stays empty.",
        fields: [
          { theirs: "SIP ID (only what stands before the @)", ours: "user" },
          { theirs: "Пароль (password)", ours: "password" },
          { theirs: "Домен (domain)", ours: "server" },
        ],
      },
      { text: "Press “Save and check” here and wait for “Connection established”. Then go back to MANGO OFFICE." },
      { text: "Click the employee that you created and open the tab «Телефония» (telephony). Put 300 into «Ждать ответ» (wait for an answer) and press «Сохранить» (save)." },
      { text: "In the section «Обработка звонков» (call handling) click «Голосовое меню и распределение звонков» (voice menu and distribution)." },
      {
        text: "Find and unfold the item of the voice menu that sends calls to the group in question. Press «Добавить» (add) and choose «Переадресация» (forwarding).",
      },
      {
        text: "In the tab «Сотрудники» (employees) choose the employee that you created for this line and press «Добавить» (add).",
        value: "user",
      },
      { text: "Click the item that leads to the next step, «Ожидание ответа» (waiting for an answer)." },
      {
        text: "Under «Если звонок адресован группе» (calls to a group) put 15 into «Максимальное время ожидания ответа, сек» (longest wait in seconds): after that time an unanswered call goes to Telefonistka.",
      },
      { text: "Press «Сохранить» (save) and call Telefonistka's extension: a voice asks you to say something to check the sound." },
    ],
  },
};
