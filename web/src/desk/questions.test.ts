import { expect, test } from "vitest";
import { flawOf, given, insert, type Question } from "./questions";

const question = (id: string, kind: "text" | "number", required: boolean): Question => ({
  id,
  label: id,
  answer: { kind },
  required,
});

test("a required question needs an answer, a number has digits", () => {
  expect(flawOf(question("a", "text", true), "  ")).toBe("required");
  expect(flawOf(question("a", "text", false), "")).toBeNull();
  expect(flawOf(question("a", "number", false), "двадцать")).toBe("number");
  expect(flawOf(question("a", "number", true), "1 250,50")).toBeNull();
});

test("only what was answered is sent, in the questions' order", () => {
  const questions = [question("b", "text", false), question("a", "text", false)];
  expect(given(questions, { a: " один ", b: "", gone: "было" })).toEqual([{ question: "a", value: "один" }]);
});

test("a ready text stands apart from what was written", () => {
  expect(insert("", 0, 0, "Перезвоните")).toEqual({ text: "Перезвоните", caret: 11 });
  expect(insert("Здравствуйте,позже", 13, 13, "жду")).toEqual({ text: "Здравствуйте, жду позже", caret: 17 });
  expect(insert("один два", 5, 8, "три")).toEqual({ text: "один три", caret: 8 });
});
