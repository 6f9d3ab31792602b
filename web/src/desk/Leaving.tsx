import { useBlocker } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Confirm } from "../shared/Confirm";

/** Asks before another page is opened in the middle of a call: the sound stays behind with the desk. */
export default function Leaving({ onCall }: { onCall: boolean }) {
  const { t } = useTranslation();
  const blocker = useBlocker({
    shouldBlockFn: () => onCall,
    // A desk that is loaded anew finds its call again.
    enableBeforeUnload: false,
    disabled: !onCall,
    withResolver: true,
  });
  return (
    <Confirm
      opened={blocker.status === "blocked"}
      title={t("desk.leave.title")}
      text={t("desk.leave.text")}
      yes={t("desk.leave.yes")}
      no={t("unsaved.stay")}
      onYes={() => blocker.proceed?.()}
      onNo={() => blocker.reset?.()}
    />
  );
}
