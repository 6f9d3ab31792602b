import type { Entry } from "./deed";

/** What the server is asked for a deed, where the page's own client is not at hand. */
export function requestOf({ message, deed }: Entry): { path: string; body?: object } {
  const at = `/api/messages/${message}`;
  switch (deed.kind) {
    case "comment":
      return { path: `${at}/comments`, body: { id: deed.id, text: deed.text } };
    case "assign":
      return { path: `${at}/assign`, body: { employee: deed.employee } };
    default:
      return { path: `${at}/${deed.kind}` };
  }
}
