import { Group, Stack, Text, Title } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "../shared/now";
import { OutgoingMark } from "../shared/OutgoingMark";
import { duration } from "../shared/time";
import classes from "./desk.module.css";
import type { Current } from "./wire";

const CallerTime = lazy(() => import("./CallerTime"));

/** Whose call it is, with whom, and how long it has lasted. */
export function CallHead({ current }: { current: Current }) {
  const { t } = useTranslation();
  const { call } = current;
  const now = useNow(!current.ended_at);
  const begun = Date.parse(current.answered_at ?? call.arrived_at);
  const until = current.ended_at ? Date.parse(current.ended_at) : now;
  return (
    <Group justify="space-between" align="flex-start" gap="xs">
      <div className={classes.who}>
        <Title order={1}>{call.company.name}</Title>
        <Text c="dimmed" size="sm">
          {t("desk.line", { name: call.line_name })}
        </Text>
      </div>
      <Stack gap={0} align="flex-end">
        <Text size="xl" fw={600}>
          {call.caller_phone_shown || t("calls.hidden")}
        </Text>
        <Group gap="sm">
          {call.returned && (
            <Text size="sm" fw={600} c="var(--t-waits)">
              {t("desk.transfer.returned")}
            </Text>
          )}
          {call.errand && <OutgoingMark />}
          {call.caller_name && <Text>{call.caller_name}</Text>}
          <Suspense>
            <CallerTime phone={call.caller_phone} outgoing={Boolean(call.errand)} />
          </Suspense>
          <Text className={classes.timer} size="lg" data-timer>
            {duration(until - begun)}
          </Text>
        </Group>
      </Stack>
    </Group>
  );
}
