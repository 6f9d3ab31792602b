import { expect, test } from "vitest";
import type { TimelineRow } from "../../api/types";
import { course } from "./course";

const row = (second: number, what: TimelineRow["what"], more: object = {}) =>
  ({ at: new Date(Date.UTC(2026, 10, 27, 9, 0, second)).toISOString(), what, ...more }) as TimelineRow;

const told = (rows: TimelineRow[]) =>
  course(rows).map(({ what, ms, names }) => [what, ms / 1000, ...names].join(" "));

test("a call that was offered, answered, held and ended", () => {
  const maria = { operator_name: "Мария" };
  expect(
    told([
      row(0, "arrived"),
      row(1, "offered", { operator_name: "Олег" }),
      row(9, "offer_missed", { operator_name: "Олег" }),
      row(9, "offered", maria),
      row(12, "answered", maria),
      row(20, "held"),
      row(27, "resumed"),
      row(40, "ended", { ending: "caller_hung_up" }),
    ]),
  ).toEqual(["rang 12 Олег Мария", "talked 8 Мария", "held 7", "talked 13"]);
});

test("a lost browser, another operator, a transfer", () => {
  expect(
    told([
      row(0, "arrived"),
      row(3, "answered", { operator_name: "Олег" }),
      row(10, "operator_lost", { operator_name: "Олег" }),
      row(18, "offered", { operator_name: "Мария" }),
      row(20, "answered", { operator_name: "Мария" }),
      row(30, "transfer_begun", { operator_name: "Мария", colleague_name: "Анна" }),
      row(34, "transferred", { colleague_name: "Анна" }),
      row(59, "ended", { ending: "transferred" }),
    ]),
  ).toEqual([
    "rang 3",
    "talked 7 Олег",
    "lost 8 Олег",
    "queued 2 Мария",
    "talked 10 Мария",
    "transfer 4 Анна",
    "colleague 25 Анна",
  ]);
});

test("a call that an operator placed", () => {
  const maria = { operator_name: "Мария" };
  expect(
    told([
      row(0, "placed", maria),
      row(2, "callee_ringing"),
      row(9, "answered", maria),
      row(30, "ended", { ending: "caller_hung_up" }),
    ]),
  ).toEqual(["dialled 2 Мария", "rang 7", "talked 21 Мария"]);
});

test("a voice message after the queue; nothing of nothing", () => {
  expect(
    told([
      row(0, "arrived"),
      row(20, "queue_answered"),
      row(50, "voice_message_started"),
      row(59, "ended", { ending: "voice_message_left" }),
    ]),
  ).toEqual(["rang 20", "queued 30", "message 9"]);
  expect(course([])).toEqual([]);
});
