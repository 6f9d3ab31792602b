import { Stack, VisuallyHidden } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useAdmin } from "../../session/session";
import { useTitle } from "../../shared/title";
import { Checklist } from "../start/Checklist";
import { CallsPanel } from "./CallsPanel";
import { FiguresPanel } from "./FiguresPanel";
import { MessagesPanel } from "./MessagesPanel";

/** «Главная»: the calls, and the messages that came of them. */
export default function HomePage() {
  const { t } = useTranslation();
  const admin = useAdmin();
  useTitle(t("nav.home"));
  return (
    <Stack gap="md">
      <VisuallyHidden component="h1">{t("nav.home")}</VisuallyHidden>
      <Checklist />
      <CallsPanel />
      <MessagesPanel />
      {admin && <FiguresPanel />}
    </Stack>
  );
}
