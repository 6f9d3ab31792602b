import { useQuery } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { useEffect } from "react";
import { useSession } from "../session/session";
import { Unread } from "../shared/title";
import { unreadQuery } from "./data/queries";
import { useLive } from "./data/live";
import { setBadge } from "./device/badge";
import { useWorker } from "./device/worker";
import { Frame } from "./Frame";

/** The employee's app: messages, calls and the person, on a telephone first. */
export default function App() {
  const session = useSession();
  const worker = useWorker();
  const { data: unread = 0 } = useQuery(unreadQuery);
  useLive(session?.user.name ?? "");
  useManifest();
  useEffect(() => {
    void setBadge(unread);
  }, [unread]);
  if (!session) return null;
  return (
    <Unread value={unread}>
      <Frame session={session} unread={unread} worker={worker}>
        <Outlet />
      </Frame>
    </Unread>
  );
}

/** Only here is there something to install: the desk and the cabinet are pages. */
function useManifest() {
  useEffect(() => {
    const link = document.createElement("link");
    link.rel = "manifest";
    link.href = "/manifest.webmanifest";
    document.head.append(link);
    return () => {
      link.remove();
    };
  }, []);
}
