import type { MessageState } from "../../message/contract";

/** The states to choose from, in the order of the switch. */
export const STATES: readonly MessageState[] = ["open", "accepted", "closed"];

/** What of the list stands in the address. */
export interface InboxSearch {
  show?: MessageState;
  find?: string;
}

/** Reads the address; whatever makes no sense there is left out. */
export function inboxSearch(search: Record<string, unknown>): InboxSearch {
  const show = STATES.find((state) => state === search.show);
  // The router reads digits in an address as a number.
  const find = typeof search.find === "number" ? String(search.find) : search.find;
  return {
    ...(show && { show }),
    ...(typeof find === "string" && find.trim() !== "" && { find: find.slice(0, 200) }),
  };
}
