import { client } from "../api/client";
import type {
  Absence,
  Colleague,
  Escalation,
  Me,
  Message,
  MessageDetails,
  MessageState,
  Presence,
  Reach,
  Rota,
  Shift,
  Summary,
  Task,
  TaskOutcome,
} from "./contract";

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
  read: async (id: string, signal?: AbortSignal): Promise<MessageDetails> => {
    const told = await ask<Message & Omit<MessageDetails, "message">>("GET", "/api/messages/{id}", {
      ...at(id),
      signal,
    });
    const { call, timeline, ...message } = told;
    return { message, call, timeline };
  },
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
  colleagues: async () => (await ask<{ items: Colleague[] }>("GET", "/api/colleagues")).items,
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

/** What an administrator sets of how people are told. */
export const notices = {
  escalations: async () => (await ask<{ items: Escalation[] }>("GET", "/api/escalations")).items,
  writeEscalation: (body: Escalation) => ask<Escalation>("PUT", "/api/escalations", { body }),
  rota: (department: string) => ask<Rota>("GET", "/api/rotas/{id}", at(department)),
  writeRota: (department: string, body: { shifts: Shift[]; version: number }) =>
    ask<Rota>("PUT", "/api/rotas/{id}", { ...at(department), body }),
  absence: async (employee: string) =>
    (await ask<{ absence?: Absence | null }>("GET", "/api/employees/{id}/absence", at(employee))).absence ?? null,
  writeAbsence: (employee: string, absence: Absence | null) =>
    ask<unknown>("PUT", "/api/employees/{id}/absence", { ...at(employee), body: { absence } }),
};

/** Calls that operators owe. */
export const tasks = {
  list: async () => (await ask<{ items: Task[] }>("GET", "/api/desk/tasks")).items,
  take: (id: string) => ask<Task>("POST", "/api/desk/tasks/{id}/take", at(id)),
  finish: (id: string, outcome: TaskOutcome) =>
    ask<Task>("PUT", "/api/desk/tasks/{id}", { ...at(id), body: { outcome } }),
};
