import { onDemand } from "./onDemand";

/** Asks before something goes away. */
export const Confirm = onDemand(() => import("./ConfirmWindow"));
