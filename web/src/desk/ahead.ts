import { lazy } from "react";

// The first picture shows no call. What one needs is fetched when the shift
// begins, and so is here before there is one: a page that is gone must not be missed in it.
const parts = {
  ringing: () => import("./Ringing"),
  stage: () => import("./CallStage"),
  aside: () => import("./CallAside"),
  form: () => import("./MessageForm"),
};

export const Ringing = lazy(parts.ringing);
export const CallStage = lazy(parts.stage);
export const CallAside = lazy(parts.aside);
export const MessageForm = lazy(parts.form);

/** Fetches all that a call may need. */
export function fetchAhead() {
  void Promise.allSettled([
    ...Object.values(parts).map((part) => part()),
    import("./CallerTime"),
    import("./Leaving"),
    import("./TransferPanel"),
    import("./Transferring"),
    import("./TaskErrand"),
    import("./Questions"),
    import("./ReadyTexts"),
  ]);
}
