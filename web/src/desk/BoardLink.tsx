import { Button } from "@mantine/core";
import { IconLayoutDashboard } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

/** The way to «Табло», in a window of its own: the desk goes on. */
export default function BoardLink() {
  const { t } = useTranslation();
  return (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<IconLayoutDashboard size="1.1em" aria-hidden />}
      renderRoot={(props) => <Link to="/desk/board" target="_blank" {...props} />}
    >
      {t("desk.board")}
    </Button>
  );
}
