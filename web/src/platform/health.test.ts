import { expect, it } from "vitest";
import { checksOf } from "./health";

const well = {
  version: "1.2.3",
  database: true,
  recordings: true,
  mail: true,
  running_calls: 0,
  operators_signed_in: 2,
  lines_registered: 5,
  lines_failing: 0,
  deliveries_waiting: 0,
  deliveries_failed: 0,
};

it("tells a server that is well", () => {
  expect(checksOf(well).map((check) => check.says)).toEqual([
    "databaseGood",
    "recordingsGood",
    "mailGood",
    "linesGood",
    "deliveriesGood",
    "operatorsSome",
    "callsNone",
  ]);
});

it("tells what is broken with how much of it, and keeps what still works beside it", () => {
  const ill = { ...well, database: false, mail: null, lines_failing: 3, deliveries_waiting: 4, deliveries_failed: 1 };
  const checks = checksOf(ill);
  expect(checks.filter((check) => check.tone === "bad")).toEqual([
    { says: "databaseBad", tone: "bad", count: 0 },
    { says: "linesBad", tone: "bad", count: 3 },
    { says: "deliveriesBad", tone: "bad", count: 1 },
  ]);
  expect(checks).toContainEqual({ says: "linesGood", tone: "good", count: 5 });
  expect(checks).toContainEqual({ says: "mailOff", tone: "waits", count: 0 });
});
