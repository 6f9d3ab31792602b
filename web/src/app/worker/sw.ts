/// <reference lib="webworker" />
import { keeper } from "../keep/kept";
import { Outbox } from "../outbox/outbox";
import { requestOf } from "../outbox/request";
import { pathOf, read, type Of } from "./notice";
import { post, session } from "./server";
import { answer, clean, fill } from "./shell";

declare const self: ServiceWorkerGlobalScope & {
  navigator: { setAppBadge?: (count: number) => Promise<void> };
};

/** How long a page has to say that it opened what it was told to. */
const ANSWER_MS = 2_000;

/** What a browser tells when it is back on the network. */
interface SyncEvent extends ExtendableEvent {
  tag: string;
}

self.addEventListener("install", (event) => {
  event.waitUntil(fill());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(clean().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const answered = answer(event.request);
  if (answered) event.respondWith(answered);
});

self.addEventListener("message", ({ data }) => {
  // The person pressed «Обновить».
  if ((data as { type?: string }).type === "take over") void self.skipWaiting();
});

self.addEventListener("push", (event) => {
  const pushed = event.data ? read(event.data.text()) : null;
  if (pushed) event.waitUntil(Promise.all([show(pushed), arrived(pushed.delivery)]));
});

async function show({ message, title, text, urgent }: NonNullable<ReturnType<typeof read>>): Promise<void> {
  const owner = await keeper.owner().catch(() => null);
  const accept = owner?.user.language === "en" ? "Accept" : "Принять в работу";
  await self.registration.showNotification(title, {
    body: text,
    // A message that is told of once more replaces its notification.
    tag: message,
    icon: "/icons/icon-192.png",
    badge: "/icons/badge-96.png",
    lang: owner?.user.language ?? "ru",
    data: { message } satisfies Of,
    requireInteraction: urgent ?? false,
    ...{ renotify: true, actions: [{ action: "accept", title: accept }] },
  });
}

/** Tells the server that the push came, and the badge how many are unread. */
async function arrived(delivery: string): Promise<void> {
  const signedIn = await session();
  if (!signedIn) return;
  await post(`/api/deliveries/${delivery}/delivered`, signedIn.csrf);
  const response = await fetch("/api/messages/unread").catch(() => null);
  if (!response?.ok) return;
  const { unread } = (await response.json()) as { unread: number };
  await self.navigator.setAppBadge?.(unread).catch(() => undefined);
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(pathOf(event.notification.data as Of, event.action)));
});

/** Shows the page in a window of the app that is open, else in a new one. */
async function open(path: string): Promise<void> {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const app = windows.find(({ url }) => /^\/app(\/|$)/.test(new URL(url).pathname));
  if (!app) {
    await self.clients.openWindow(path);
    return;
  }
  const { port1, port2 } = new MessageChannel();
  const opened = new Promise<boolean>((resolve) => {
    port1.onmessage = () => {
      resolve(true);
    };
    setTimeout(resolve, ANSWER_MS, false);
  });
  app.postMessage({ type: "open", path }, [port2]);
  // Without a press of a person a browser may refuse it.
  await app.focus().catch(() => undefined);
  // A page that is still loading does not hear it.
  if (!(await opened)) await app.navigate(path).catch(() => self.clients.openWindow(path));
}

self.addEventListener("sync", (event) => {
  const { tag, waitUntil } = event as SyncEvent;
  if (tag === "outbox") waitUntil.call(event, send());
});

/** Sends what waits, for the person whose it is. */
async function send(): Promise<void> {
  const [signedIn, owner] = await Promise.all([session(), keeper.owner()]);
  // Failing, the browser tries again later.
  if (!signedIn) throw new Error("the server is away");
  if (signedIn.user.id !== owner?.user.id) return;
  const whole = await new Outbox(keeper.shelf).flush((entry) => {
    const { path, body } = requestOf(entry);
    return post(path, signedIn.csrf, body);
  });
  if (!whole) throw new Error("something is not sent yet");
}
