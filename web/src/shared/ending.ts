import type { Ending } from "../api/types";

/** The text of how a call ended; in one that was placed here the other side is no caller. */
export function endingText(ending: Ending, outgoing: boolean): `ending.${Ending | "callee_hung_up"}` {
  return `ending.${outgoing && ending === "caller_hung_up" ? "callee_hung_up" : ending}`;
}
