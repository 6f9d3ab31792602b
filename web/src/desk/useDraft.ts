import { useEffect, useState } from "react";
import { begin, forget, keep, kept, prune, type Draft } from "./draft";
import type { CallCard } from "./wire";

export interface DraftForm {
  draft: Draft | null;
  put: (change: Partial<Draft>) => void;
  /** The message was sent: a further one would be another message. */
  sent: () => void;
}

/** The message being written for a call; kept in this browser until it is sent. */
export function useDraft(call: CallCard | null): DraftForm {
  const [held, setHeld] = useState<{ call: string; draft: Draft } | null>(null);
  useEffect(() => {
    prune(localStorage, Date.now());
  }, []);

  if (call && held?.call !== call.id) {
    const draft = kept(localStorage, call.id) ?? fresh(call);
    setHeld({ call: call.id, draft });
  }
  const draft = call && held?.call === call.id ? held.draft : null;

  return {
    draft,
    put: (change) => {
      if (!call || !draft) return;
      const next = { ...draft, ...change, at: Date.now() };
      keep(localStorage, call.id, next);
      setHeld({ call: call.id, draft: next });
    },
    sent: () => {
      if (!call || !draft) return;
      forget(localStorage, call.id);
      setHeld({
        call: call.id,
        draft: { ...fresh(call), caller_name: draft.caller_name, caller_phone: draft.caller_phone },
      });
    },
  };
}

function fresh(call: CallCard): Draft {
  return begin(call, crypto.randomUUID(), Date.parse(call.arrived_at));
}
