import { useState } from "react";

/** What is being edited, beside what is saved. */
export interface Form<T> {
  value: T;
  dirty: boolean;
  set: (next: T) => void;
  put: <K extends keyof T>(key: K, value: T[K]) => void;
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
  const [edited, setEdited] = useState<T | null>(null);
  const value = edited ?? saved;
  return {
    value,
    dirty: edited !== null && !same(edited, saved),
    set: setEdited,
    put: (key, next) => {
      setEdited({ ...value, [key]: next });
    },
    reset: () => {
      setEdited(null);
    },
  };
}
