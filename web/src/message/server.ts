import { client } from "../api/client";
import type {
  Absence,
  Escalation,
  MessageDetails,
  MessageState,
  Presence,
  Reach,
  Shift,
  Summary,
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

const at = (id: string) => ({ params: { path: { id } } });

/** What was answered: a refusal has become an error before. */
async function told<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T;
}

/** What is asked of the server about messages. */
export const messages = {
  list: (filter: MessageFilter, after: string, limit: number, signal?: AbortSignal) =>
    told(
      client.GET("/api/messages", { params: { query: { limit, ...filter, ...(after && { after }) } }, signal }),
    ),
  read: async (id: string, signal?: AbortSignal): Promise<MessageDetails> => {
    const { call, timeline, ...message } = await told(client.GET("/api/messages/{id}", { ...at(id), signal }));
    return { message, call, timeline };
  },
  unread: () => told(client.GET("/api/messages/unread")),
  act: (id: string, deed: "read" | "accept" | "release" | "close" | "reopen") =>
    told(client.POST(`/api/messages/{id}/${deed}`, at(id))),
  comment: (id: string, body: { id: string; text: string }) =>
    told(client.POST("/api/messages/{id}/comments", { ...at(id), body })),
  assign: (id: string, employee: string) =>
    told(client.POST("/api/messages/{id}/assign", { ...at(id), body: { employee } })),
  retry: (id: string, delivery: string) =>
    told(client.POST("/api/messages/{id}/deliveries/{delivery}/retry", { params: { path: { id, delivery } } })),
};

/** What is asked about the person who asks, and about colleagues. */
export const person = {
  me: () => told(client.GET("/api/me")),
  colleagues: async () => (await told(client.GET("/api/colleagues"))).items,
  presence: (presence: Presence, until: string | null) =>
    told(client.PUT("/api/me/presence", { body: { presence, until } })),
  reach: (body: Pick<Reach, "email" | "push" | "quiet" | "urgent_anyway" | "absence">) =>
    told(client.PUT("/api/me/reach", { body })),
  summary: (summary: Summary) => told(client.PUT("/api/me/summary", { body: { summary } })),
};

/** Notifications of this device. */
export const push = {
  key: () => told(client.GET("/api/push/key")),
  subscribe: (body: { endpoint: string; p256dh: string; auth: string }) =>
    told(client.POST("/api/push/subscriptions", { body })),
  unsubscribe: (endpoint: string) => told(client.DELETE("/api/push/subscriptions", { body: { endpoint } })),
};

/** What an administrator sets of how people are told. */
export const notices = {
  escalations: async () => (await told(client.GET("/api/escalations"))).items,
  writeEscalation: (body: Escalation) => told(client.PUT("/api/escalations", { body })),
  rota: (department: string) => told(client.GET("/api/rotas/{id}", at(department))),
  writeRota: (department: string, body: { shifts: Shift[]; version: number }) =>
    told(client.PUT("/api/rotas/{id}", { ...at(department), body })),
  absence: async (employee: string) =>
    (await told(client.GET("/api/employees/{id}/absence", at(employee)))).absence ?? null,
  writeAbsence: (employee: string, absence: Absence | null) =>
    told(client.PUT("/api/employees/{id}/absence", { ...at(employee), body: { absence } })),
};

/** Calls that operators owe. */
export const tasks = {
  list: async () => (await told(client.GET("/api/desk/tasks"))).items,
  take: (id: string) => told(client.POST("/api/desk/tasks/{id}/take", at(id))),
  finish: (id: string, outcome: TaskOutcome) =>
    told(client.PUT("/api/desk/tasks/{id}", { ...at(id), body: { outcome } })),
};
