import type { BoardFigures } from "../api/types";
import type { BoardCompany } from "./wire";

type CompanyTotals = BoardFigures["companies"][number];

/** A company with all that the board tells of it. */
export interface Row {
  id: string;
  name: string;
  waits: number;
  since: string | null;
  totals: CompanyTotals | null;
}

/** Who waits, and how the day goes, by company: those that are waited for first, the longest wait on top. */
export function rows(waiting: readonly BoardCompany[], figures: readonly CompanyTotals[]): Row[] {
  const waited = waiting.map((company) => ({
    id: company.id,
    name: company.name,
    waits: company.waiting,
    since: company.longest_wait_since,
    totals: figures.find(({ id }) => id === company.id) ?? null,
  }));
  const others = figures
    .filter(({ id }) => !waiting.some((company) => company.id === id))
    .map((totals) => ({ id: totals.id, name: totals.name, waits: 0, since: null, totals }));
  return [...waited, ...others];
}
