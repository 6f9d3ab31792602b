import { Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useTitle } from "../../shared/title";
import { CallsPanel } from "./CallsPanel";
import { FiguresPanel } from "./FiguresPanel";
import { MessagesPanel } from "./MessagesPanel";
import { Checklist } from "../start/Checklist";

/** «Главная»: the calls, and the messages that came of them. */
export default function HomePage() {
  const { t } = useTranslation();
  useTitle(t("nav.home"));
  return (
    <Stack gap="md">
      <Checklist />
      <CallsPanel />
      <MessagesPanel />
      <FiguresPanel />
    </Stack>
  );
}
