import { describe, expect, it } from "vitest";
import type { LineView } from "../../../api/types";
import { guides, likely, pbxs } from "./guide";

const account = (server: string): LineView["account"] => ({
  user: "200",
  has_password: true,
  server,
  proxy: null,
  auth_name: null,
  port: null,
  transport: "udp",
  interval_s: 120,
  codecs: ["pcma", "pcmu", "g722", "opus"],
  trust: { kind: "public" },
});

describe("the guides", () => {
  it("are whole in both languages, step for step", async () => {
    for (const pbx of pbxs) {
      const { ru, en } = (await guides[pbx]()).guide.steps;
      expect(en.length, pbx).toBe(ru.length);
      ru.forEach((step, index) => {
        const other = en[index];
        expect(other?.fields?.map(({ ours }) => ours), pbx).toEqual(step.fields?.map(({ ours }) => ours));
        expect(other?.value, pbx).toBe(step.value);
        expect(other?.text).not.toBe(step.text);
      });
      const asked = ru.flatMap((step) => step.fields?.map(({ ours }) => ours) ?? []);
      expect(asked, pbx).toEqual(expect.arrayContaining(["user", "password", "server"]));
      expect(ru.some((step) => step.value === "user"), `${pbx} says where to forward`).toBe(true);
    }
  });

  it("follow the quick start for MANGO OFFICE", async () => {
    const text = (await guides.mango()).guide.steps.ru.map((step) => step.text).join("\n");
    for (const label of ["Ваш персонал", "Добавить сотрудника", "Ждать ответ", "300", "Переадресация", "15"]) {
      expect(text).toContain(label);
    }
  });

  it("are chosen by the server's name", () => {
    expect(likely(account("vpbx400.mangosip.ru"))).toBe("mango");
    expect(likely(account("pbx.zadarma.com"))).toBe("zadarma");
    expect(likely(account("10.0.0.1"))).toBeNull();
    expect(likely(null)).toBeNull();
  });
});
