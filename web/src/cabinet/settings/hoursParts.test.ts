import { describe, expect, it } from "vitest";
import type { WorkingHours } from "../../api/types";
import { fromParts, overlapping, shortened, toParts } from "./hoursParts";

const interval = (from: string, to: string) => ({ from: `${from}:00`, to: `${to}:00` });
const week = [[interval("09:00", "18:00")], [], [], [], [], [], []] as WorkingHours["week"];
const names = { zone: "zone", days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] };

describe("working hours in parts", () => {
  it("come together again", () => {
    const hours: WorkingHours = {
      zone: "Europe/Moscow",
      week,
      exceptions: [{ date: "2027-01-01", intervals: [], note: "x" }],
    };
    expect(fromParts(toParts(hours, names), { ...hours, zone: "UTC" })).toEqual(hours);
  });
});

describe("overlapping intervals", () => {
  it("are the later ones, past midnight too", () => {
    expect(overlapping([interval("09:00", "13:00"), interval("13:00", "18:00")])).toEqual(new Set());
    expect(overlapping([interval("12:00", "18:00"), interval("09:00", "13:00")])).toEqual(new Set([0]));
    expect(overlapping([interval("20:00", "02:00"), interval("23:00", "23:30")])).toEqual(new Set([1]));
    expect(overlapping([interval("00:00", "00:00"), interval("09:00", "10:00")])).toEqual(new Set([1]));
  });
});

describe("the eve of a holiday", () => {
  it("ends an hour earlier", () => {
    expect(shortened([interval("09:00", "18:00")])).toEqual([interval("09:00", "17:00")]);
    expect(shortened([interval("20:00", "00:30")])).toEqual([interval("20:00", "23:30")]);
    expect(shortened([interval("00:00", "00:00")])).toEqual([interval("00:00", "23:00")]);
    expect(shortened([interval("09:00", "13:00"), interval("14:00", "15:00")])).toEqual([
      interval("09:00", "13:00"),
    ]);
    expect(shortened([])).toEqual([]);
  });
});
