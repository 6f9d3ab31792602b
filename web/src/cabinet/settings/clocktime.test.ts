import { describe, expect, it } from "vitest";
import { readTime } from "./clocktime";

describe("a typed time", () => {
  it("is read in the ways that people write it", () => {
    expect(["9", "09", "930", "9:30", "09.30", "0930", " 18:00 "].map(readTime)).toEqual([
      "09:00:00",
      "09:00:00",
      "09:30:00",
      "09:30:00",
      "09:30:00",
      "09:30:00",
      "18:00:00",
    ]);
  });

  it("is none while it is half typed or impossible", () => {
    expect(["", "9:", "9:3", "24:00", "12:60", "x", "12345"].map(readTime)).toEqual(Array(7).fill(null));
  });
});
