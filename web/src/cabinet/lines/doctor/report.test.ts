import type { TFunction } from "i18next";
import { describe, expect, it } from "vitest";
import type { DoctorReport, LineView } from "../../../api/types";
import { lines as english } from "../../../i18n/en/lines";
import { lines as russian } from "../../../i18n/ru/lines";
import { asText, countOf, mendsOf, outcomeOf, sentenceOf, uncheckedText } from "./report";

/** Looks texts up as the pages do, parameters included. */
function speaking(texts: object): TFunction {
  const look = (key: string, values: Record<string, unknown> = {}) => {
    const found = key.split(".").reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], texts);
    return String(found).replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name]));
  };
  return look as unknown as TFunction;
}

const report: DoctorReport = {
  findings: [
    { check: "reach", verdict: "passed", cause: null, detail: "203.0.113.5:5060" },
    { check: "register", verdict: "failed", cause: { kind: "wrong_password" }, detail: null },
    { check: "hold", verdict: "warned", cause: { kind: "hold_refused", code: 488 }, detail: null },
    { check: "stays", verdict: "passed", cause: null, detail: "35 s" },
    { check: "transfer", verdict: "skipped", cause: null, detail: null },
  ],
  current: null,
  request: null,
  done: true,
};

describe("the doctor's report", () => {
  it("counts what is wrong and names the field", () => {
    expect(countOf(report)).toEqual({ failed: 1, warned: 1 });
    expect(mendsOf({ kind: "wrong_password" })).toEqual(["password", "auth_name"]);
    expect(mendsOf({ kind: "no_common_codec" })).toEqual(["codecs"]);
    expect(mendsOf({ kind: "keys_lost" })).toEqual([]);
  });

  it("has a sentence with its figures in both languages", () => {
    expect(sentenceOf({ kind: "hold_refused", code: 488 }, speaking(russian))).toContain("488");
    expect(sentenceOf({ kind: "ends_after", seconds: 30 }, speaking(english))).toContain("30");
    expect(sentenceOf({ kind: "certificate", flaw: "expired" }, speaking(russian))).toContain("истёк");
  });

  it("leads to the field that its sentence names", () => {
    const proxied = { proxy: "proxy.pbx.ru" };
    const t = speaking(russian);
    for (const [cause, account, field, label] of [
      [{ kind: "certificate", flaw: "name" }, null, "server", "«SIP сервер»"],
      [{ kind: "certificate", flaw: "name" }, proxied, "proxy", "«SIP proxy»"],
      [{ kind: "certificate", flaw: "issuer" }, null, "trust", "«Проверка сертификата»"],
      [{ kind: "certificate", flaw: "expired" }, proxied, "trust", "«Проверка сертификата»"],
      [{ kind: "address_not_allowed" }, null, "server", "«SIP сервер»"],
      [{ kind: "address_not_allowed" }, proxied, "proxy", "«SIP proxy»"],
      [{ kind: "no_common_codec" }, null, "codecs", "«Кодеки»"],
    ] as const) {
      expect(mendsOf(cause, account)).toContain(field);
      expect(sentenceOf(cause, t, account)).toContain(label);
    }
    expect(mendsOf({ kind: "certificate", flaw: "name" }, null)).not.toContain("trust");
  });

  it("is well only where everything was checked", () => {
    const of = (...verdicts: [DoctorReport["findings"][number]["check"], "passed" | "warned" | "skipped"][]) => ({
      ...report,
      findings: verdicts.map(([check, verdict]) => ({ check, verdict, cause: null, detail: null })),
    });
    const all = of(["register", "passed"], ["nonce", "skipped"], ["arrival", "passed"], ["hold", "passed"]);
    expect(outcomeOf(all)).toBe("well");
    expect(outcomeOf(of(["register", "passed"], ["caller", "warned"]))).toBe("fair");
    const left = of(["register", "passed"], ["arrival", "skipped"], ["stays", "skipped"], ["transfer", "skipped"]);
    const hungUp = of(["arrival", "passed"], ["caller", "warned"], ["stays", "skipped"], ["transfer", "skipped"]);
    const unanswered = of(["arrival", "passed"], ["keys", "skipped"], ["stays", "passed"], ["transfer", "passed"]);
    for (const [partial, why] of [
      [left, "Звонка не было"],
      [hungUp, "не кладите трубку"],
      [unanswered, "слышен ли голос"],
    ] as const) {
      expect(outcomeOf(partial)).toBe("partial");
      expect(uncheckedText(partial, speaking(russian))).toContain(why);
    }
    expect(uncheckedText(hungUp, speaking(russian))).toContain("Звонок без обрыва, Перевод звонка");
    expect(outcomeOf(report)).toBe("ill");
  });

  it("is copied with the account and without a password", () => {
    const line = {
      name: "Основная",
      account: { user: "200", has_password: true, server: "pbx.ru", port: 5070, proxy: null, transport: "udp" },
    } as unknown as LineView;
    const text = asText(line, "26.11.2026 10:00", report, speaking(russian));
    expect(text).toContain("SIP сервер: pbx.ru:5070");
    expect(text).toContain("(203.0.113.5:5060)");
    expect(text).toContain("(35 с)");
    expect(text).toContain("Найдена причина");
    expect(text).toContain("«Подключение к АТС (SIP)», «Пароль», «Имя для авторизации»");
    expect(text.split("\n").filter((row) => row.startsWith("Не работает"))).toHaveLength(1);
    expect(text).not.toContain("undefined");
  });
});
