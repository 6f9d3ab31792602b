import i18next from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import { ru } from "../i18n/ru";
import type { MessageEvent } from "./contract";
import { tell } from "./story";

const at = "2026-11-23T11:05:00Z";
const say = (event: MessageEvent) => tell([{ id: "1", at, event }], i18next.t, () => "сегодня, 18:00")[0];

describe("a message's story", () => {
  beforeAll(async () => {
    await i18next.init({ lng: "ru", resources: { ru: { translation: ru } }, interpolation: { escapeValue: false } });
  });

  it("says in words what happened", () => {
    expect(say({ kind: "created", recipient: "Отдел продаж" })?.words).toBe("Записано для: Отдел продаж");
    expect(say({ kind: "held", to: "Анна Белова", until: at })?.words).toContain("сегодня, 18:00");
    expect(say({ kind: "escalated", step: 2, to: ["Анна Белова", "Иван Седов"] })?.words).toContain(
      "Анна Белова, Иван Седов",
    );
  });

  it("tells an attempt that failed from a delivery that did", () => {
    const delivery = { kind: "delivery", delivery: "d", channel: "email", to: "Анна", reason: "550" } as const;
    expect(say({ ...delivery, state: "queued" })).toMatchObject({ tone: "wait", more: "550" });
    expect(say({ ...delivery, state: "failed" })).toMatchObject({ tone: "bad", more: "550" });
    expect(say({ ...delivery, state: "sent", reason: null })?.tone).toBe("quiet");
  });

  it("is alarmed where nobody is to be found", () => {
    expect(say({ kind: "administrators", to: [] })?.tone).toBe("bad");
    expect(say({ kind: "administrators", to: ["Директор"] })?.tone).toBe("wait");
  });
});
