import type { Entry, Refusal } from "./deed";

/** What became of sending a deed. */
export type Outcome =
  | { is: "done" }
  /** The server was not reached, or can't answer now: later. */
  | { is: "away" }
  /** Nobody is signed in: it waits for the same person. */
  | { is: "signed_out" }
  | { is: "refused"; why: Refusal["why"]; sentence: string };

/** What a refused request means for a deed. */
export function outcomeOf(status: number, code: string, sentence: string): Outcome {
  if (status === 0 || status === 429 || status >= 500) return { is: "away" };
  if (status === 401) return { is: "signed_out" };
  // The page's token is of an older session: the next try has a fresh one.
  if (code === "wrong_csrf") return { is: "away" };
  if (status === 409) return { is: "refused", why: "conflict", sentence };
  if (status === 404) return { is: "refused", why: "gone", sentence };
  return { is: "refused", why: "other", sentence };
}

interface Box {
  /** The first that waits, marked as on its way. */
  take: () => Promise<Entry | undefined>;
  /** It is settled, one way or the other. */
  settle: (entry: Entry, refusal: Refusal | null) => Promise<void>;
  /** It goes back to wait. */
  putBack: (entry: Entry) => Promise<void>;
  send: (entry: Entry) => Promise<Outcome>;
}

/**
 * Carries out what waits, one after another in the order in which it was done.
 * Each may be sent twice when its answer was lost; the server takes it once.
 * @returns whether nothing waits any more
 */
export async function carryOut({ take, settle, putBack, send }: Box): Promise<boolean> {
  for (let entry = await take(); entry; entry = await take()) {
    const outcome = await send(entry);
    switch (outcome.is) {
      case "done":
        await settle(entry, null);
        break;
      case "refused":
        await settle(entry, { entry, why: outcome.why, sentence: outcome.sentence });
        break;
      case "away":
      case "signed_out":
        await putBack(entry);
        return false;
    }
  }
  return true;
}
