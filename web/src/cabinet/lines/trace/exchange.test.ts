import { describe, expect, it } from "vitest";
import { asText, failing, since } from "./exchange";

describe("an exchange of messages", () => {
  it("tells how long after the first one each went", () => {
    expect(since("2026-11-26T10:00:00.000Z", "2026-11-26T10:00:01.250Z", "ru")).toBe("+1,250");
    expect(since("2026-11-26T10:00:00.000Z", "2026-11-26T09:59:59.000Z", "en")).toBe("+0.000");
  });

  it("knows refusals from requests for a login", () => {
    expect(["200 OK", "INVITE", "401 Unauthorized", "407 Proxy"].some(failing)).toBe(false);
    expect(["403 Forbidden", "503 Busy", "603 Decline"].every(failing)).toBe(true);
  });

  it("is copied whole, in its order", () => {
    const at = "2026-11-26T10:00:00Z";
    const text = asText(
      [
        { at, outgoing: true, label: "REGISTER", text: "REGISTER sip:h" },
        { at, outgoing: false, label: "200 OK", text: "SIP/2.0 200 OK" },
      ],
      { out: "→ АТС", in: "← АТС" },
    );
    expect(text).toBe(`${at} → АТС\nREGISTER sip:h\n\n${at} ← АТС\nSIP/2.0 200 OK\n`);
  });
});
