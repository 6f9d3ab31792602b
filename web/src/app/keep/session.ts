import type { Session } from "../../api/types";
import { clearBadge } from "../device/badge";
import { dropSubscription } from "../device/subscription";
import { keeper } from "./kept";

/** The session as it was when the server could last be asked; none where the device keeps nobody's. */
export async function kept(): Promise<Session | null> {
  const owner = await keeper.owner();
  return owner && { ...owner, csrf: "" };
}

/** The session ended, here or from another device: nothing can be read here any more. */
export async function ended(): Promise<void> {
  await Promise.allSettled([keeper.lock(), clearBadge()]);
}

/** Signs the device off: no notification comes to it any more, and nothing stays on it. */
export async function leave(): Promise<void> {
  await Promise.allSettled([dropSubscription(), keeper.wipe(), clearBadge()]);
}

/** Somebody signed in: what another person left on the device goes. */
export async function arrived({ user }: Session): Promise<void> {
  const owner = await keeper.owner();
  if (owner && owner.user.id !== user.id) await leave();
}
