import type { Recipient } from "../api/types";

/** A recipient as one word, for lists to choose from. */
export function toKey(recipient: Recipient | null | undefined): string | null {
  if (!recipient) return null;
  return recipient.to === "department"
    ? `department:${recipient.department}`
    : `employee:${recipient.employee}`;
}

/** The recipient of a word that {@link toKey} made. */
export function fromKey(key: string | null): Recipient | null {
  const [to, id] = key?.split(":") ?? [];
  if (!id) return null;
  return to === "department" ? { to: "department", department: id } : { to: "employee", employee: id };
}

interface Named {
  id?: string | null;
  name: string;
}

/** Departments and employees in two groups, as a list to choose a recipient from. */
export function choices(
  departments: readonly Named[],
  employees: readonly Named[],
  titles: { departments: string; employees: string },
) {
  const items = (to: string, rows: readonly Named[]) =>
    rows.flatMap(({ id, name }) => (id ? [{ value: `${to}:${id}`, label: name }] : []));
  return [
    { group: titles.departments, items: items("department", departments) },
    { group: titles.employees, items: items("employee", employees) },
  ].filter(({ items }) => items.length > 0);
}
