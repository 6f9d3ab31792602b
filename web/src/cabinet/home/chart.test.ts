import { describe, expect, it } from "vitest";
import { rounded, stacked } from "./chart";

describe("a chart", () => {
  it("ends at a round number", () => {
    expect([1, 3, 10, 11, 42, 99, 101].map(rounded)).toEqual([1, 3, 10, 20, 50, 100, 200]);
  });

  it("stacks what makes up the calls", () => {
    expect(stacked({ calls: 10, answered: 5, lost: 3 }, 10)).toEqual({
      answered: "50%",
      lost: "30%",
      other: "20%",
    });
    expect(stacked({ calls: 1, answered: 1, lost: 1 }, 2)).toEqual({ answered: "50%", lost: "0%", other: "0%" });
    expect(stacked({ calls: 0, answered: 0, lost: 0 }, 1)).toEqual({ answered: "0%", lost: "0%", other: "0%" });
  });
});
