import { describe, expect, it } from "vitest";
import i18next from "i18next";
import { ru } from "../i18n/ru";
import { clock, dateIn, duration, moment } from "./time";

await i18next.init({ lng: "ru", resources: { ru: { translation: ru } } });
const t = i18next.t.bind(i18next);
const now = new Date("2026-11-23T09:00:00Z");

describe("times", () => {
  it("tells today and the days beside it in the company's zone, not in UTC", () => {
    expect(moment("2026-11-23T11:05:00Z", "Europe/Moscow", t, now)).toBe("сегодня, 14:05");
    expect(moment("2026-11-22T21:30:00Z", "Europe/Moscow", t, now)).toBe("сегодня, 00:30");
    expect(moment("2026-11-22T06:30:00Z", "Europe/Moscow", t, now)).toBe("вчера, 09:30");
    expect(moment("2026-11-24T06:00:00Z", "Europe/Moscow", t, now)).toBe("завтра, 09:00");
  });

  it("names the day before that, and the year where it is another", () => {
    expect(moment("2026-11-12T15:20:00Z", "Europe/Moscow", t, now)).toBe("12 ноя, 18:20");
    expect(moment("2025-05-01T09:00:00Z", "Europe/Moscow", t, now)).toBe("1 мая 2025, 12:00");
  });

  it("goes over the end of a month", () => {
    const first = new Date("2026-12-01T09:00:00Z");
    expect(moment("2026-11-30T09:00:00Z", "Europe/Moscow", t, first)).toBe("вчера, 12:00");
  });

  it("shows the clock and the date of a zone", () => {
    expect(clock("2026-11-23T21:00:00Z", "Asia/Vladivostok")).toBe("07:00");
    expect(dateIn(new Date("2026-11-23T21:00:00Z"), "Asia/Vladivostok")).toBe("2026-11-24");
  });

  it("shows durations", () => {
    expect([0, 999, 48_000, 725_000, 3_723_000].map(duration)).toEqual([
      "0:00",
      "0:00",
      "0:48",
      "12:05",
      "1:02:03",
    ]);
  });
});
