import type { Thresholds } from "../api/types";
import type { BoardView } from "./wire";

/** What a supervisor is alarmed about. */
export type Alarm = "wait" | "waiting" | "level" | "nobody";

/** What is beyond its threshold now. */
export function alarms(
  view: BoardView,
  level: number | null,
  thresholds: Thresholds | undefined,
  now: number,
): Alarm[] {
  if (!thresholds) return [];
  const waited = view.longest_wait_since ? (now - Date.parse(view.longest_wait_since)) / 1000 : 0;
  const beyond = (value: number, most: number | null | undefined) => typeof most === "number" && value >= most;
  const found: Alarm[] = [];
  if (view.waiting > 0 && beyond(waited, thresholds.longest_wait_s)) found.push("wait");
  if (beyond(view.waiting, thresholds.waiting)) found.push("waiting");
  const least = thresholds.service_level;
  if (level !== null && typeof least === "number" && level * 100 < least) found.push("level");
  if (thresholds.nobody_ready && !view.operators.some(({ state }) => state === "ready" || state === "offered"))
    found.push("nobody");
  return found;
}
