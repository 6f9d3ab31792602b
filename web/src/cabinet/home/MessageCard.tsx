import { Group, Stack, Text } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "../../message/contract";
import { StateMark, UrgentMark } from "../../message/StateMark";
import { Moment } from "../../shared/Moment";
import { useTimes } from "../../shared/zone";
import classes from "./calls.module.css";
import { Ladder } from "./Ladder";
import { MessageWork } from "./MessageWork";

const Answers = lazy(() => import("../../message/Answers"));

/** A message: what was left, for whom, who has it, and how far it has come on each way. */
export function MessageCard({ message, caller = false }: { message: Message; caller?: boolean }) {
  const { t } = useTranslation();
  const times = useTimes();
  return (
    <Stack gap="xs">
      {caller && (
        <Group gap="sm" justify="space-between">
          <Text size="sm" fw={message.unread ? 700 : 600}>
            {message.caller_name || message.caller_phone_shown || t("calls.hidden")}
            {message.caller_name && (
              <Text span c="dimmed" size="sm" fw={400}>{` · ${message.caller_phone_shown}`}</Text>
            )}
          </Text>
          <Text size="sm" c="dimmed">
            <Moment at={message.created_at} />
          </Text>
        </Group>
      )}
      <Group gap="sm">
        {message.urgent && <UrgentMark />}
        <StateMark message={message} />
        {message.state === "open" && message.next_step_at && (
          <Text size="sm" c="dimmed">
            {t("app.nextStep", { time: times.until(message.next_step_at) })}
          </Text>
        )}
      </Group>
      <Text size="sm" className={classes.text}>
        {message.text || t("messages.voice")}
      </Text>
      {message.answers.length > 0 && (
        <Suspense>
          <Answers answers={message.answers} />
        </Suspense>
      )}
      <Group gap="xs">
        <Text size="sm" c="dimmed">
          {t("messages.to")}:
        </Text>
        <Text size="sm">{message.recipient_name}</Text>
        {message.author_name && (
          <Text size="sm" c="dimmed">
            {`· ${t("messages.by", { name: message.author_name })}`}
          </Text>
        )}
      </Group>
      <Ladder message={message} />
      <MessageWork message={message} />
    </Stack>
  );
}
