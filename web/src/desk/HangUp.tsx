import { Button, Kbd } from "@mantine/core";
import { IconPhoneOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useKeys } from "./keys";

/** Ends the call. */
export function HangUp({ onHangUp }: { onHangUp: () => void }) {
  const { t } = useTranslation();
  useKeys({ "Shift+KeyE": onHangUp });
  return (
    <Button
      color="red"
      onClick={onHangUp}
      leftSection={<IconPhoneOff size="1.1em" />}
      rightSection={<Kbd>⇧E</Kbd>}
    >
      {t("desk.hangUp")}
    </Button>
  );
}
