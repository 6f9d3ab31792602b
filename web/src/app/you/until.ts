import { shifted, startOfDay } from "../../shared/day";
import { dateIn } from "../../shared/time";

/** For how long somebody does not want to be disturbed. */
export const SPANS = ["hour", "three", "morning", "open"] as const;
export type Span = (typeof SPANS)[number];

const HOUR = 60 * 60_000;
/** When most people begin: a colleague may write then. */
const MORNING = 9;

/** The moment at which it ends; none where it is left open. */
export function endOf(span: Span, now: Date, zone: string): string | null {
  switch (span) {
    case "hour":
      return new Date(now.getTime() + HOUR).toISOString();
    case "three":
      return new Date(now.getTime() + 3 * HOUR).toISOString();
    case "morning": {
      const today = dateIn(now, zone);
      // Before nine, the morning that is meant is today's.
      const morning = (day: string) => Date.parse(startOfDay(day, zone)) + MORNING * HOUR;
      const at = morning(today) > now.getTime() ? morning(today) : morning(shifted(today, 1));
      return new Date(at).toISOString();
    }
    case "open":
      return null;
  }
}
