import { useState } from "react";

/** What is being edited, beside what is saved. */
export interface Form<T> {
  value: T;
  /** What was saved when the editing began: somebody else may have saved since. */
  base: T;
  dirty: boolean;
  set: (next: T) => void;
  put: <K extends keyof T>(key: K, value: T[K]) => void;
  /** Goes on with other edits, upon what is saved by now. */
  rebase: (base: T, value: T) => void;
  reset: () => void;
}

/** Whether two values of plain data say the same. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = Object.entries(a);
  if (left.length !== Object.keys(b).length) return false;
  return left.every(([key, value]) => key in b && same(value, (b as Record<string, unknown>)[key]));
}

/** Edits a copy of what is saved; without edits it follows what is saved. */
export function useForm<T extends object>(saved: T): Form<T> {
  const [edit, setEdit] = useState<{ base: T; value: T } | null>(null);
  const dirty = edit !== null && !same(edit.value, edit.base);
  const value = dirty ? edit.value : saved;
  const base = dirty ? edit.base : saved;
  const set = (next: T) => {
    setEdit({ base, value: next });
  };
  return {
    value,
    base,
    dirty,
    set,
    put: (key, next) => {
      set({ ...value, [key]: next });
    },
    rebase: (next, edited) => {
      setEdit({ base: next, value: edited });
    },
    reset: () => {
      setEdit(null);
    },
  };
}
