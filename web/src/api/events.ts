import { useEffect } from "react";
import { queries, refresh } from "./client";

/** A stream that the browser gave up is asked for again after so long. */
const AGAIN_MS = 5000;

/** Keeps what is shown up to date: the server tells what changed, and the queries of it run again. */
export function useLiveEvents() {
  useEffect(() => {
    let source: EventSource | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let missed = false;
    const open = () => {
      source = new EventSource("/api/events");
      source.addEventListener(
        "call",
        () => void refresh("/api/calls", "/api/today", "/api/figures", "/api/lines", "/api/checklist"),
      );
      source.addEventListener("message", () => void refresh("/api/messages", "/api/calls"));
      source.addEventListener("line", () => void refresh("/api/lines", "/api/checklist"));
      source.addEventListener(
        "hours",
        () => void refresh("/api/working-hours", "/api/lines", "/api/checklist"),
      );
      source.addEventListener("callers", () => void refresh("/api/callers"));
      source.addEventListener("people", () => void refresh("/api/colleagues", "/api/me"));
      source.onerror = () => {
        missed = true;
        // After an answer that is no stream the browser does not try again by itself.
        if (source?.readyState !== EventSource.CLOSED) return;
        clearTimeout(timer);
        timer = setTimeout(open, AGAIN_MS);
      };
      source.onopen = () => {
        // Whatever happened while the connection was away was not told.
        if (missed) void queries.invalidateQueries();
        missed = false;
      };
    };
    open();
    return () => {
      clearTimeout(timer);
      source?.close();
    };
  }, []);
}
