import { describe, expect, it } from "vitest";
import { zoneOf } from "./callerZone";

describe("where a caller is", () => {
  it("is told by an area code of Russia", () => {
    expect(zoneOf("+74951234567")).toBe("Europe/Moscow");
    expect(zoneOf("+73832123456")).toBe("Asia/Novosibirsk");
    expect(zoneOf("+74012123456")).toBe("Europe/Kaliningrad");
    expect(zoneOf("+74232123456")).toBe("Asia/Vladivostok");
    expect(zoneOf("+74112123456")).toBe("Asia/Yakutsk");
  });

  it("is told by a country that has one zone", () => {
    expect(zoneOf("+375171234567")).toBe("Europe/Minsk");
    expect(zoneOf("+77271234567")).toBe("Asia/Almaty");
    expect(zoneOf("+4915112345678")).toBe("Europe/Berlin");
  });

  it("is not guessed", () => {
    // A mobile number, an area of several zones, countries of several zones, an extension, a hidden number.
    for (const number of ["+79261234567", "+74115123456", "+12025550123", "+61212345678", "101", ""]) {
      expect(zoneOf(number)).toBeNull();
    }
  });

  it("names zones that there are", () => {
    const numbers = ["+7301", "+7365", "+7385", "+7415", "+7427", "+7844", "+7851"].map((code) => code.padEnd(12, "1"));
    for (const number of [...numbers, "+380441234567", "+84912345678"]) {
      const timeZone = zoneOf(number);
      expect(timeZone).not.toBeNull();
      expect(() => new Intl.DateTimeFormat("ru", { timeZone: timeZone ?? "" })).not.toThrow();
    }
  });
});
