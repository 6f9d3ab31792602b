import { describe, expect, it } from "vitest";
import { holidays } from "./holidays";

describe("the production calendar", () => {
  it("knows 2026 with its decree", () => {
    const dates = holidays(2026).map(({ date }) => date);
    expect(dates).toContain("2026-01-09");
    expect(dates).toContain("2026-03-09"); // 8 March is a Sunday
    expect(dates).toContain("2026-05-11"); // 9 May is a Saturday
    expect(dates).toContain("2026-12-31");
    expect(dates).not.toContain("2026-02-24");
  });

  it("moves a holiday on a weekend to the next working day, January excepted", () => {
    const dates = holidays(2027).map(({ date }) => date);
    expect(dates).toEqual(expect.arrayContaining(["2027-05-03", "2027-05-10", "2027-06-14"]));
    expect(dates.filter((date) => date.startsWith("2027-01"))).toHaveLength(8);
  });

  it("tells what each day is off for", () => {
    expect(holidays(2027).find(({ date }) => date === "2027-06-14")?.of).toBe("06-12");
    expect(holidays(2027).find(({ date }) => date === "2027-01-07")?.of).toBe("01-07");
  });
});
