import type { TimelineRow } from "../../api/types";

/** A stretch of a call that has one name: how long, and who was in it. */
export interface Stretch {
  what: "dialled" | "rang" | "queued" | "talked" | "held" | "lost" | "transfer" | "colleague" | "message" | "check";
  /** When it began. */
  at: string;
  ms: number;
  /** To whom it was offered, who talked, who was called. */
  names: string[];
}

type What = Stretch["what"];

/** What a happening begins; nothing where the stretch before goes on. */
const BEGINS: Partial<Record<TimelineRow["what"], What>> = {
  arrived: "rang",
  placed: "dialled",
  callee_ringing: "rang",
  queue_answered: "queued",
  answered: "talked",
  held: "held",
  resumed: "talked",
  operator_lost: "lost",
  operator_back: "talked",
  transfer_begun: "transfer",
  taken_back: "talked",
  talking_together: "talked",
  transferred: "colleague",
  voice_message_started: "message",
  line_check_started: "check",
};

/** The course of a call from its timeline: stretches that follow each other, the last one up to the end. */
export function course(rows: readonly TimelineRow[]): Stretch[] {
  const stretches: (Stretch & { from: number })[] = [];
  for (const row of rows) {
    const at = Date.parse(row.at);
    const last = stretches.at(-1);
    if (last) last.ms = at - last.from;
    // After the operator did not come back the caller waits anew.
    const waits = row.what === "offered" && last?.what === "lost";
    const what = waits ? "queued" : BEGINS[row.what];
    const names = [row.operator_name, row.colleague_name].filter((name) => name != null).slice(-1);
    if (what && what !== last?.what) stretches.push({ what, at: row.at, from: at, ms: 0, names });
    else if (last && row.what !== "ended") {
      last.names.push(...names.filter((name) => !last.names.includes(name)));
    }
  }
  return stretches.map(({ what, at, ms, names }) => ({ what, at, ms, names }));
}
