import { expect, it } from "vitest";
import { readable } from "./number";

it("writes Russian numbers as people read them, and leaves others alone", () => {
  expect(readable("+79261234567")).toBe("+7 (926) 123-45-67");
  expect(["+4930123456", "101", "8 800 555-35-35", ""].map(readable)).toEqual([
    "+4930123456",
    "101",
    "8 800 555-35-35",
    "",
  ]);
});
