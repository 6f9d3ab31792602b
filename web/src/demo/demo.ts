import { useQuery } from "@tanstack/react-query";
import { api } from "../api/client";
import { sessionQuery } from "../session/session";

/** The demonstration, where this server runs one. A session that says there is none spares the question. */
export function useDemo() {
  const session = useQuery(sessionQuery);
  const enabled = session.isSuccess && (session.data === null || session.data.demo);
  const { data } = api.useQuery("get", "/api/demo", {}, { enabled, staleTime: 10_000 });
  return enabled ? (data ?? null) : null;
}

/** What the demonstration tells of itself. */
export type Demo = NonNullable<ReturnType<typeof useDemo>>;
