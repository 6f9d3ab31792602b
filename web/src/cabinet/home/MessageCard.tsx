import { Badge, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconChecks, IconClock, IconSend } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { DeliveryRow, DeliveryState, MessageRow } from "../../api/types";
import { Moment } from "../../shared/Moment";
import { useTimes } from "../../shared/zone";
import classes from "./calls.module.css";

const looks: Record<DeliveryState, { color: string; icon: typeof IconClock }> = {
  queued: { color: "amber", icon: IconClock },
  sent: { color: "teal", icon: IconSend },
  delivered: { color: "green", icon: IconChecks },
  read: { color: "green", icon: IconChecks },
  accepted: { color: "green", icon: IconChecks },
  failed: { color: "red", icon: IconAlertTriangle },
};

/** A message: what was left, for whom, and how far it has come on each way. */
export function MessageCard({ message, caller = false }: { message: MessageRow; caller?: boolean }) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs">
      {caller && (
        <Group gap="sm" justify="space-between">
          <Text size="sm" fw={600}>
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
      <Text size="sm" className={classes.text}>
        {message.text || t("messages.voice")}
      </Text>
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
      <Stack gap="xxs" role="list" aria-label={t("delivery.title")}>
        {message.deliveries.map((delivery) => (
          <Delivery key={delivery.id} delivery={delivery} />
        ))}
      </Stack>
    </Stack>
  );
}

function Delivery({ delivery }: { delivery: DeliveryRow }) {
  const { t } = useTranslation();
  const times = useTimes();
  const { color, icon: Icon } = looks[delivery.state];
  const to =
    delivery.channel === "cabinet"
      ? t("delivery.cabinet")
      : [delivery.employee_name, delivery.address].filter(Boolean).join(", ");
  return (
    <Group gap="xs" role="listitem" wrap="nowrap" align="flex-start">
      <Badge
        flex="none"
        variant="light"
        color={color}
        leftSection={<Icon size="1em" aria-hidden />}
        title={times.exactly(delivery.changed_at)}
      >
        {t(`delivery.${delivery.state}`)}
      </Badge>
      <Text size="sm" c="dimmed" className={classes.text}>
        {to}
        {delivery.state === "queued" &&
          delivery.attempts > 0 &&
          ` · ${t("delivery.attempts", { count: delivery.attempts })}`}
        {delivery.state === "queued" &&
          delivery.next_at &&
          `, ${t("delivery.next", { time: times.moment(delivery.next_at) })}`}
        {delivery.error && (
          <Text span size="sm" c="var(--t-lost)">
            {` · ${delivery.error}`}
          </Text>
        )}
      </Text>
    </Group>
  );
}
