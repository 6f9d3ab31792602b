import { useEffect } from "react";
import { queries, refresh } from "../../api/client";
import { useLiveEvents } from "../../api/events";
import { sessionQuery } from "../../session/session";
import { outbox } from "../outbox/outbox";
import { flush } from "./act";
import { isAway, onConnection, reached } from "./connection";
import { fetchAhead } from "./queries";

/** How often a lost server is asked whether it is back. */
const AGAIN_MS = 10_000;
/** A page that was not looked at for so long asks anew: telephones stop what is behind. */
const HIDDEN_MS = 20_000;

let coming = false;

/** Back on the network: a fresh session, what waits goes out, what is shown is asked anew. */
async function comeBack(me: string) {
  if (coming) return;
  coming = true;
  try {
    // Its token is needed before anything is sent; what the device keeps has none.
    await queries.refetchQueries({ queryKey: sessionQuery.queryKey });
    const session = queries.getQueryData(sessionQuery.queryKey);
    if (!session?.csrf) return;
    reached(true);
    await outbox.load();
    await flush(me);
    await queries.invalidateQueries();
    await fetchAhead();
  } finally {
    coming = false;
  }
}

/** Keeps the app up to date, and sends what waits as soon as it can be sent. */
export function useLive(me: string) {
  useLiveEvents();
  useEffect(() => {
    void outbox
      .load()
      .then(() => flush(me))
      .then(fetchAhead);
    let timer: ReturnType<typeof setInterval> | undefined;
    let hiddenAt = 0;
    const again = () => void comeBack(me);
    const follow = onConnection(() => {
      clearInterval(timer);
      if (isAway()) timer = setInterval(again, AGAIN_MS);
      else again();
    });
    const lost = () => {
      reached(false);
    };
    const looked = () => {
      if (document.hidden) {
        hiddenAt = Date.now();
      } else if (hiddenAt > 0 && Date.now() - hiddenAt > HIDDEN_MS) {
        again();
      }
    };
    addEventListener("online", again);
    addEventListener("offline", lost);
    document.addEventListener("visibilitychange", looked);
    return () => {
      clearInterval(timer);
      follow();
      removeEventListener("online", again);
      removeEventListener("offline", lost);
      document.removeEventListener("visibilitychange", looked);
    };
  }, [me]);
  // A message that was told of is fetched whole while there is a network.
  useEffect(
    () =>
      queries.getQueryCache().subscribe(({ type, query }) => {
        const [whose, path, what] = query.queryKey;
        if (type === "updated" && whose === "app" && path === "/api/messages" && what !== "one") {
          if (query.state.fetchStatus === "idle" && query.state.status === "success") later();
        }
      }),
    [],
  );
}

let waiting: ReturnType<typeof setTimeout> | undefined;

function later() {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    if (!isAway()) void fetchAhead();
  }, 1500);
}

/** Asks for the list anew, as somebody wishes it. */
export function lookAgain(me: string) {
  return isAway() ? comeBack(me) : refresh("/api/messages", "/api/calls");
}
