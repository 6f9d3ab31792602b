/** A row that is being edited, with a name of its own before the server gives it an id. */
export type Keyed<T> = T & { key: string };

let made = 0;

/** Names the rows that are saved by their ids. */
export function keyed<T extends { id?: string | null }>(items: readonly T[]): Keyed<T>[] {
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

/** The rows as the server knows them. */
export function bare<T extends object>(rows: readonly Keyed<T>[]): T[] {
  return rows.map(({ key: _, ...row }) => row as unknown as T);
}
