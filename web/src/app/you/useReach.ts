import { useMutation } from "@tanstack/react-query";
import { queries } from "../../api/client";
import type { Me, Presence, Reach } from "../../message/contract";
import { person } from "../../message/server";
import { useSentence } from "../../shared/Failure";
import { meQuery } from "../data/queries";
import { tellFault } from "../undo";

/** Shows a change at once; takes it back where the server refused it, and says so. */
function useChange<T>(ask: (change: T) => Promise<unknown>, apply: (me: Me, change: T) => Me) {
  const sentence = useSentence();
  return useMutation({
    mutationFn: ask,
    networkMode: "always",
    onMutate: async (change: T) => {
      await queries.cancelQueries({ queryKey: meQuery.queryKey });
      const before = queries.getQueryData(meQuery.queryKey);
      if (before) queries.setQueryData(meQuery.queryKey, apply(before, change));
      return before;
    },
    onError: (error, _, before) => {
      if (before) queries.setQueryData(meQuery.queryKey, before);
      tellFault(sentence(error));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: meQuery.queryKey }),
  });
}

interface Chosen {
  presence: Presence;
  until: string | null;
}

/** «Доступен / Занят / Не беспокоить до …»: operators see it at once. */
export function usePresence() {
  return useChange(
    ({ presence, until }: Chosen) => person.presence(presence, until),
    (me, { presence, until }) => ({
      ...me,
      reach: me.reach ? { ...me.reach, presence, presence_until: until } : me.reach,
    }),
  );
}

export type ReachChange = Partial<Pick<Reach, "email" | "push" | "quiet" | "urgent_anyway" | "absence">>;

/** How the person wants to be told. */
export function useReach() {
  return useChange(
    async (change: ReachChange) => {
      const { reach } = await person.me();
      if (!reach) return;
      const { email, push, quiet, urgent_anyway, absence } = { ...reach, ...change };
      await person.reach({ email, push, quiet, urgent_anyway, absence: absence ?? null });
    },
    (me, change) => ({ ...me, reach: me.reach ? { ...me.reach, ...change } : me.reach }),
  );
}

/** «Сводка»: how often. */
export function useSummary() {
  return useChange(person.summary, (me, summary) => ({ ...me, summary }));
}
