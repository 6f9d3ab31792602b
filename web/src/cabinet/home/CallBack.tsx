import { ActionIcon, Badge, Group, Tooltip, VisuallyHidden } from "@mantine/core";
import { IconArrowBackUp, IconPhoneCheck, IconPhoneOutgoing } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { api, refresh } from "../../api/client";
import type { CallRow } from "../../api/types";
import { useTimes } from "../../shared/zone";
import classes from "./calls.module.css";

/** «Не перезвонили»: the mark of a lost call until somebody did, with a way to call and to say so. */
export function CallBack({ call }: { call: CallRow }) {
  const { t } = useTranslation();
  const times = useTimes();
  const mark = api.useMutation("post", "/api/calls/{id}/called-back", {
    onSettled: () => refresh("/api/calls", "/api/today"),
  });
  const done = call.called_back;
  const label = t(done ? "calls.unmarkCalledBack" : "calls.markCalledBack");
  const who =
    done && call.called_back_at
      ? [call.called_back_by, times.moment(call.called_back_at)].filter(Boolean).join(", ")
      : null;
  const badge = (
    <Badge variant="light" color={done ? "gray" : "red"} tabIndex={who ? 0 : -1}>
      {t(done ? "calls.calledBack" : "calls.notCalledBack")}
      {who && <VisuallyHidden>{`: ${who}`}</VisuallyHidden>}
    </Badge>
  );
  return (
    <Group gap="xs" pr="md" wrap="nowrap" className={classes.back}>
      {who ? <Tooltip label={who}>{badge}</Tooltip> : badge}
      {!done && call.caller_phone && (
        <Tooltip label={t("calls.callBack")}>
          <ActionIcon
            component="a"
            href={`tel:${call.caller_phone}`}
            variant="subtle"
            aria-label={`${t("calls.callBack")}: ${call.caller_phone_shown}`}
          >
            <IconPhoneOutgoing size="1.1em" />
          </ActionIcon>
        </Tooltip>
      )}
      <Tooltip label={label}>
        <ActionIcon
          variant="subtle"
          color={done ? "gray" : "teal"}
          aria-label={label}
          loading={mark.isPending}
          onClick={() => {
            mark.mutate({ params: { path: { id: call.id } }, body: { called_back: !done } });
          }}
        >
          {done ? <IconArrowBackUp size="1.1em" /> : <IconPhoneCheck size="1.1em" />}
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}
