interface Holiday {
  date: string;
  /** Month and day of the holiday that the day is off for. */
  of: string;
}

/** Non-working holidays of Russia (Labour Code, article 112), as month and day. */
const FIXED = [
  "01-01",
  "01-02",
  "01-03",
  "01-04",
  "01-05",
  "01-06",
  "01-07",
  "01-08",
  "02-23",
  "03-08",
  "05-01",
  "05-09",
  "06-12",
  "11-04",
] as const;

/** Days off that the government moved by decree, where the decree is known. */
const DECREED: Partial<Record<number, readonly Holiday[]>> = {
  2026: [
    { date: "2026-01-09", of: "01-01" },
    { date: "2026-12-31", of: "01-01" },
  ],
};

const DAY_MS = 24 * 60 * 60 * 1000;

function weekend(date: string): boolean {
  const day = new Date(`${date}T00:00:00Z`).getUTCDay();
  return day === 0 || day === 6;
}

/**
 * The year's production calendar: the holidays, and the working days that
 * take the place of one on a weekend. January's holidays move by decree only.
 */
export function holidays(year: number): Holiday[] {
  const days = new Map<string, Holiday>();
  for (const of of FIXED) {
    const date = `${String(year)}-${of}`;
    days.set(date, { date, of: of.startsWith("01") && of !== "01-07" ? "01-01" : of });
  }
  for (const { date, of } of [...days.values()]) {
    if (date.slice(5, 7) === "01" || !weekend(date)) continue;
    let at = Date.parse(`${date}T00:00:00Z`);
    let next = date;
    while (weekend(next) || days.has(next)) {
      at += DAY_MS;
      next = new Date(at).toISOString().slice(0, 10);
    }
    days.set(next, { date: next, of });
  }
  for (const holiday of DECREED[year] ?? []) days.set(holiday.date, holiday);
  return [...days.values()].sort((a, b) => a.date.localeCompare(b.date));
}
