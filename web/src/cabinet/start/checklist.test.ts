import { expect, it } from "vitest";
import { progressOf, wayTo } from "./checklist";

it("names the first step that is left, also where later ones are done", () => {
  const steps = [
    { step: "company", done: true },
    { step: "hours", done: false },
    { step: "line", done: true },
    { step: "script", done: false },
  ] as const;
  expect(progressOf(steps)).toEqual({ next: { step: "hours", done: false }, done: 2, all: 4 });
  expect(progressOf([{ step: "connect", done: true }]).next).toBeUndefined();
});

it("leads each step to its page, and the steps on a line to that line", () => {
  expect(wayTo("hours", null)).toEqual({ to: "/cabinet/settings/hours" });
  expect(wayTo("line", "7")).toEqual({ to: "/cabinet/lines" });
  expect(wayTo("account", "7")).toEqual({ to: "/cabinet/lines", search: { open: "7" } });
  expect(wayTo("connect", null)).toEqual({ to: "/cabinet/lines", search: {} });
});
