import { createInstance } from "i18next";
import { expect, test } from "vitest";
import { desk as deskInEnglish } from "../i18n/en/desk";
import { home as homeInEnglish } from "../i18n/en/home";
import { desk } from "../i18n/ru/desk";
import { home } from "../i18n/ru/home";
import { sideOf } from "./side";

const languages = [
  ["ru", { ...desk, ...home }, /звонящ/i],
  ["en", { ...deskInEnglish, ...homeInEnglish }, /caller/i],
] as const;

test.each(languages)("nobody is a caller in a call that was placed here: %s", async (lng, translation, caller) => {
  const texts = createInstance();
  await texts.init({ lng, resources: { [lng]: { translation } } });
  for (const key of [
    "desk.caller.title",
    "desk.callerName",
    "desk.callerTime",
    "desk.transfer.back",
    "desk.transfer.calling",
    "desk.transfer.ringing",
    "desk.transfer.callingBlind",
    "desk.transfer.answered",
    "desk.transfer.together",
    "happening.taken_back",
    "happening.transferred",
  ] as const) {
    expect(texts.t(key, sideOf(false))).toMatch(caller);
    const outgoing = texts.t(key, sideOf(true));
    expect(outgoing).not.toBe(key);
    expect(outgoing).not.toMatch(caller);
  }
  // What has nobody's name in it is the same in both.
  expect(texts.t("desk.transfer.handOver", sideOf(true))).toBe(texts.t("desk.transfer.handOver"));
});
