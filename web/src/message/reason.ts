import type { TFunction } from "i18next";

/** How the server's words begin, which it keeps in English beside a delivery. */
const BEGINNINGS = [
  ["the mailbox does not exist", "noMailbox"],
  ["the address's domain takes no letters", "noDomain"],
  ["the mailbox is disabled", "disabled"],
  ["the mailbox is full", "full"],
  ["the letter is too large for the mailbox", "tooLarge"],
  ["the recipient's mail server can't be reached", "unreachable"],
  ["the recipient's mail server refused the letter", "refused"],
  ["the mail server answered", "mailAnswered"],
  ["the mail server can't be reached", "mailAway"],
  ["the mail server is too slow", "mailSlow"],
  ["no mail server is configured", "noMail"],
  ["the address can't be written to", "address"],
  ["no browser takes notifications any more", "noBrowser"],
  ["the push service answered", "pushAnswered"],
  ["the browser's keys can't be used", "noBrowser"],
  ["the receiver or the event is gone", "gone"],
  ["the webhook was switched off", "switchedOff"],
  ["the webhook was deleted", "deleted"],
  ["the receiver did not take it while it was kept", "overdue"],
  ["the receiver answered", "hookAnswered"],
  ["the name of the host is not known", "noHost"],
  ["the address leads into a network that must not be reached", "forbidden"],
  ["no connection", "noConnection"],
  ["no protected connection", "noTls"],
  ["no proper answer", "noAnswer"],
  ["no answer within", "slow"],
] as const;

/** Why a delivery failed, in words of the interface; what follows (a code, a time) stays as it is. */
export function reason(told: string, t: TFunction): string {
  const known = BEGINNINGS.find(([beginning]) => told.startsWith(beginning));
  if (!known) return told;
  const [beginning, key] = known;
  return t(`reason.${key}`) + told.slice(beginning.length);
}
