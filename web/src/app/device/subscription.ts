import { push } from "../../message/server";

/** What the device's push subscription is registered under. */
const SCOPE = "/app";

async function subscribed(): Promise<PushSubscription | null> {
  if (!("serviceWorker" in navigator) || !("PushManager" in globalThis)) return null;
  const registration = await navigator.serviceWorker.getRegistration(SCOPE);
  return (await registration?.pushManager.getSubscription()) ?? null;
}

/** Ends the notifications of this device: at the server, and in the browser should that not answer. */
export async function dropSubscription(): Promise<void> {
  const subscription = await subscribed();
  if (!subscription) return;
  await Promise.allSettled([push.unsubscribe(subscription.endpoint), subscription.unsubscribe()]);
}

/** Whether notifications come to this device. */
export async function isSubscribed(): Promise<boolean> {
  return Notification.permission === "granted" && (await subscribed()) !== null;
}

async function tell(subscription: PushSubscription) {
  const { endpoint, keys } = subscription.toJSON();
  if (!endpoint || !keys?.p256dh || !keys.auth) throw new Error("the browser told no keys");
  await push.subscribe({ endpoint, p256dh: keys.p256dh, auth: keys.auth });
}

/** A key as the server writes it (base64url), as browsers take it. */
function bytes(key: string): Uint8Array<ArrayBuffer> {
  const text = atob(key.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** The worker once it runs. `ready` would wait for ever in a page that began as the sign-in's. */
async function active(): Promise<ServiceWorkerRegistration> {
  const registration = await navigator.serviceWorker.register("/sw.js", { scope: SCOPE });
  const fresh = registration.active ? null : (registration.installing ?? registration.waiting);
  if (fresh) {
    await new Promise<void>((resolve) => {
      fresh.addEventListener("statechange", () => {
        if (fresh.state === "activated" || fresh.state === "redundant") resolve();
      });
    });
  }
  return registration;
}

/** Has notifications come to this device: the person has allowed them by now. */
export async function subscribe(): Promise<void> {
  const registration = await active();
  const { key } = await push.key();
  const subscription = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytes(key),
  });
  await tell(subscription);
}

/** Tells the server once more whose device this is: somebody else may have been signed in between. */
export async function confirmSubscription(): Promise<void> {
  const subscription = await subscribed();
  if (subscription) await tell(subscription);
}
