import { same } from "../../shared/form";
import type { Keyed } from "./rows";

/** A piece of the settings that two people can change apart: a field, a day, a row. */
export interface Part {
  key: string;
  /** As the page calls it. */
  name: string;
  value: unknown;
}

/** Two people's changes of the same settings, put together. */
export interface Merged {
  parts: Part[];
  /** Names of what only the other one changed. */
  theirs: string[];
  /** Names of what only this one changed. */
  mine: string[];
  /** Names of what both changed differently: this one's stays. */
  both: string[];
}

/** Puts one's own changes upon what somebody else saved since the editing began. */
export function merge(base: readonly Part[], mine: readonly Part[], theirs: readonly Part[]): Merged {
  const find = (parts: readonly Part[], key: string) => parts.find((part) => part.key === key);
  const keys = new Set([...theirs, ...mine, ...base].map(({ key }) => key));
  const merged: Merged = { parts: [], theirs: [], mine: [], both: [] };
  for (const key of keys) {
    const [was, own, other] = [find(base, key), find(mine, key), find(theirs, key)];
    const changedHere = !same(own?.value, was?.value);
    const changedThere = !same(other?.value, was?.value);
    const name = (own ?? other ?? was)?.name ?? "";
    const kept = changedHere ? own : other;
    if (kept) merged.parts.push(kept);
    if (changedHere && changedThere) {
      if (!same(own?.value, other?.value)) merged.both.push(name);
    } else if (changedHere) {
      merged.mine.push(name);
    } else if (changedThere) {
      merged.theirs.push(name);
    }
  }
  return merged;
}

interface Row {
  id?: string | null;
}

interface Rows<T> {
  base: readonly Keyed<T>[];
  mine: readonly Keyed<T>[];
  theirs: readonly Keyed<T>[];
}

/** The same for a list of rows. New rows of the two that are alike are one row. */
export function mergeRows<T extends Row>(
  { base, mine, theirs }: Rows<T>,
  alike: (row: T) => string,
  name: (row: T) => string,
): Merged & { rows: Keyed<T>[] } {
  const twin = (row: T) => theirs.find((other) => alike(other) !== "" && alike(other) === alike(row))?.id;
  const parts = (rows: readonly Keyed<T>[]): Part[] =>
    rows.map((row) => {
      const { key, id, ...value } = row;
      return { key: id ?? twin(row) ?? key, name: name(row), value };
    });
  const merged = merge(parts(base), parts(mine), parts(theirs));
  const stored = new Set(theirs.map(({ id }) => id));
  const rows = merged.parts.map(({ key, value }) => {
    // A row that the other one deleted and this one changed becomes a new one.
    const id = stored.has(key) ? key : null;
    return { ...(value as T), id, key };
  });
  return { ...merged, rows };
}
