/** The texts' context of a call: in one that was placed here the other side is no caller. */
export function sideOf(outgoing: boolean): { context?: "outgoing" } {
  return outgoing ? { context: "outgoing" } : {};
}
