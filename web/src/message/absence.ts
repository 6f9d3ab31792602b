import { shifted, startOfDay } from "../shared/day";
import { dateIn } from "../shared/time";
import type { Absence } from "./contract";

/** An absence as people say it: from a day to a day, both away. */
export interface AbsentDays {
  first: string;
  last: string;
  deputy: string | null;
}

/** The days of an absence in the zone. */
export function daysOf({ from, to, deputy }: Absence, zone: string): AbsentDays {
  // The end is the beginning of the day on which one is back.
  const last = dateIn(new Date(Date.parse(to) - 1), zone);
  return { first: dateIn(new Date(from), zone), last, deputy: deputy ?? null };
}

/** The absence of those days; none where they make no sense. */
export function absenceOf({ first, last, deputy }: AbsentDays, zone: string): Absence | null {
  if (first === "" || last === "" || last < first) return null;
  return { from: startOfDay(first, zone), to: startOfDay(shifted(last, 1), zone), deputy };
}
