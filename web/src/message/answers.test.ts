import { expect, test } from "vitest";
import { answerShown } from "./answers";

test("a day and a number are read in the reader's language", () => {
  expect(answerShown({ kind: "date", value: "2026-11-27" }, "ru")).toBe("27 ноября 2026 г.");
  expect(answerShown({ kind: "date", value: "2026-11-27" }, "en")).toMatch(/November 27, 2026/);
  expect(answerShown({ kind: "number", value: "-0.50" }, "ru")).toBe("-0,50");
  expect(answerShown({ kind: "number", value: "1250000" }, "en")).toBe("1,250,000");
});

test("what can't be read is shown as it is", () => {
  expect(answerShown({ kind: "date", value: "завтра" }, "ru")).toBe("завтра");
  expect(answerShown({ kind: "text", value: "12.5" }, "ru")).toBe("12.5");
});
