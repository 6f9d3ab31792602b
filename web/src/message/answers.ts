import type { Message } from "./contract";

type Answer = Message["answers"][number];

/** An answer's value for reading. */
export function answerShown({ kind, value }: Pick<Answer, "kind" | "value">, language: string): string {
  if (kind === "date") {
    const day = new Date(`${value}T00:00:00Z`);
    if (Number.isNaN(day.getTime())) return value;
    const options = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" } as const;
    return new Intl.DateTimeFormat(language, options).format(day);
  }
  if (kind === "number") {
    const [whole = "", rest] = value.split(".");
    const sign = whole.startsWith("-") ? "-" : "";
    const grouped = new Intl.NumberFormat(language).format(BigInt(whole.replace("-", "") || "0"));
    if (rest === undefined) return sign + grouped;
    return `${sign}${grouped}${language === "ru" ? "," : "."}${rest}`;
  }
  return value;
}
