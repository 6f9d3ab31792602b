/** A row that is being edited, with a name of its own before the server gives it an id. */
export type Keyed<T> = T & { key: string };

interface Row {
  id?: string | null;
}

let made = 0;

/** Names the rows that are saved by their ids. */
export function keyed<T extends Row>(items: readonly T[]): Keyed<T>[] {
  return items.map((item, index) => ({ ...item, key: item.id ?? `unsaved-${String(index)}` }));
}

/** A new row at the end. */
export function added<T>(rows: readonly Keyed<T>[], row: T): Keyed<T>[] {
  made += 1;
  return [...rows, { ...row, key: `new-${String(made)}` }];
}

/** The rows with one of them changed. */
export function changed<T>(rows: readonly Keyed<T>[], key: string, change: Partial<T>): Keyed<T>[] {
  return rows.map((row) => (row.key === key ? { ...row, ...change } : row));
}

/** The rows without one of them. */
export function removed<T>(rows: readonly Keyed<T>[], key: string): Keyed<T>[] {
  return rows.filter((row) => row.key !== key);
}

/** The rows with a deleted one back where it stood. */
export function restored<T>(rows: readonly Keyed<T>[], row: Keyed<T>, at: number): Keyed<T>[] {
  return [...rows.slice(0, at), row, ...rows.slice(at)];
}

/** The rows as the server knows them. */
export function bare<T extends object>(rows: readonly Keyed<T>[]): T[] {
  return rows.map(({ key: _, ...row }) => row as unknown as T);
}

/** The rows with those of a file: a row of the same id, or else one that is alike, takes its values. */
export function imported<T extends Row>(
  rows: readonly Keyed<T>[],
  incoming: readonly T[],
  alike: (row: T) => string,
): Keyed<T>[] {
  return incoming.reduce<Keyed<T>[]>((all, next) => {
    const known =
      all.find(({ id }) => id && id === next.id) ?? all.find((row) => alike(row) === alike(next));
    return known ? changed(all, known.key, { ...next, id: known.id ?? null }) : added(all, { ...next, id: null });
  }, [...rows]);
}
