import type { TFunction } from "i18next";
import { expect, test } from "vitest";
import { reason } from "./reason";

const t = ((key: string) => `<${key}>`) as unknown as TFunction;

test("a known reason is told in words of the interface, and keeps its code", () => {
  expect(reason("the mailbox does not exist (550 5.1.1)", t)).toBe("<reason.noMailbox> (550 5.1.1)");
  expect(reason("the mail server answered 451", t)).toBe("<reason.mailAnswered> 451");
});

test("what nobody foresaw is told as it is", () => {
  expect(reason("teapot", t)).toBe("teapot");
});
