/** «пн–пт, вс»: days of the week (1 is Monday), three and more in a row as a span. */
export function spanned(days: readonly number[], names: readonly string[]): string {
  const name = (day: number) => names[day - 1] ?? "";
  const sorted = [...new Set(days)].sort((a, b) => a - b);
  const runs: number[][] = [];
  for (const day of sorted) {
    const run = runs.at(-1);
    if (run && day === (run.at(-1) ?? 0) + 1) run.push(day);
    else runs.push([day]);
  }
  return runs
    .flatMap((run) => (run.length > 2 ? [`${name(run[0] ?? 1)}–${name(run.at(-1) ?? 1)}`] : run.map(name)))
    .join(", ");
}

/** 22:00 of 22:00:00. */
export const hm = (time: string) => time.slice(0, 5);

const DAY = 24 * 60;
const WEEK = 7 * DAY;

/** Minutes since midnight. */
export function minutes(time: string): number {
  const [hours = 0, rest = 0] = time.split(":").map(Number);
  return hours * 60 + rest;
}

interface Weekly {
  days: readonly number[];
  from: string;
  to: string;
}

/**
 * The parts of a week that it covers, in minutes from Monday's midnight: an end
 * at or before the start lies on the day after, and past Sunday on Monday.
 */
export function spansOf({ days, from, to }: Weekly): [number, number][] {
  const begin = minutes(from);
  const end = minutes(to);
  const length = end <= begin ? end + DAY - begin : end - begin;
  return days.flatMap((day) => {
    const at = (day - 1) * DAY + begin;
    const over = at + length - WEEK;
    return over > 0
      ? [
          [at, WEEK],
          [0, over],
        ]
      : [[at, at + length]];
  });
}
