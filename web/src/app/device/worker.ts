import { useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";

/** How often a page that stays open looks for a newer program. */
const LOOK_MS = 60 * 60_000;

export interface Worker {
  /** A newer program waits to be used. */
  newer: boolean;
  update: () => void;
}

/** What the service worker says to the page. */
export interface Said {
  type: "open";
  path: string;
}

/** Runs the service worker: tells of a newer program, and opens what a notification was of. */
export function useWorker(): Worker {
  const router = useRouter();
  const [waiting, setWaiting] = useState<ServiceWorker | null>(null);
  useEffect(() => {
    if (!("serviceWorker" in navigator) || !import.meta.env.PROD) return;
    const { serviceWorker } = navigator;
    const stop = new AbortController();
    const { signal } = stop;
    let timer: ReturnType<typeof setInterval> | undefined;
    const follow = (registration: ServiceWorkerRegistration) => {
      if (signal.aborted) return;
      const look = () => {
        // The first one of a device replaces nothing.
        if (registration.waiting && registration.active) setWaiting(registration.waiting);
      };
      look();
      registration.addEventListener(
        "updatefound",
        () => registration.installing?.addEventListener("statechange", look, { signal }),
        { signal },
      );
      timer = setInterval(() => void registration.update().catch(() => undefined), LOOK_MS);
    };
    serviceWorker.register("/sw.js", { scope: "/app" }).then(follow, () => undefined);
    serviceWorker.addEventListener(
      "message",
      ({ data, ports }: MessageEvent<Said>) => {
        if (data.type === "open") {
          void router.navigate({ href: data.path }).then(() => {
            ports[0]?.postMessage("opened");
          });
        }
      },
      { signal },
    );
    serviceWorker.startMessages();
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, [router]);
  return {
    newer: waiting !== null,
    update: () => {
      navigator.serviceWorker.addEventListener("controllerchange", () => {
        location.reload();
      });
      waiting?.postMessage({ type: "take over" });
    },
  };
}
