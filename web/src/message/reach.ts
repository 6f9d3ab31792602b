import type { Absence, Presence, Reach } from "./contract";

/** How somebody can be reached at a moment: «Доступен» once what was said has run out. */
export function current(
  reach: Pick<Reach, "presence" | "presence_until" | "absence">,
  now: number,
): { presence: Presence; until: string | null; absence: Absence | null; absent: boolean } {
  const until = reach.presence_until ?? null;
  const over = until !== null && Date.parse(until) <= now;
  const presence = over ? "available" : reach.presence;
  // One that is over is none any more.
  const absence = reach.absence && Date.parse(reach.absence.to) > now ? reach.absence : null;
  return {
    presence,
    until: presence === "available" ? null : until,
    absence,
    absent: absence !== null && Date.parse(absence.from) <= now,
  };
}
