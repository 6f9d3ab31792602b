import { describe, expect, it } from "vitest";
import { fieldsOf, filled, inputOf, split } from "./account";

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
});
