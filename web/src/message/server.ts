import { client } from "../api/client";
import type { Colleague, Me, Message, MessageDetails, MessageState, Presence, Reach, Summary } from "./contract";

export interface MessageFilter {
  state?: MessageState;
  search?: string;
}

export interface Page<T> {
  items: T[];
  next?: string | null;
}

type Ask = (path: string, init: object) => Promise<{ data?: unknown }>;
const server = client as unknown as Record<"GET" | "POST" | "PUT" | "DELETE", Ask>;

async function ask<T>(method: keyof typeof server, path: string, init: object = {}): Promise<T> {
  const { data } = await server[method](path, init);
  return data as T;
}

const at = (id: string) => ({ params: { path: { id } } });

/** What is asked of the server about messages, and about the person who asks. */
export const messages = {
  list: (filter: MessageFilter, after: string, limit: number, signal?: AbortSignal) =>
    ask<Page<Message>>("GET", "/api/messages", {
      params: { query: { limit, ...filter, ...(after && { after }) } },
      signal,
    }),
  read: (id: string, signal?: AbortSignal) =>
    ask<MessageDetails>("GET", "/api/messages/{id}", { ...at(id), signal }),
  unread: () => ask<{ unread: number }>("GET", "/api/messages/unread"),
  act: (id: string, deed: "read" | "accept" | "release" | "close" | "reopen") =>
    ask<unknown>("POST", `/api/messages/{id}/${deed}`, at(id)),
  comment: (id: string, body: { id: string; text: string }) =>
    ask<unknown>("POST", "/api/messages/{id}/comments", { ...at(id), body }),
  assign: (id: string, employee: string) =>
    ask<unknown>("POST", "/api/messages/{id}/assign", { ...at(id), body: { employee } }),
  retry: (id: string, delivery: string) =>
    ask<unknown>("POST", "/api/messages/{id}/deliveries/{delivery}/retry", {
      params: { path: { id, delivery } },
    }),
};

export const person = {
  me: () => ask<Me>("GET", "/api/me"),
  colleagues: () => ask<Colleague[]>("GET", "/api/colleagues"),
  presence: (presence: Presence, until: string | null) =>
    ask<unknown>("PUT", "/api/me/presence", { body: { presence, until } }),
  reach: (reach: Pick<Reach, "email" | "push" | "quiet" | "urgent_anyway" | "absence">) =>
    ask<unknown>("PUT", "/api/me/reach", { body: reach }),
  summary: (summary: Summary) => ask<unknown>("PUT", "/api/me/summary", { body: { summary } }),
};

export const push = {
  key: () => ask<{ key: string }>("GET", "/api/push/key"),
  subscribe: (body: { endpoint: string; p256dh: string; auth: string }) =>
    ask<unknown>("POST", "/api/push/subscriptions", { body }),
  unsubscribe: (endpoint: string) =>
    ask<unknown>("DELETE", "/api/push/subscriptions", { body: { endpoint } }),
};
