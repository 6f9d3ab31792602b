import { expect, test } from "vitest";
import type { Thresholds } from "../api/types";
import { alarms } from "./alarms";
import type { BoardOperator, BoardView } from "./wire";

const now = Date.parse("2026-11-27T12:01:00Z");
const ready: BoardOperator = { id: "o", name: "Мария", state: "ready", since: "2026-11-27T12:00:00Z" };
const calm: BoardView = { waiting: 0, longest_wait_since: null, operators: [ready], companies: [] };
const all: Thresholds = { longest_wait_s: 60, waiting: 3, service_level: 80, nobody_ready: true };

test("nothing is wrong where nobody waits and somebody is ready", () => {
  expect(alarms(calm, 0.8, all, now)).toEqual([]);
  expect(alarms(calm, null, all, now)).toEqual([]);
  expect(alarms({ ...calm, waiting: 9, operators: [] }, 0, undefined, now)).toEqual([]);
});

test("each threshold alarms by itself, from its value on", () => {
  const waits = { ...calm, waiting: 1, longest_wait_since: "2026-11-27T12:00:00Z" };
  expect(alarms(waits, null, all, now)).toEqual(["wait"]);
  expect(alarms(waits, null, all, now - 1000)).toEqual([]);
  expect(alarms({ ...calm, waiting: 3 }, null, all, now)).toEqual(["waiting"]);
  expect(alarms(calm, 0.79, all, now)).toEqual(["level"]);
  expect(alarms({ ...calm, operators: [{ ...ready, state: "on_call" }] }, null, all, now)).toEqual(["nobody"]);
});

test("what is not wanted does not alarm", () => {
  const none: Thresholds = { longest_wait_s: null, waiting: null, service_level: null, nobody_ready: false };
  const bad = { waiting: 9, longest_wait_since: "2026-11-27T10:00:00Z", operators: [], companies: [] };
  expect(alarms(bad, 0, none, now)).toEqual([]);
});
