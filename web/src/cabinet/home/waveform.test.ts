import { describe, expect, it } from "vitest";
import { bars, buckets } from "./waveform";

describe("waveform", () => {
  it("keeps the loudest of each bucket", () => {
    expect(buckets([0, 9, 1, 1, 255, 0], 3)).toEqual([9, 1, 255]);
    expect(buckets([1, 2], 10)).toEqual([1, 2]);
    expect(buckets([], 10)).toEqual([]);
    expect(
      Math.max(
        ...buckets(
          Array.from({ length: 997 }, (_, i) => (i === 500 ? 200 : 0)),
          240,
        ),
      ),
    ).toBe(200);
  });

  it("draws silence as a thin line, and the loudest within the box", () => {
    expect(bars([0], 10, 20, 0)).toBe("M5.00 9.50V10.50");
    expect(bars([255], 10, 20, 20)).toBe("M5.00 21.00V39.00");
  });
});
