import type { InfiniteData } from "@tanstack/react-query";
import { queries, refresh } from "../../api/client";
import { Problem } from "../../api/problem";
import type { Message } from "../../message/contract";
import { messages, type Page } from "../../message/server";
import { outcomeOf, type Outcome } from "../outbox/carry";
import { applied, type Deed, type Entry } from "../outbox/deed";
import { outbox } from "../outbox/outbox";
import { reached } from "./connection";
import { messageQuery, unreadQuery, type ShownMessage } from "./queries";

/** Asks the server for a deed. */
function request({ message, deed }: Entry): Promise<unknown> {
  switch (deed.kind) {
    case "comment":
      return messages.comment(message, { id: deed.id, text: deed.text });
    case "assign":
      return messages.assign(message, deed.employee);
    default:
      return messages.act(message, deed.kind);
  }
}

/** Shows at once what a deed changed; what the server makes of it follows. */
function patch(entry: Entry, me: string) {
  const change = (message: Message) => applied(message, [entry], me);
  queries.setQueriesData<InfiniteData<Page<Message>>>(
    { predicate: ({ queryKey: [whose, path, what] }) => whose === "app" && path === "/api/messages" && what !== "one" },
    (list) =>
      list && {
        ...list,
        pages: list.pages.map((page) => ({ ...page, items: page.items.map(change) })),
      },
  );
  queries.setQueryData<ShownMessage>(messageQuery(entry.message).queryKey, (shown) =>
    shown ? { ...shown, message: change(shown.message) } : undefined,
  );
}

async function send(entry: Entry, me: string): Promise<Outcome> {
  try {
    await request(entry);
  } catch (error) {
    if (!(error instanceof Problem)) return { is: "away" };
    reached(error.status !== 0);
    const outcome = outcomeOf(error.status, error.code, error.message);
    // What the page shows of it is not how it is.
    if (outcome.is === "refused") void refresh("/api/messages");
    return outcome;
  }
  reached(true);
  patch(entry, me);
  // A comment would be gone for a moment between its waiting and its coming back.
  if (entry.deed.kind === "comment" || entry.deed.kind === "assign") {
    await queries.invalidateQueries({ queryKey: messageQuery(entry.message).queryKey });
  }
  void queries.invalidateQueries({ queryKey: messageQuery(entry.message).queryKey });
  void queries.invalidateQueries({ queryKey: unreadQuery.queryKey });
  return { is: "done" };
}

/** Carries out what waits. */
export function flush(me: string): Promise<boolean> {
  return outbox.flush((entry) => send(entry, me));
}

/** The browser sends what waits when it is back on the network, even when the app is closed by then. */
async function askForSync() {
  const registration = (await navigator.serviceWorker?.getRegistration("/app")) as
    | (ServiceWorkerRegistration & { sync?: { register: (tag: string) => Promise<void> } })
    | undefined;
  await registration?.sync?.register("outbox").catch(() => undefined);
}

/** Does something with a message: noted on the device first, so that no tap is lost. */
export async function act(message: string, deed: Deed, me: string): Promise<void> {
  await outbox.add(message, deed);
  if (!(await flush(me))) await askForSync();
}
