/** «Табло», for supervisors. */
export const board = {
  board: {
    title: "Табло",
    now: "Сейчас",
    operators: "Операторы",
    nobody: "Операторов за рабочими местами нет",
    nobodyHint: "Здесь появится каждый, кто откроет рабочее место оператора.",
    companies: "Кого ждут",
    nobodyWaits: "Никто не ждёт ответа.",
    waits_one: "{{count}} ждёт",
    waits_few: "{{count}} ждут",
    waits_many: "{{count}} ждут",
    waits_other: "{{count}} ждут",
    onHold: "На удержании",
    way: { listen: "Прослушивание", whisper: "Суфлирование", barge: "Вмешательство" },
    wayOf: "{{way}}: {{name}}",
    hint: {
      listen: "Вы слышите обоих, Вас не слышит никто",
      whisper: "Вы слышите обоих, Вас слышит только оператор",
      barge: "Все слышат всех",
    },
    other: {
      listen: "слушает {{name}}",
      whisper: "подсказывает {{name}}",
      barge: "в разговоре {{name}}",
    },
    stateOf: "Состояние оператора: {{name}}",
    changeState: "Изменить состояние",
    part: "Ваше участие в разговоре",
    connecting: "Подключаем звук",
    leave: "Отключиться",
  },
};
