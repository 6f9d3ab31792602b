import { Alert } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Refused } from "./wire";

interface Props {
  error: Refused;
  onClose: () => void;
}

/** What the server would not do, until it is closed or something else is tried. */
export function Refusal({ error: { code, text }, onClose }: Props) {
  const { t } = useTranslation();
  // A server that is newer than this page may have codes that are not known here; it says them itself.
  const known = [`desk.errors.${code}`, `board.errors.${code}`] as ("desk.errors.busy" | "board.errors.taken")[];
  return (
    <Alert
      color="red"
      withCloseButton
      title={t("desk.errorTitle")}
      onClose={onClose}
      closeButtonLabel={t("common.close")}
    >
      {t(known, { defaultValue: text })}
    </Alert>
  );
}
