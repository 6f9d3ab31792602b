import { useEffect, useState } from "react";

/** Whether this browser can show notifications, and whether it may. */
export function noticesMay(): NotificationPermission | "impossible" {
  return "Notification" in window ? Notification.permission : "impossible";
}

/** Whether notifications may be shown, and how to ask for it. */
export function useNotices() {
  const [may, setMay] = useState(noticesMay);
  return {
    may,
    ask: async () => {
      setMay(await Notification.requestPermission());
    },
  };
}

/** Shows a ringing call outside of the page, while the page itself is out of sight. */
export function useRingingNotice(call: string | null, title: string, body: string) {
  useEffect(() => {
    if (call === null || noticesMay() !== "granted") return;
    let shown: Notification | null = null;
    const show = () => {
      if (!document.hidden || shown) return;
      try {
        shown = new Notification(title, { body, tag: call, icon: "/icons/icon-192.png", requireInteraction: true });
      } catch {
        // Chrome on Android shows none but by a service worker; there the ringing has to do.
        return;
      }
      shown.onclick = () => {
        window.focus();
        shown?.close();
      };
    };
    const looked = () => {
      if (document.hidden) {
        show();
      } else {
        shown?.close();
        shown = null;
      }
    };
    show();
    document.addEventListener("visibilitychange", looked);
    return () => {
      document.removeEventListener("visibilitychange", looked);
      shown?.close();
    };
  }, [call, title, body]);
}
