import { Alert, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { endingText } from "../shared/ending";
import { Failure } from "../shared/Failure";
import { CallButton } from "./CallButton";
import type { Desk } from "./machine";
import { CALL_BACK } from "./shortcuts";
import type { Commands } from "./useDesk";
import type { Current } from "./wire";

interface Props {
  desk: Desk;
  current: Current;
  commands: Commands;
  /** Why the caller could not be marked as spam. */
  notNoted: unknown;
}

/** How the call ended, and what is left to do. */
export function CallEnded({ desk, current, commands, notNoted }: Props) {
  const { t } = useTranslation();
  const { errand } = current.call;
  const unanswered = Boolean(errand) && !current.answered_at;
  const hint = !errand ? "came" : errand.of === "task" ? "task" : unanswered ? "unanswered" : "reached";
  return (
    <Alert color={unanswered ? "amber" : "gray"} title={t(unanswered ? "result.not_reached" : "desk.ended")}>
      {notNoted !== null && <Failure error={notNoted} title={t("desk.spamFailed")} />}
      {current.ending && <Text size="sm">{t(endingText(current.ending, Boolean(errand)))}</Text>}
      <Text size="sm">{t(`desk.endedHint.${hint}`)}</Text>
      {unanswered && errand?.of === "call_back" && (
        <Group mt="xs">
          <CallButton
            desk={desk}
            whom={errand.call}
            shortcut={CALL_BACK}
            variant="default"
            onCall={() => {
              commands.callBack(errand.call);
            }}
          >
            {t("desk.lost.again")}
          </CallButton>
        </Group>
      )}
    </Alert>
  );
}
