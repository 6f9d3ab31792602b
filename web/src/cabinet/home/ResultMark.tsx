import { Badge } from "@mantine/core";
import {
  IconArrowForwardUp,
  IconBan,
  IconCheck,
  IconMicrophone,
  IconMoon,
  IconPhoneCall,
  IconPhoneCheck,
  IconPhoneIncoming,
  IconPhoneOff,
  IconPhoneOutgoing,
  IconPhoneX,
  IconUserQuestion,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { CallResult, CallRow } from "../../api/types";
import { duration } from "../../shared/time";
import classes from "./calls.module.css";

const icons: Record<CallResult, typeof IconCheck> = {
  message_taken: IconCheck,
  transferred: IconArrowForwardUp,
  wrong_number: IconUserQuestion,
  dropped: IconPhoneOff,
  spam: IconBan,
  voice_message: IconMicrophone,
  lost: IconPhoneX,
  outside_hours: IconMoon,
  test_call: IconCheck,
  reached: IconPhoneCheck,
  not_reached: IconPhoneOff,
};

const tones: Partial<Record<CallResult, string | undefined>> = {
  message_taken: classes.lives,
  voice_message: classes.lives,
  reached: classes.lives,
  lost: classes.lost,
};

/** What became of a call: a word and a shape, coloured where it matters. */
export function ResultMark({ call }: { call: Pick<CallRow, "result" | "outgoing" | "answered_at" | "waited_ms"> }) {
  const { t } = useTranslation();
  const { result } = call;
  if (!result) {
    const Icon = call.answered_at ? IconPhoneCall : call.outgoing ? IconPhoneOutgoing : IconPhoneIncoming;
    return (
      <span className={`${classes.result ?? ""} ${classes.waits ?? ""}`}>
        <Icon size="1.1em" aria-hidden />
        {t(call.answered_at ? "calls.running" : call.outgoing ? "calls.calling" : "calls.ringing")}
      </span>
    );
  }
  if (result === "test_call") {
    return (
      <span>
        <Badge variant="outline" color="gray">
          {t("result.test_call")}
        </Badge>
      </span>
    );
  }
  const Icon = icons[result];
  return (
    <span className={`${classes.result ?? ""} ${tones[result] ?? ""}`}>
      <Icon size="1.1em" aria-hidden />
      <span className={classes.cell}>
        {t(`result.${result}`)}
        {result === "lost" && `, ${t("calls.waited", { time: duration(call.waited_ms) })}`}
      </span>
    </span>
  );
}
