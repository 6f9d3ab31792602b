import { useQuery } from "@tanstack/react-query";
import { tasks } from "../message/server";

/** The server tells of changes; what becomes due by itself is asked for. */
const AGAIN_MS = 30_000;

/** The calls that operators owe. */
export function useTasks() {
  return useQuery({
    queryKey: ["get", "/api/desk/tasks"],
    queryFn: tasks.list,
    refetchInterval: AGAIN_MS,
    select: (all) => all.filter(({ state }) => state === "open"),
  });
}
