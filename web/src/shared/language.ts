import { api, queries } from "../api/client";
import type { Language } from "../api/types";
import { speak } from "../i18n";

/** Turns the interface to a language, and keeps the choice with the user where somebody is signed in. */
export function useTurn(signedIn: boolean) {
  const keep = api.useMutation("put", "/api/session/language");
  return async (language: Language) => {
    await speak(language);
    if (signedIn) await keep.mutateAsync({ body: { language } }).catch(() => undefined);
    // Sentences of the server come in the language of the request.
    void queries.invalidateQueries();
  };
}
