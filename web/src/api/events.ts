import { useEffect } from "react";
import { queries, refresh } from "./client";

/** Keeps what is shown up to date: the server tells what changed, and the queries of it run again. */
export function useLiveEvents() {
  useEffect(() => {
    const source = new EventSource("/api/events");
    let missed = false;
    source.addEventListener(
      "call",
      () => void refresh("/api/calls", "/api/today", "/api/figures", "/api/lines", "/api/checklist"),
    );
    source.addEventListener("message", () => void refresh("/api/messages", "/api/calls"));
    source.addEventListener("line", () => void refresh("/api/lines", "/api/checklist"));
    source.addEventListener("hours", () => void refresh("/api/working-hours", "/api/lines", "/api/checklist"));
    source.onerror = () => {
      missed = true;
    };
    source.onopen = () => {
      // Whatever happened while the connection was away was not told.
      if (missed) void queries.invalidateQueries();
      missed = false;
    };
    return () => {
      source.close();
    };
  }, []);
}
