/** Files of this build that the app needs without a network. */
declare const SHELL: readonly string[];
/** Names this build. */
declare const BUILD: string;

const PREFIX = "telefonistka-app-";
const NAME = PREFIX + BUILD;
/** The page itself, whatever the address is. */
const PAGE = "/app";

/** Fetches the app's files; those that an older build had as well are taken from there. */
export async function fill(): Promise<void> {
  const cache = await caches.open(NAME);
  const missing: string[] = [];
  for (const path of SHELL) {
    // A file with a hash in its name never changes.
    const known = path.startsWith("/assets/") ? await caches.match(path, { ignoreVary: true }) : undefined;
    if (known) await cache.put(path, known);
    else missing.push(path);
  }
  await cache.addAll([PAGE, ...missing].map((path) => new Request(path, { cache: "reload" })));
}

/** The older builds go. */
export async function clean(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== NAME).map((name) => caches.delete(name)),
  );
}

/** What answers a request; none where it is the network's. */
export function answer(request: Request): Promise<Response> | null {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return null;
  if (request.mode === "navigate") return kept(PAGE, request);
  return SHELL.includes(url.pathname) ? kept(url.pathname, request) : null;
}

async function kept(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(NAME);
  return (await cache.match(path, { ignoreVary: true })) ?? fetch(request);
}
