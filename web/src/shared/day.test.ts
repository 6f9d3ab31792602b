import { describe, expect, it } from "vitest";
import { isDay, shifted, startOfDay } from "./day";

describe("days", () => {
  it("begin at midnight of the zone", () => {
    expect(startOfDay("2026-11-23", "Europe/Moscow")).toBe("2026-11-22T21:00:00.000Z");
    expect(startOfDay("2026-11-23", "UTC")).toBe("2026-11-23T00:00:00.000Z");
    expect(startOfDay("2026-11-23", "Asia/Kathmandu")).toBe("2026-11-22T18:15:00.000Z");
    expect(startOfDay("2026-11-23", "Pacific/Kiritimati")).toBe("2026-11-22T10:00:00.000Z");
  });

  it("begin with what there is where the clocks leave midnight out", () => {
    expect(startOfDay("2026-03-29", "Europe/Berlin")).toBe("2026-03-28T23:00:00.000Z");
    expect(startOfDay("2026-03-30", "Europe/Berlin")).toBe("2026-03-29T22:00:00.000Z");
    // Beirut goes from 00:00 to 01:00.
    expect(startOfDay("2026-03-29", "Asia/Beirut")).toBe("2026-03-28T22:00:00.000Z");
  });

  it("are counted over the ends of months", () => {
    expect(shifted("2026-12-31", 1)).toBe("2027-01-01");
    expect(shifted("2026-03-01", -1)).toBe("2026-02-28");
  });

  it("are told from what is none", () => {
    expect(isDay("2026-11-23")).toBe(true);
    for (const wrong of ["2026-02-30", "2026-13-01", "23.11.2026", "", 5, undefined])
      expect(isDay(wrong)).toBe(false);
  });
});
