import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useTurn } from "./language";

/** РУС or ENG: turns the interface to the other language. */
export function LanguageSwitch({ signedIn }: { signedIn: boolean }) {
  const { t, i18n } = useTranslation();
  const turn = useTurn(signedIn);
  return (
    <Button
      variant="subtle"
      color="gray"
      size="compact-sm"
      onClick={() => void turn(i18n.language === "ru" ? "en" : "ru")}
      aria-label={t("language.switch")}
    >
      {t("language.short")}
    </Button>
  );
}
