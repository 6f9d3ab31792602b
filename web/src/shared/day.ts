import { dateIn } from "./time";

/** Another day, so many days later: 2026-11-23 and 1 make 2026-11-24. */
export function shifted(date: string, days: number): string {
  const day = new Date(`${date}T12:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}

/** Whether it is a day that the calendar has, as 2026-11-23. */
export function isDay(text: unknown): text is string {
  if (typeof text !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = new Date(`${text}T12:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

const QUARTER = 15 * 60_000;

/** The moment at which the day begins in the zone. Where clocks go forward at midnight that is not 00:00. */
export function startOfDay(date: string, zone: string): string {
  // No zone is further than 15 hours from UTC: the first quarter of an hour of that date is looked for.
  const noon = Date.parse(`${date}T00:00:00Z`);
  let before = noon - 15 * 60 * 60_000;
  let within = noon + 15 * 60 * 60_000;
  while (within - before > QUARTER) {
    const middle = before + Math.floor((within - before) / QUARTER / 2) * QUARTER;
    if (dateIn(new Date(middle), zone) < date) before = middle;
    else within = middle;
  }
  return new Date(within).toISOString();
}
