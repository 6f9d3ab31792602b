import { describe, expect, it } from "vitest";
import type { Shift } from "../../../message/contract";
import { spanned } from "../../../message/week";
import { gapsOf, gapWords, pieces } from "./duty";

const names = ["пн", "вт", "ср", "чт", "пт", "сб", "вс"];
const all = [1, 2, 3, 4, 5, 6, 7];
const shift = (days: number[], from: string, to: string, employee = "anna"): Shift => ({
  employee,
  days,
  from: `${from}:00`,
  to: `${to}:00`,
});
const words = (shifts: Shift[]) => gapWords(gapsOf(shifts), (days) => spanned(days, names));

describe("«График дежурств»", () => {
  it("has no empty hour where days and nights meet", () => {
    expect(words([shift(all, "09:00", "21:00"), shift(all, "21:00", "09:00", "boris")])).toEqual([]);
    expect(words([shift(all, "00:00", "00:00")])).toEqual([]);
  });

  it("names empty hours, days of the same hours together", () => {
    expect(words([shift([1, 2, 3, 4, 5], "09:00", "18:00")])).toEqual([
      "пн–пт 00:00–09:00",
      "пн–пт 18:00–24:00",
      "сб, вс 00:00–24:00",
    ]);
    expect(words([])).toEqual(["пн–вс 00:00–24:00"]);
  });

  it("goes from Sunday's night on into Monday", () => {
    expect(words([shift(all, "08:00", "22:00"), shift([7], "22:00", "08:00")])).toEqual([
      "пн–сб 22:00–24:00",
      "вт–вс 00:00–08:00",
    ]);
  });

  it("is drawn in pieces that end at midnight", () => {
    expect(pieces([shift([7], "18:00", "06:00")])).toEqual([
      { shift: 0, day: 7, from: 0.75, to: 1 },
      { shift: 0, day: 1, from: 0, to: 0.25 },
    ]);
  });
});
