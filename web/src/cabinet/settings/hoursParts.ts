import type { HoursException, Interval, WorkingHours } from "../../api/types";
import type { Part } from "./merge";

/** The hours as what two people can change apart: the zone, each weekday, each date. */
export function toParts(hours: WorkingHours, names: { zone: string; days: readonly string[] }): Part[] {
  return [
    { key: "zone", name: names.zone, value: hours.zone },
    ...hours.week.map((value, index) => ({
      key: `week.${String(index)}`,
      name: names.days[index] ?? "",
      value,
    })),
    ...hours.exceptions.map((value) => ({ key: value.date, name: value.date, value })),
  ];
}

/** The hours of such parts; what is missing is as in the others. */
export function fromParts(parts: readonly Part[], otherwise: WorkingHours): WorkingHours {
  const value = (key: string) => parts.find((part) => part.key === key)?.value;
  const dates = parts.filter(({ key }) => /^\d/.test(key)).map((part) => part.value as HoursException);
  return {
    zone: (value("zone") as string | undefined) ?? otherwise.zone,
    week: otherwise.week.map(
      (day, index) => (value(`week.${String(index)}`) as Interval[] | undefined) ?? day,
    ) as WorkingHours["week"],
    exceptions: dates.sort((a, b) => a.date.localeCompare(b.date)),
  };
}

const DAY = 24 * 60;

function minutes(time: string): number {
  const [hours, mins] = time.split(":");
  return Number(hours) * 60 + Number(mins);
}

/** Which of a day's intervals begin before an earlier one ends. An end at or before its start is on the next day. */
export function overlapping(intervals: readonly Interval[]): Set<number> {
  const spans = intervals
    .map(({ from, to }, at) => {
      const start = minutes(from);
      return { at, start, end: minutes(to) <= start ? minutes(to) + DAY : minutes(to) };
    })
    .sort((a, b) => a.start - b.start);
  const found = new Set<number>();
  let end = -1;
  for (const span of spans) {
    if (span.start < end) found.add(span.at);
    end = Math.max(end, span.end);
  }
  return found;
}

/** A day's hours that end an hour earlier, as on the eve of a holiday. */
export function shortened(intervals: readonly Interval[]): Interval[] {
  const last = intervals.at(-1);
  if (!last) return [];
  const length = (minutes(last.to) - minutes(last.from) + DAY) % DAY || DAY;
  if (length <= 60) return intervals.slice(0, -1);
  const end = (minutes(last.to) - 60 + DAY) % DAY;
  const two = (n: number) => String(n).padStart(2, "0");
  return [...intervals.slice(0, -1), { ...last, to: `${two(Math.floor(end / 60))}:${two(end % 60)}:00` }];
}
