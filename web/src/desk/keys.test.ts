import { describe, expect, it } from "vitest";
import { nameOf } from "./keys";

describe("a key's name", () => {
  it("is its place on the keyboard, whichever the language", () => {
    expect(nameOf({ code: "KeyH", key: "р", shiftKey: false })).toBe("KeyH");
    expect(nameOf({ code: "KeyE", key: "У", shiftKey: true })).toBe("Shift+KeyE");
    expect(nameOf({ code: "NumpadEnter", key: "Enter", shiftKey: false })).toBe("Enter");
  });

  it("is the character for the keypad's keys", () => {
    expect(nameOf({ code: "Digit8", key: "*", shiftKey: true })).toBe("*");
    expect(nameOf({ code: "Digit7", key: "?", shiftKey: true })).toBe("?");
    expect(nameOf({ code: "Numpad5", key: "5", shiftKey: false })).toBe("5");
  });
});
