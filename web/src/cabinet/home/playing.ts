/** A step of the arrow keys, and one with Shift, in milliseconds. */
const STEP = 5_000;
const LEAP = 15_000;

/** What a key does in the player; null where it is not the player's. */
export function keyed(
  key: string,
  shift: boolean,
  at: number,
  ms: number,
): { toggle: true } | { seek: number } | null {
  const step = shift ? LEAP : STEP;
  switch (key) {
    case " ":
      return { toggle: true };
    case "ArrowLeft":
      return { seek: Math.max(0, at - step) };
    case "ArrowRight":
      return { seek: Math.min(ms, at + step) };
    case "Home":
      return { seek: 0 };
    case "End":
      return { seek: ms };
    default:
      return null;
  }
}

/** The address of a moment of a recording. */
export function linkTo(origin: string, call: string, at: number): string {
  const second = Math.floor(at / 1000);
  return `${origin}/cabinet?call=${call}${second > 0 ? `&t=${String(second)}` : ""}`;
}
