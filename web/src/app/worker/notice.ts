/** What the server pushes: which message, by which delivery, and what to show of it. */
export interface Pushed {
  message: string;
  delivery: string;
  title: string;
  text: string;
  urgent?: boolean;
}

/** What a notification is of. */
export interface Of {
  message: string;
}

const ID = /^[0-9a-f-]{36}$/i;

/** Reads what was pushed; whatever is something else tells nothing. */
export function read(text: string): Pushed | null {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof body !== "object" || body === null) return null;
  const { message, delivery, title, text: words, urgent } = body as Record<string, unknown>;
  if (typeof message !== "string" || !ID.test(message)) return null;
  if (typeof delivery !== "string" || !ID.test(delivery)) return null;
  return {
    message,
    delivery,
    title: typeof title === "string" ? title : "",
    text: typeof words === "string" ? words : "",
    urgent: urgent === true,
  };
}

/** Where a press leads: on the notification, or on its button. */
export function pathOf({ message }: Of, action: string): string {
  return `/app/messages/${message}${action === "accept" ? "?accept=1" : ""}`;
}
