import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api, queries } from "../api/client";
import type { Language } from "../api/types";
import { speak } from "../i18n";

/** РУС or ENG: turns the interface, and keeps the choice with the user where somebody is signed in. */
export function LanguageSwitch({ signedIn }: { signedIn: boolean }) {
  const { t, i18n } = useTranslation();
  const keep = api.useMutation("put", "/api/session/language");
  const turn = async () => {
    const language: Language = i18n.language === "ru" ? "en" : "ru";
    await speak(language);
    if (signedIn) await keep.mutateAsync({ body: { language } }).catch(() => undefined);
    // Sentences of the server come in the language of the request.
    void queries.invalidateQueries();
  };
  return (
    <Button
      variant="subtle"
      color="gray"
      size="compact-sm"
      onClick={() => void turn()}
      aria-label={t("language.switch")}
    >
      {t("language.short")}
    </Button>
  );
}
