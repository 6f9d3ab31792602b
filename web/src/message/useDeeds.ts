import { useMutation } from "@tanstack/react-query";
import { refresh } from "../api/client";
import { messages } from "./server";

type Simple = "read" | "accept" | "release" | "close" | "reopen";

/** What can be done with a message on a page that has a network. */
export function useDeeds(id: string) {
  const after = { onSettled: () => refresh("/api/messages", "/api/calls") };
  return {
    act: useMutation({ mutationFn: (deed: Simple) => messages.act(id, deed), ...after }),
    comment: useMutation({
      mutationFn: (text: string) => messages.comment(id, { id: crypto.randomUUID(), text }),
      ...after,
    }),
    assign: useMutation({ mutationFn: (employee: string) => messages.assign(id, employee), ...after }),
    retry: useMutation({ mutationFn: (delivery: string) => messages.retry(id, delivery), ...after }),
  };
}
