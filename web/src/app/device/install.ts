import { useSyncExternalStore } from "react";

/** What Chromium offers instead of installing by itself. */
interface InstallEvent extends Event {
  prompt: () => Promise<unknown>;
}

let offer: InstallEvent | null = null;
const listeners = new Set<() => void>();

function put(next: InstallEvent | null) {
  offer = next;
  for (const listener of listeners) listener();
}

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  put(event as InstallEvent);
});
addEventListener("appinstalled", () => {
  put(null);
});

/** Whether the app runs as one, and not in a browser's tab. */
export function installed(): boolean {
  return matchMedia("(display-mode: standalone)").matches || (navigator as { standalone?: boolean }).standalone === true;
}

/** Whether it is an iPhone or iPad, where apps are installed by hand. */
export function isApple(): boolean {
  const { userAgent, maxTouchPoints } = navigator;
  return /iPhone|iPad|iPod/.test(userAgent) || (userAgent.includes("Macintosh") && maxTouchPoints > 1);
}

/** How the app can be installed here: by a press, by hand, or not at all (or it is already). */
export function useInstall(): { how: "press" | "hand" | null; install: () => void } {
  const event = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => offer,
  );
  return {
    how: installed() ? null : event ? "press" : isApple() ? "hand" : null,
    install: () => {
      void event?.prompt();
      put(null);
    },
  };
}
