import { Group, Paper, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useNow } from "../shared/now";
import { duration } from "../shared/time";
import type { Queue } from "./wire";

/** Who waits, how long, and who is there to answer. */
export function QueueFigures({ queue }: { queue: Queue | null }) {
  const { t } = useTranslation();
  const since = queue?.longest_wait_since ?? null;
  const now = useNow(since !== null);
  if (!queue) return <Skeleton h={120} />;
  const { operators } = queue;
  const waits = queue.waiting > 0;
  return (
    <Paper p="md" component="section" aria-label={t("desk.queue")}>
      <Title order={3} mb="xs">
        {t("desk.queue")}
      </Title>
      <Stack gap="xxs">
        <Figure
          name={t("desk.waiting")}
          value={String(queue.waiting)}
          {...(waits && { color: "var(--t-waits)" })}
        />
        {since && (
          <Figure name={t("desk.longest")} value={duration(now - Date.parse(since))} color="var(--t-waits)" />
        )}
        {queue.estimated_wait_s != null && (
          <Figure name={t("desk.estimated")} value={duration(queue.estimated_wait_s * 1000)} />
        )}
        <Figure name={t("desk.ready")} value={String(operators.ready)} />
        <Figure name={t("desk.onCall")} value={String(operators.on_call)} />
        <Figure name={t("desk.wrapUp")} value={String(operators.wrap_up)} />
        <Figure name={t("desk.away")} value={String(operators.away)} />
      </Stack>
    </Paper>
  );
}

function Figure({ name, value, color }: { name: string; value: string; color?: string }) {
  return (
    <Group justify="space-between">
      <Text size="sm" c="dimmed">
        {name}
      </Text>
      <Text fw={600} {...(color && { c: color })}>
        {value}
      </Text>
    </Group>
  );
}
