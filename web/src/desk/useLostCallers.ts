import { api } from "../api/client";

/** The server tells of changes; a frame that was lost with the line is made up for. */
const AGAIN_MS = 30_000;

/** Callers of all companies who were lost and whom nobody has called back. */
export function useLostCallers() {
  return api.useQuery(
    "get",
    "/api/desk/lost",
    {},
    { refetchInterval: AGAIN_MS, select: ({ items }) => items },
  );
}
