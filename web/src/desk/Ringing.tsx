import { Button, Group, Kbd, Paper, Stack, Text, Title } from "@mantine/core";
import { IconPhoneIncoming } from "@tabler/icons-react";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "../shared/now";
import { duration } from "../shared/time";
import classes from "./desk.module.css";
import { useKeys } from "./keys";
import type { CallCard } from "./wire";
import { WorkingTime } from "./WorkingTime";

const CallerTime = lazy(() => import("./CallerTime"));

interface Props {
  call: CallCard;
  deadline: string;
  onAccept: (call: string) => void;
  onDecline: (call: string) => void;
}

/** A ringing call takes the middle: who calls whom, and one big button. */
export default function Ringing({ call, deadline, onAccept, onDecline }: Props) {
  const { t } = useTranslation();
  const now = useNow();
  const [accepted, setAccepted] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    button.current?.focus();
  }, []);
  const accept = () => {
    if (accepted) return;
    setAccepted(true);
    onAccept(call.id);
  };
  const decline = () => {
    if (!accepted) onDecline(call.id);
  };
  useKeys({ Enter: accept, KeyD: decline });
  return (
    <Paper className={classes.ringing} p="lg" role="alert" aria-label={t("desk.ringing")}>
      <Stack gap="sm" align="center" ta="center">
        <Group gap="xs" c="var(--t-accent)">
          <IconPhoneIncoming size="1.4em" aria-hidden />
          <Text fw={600}>{t("desk.ringing")}</Text>
          <Text className={classes.timer}>{duration(Date.parse(deadline) - now)}</Text>
        </Group>
        <div>
          <Title order={1}>{call.company.name}</Title>
          <Text c="dimmed">
            {t("desk.line", { name: call.line_name })} · <WorkingTime time={call.working_time} />
          </Text>
        </div>
        <div>
          <Text size="xl" fw={600}>
            {call.caller_phone_shown || t("calls.hidden")}
          </Text>
          {call.caller_name && <Text size="lg">{call.caller_name}</Text>}
          <Suspense>
            <CallerTime phone={call.caller_phone} outgoing={Boolean(call.errand)} />
          </Suspense>
          {call.returned && (
            <Text size="sm" fw={600} c="var(--t-waits)">
              {t("desk.transfer.returned")}
            </Text>
          )}
        </div>
        <Button
          ref={button}
          size="xl"
          onClick={accept}
          loading={accepted}
          rightSection={<Kbd>Enter</Kbd>}
          miw={280}
        >
          {t("desk.answer")}
        </Button>
        <Button
          variant="subtle"
          color="gray"
          size="sm"
          disabled={accepted}
          onClick={decline}
          rightSection={<Kbd>D</Kbd>}
        >
          {t("desk.decline")}
        </Button>
      </Stack>
    </Paper>
  );
}
