import createFetchClient, { type Middleware } from "openapi-fetch";
import createQueryClient from "openapi-react-query";
import { QueryClient, type Query } from "@tanstack/react-query";
import { Problem } from "./problem";
import type { paths } from "./schema.gen";

let csrf = "";
let language = "ru";

/** What every request carries: the session's token, and the language to answer in. */
export function carry(values: { csrf?: string; language?: string }) {
  csrf = values.csrf ?? csrf;
  language = values.language ?? language;
}

/** Whether a page is for everybody, so that nobody is sent away from it. */
function isOpen(path: string): boolean {
  return path === "/" || ["/sign-in", "/forgot", "/reset", "/demo"].some((open) => path.startsWith(open));
}

const headers: Middleware = {
  onRequest({ request }) {
    if (request.method !== "GET") request.headers.set("X-CSRF-Token", csrf);
    request.headers.set("Accept-Language", language);
    return request;
  },
  async onResponse({ response }) {
    if (response.ok) return undefined;
    const problem = await Problem.of(response);
    if (problem.code === "signed_out" && !isOpen(location.pathname)) {
      location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
    }
    throw problem;
  },
  onError() {
    return new Problem(0, {});
  },
};

export const client = createFetchClient<paths>({ baseUrl: "/" });
client.use(headers);

export const api = createQueryClient(client);

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // A refusal stays one; only what never reached the server is tried again.
      retry: (count, error) => count < 2 && error instanceof Problem && error.status === 0,
    },
    mutations: { retry: false },
  },
});

/** Marks the answers of a path (and of what lies under it) as out of date. */
export async function refresh(...under: string[]) {
  const predicate = ({ queryKey }: Query) => {
    const path = queryKey[1];
    return (
      typeof path === "string" && under.some((prefix) => path === prefix || path.startsWith(`${prefix}/`))
    );
  };
  // What is on its way for the first time may have been read before the change, and is not asked for twice at once.
  const first = queries
    .getQueryCache()
    .findAll({ predicate, fetchStatus: "fetching" })
    .filter(({ state }) => state.data === undefined);
  await queries.invalidateQueries({ predicate });
  if (first.length > 0) {
    await queries.invalidateQueries({ predicate: (query) => first.includes(query) });
  }
}
