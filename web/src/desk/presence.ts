import type { Present } from "../message/PresenceMark";

/** The presence that holds now: the card tells until when it does. */
export function current(present: Present, now: number): Present {
  const over = (at: string | null | undefined) => Boolean(at && Date.parse(at) <= now);
  return {
    ...present,
    ...(over(present.presence_until) && { presence: "available", presence_until: null }),
    ...(over(present.absent_until) && { absent_until: null }),
  };
}
