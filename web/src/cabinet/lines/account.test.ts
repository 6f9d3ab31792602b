import { describe, expect, it } from "vitest";
import { fieldsOf, filled, inputOf, pinned, seenOf, split } from "./account";

const empty = fieldsOf(null);

describe("the account's form", () => {
  it("takes user@domain apart", () => {
    const fields = split(empty, " sip:user42@vpbx400.mangosip.ru ");
    expect([fields.user, fields.server]).toEqual(["user42", "vpbx400.mangosip.ru"]);
  });

  it("leaves a bare user as it is typed, and a half-typed domain alone", () => {
    expect(split({ ...empty, server: "a.ru" }, "200").server).toBe("a.ru");
    expect(split({ ...empty, server: "a.ru" }, "200@")).toMatchObject({ user: "200", server: "a.ru" });
    expect(split(empty, "@a.ru").user).toBe("@a.ru");
  });

  it("is filled once user, password and server are", () => {
    const fields = { ...empty, user: "200", server: "a.ru" };
    expect(filled(fields, false)).toBe(false);
    expect(filled(fields, true)).toBe(true);
    expect(filled({ ...fields, password: "x" }, false)).toBe(true);
    expect(filled({ ...fields, server: " " }, true)).toBe(false);
  });

  it("sends nothing for what is left empty", () => {
    expect(inputOf({ ...empty, user: " 200 ", server: "a.ru" })).toMatchObject({
      user: "200",
      password: null,
      proxy: null,
      port: null,
      transport: "udp",
      codecs: ["pcma", "pcmu", "g722", "opus"],
    });
    expect(inputOf({ ...empty, codecs: ["g722", "pcma"] }).codecs).toEqual(["g722", "pcma"]);
    expect(inputOf({ ...empty, port: "5061" }).port).toBe(5061);
  });

  it("sends of the ways to check a certificate the chosen one", () => {
    const fields = { ...empty, certificate: "PEM", sha256: "AB" };
    expect(inputOf(fields).trust).toEqual({ kind: "public" });
    expect(inputOf({ ...fields, trust: "authority" }).trust).toEqual({ kind: "authority", certificate: "PEM" });
    expect(inputOf(pinned(fields, "CD")).trust).toEqual({ kind: "pinned", sha256: "CD" });
  });

  it("offers the fingerprint of a certificate that was not taken", () => {
    const fault = { kind: "certificate", flaw: "issuer" } as const;
    expect(seenOf({ state: "failed", fault: { ...fault, seen: "AB" } })).toBe("AB");
    expect(seenOf({ state: "failed", fault })).toBeUndefined();
    expect(seenOf({ state: "failed", fault: { kind: "no_answer" } })).toBeUndefined();
    expect(seenOf({ state: "registered", granted_s: 60 })).toBeUndefined();
  });
});
