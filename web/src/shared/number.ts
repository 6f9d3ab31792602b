/** A number as people read it: +7 (926) 123-45-67; whatever is no Russian number stays as it is. */
export function readable(number: string): string {
  const match = /^\+7(\d{3})(\d{3})(\d{2})(\d{2})$/.exec(number.trim());
  if (!match) return number;
  const [, area, first, second, third] = match;
  return `+7 (${area ?? ""}) ${first ?? ""}-${second ?? ""}-${third ?? ""}`;
}
