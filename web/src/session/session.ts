import { queryOptions, useQuery } from "@tanstack/react-query";
import { carry, client, queries } from "../api/client";
import { Problem } from "../api/problem";
import type { Session } from "../api/types";
import { speak } from "../i18n";

/** The cookie that says that there may be a session; the session's own can't be read here. */
const HINT = "signed_in=1";

/** The session; none where nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: ["get", "/api/session"],
  staleTime: 5 * 60_000,
  queryFn: async (): Promise<Session | null> => {
    // Asked in vain, the browser would write the refusal to its console as an error.
    if (!document.cookie.split("; ").includes(HINT)) return null;
    try {
      const { data } = await client.GET("/api/session");
      if (!data) return null;
      return begin(data);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === 401) {
        forget();
        const app = await import("../app/keep/session");
        await app.ended();
        return null;
      }
      // On a train the app shows what the device kept, and knows by it for whom.
      const offline = error.status === 0 && isApp(location.pathname);
      const kept = offline ? await (await import("../app/keep/session")).kept() : null;
      if (!kept) throw error;
      void speak(kept.user.language);
      return kept;
    }
  },
  // What is kept answers where the server can't be reached.
  networkMode: "always",
});

function begin(session: Session): Session {
  carry({ csrf: session.csrf });
  void speak(session.user.language);
  return session;
}

/** The session ended elsewhere: it is not asked for again. */
function forget() {
  document.cookie = "signed_in=; Path=/; Max-Age=0; SameSite=Lax; Secure";
}

/** Whether an address is of the employee's app. */
export function isApp(path: string): boolean {
  return path === "/app" || path.startsWith("/app/");
}

/** Somebody signed in. */
export function signedIn(session: Session) {
  // Nothing of who was here before may be shown. What is told without a session stays: a page that
  // still shows the letter's link would ask for it again, and be told that it is used up.
  const stays = ["/api/demo", "/api/password-resets/{token}"];
  queries.removeQueries({ predicate: ({ queryKey }) => !stays.includes(String(queryKey[1])) });
  queries.setQueryData(sessionQuery.queryKey, begin(session));
  void import("../app/keep/session").then((app) => app.arrived(session)).catch(() => undefined);
}

/** Ends the session; nothing of it stays on the device, and the page is loaded anew, so nothing stays in memory. */
export async function signOut() {
  const app = await import("../app/keep/session");
  await app.leave();
  await client.DELETE("/api/session").catch(() => undefined);
  forget();
  location.assign("/sign-in");
}

/** Whether the whole company is shown: its administrator sees all of it, an employee what concerns them. */
export function useAdmin(): boolean {
  return useSession()?.user.roles.includes("company_admin") ?? false;
}

/** The session of a page that is only shown to who is signed in. */
export function useSession(): Session | null {
  return useQuery(sessionQuery).data ?? null;
}
