import type { Outcome } from "../outbox/carry";
import { outcomeOf } from "../outbox/carry";

/** The session, as far as the worker needs it. */
interface Session {
  csrf: string;
  user: { id: string };
}

/** Who is signed in; none where nobody is, or the server is away. */
export async function session(): Promise<Session | null> {
  const response = await fetch("/api/session").catch(() => null);
  return response?.ok ? ((await response.json()) as Session) : null;
}

/** Asks for something that changes something. */
export async function post(path: string, csrf: string, body?: object): Promise<Outcome> {
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "X-CSRF-Token": csrf, ...(body && { "Content-Type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (response.ok) return { is: "done" };
    const { code = "", detail = "" } = (await response.json().catch(() => ({}))) as {
      code?: string;
      detail?: string;
    };
    return outcomeOf(response.status, code, detail);
  } catch {
    return { is: "away" };
  }
}
