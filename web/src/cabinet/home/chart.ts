import type { Totals } from "../../api/types";

/** The next round number: one digit and zeros. */
export function rounded(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return Math.ceil(value / power) * power;
}

/** The three parts of a bar as heights; an operator's answer may have been lost later: it counts once. */
export function stacked({ calls, answered, lost }: Pick<Totals, "calls" | "answered" | "lost">, top: number) {
  const height = (count: number) => `${String(Math.round((count / top) * 1000) / 10)}%`;
  const missed = Math.min(lost, calls - answered);
  return { answered: height(answered), lost: height(missed), other: height(calls - answered - missed) };
}
