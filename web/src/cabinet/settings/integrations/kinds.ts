import type { components } from "../../../api/schema.gen";

export type WebhookView = components["schemas"]["WebhookView"];
export type AttemptRow = components["schemas"]["AttemptRow"];
export type EventKind = components["schemas"]["EventKind"];
export type KeyRow = components["schemas"]["KeyRow"];
export type Scope = components["schemas"]["Scope"];

/** What receivers may be told of, in the order in which it happens. */
export const KINDS = [
  "call.arrived",
  "call.answered",
  "call.ended",
  "message.created",
  "message.read",
  "message.accepted",
  "message.closed",
  "message.failed",
] as const satisfies readonly EventKind[];

/** What keys may open. */
export const SCOPES = [
  "calls:read",
  "recordings:read",
  "messages:read",
  "messages:write",
] as const satisfies readonly Scope[];

/** The names as keys of texts, in which a dot would part them. */
export function word<T extends string>(name: T) {
  return name.replace(/[.:]/u, "_") as T extends `${infer A}.${infer B}`
    ? `${A}_${B}`
    : T extends `${infer A}:${infer B}`
      ? `${A}_${B}`
      : T;
}
