import type { TFunction } from "i18next";
import type { MessageEvent, StoryRow } from "./contract";
import { reason } from "./reason";

/** How a row of the story looks: what people did stands out from what the program did. */
export type Tone = "done" | "comment" | "wait" | "bad" | "quiet";

/** A row of the story, ready to be shown. */
export interface Told {
  id: string;
  at: string;
  words: string;
  by: string | null;
  tone: Tone;
  /** What somebody wrote, or why something failed. */
  more?: string;
}

const names = (all: readonly string[]) => all.join(", ");

function words(event: MessageEvent, t: TFunction, when: (at: string) => string): Omit<Told, "id" | "at" | "by"> {
  switch (event.kind) {
    case "created":
      return { words: t("story.created", { to: event.recipient }), tone: "quiet" };
    case "delivery": {
      const what = t(`story.channel.${event.channel}`);
      const to = event.to ? t("story.to", { name: event.to }) : "";
      const failed = event.state === "failed" || (event.state === "queued" && event.reason);
      return {
        words: `${what}${to}: ${t(failed && event.state === "queued" ? "story.again" : `rung.${event.state}`)}`,
        tone: failed ? (event.state === "failed" ? "bad" : "wait") : "quiet",
        ...(event.reason && { more: reason(event.reason, t) }),
      };
    }
    case "bounced":
      return {
        words: t(event.to ? "story.bouncedTo" : "story.bounced", { name: event.to ?? "" }),
        tone: "bad",
        more: reason(event.reason, t),
      };
    case "held":
      return { words: t("story.held", { name: event.to, time: when(event.until) }), tone: "wait" };
    case "deputised":
      return { words: t("story.deputised", { name: event.absent, deputy: event.deputy }), tone: "wait" };
    case "absent":
      return { words: t("story.absent", { name: event.absent }), tone: "wait" };
    case "nobody_on_duty":
      return { words: t("story.nobodyOnDuty", { name: event.department }), tone: "wait" };
    case "escalated":
      return { words: t("story.escalated", { step: event.step, names: names(event.to) }), tone: "wait" };
    case "call_asked":
      return { words: t("story.callAsked", { names: names(event.to) }), tone: "wait" };
    case "administrators":
      return event.to.length > 0
        ? { words: t("story.administrators", { names: names(event.to) }), tone: "wait" }
        : { words: t("story.nobody"), tone: "bad" };
    case "called":
      return {
        words: t(event.reached ? "story.called" : "story.notCalled", { name: event.to }),
        tone: event.reached ? "done" : "wait",
      };
    case "assigned":
      return { words: t("story.assigned", { name: event.to }), tone: "done" };
    case "comment":
      return { words: "", tone: "comment", more: event.text };
    case "exhausted":
      return { words: t("story.exhausted"), tone: "bad" };
    case "read":
    case "accepted":
    case "released":
    case "closed":
    case "reopened":
      return { words: t(`story.${event.kind}`), tone: event.kind === "read" ? "quiet" : "done" };
  }
}

/** What happened to a message, in words. */
export function tell(rows: readonly StoryRow[], t: TFunction, when: (at: string) => string): Told[] {
  return rows.map((row) => ({ id: row.id, at: row.at, by: row.by ?? null, ...words(row.event, t, when) }));
}
