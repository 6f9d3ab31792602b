import { useSyncExternalStore } from "react";
import { outbox, type Waiting } from "./outbox";

/** What waits to be carried out, and what was refused. */
export function useWaiting(): Waiting {
  return useSyncExternalStore(outbox.subscribe, outbox.waiting);
}
