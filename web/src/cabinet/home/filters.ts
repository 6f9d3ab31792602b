import type { CallResult } from "../../api/types";
import { isDay, shifted, startOfDay } from "../../shared/day";
import { dateIn } from "../../shared/time";

/** The results that a company's calls may have, in the order of the list to choose from. */
export const RESULTS: readonly CallResult[] = [
  "message_taken",
  "voice_message",
  "lost",
  "transferred",
  "dropped",
  "wrong_number",
  "spam",
  "outside_hours",
  "reached",
  "not_reached",
  "test_call",
];

/** Calls that came in, or those that operators placed. */
export const DIRECTIONS = ["in", "out"] as const;
export type Direction = (typeof DIRECTIONS)[number];

export const PERIODS = ["today", "yesterday", "week", "month", "own"] as const;
export type Period = (typeof PERIODS)[number];

export const RANGES = ["week", "month"] as const;
export type Range = (typeof RANGES)[number];

/** What of «Главная» stands in the address bar. */
export interface HomeSearch {
  result?: CallResult;
  direction?: Direction;
  line?: string;
  period?: Period;
  /** First and last day of an own period. */
  from?: string;
  to?: string;
  /** «Не перезвонили» only. */
  waiting?: true;
  /** The search among calls. */
  find?: string;
  /** The search among messages. */
  messages?: string;
  /** The opened call, and the second of its recording. */
  call?: string;
  t?: number;
  /** «Статистика» is open, for this time. */
  figures?: Range;
}

function one<T extends string>(value: unknown, of: readonly T[]): T | undefined {
  return of.find((known) => known === value);
}

function text(value: unknown): string | undefined {
  // The router reads digits in an address as a number.
  const written = typeof value === "number" ? String(value) : value;
  return typeof written === "string" && written.trim() !== "" ? written.slice(0, 200) : undefined;
}

/** Leaves out what is not set, so that it does not stand in the address. */
function only(search: { [K in keyof HomeSearch]: HomeSearch[K] | undefined }): HomeSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}

/** Reads the address; whatever makes no sense there is left out. */
export function homeSearch(search: Record<string, unknown>): HomeSearch {
  const id = (value: unknown) =>
    typeof value === "string" && /^[0-9a-f-]{36}$/i.test(value) ? value : undefined;
  const own = isDay(search.from) && isDay(search.to) && search.from <= search.to;
  const period = one(search.period, PERIODS);
  const call = id(search.call);
  const t = Number(search.t);
  return only({
    result: one(search.result, RESULTS),
    direction: one(search.direction, DIRECTIONS),
    line: id(search.line),
    period: period === "own" && !own ? undefined : period,
    from: period === "own" && own ? (search.from as string) : undefined,
    to: period === "own" && own ? (search.to as string) : undefined,
    waiting: search.waiting === true ? true : undefined,
    find: text(search.find),
    messages: text(search.messages),
    figures: one(search.figures, RANGES),
    call,
    t: call && Number.isFinite(t) && t > 0 ? Math.floor(t) : undefined,
  });
}

/** First and last day of a period. */
export function daysOf(search: HomeSearch, today: string): { first: string; last: string } | null {
  switch (search.period) {
    case "today":
      return { first: today, last: today };
    case "yesterday":
      return { first: shifted(today, -1), last: shifted(today, -1) };
    case "week":
      return { first: shifted(today, -6), last: today };
    case "month":
      return { first: shifted(today, -29), last: today };
    case "own":
      return search.from && search.to ? { first: search.from, last: search.to } : null;
    case undefined:
      return null;
  }
}

/** The moments between which the days lie in the zone. */
export function between(days: { first: string; last: string }, zone: string): { from: string; to: string } {
  return { from: startOfDay(days.first, zone), to: startOfDay(shifted(days.last, 1), zone) };
}

/** What the server is asked for: the filters of the calls. */
export function callQuery(search: HomeSearch, zone: string, now = new Date()) {
  const days = daysOf(search, dateIn(now, zone));
  return {
    ...(search.line && { line: search.line }),
    ...(search.result && { result: search.result }),
    ...(search.direction && { outgoing: search.direction === "out" }),
    ...(search.waiting && { not_called_back: true }),
    ...(days && between(days, zone)),
    ...(search.find && { search: search.find }),
  };
}

/** What the server is asked for: the filters of the messages. */
export function messageQuery(search: HomeSearch, zone: string, now = new Date()) {
  const days = daysOf(search, dateIn(now, zone));
  return {
    ...(days && between(days, zone)),
    ...(search.messages && { search: search.messages }),
  };
}

/** Filters as they stand in an address. */
export type Query = Record<string, string | boolean>;

/** Where the file is to be had of what a list shows with the filters. */
export function fileAddress(list: string, query: Query, format: "csv" | "xlsx"): string {
  const asked = Object.entries({ format, ...query }).map(([name, value]) => [name, String(value)]);
  return `${list}/export?${new URLSearchParams(asked).toString()}`;
}
