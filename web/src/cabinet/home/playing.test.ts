import { describe, expect, it } from "vitest";
import { keyed, linkTo } from "./playing";

describe("the player's keys", () => {
  it("play, and step within the recording", () => {
    expect(keyed(" ", false, 0, 60_000)).toEqual({ toggle: true });
    expect(keyed("ArrowRight", false, 1_000, 60_000)).toEqual({ seek: 6_000 });
    expect(keyed("ArrowRight", true, 50_000, 60_000)).toEqual({ seek: 60_000 });
    expect(keyed("ArrowLeft", false, 3_000, 60_000)).toEqual({ seek: 0 });
    expect(keyed("End", false, 3_000, 60_000)).toEqual({ seek: 60_000 });
    expect(keyed("a", false, 3_000, 60_000)).toBeNull();
  });
});

describe("a link", () => {
  it("names the call, and the second where it is not the first", () => {
    expect(linkTo("https://calls.example.ru", "x", 12_900)).toBe("https://calls.example.ru/cabinet?call=x&t=12");
    expect(linkTo("https://calls.example.ru", "x", 0)).toBe("https://calls.example.ru/cabinet?call=x");
  });
});
