import type { ExchangeMessage } from "../../../api/types";

/** Milliseconds since the first message, as the ladder's margin has them: +0,000 с. */
export function since(first: string, at: string, language: string): string {
  const seconds = (new Date(at).getTime() - new Date(first).getTime()) / 1000;
  return new Intl.NumberFormat(language, {
    minimumFractionDigits: 3,
    maximumFractionDigits: 3,
    signDisplay: "always",
  }).format(Math.max(0, seconds));
}

/** Whether a message says that something failed: a status from 400 on that is no request for a login. */
export function failing(label: string): boolean {
  const code = Number.parseInt(label, 10);
  return code >= 400 && code !== 401 && code !== 407;
}

/** The whole exchange as text, for the PBX's support. */
export function asText(messages: readonly ExchangeMessage[], names: { out: string; in: string }): string {
  return messages
    .map((message) => `${message.at} ${message.outgoing ? names.out : names.in}\n${message.text}\n`)
    .join("\n");
}
