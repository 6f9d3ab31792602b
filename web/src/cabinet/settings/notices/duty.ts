import type { Gap, Shift } from "../../../message/contract";
import { hm, spansOf } from "../../../message/week";

const DAY = 24 * 60;
const WEEK = 7 * DAY;

/** A part of a day on which somebody is on duty, in parts of the day from 0 to 1. */
export interface Piece {
  shift: number;
  day: number;
  from: number;
  to: number;
}

/** Each shift's hours, cut at midnight, for a picture of the week. */
export function pieces(shifts: readonly Shift[]): Piece[] {
  return shifts.flatMap((shift, index) =>
    spansOf(shift).flatMap(([from, to]) => {
      const cut: Piece[] = [];
      for (let at = from; at < to; ) {
        const day = Math.floor(at / DAY);
        const end = Math.min(to, (day + 1) * DAY);
        cut.push({ shift: index, day: day + 1, from: (at - day * DAY) / DAY, to: (end - day * DAY) / DAY });
        at = end;
      }
      return cut;
    }),
  );
}

const clock = (minute: number) => {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(Math.floor(minute / 60) % 24)}:${two(minute % 60)}:00`;
};

/** Where an hour of the week is empty; as the server counts it, while it is being edited. */
export function gapsOf(shifts: readonly Shift[]): Gap[] {
  const spans = shifts.flatMap((shift) => spansOf(shift)).sort(([a], [b]) => a - b);
  const gaps: Gap[] = [];
  let covered = 0;
  for (const [from, to] of [...spans, [WEEK, WEEK] as const]) {
    for (let at = covered; at < from; ) {
      const day = Math.floor(at / DAY);
      const end = Math.min(from, (day + 1) * DAY);
      gaps.push({ day: day + 1, from: clock(at - day * DAY), to: clock(end - day * DAY) });
      at = end;
    }
    covered = Math.max(covered, to);
  }
  return gaps;
}

/** Empty hours in words, days of the same hours together: «пн–пт 18:00–24:00». */
export function gapWords(gaps: readonly Gap[], days: (days: readonly number[]) => string): string[] {
  const byHours = new Map<string, number[]>();
  for (const { day, from, to } of gaps) {
    const hours = `${hm(from)}–${hm(to) === "00:00" ? "24:00" : hm(to)}`;
    byHours.set(hours, [...(byHours.get(hours) ?? []), day]);
  }
  return [...byHours].map(([hours, on]) => `${days(on)} ${hours}`);
}
