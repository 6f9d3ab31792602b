import { describe, expect, it } from "vitest";
import { endOf } from "./until";

const zone = "Europe/Moscow";
const at = (text: string) => new Date(text);

describe("«Не беспокоить» до", () => {
  it("ends after hours", () => {
    expect(endOf("hour", at("2026-11-23T11:00:00Z"), zone)).toBe("2026-11-23T12:00:00.000Z");
    expect(endOf("three", at("2026-11-23T11:00:00Z"), zone)).toBe("2026-11-23T14:00:00.000Z");
    expect(endOf("open", at("2026-11-23T11:00:00Z"), zone)).toBeNull();
  });

  it("ends at nine of the next morning, which is today's before nine", () => {
    expect(endOf("morning", at("2026-11-23T18:00:00Z"), zone)).toBe("2026-11-24T06:00:00.000Z");
    expect(endOf("morning", at("2026-11-23T22:30:00Z"), zone)).toBe("2026-11-24T06:00:00.000Z");
    expect(endOf("morning", at("2026-11-24T05:59:00Z"), zone)).toBe("2026-11-24T06:00:00.000Z");
  });
});
