import type { TFunction } from "i18next";
import { shifted } from "./day";

interface Civil {
  year: string;
  month: string;
  day: string;
  hour: string;
  minute: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function civil(at: Date, zone: string): Civil {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    formats.set(zone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(at).map((p) => [p.type, p.value]));
  return parts as unknown as Civil;
}

/** The zone of this browser, where no company's zone is known. */
export function browserZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** 14:05 in the zone. */
export function clock(at: string, zone: string): string {
  const { hour, minute } = civil(new Date(at), zone);
  return `${hour}:${minute}`;
}

/** The date in the zone, as 2026-11-23. */
export function dateIn(at: Date, zone: string): string {
  const { year, month, day } = civil(at, zone);
  return `${year}-${month}-${day}`;
}

/** «сегодня, 14:05», «вчера, 09:30», «12 ноя, 18:20»; the year where it is another one. */
export function moment(at: string, zone: string, t: TFunction, now = new Date()): string {
  const then = civil(new Date(at), zone);
  const time = `${then.hour}:${then.minute}`;
  const date = dateIn(new Date(at), zone);
  if (date === dateIn(now, zone)) return t("time.today", { time });
  if (date === shifted(dateIn(now, zone), -1)) return t("time.yesterday", { time });
  if (date === shifted(dateIn(now, zone), 1)) return t("time.tomorrow", { time });
  const month = t("time.months").split(",")[Number(then.month) - 1] ?? "";
  const year = then.year === civil(now, zone).year ? "" : ` ${then.year}`;
  return `${String(Number(then.day))} ${month}${year}, ${time}`;
}

/** The whole time, for who wants it exactly. */
export function exactly(at: string, zone: string, language: string): string {
  return new Intl.DateTimeFormat(language, { timeZone: zone, dateStyle: "full", timeStyle: "medium" }).format(
    new Date(at),
  );
}

/** 0:48, 12:05, 1:02:03. */
export function duration(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = two(total % 60);
  return hours > 0 ? `${String(hours)}:${two(minutes)}:${seconds}` : `${String(minutes)}:${seconds}`;
}

/** Short seconds: 6, or 6,4 under ten where the tenth matters. */
export function seconds(ms: number, language: string): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: ms < 10_000 ? 1 : 0 }).format(ms / 1000);
}
