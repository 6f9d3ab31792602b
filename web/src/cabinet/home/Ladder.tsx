import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCheck,
  IconChecks,
  IconClock,
  IconEye,
  IconMoon,
  IconSend,
  IconUserCheck,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Delivery, Message, Rung } from "../../message/contract";
import { reason } from "../../message/reason";
import { useDeeds } from "../../message/useDeeds";
import { useAdmin } from "../../session/session";
import { Failure } from "../../shared/Failure";
import { useTimes } from "../../shared/zone";
import classes from "./calls.module.css";

const looks: Record<Rung, { color: string; icon: typeof IconClock }> = {
  queued: { color: "amber", icon: IconClock },
  sent: { color: "teal", icon: IconSend },
  delivered: { color: "green", icon: IconChecks },
  read: { color: "green", icon: IconEye },
  accepted: { color: "green", icon: IconUserCheck },
  closed: { color: "gray", icon: IconCheck },
  failed: { color: "red", icon: IconAlertTriangle },
};

/** How far a message has come on each way to each addressee. */
export function Ladder({ message }: { message: Message }) {
  const { t } = useTranslation();
  return (
    <Stack gap="xxs" role="list" aria-label={t("delivery.title")}>
      {message.deliveries.map((delivery) => (
        <Way key={delivery.id} message={message.id} delivery={delivery} />
      ))}
    </Stack>
  );
}

function Way({ message, delivery }: { message: string; delivery: Delivery }) {
  const { t } = useTranslation();
  const times = useTimes();
  const admin = useAdmin();
  const { retry } = useDeeds(message);
  const held = delivery.state === "queued" && delivery.held_until;
  const { color, icon } = looks[delivery.state];
  const Icon = held ? IconMoon : icon;
  const way = t(`delivery.channel.${delivery.channel}`);
  const to = [delivery.employee_name, delivery.address].filter(Boolean).join(", ");
  return (
    <Group gap="xs" role="listitem" wrap="nowrap" align="flex-start">
      <Badge
        flex="none"
        variant="light"
        color={color}
        leftSection={<Icon size="1em" aria-hidden />}
        title={times.exactly(delivery.changed_at)}
      >
        {t(held ? "delivery.held" : `delivery.${delivery.state}`)}
      </Badge>
      <div>
        <Text size="sm" c="dimmed" className={classes.text}>
          {to ? `${way}: ${to}` : way}
          {held && ` · ${t("delivery.heldUntil", { time: times.until(held) })}`}
          {!held &&
            delivery.state === "queued" &&
            delivery.attempts > 0 &&
            ` · ${t("delivery.attempts", { count: delivery.attempts })}`}
          {!held &&
            delivery.state === "queued" &&
            delivery.next_at &&
            `, ${t("delivery.next", { time: times.moment(delivery.next_at) })}`}
          {delivery.error && (
            <Text span size="sm" c="var(--t-lost)">
              {` · ${reason(delivery.error, t)}`}
            </Text>
          )}
        </Text>
        {admin && delivery.state === "failed" && (
          <Button
            size="compact-xs"
            variant="light"
            loading={retry.isPending}
            onClick={() => {
              retry.mutate(delivery.id);
            }}
          >
            {t("delivery.retry")}
          </Button>
        )}
        {retry.error && <Failure error={retry.error} />}
      </div>
    </Group>
  );
}
