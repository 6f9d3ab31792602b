import { infiniteQueryOptions, queryOptions, useQuery } from "@tanstack/react-query";
import { client, queries } from "../../api/client";
import { codeOf } from "../../api/problem";
import { messages, person, type MessageFilter } from "../../message/server";
import type { MessageDetails } from "../../message/contract";
import { keeper } from "../keep/kept";
import { orKept } from "./connection";

const PAGE = 30;

/** Asked also without a network: what is kept answers then. */
const ALWAYS = { networkMode: "always", retry: false } as const;

/** A page of the list, and whether it is what was kept. */
export const messageList = (filter: MessageFilter) =>
  infiniteQueryOptions({
    ...ALWAYS,
    queryKey: ["app", "/api/messages", filter],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      orKept(
        async () => {
          const page = await messages.list(filter, pageParam, PAGE, signal);
          const whole = !filter.search && !filter.state;
          await keeper.listed(page.items, whole && pageParam === "");
          return page;
        },
        async () => ({ items: await keeper.list(filter), next: null }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });

/** A message whole; its timeline is missing where only its row is kept. */
export type ShownMessage = Omit<MessageDetails, "call" | "timeline"> & Partial<MessageDetails>;

/** One message. */
export const messageQuery = (id: string) =>
  queryOptions({
    ...ALWAYS,
    queryKey: ["app", "/api/messages", "one", id],
    queryFn: ({ signal }) =>
      orKept<ShownMessage>(
        async () => {
          try {
            const details = await messages.read(id, signal);
            await keeper.told(details);
            return details;
          } catch (error) {
            if (codeOf(error) === "not_found") await keeper.gone(id);
            throw error;
          }
        },
        async () => {
          const kept = await keeper.message(id);
          return kept ? (kept.details ?? { message: kept.row }) : undefined;
        },
      ),
  });

/** How many messages the person has not opened yet. */
export const unreadQuery = queryOptions({
  ...ALWAYS,
  queryKey: ["app", "/api/messages/unread"],
  queryFn: () =>
    orKept(
      async () => (await messages.unread()).unread,
      async () => (await keeper.list({})).filter(({ unread }) => unread).length,
    ),
});

/** An answer that is kept under a name. */
function keptQuery<T>(path: string, ask: () => Promise<T>) {
  return queryOptions({
    ...ALWAYS,
    queryKey: ["app", path],
    queryFn: () =>
      orKept(
        async () => {
          const answer = await ask();
          await keeper.keep(path, answer);
          return answer;
        },
        async () => (await keeper.kept<T>(path))?.value,
      ),
  });
}

/** Who the person is among the company's employees, and how they can be reached. */
export const meQuery = keptQuery("/api/me", person.me);

export const colleaguesQuery = keptQuery("/api/colleagues", person.colleagues);

/** The calls of a search; without one, the newest are kept. */
export const callList = (search: string | undefined) =>
  infiniteQueryOptions({
    ...ALWAYS,
    queryKey: ["app", "/api/calls", { search }],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...(search && { search }), ...(pageParam && { after: pageParam }) };
      const ask = async () => {
        const { data } = await client.GET("/api/calls", { params: { query }, signal });
        if (!data) throw new Error("no answer");
        if (!search && pageParam === "") await keeper.keep("/api/calls", data);
        return data;
      };
      return orKept(ask, async () =>
        search ? undefined : (await keeper.kept<Awaited<ReturnType<typeof ask>>>("/api/calls"))?.value,
      );
    },
    getNextPageParam: (page) => page.next ?? undefined,
  });

export function useMe() {
  return useQuery(meQuery).data;
}

/** Fetches the newest messages whole, so that they can be read on a train: one after another, in nobody's way. */
export async function fetchAhead(): Promise<void> {
  for (const id of await keeper.missing()) {
    try {
      await queries.fetchQuery({ ...messageQuery(id), staleTime: 0 });
    } catch {
      return;
    }
  }
}
