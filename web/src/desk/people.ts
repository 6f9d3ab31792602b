import type { Recipient } from "../api/types";
import type { Present } from "../message/PresenceMark";
import { current } from "./presence";
import type { CallCard, Dialled } from "./wire";

/** Somebody to whom a message or a caller can be given. */
export interface Person {
  key: string;
  name: string;
  /** Position and department. */
  notes: string[];
  extension: string;
  recipient: Recipient;
  dialled: Dialled[];
  /** A department has no presence of its own. */
  present: Present | null;
  hasEmail: boolean;
}

/** Everybody on a card: departments first, then employees, those who can be reached before the others. */
export function everybody(call: CallCard, now: number): Person[] {
  const department = (id: string | null | undefined) => call.departments.find((d) => d.id === id)?.name ?? "";
  const departments = call.departments.map(
    (d): Person => ({
      key: d.id,
      name: d.name,
      notes: [],
      extension: d.extension,
      recipient: { to: "department", department: d.id },
      dialled: d.dialled,
      present: null,
      hasEmail: true,
    }),
  );
  const employees = call.employees.map(
    (e): Person => ({
      key: e.id,
      name: e.name,
      notes: [e.position, department(e.department)].filter(Boolean),
      extension: e.extension,
      recipient: { to: "employee", employee: e.id },
      dialled: e.dialled,
      present: current(e, now),
      hasEmail: e.has_email,
    }),
  );
  const rank = ({ present }: Person) => (reachable(present) ? 0 : 1);
  return [...departments, ...employees.sort((a, b) => rank(a) - rank(b))];
}

function reachable(present: Present | null): boolean {
  return present === null || (present.presence === "available" && !present.absent_until);
}

const fold = (text: string) => text.toLowerCase().replaceAll("ё", "е");

/** Those of whom every word that was typed begins a word of name, position, department or extension. */
export function matching(people: readonly Person[], typed: string): Person[] {
  const wanted = fold(typed).split(/\s+/).filter(Boolean);
  return people.filter((person) => {
    const words = fold([person.name, ...person.notes, person.extension].join(" ")).split(/[\s,.;()«»"-]+/);
    return wanted.every((part) => words.some((word) => word.startsWith(part)));
  });
}
