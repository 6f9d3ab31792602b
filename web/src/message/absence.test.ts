import { describe, expect, it } from "vitest";
import { absenceOf, daysOf } from "./absence";
import { spanned, spansOf } from "./week";

const zone = "Asia/Yekaterinburg";

describe("absence", () => {
  it("is from the first day's beginning to the last one's end", () => {
    const days = { first: "2026-12-28", last: "2027-01-10", deputy: null };
    const absence = absenceOf(days, zone);
    expect(absence).toEqual({ from: "2026-12-27T19:00:00.000Z", to: "2027-01-10T19:00:00.000Z", deputy: null });
    expect(absence && daysOf(absence, zone)).toEqual(days);
  });

  it("may be one day, and does not end before it begins", () => {
    expect(absenceOf({ first: "2026-12-28", last: "2026-12-28", deputy: "d" }, zone)?.deputy).toBe("d");
    expect(absenceOf({ first: "2026-12-28", last: "2026-12-27", deputy: null }, zone)).toBeNull();
    expect(absenceOf({ first: "", last: "2026-12-27", deputy: null }, zone)).toBeNull();
  });
});

describe("week", () => {
  const names = ["пн", "вт", "ср", "чт", "пт", "сб", "вс"];

  it("says days as people do", () => {
    expect(spanned([1, 2, 3, 4, 5], names)).toBe("пн–пт");
    expect(spanned([6, 7], names)).toBe("сб, вс");
    expect(spanned([7, 1, 2, 3], names)).toBe("пн–ср, вс");
    expect(spanned([], names)).toBe("");
  });

  it("covers past midnight, and past Sunday the Monday", () => {
    expect(spansOf({ days: [1], from: "09:00:00", to: "18:00:00" })).toEqual([[540, 1080]]);
    expect(spansOf({ days: [1], from: "22:00:00", to: "08:00:00" })).toEqual([[1320, 1920]]);
    expect(spansOf({ days: [7], from: "22:00:00", to: "08:00:00" })).toEqual([
      [9960, 10080],
      [0, 480],
    ]);
    expect(spansOf({ days: [2], from: "00:00:00", to: "00:00:00" })).toEqual([[1440, 2880]]);
  });
});
