import { describe, expect, it } from "vitest";
import { callQuery, daysOf, fileAddress, homeSearch, messageQuery } from "./filters";

const CALL = "0192f0c1-2345-7abc-8def-0123456789ab";

describe("the address of «Главная»", () => {
  it("keeps what makes sense and leaves out the rest", () => {
    expect(
      homeSearch({ result: "lost", line: CALL, period: "week", waiting: true, find: "926", call: CALL, t: "12" }),
    ).toEqual({ result: "lost", line: CALL, period: "week", waiting: true, find: "926", call: CALL, t: 12 });
    expect(
      homeSearch({ result: "x", line: "1", period: "year", waiting: "no", find: " ", call: "../x", t: -1, z: 1 }),
    ).toEqual({});
    expect(homeSearch({ direction: "out" })).toEqual({ direction: "out" });
    expect(homeSearch({ direction: "both" })).toEqual({});
    expect(homeSearch({ find: 89261234567, t: 5 })).toEqual({ find: "89261234567" });
  });

  it("knows an own period by both of its days", () => {
    const own = { period: "own", from: "2026-11-01", to: "2026-11-23" };
    expect(homeSearch(own)).toEqual(own);
    expect(homeSearch({ ...own, to: "2026-10-01" })).toEqual({});
    expect(homeSearch({ period: "own", from: "2026-11-01" })).toEqual({});
  });
});

describe("the filters", () => {
  const now = new Date("2026-11-23T22:30:00Z");

  it("count days by the company's clock", () => {
    // In Moscow it is the 24th already.
    expect(callQuery({ period: "today" }, "Europe/Moscow", now)).toEqual({
      from: "2026-11-23T21:00:00.000Z",
      to: "2026-11-24T21:00:00.000Z",
    });
    expect(daysOf({ period: "week" }, "2026-11-24")).toEqual({ first: "2026-11-18", last: "2026-11-24" });
    expect(daysOf({ period: "month" }, "2026-11-24")).toEqual({ first: "2026-10-26", last: "2026-11-24" });
  });

  it("ask for what is set alone", () => {
    expect(callQuery({}, "UTC", now)).toEqual({});
    expect(callQuery({ waiting: true, find: "роза", result: "lost" }, "UTC", now)).toEqual({
      not_called_back: true,
      search: "роза",
      result: "lost",
    });
    expect(callQuery({ direction: "out" }, "UTC", now)).toEqual({ outgoing: true });
    expect(callQuery({ direction: "in" }, "UTC", now)).toEqual({ outgoing: false });
    expect(messageQuery({ messages: "роза", result: "lost" }, "UTC", now)).toEqual({ search: "роза" });
  });

  it("go with what is exported", () => {
    const query = callQuery({ waiting: true, period: "today", find: "роза & +7" }, "Europe/Moscow", now);
    const address = new URL(fileAddress("/api/calls", query, "xlsx"), "https://calls.example.ru");
    expect(address.pathname).toBe("/api/calls/export");
    expect(Object.fromEntries(address.searchParams)).toEqual({
      format: "xlsx",
      not_called_back: "true",
      from: "2026-11-23T21:00:00.000Z",
      to: "2026-11-24T21:00:00.000Z",
      search: "роза & +7",
    });
    expect(fileAddress("/api/messages", {}, "csv")).toBe("/api/messages/export?format=csv");
  });
});
