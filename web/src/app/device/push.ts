import { useMutation, useQuery } from "@tanstack/react-query";
import { queries } from "../../api/client";
import { installed, isApple } from "./install";
import { dropSubscription, isSubscribed, subscribe } from "./subscription";

/** What notifications on this device are. `install`: only an installed app may have them here. */
export type PushState = "on" | "off" | "denied" | "install" | "unsupported";

const KEY = ["device", "push"];

async function state(): Promise<PushState> {
  if (!("serviceWorker" in navigator)) return "unsupported";
  if (!("PushManager" in globalThis) || !("Notification" in globalThis)) {
    return isApple() && !installed() ? "install" : "unsupported";
  }
  if (Notification.permission === "denied") return "denied";
  return (await isSubscribed()) ? "on" : "off";
}

/** Whether notifications come to this device, and a way to change that. */
export function usePush() {
  const { data } = useQuery({ queryKey: KEY, queryFn: state, networkMode: "always", staleTime: 0 });
  const set = useMutation({
    networkMode: "always",
    mutationFn: async (on: boolean) => {
      if (!on) return dropSubscription();
      // The browser asks only once: it was said before what for.
      if ((await Notification.requestPermission()) === "granted") await subscribe();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
  return { state: data, set };
}
