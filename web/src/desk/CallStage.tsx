import { Alert, Button, Group, Paper, Stack, Text } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { sideOf } from "../shared/side";
import { CallControls } from "./CallControls";
import { CallEnded } from "./CallEnded";
import { CallHead } from "./CallHead";
import classes from "./desk.module.css";
import { HangUp } from "./HangUp";
import { nameOf, talking, transferText, type Desk } from "./machine";
import type { Microphone } from "./microphone";
import type { Commands } from "./useDesk";
import type { Current } from "./wire";

// The desk fetches it when the shift begins, so it is there in every call.
const TaskErrand = lazy(() => import("./TaskErrand"));

interface Props {
  desk: Desk;
  current: Current;
  commands: Commands;
  microphone: Microphone;
}

/** The call in the middle of the desk: who it is, what to say, what can be done. */
export default function CallStage({ desk, current, commands, microphone }: Props) {
  const { t } = useTranslation();
  const { call, placing } = current;
  const live = talking(desk);
  const task = call.errand?.of === "task" ? call.errand.task : null;

  const note = api.useMutation("post", "/api/desk/calls/{id}/spam", {
    onSuccess: (_, { params }) => {
      // There is nothing to be written down.
      commands.free(params.path.id);
    },
  });
  const hangUp = () => {
    commands.hangUp(call.id);
  };
  const spam = () => {
    note.mutate({ params: { path: { id: call.id } } });
    hangUp();
  };

  return (
    <Paper className={classes.stage} p="md" data-call={call.id} data-placing={placing ?? undefined}>
      <Stack gap="sm">
        <CallHead current={current} />
        {live ? (
          <div className={classes.say} data-waits={waits(current) || undefined}>
            <Told current={current} />
            <Text size="xl">{call.greeting}</Text>
          </div>
        ) : (
          <CallEnded desk={desk} current={current} commands={commands} notNoted={note.error} />
        )}
        {task && (
          <Suspense>
            <TaskErrand key={call.id} task={task} desk={desk} current={current} commands={commands} />
          </Suspense>
        )}
        {live && (
          <>
            {microphone.status !== "on" && (
              <Alert color="red" title={t("desk.sound.off")}>
                <Button size="xs" onClick={() => void microphone.start()}>
                  {t("mic.start")}
                </Button>
              </Alert>
            )}
            {placing ? (
              <Group justify="flex-end" className={classes.controls}>
                <HangUp onHangUp={hangUp} />
              </Group>
            ) : (
              <CallControls key={call.id} current={current} commands={commands} onSpam={task ? null : spam} />
            )}
            <div>
              <Group justify="space-between">
                <Text size="sm" c="dimmed">
                  {t("desk.farewell")}
                </Text>
                <Text size="xs" c="dimmed">
                  {t("desk.keysHint")}
                </Text>
              </Group>
              <Text>{call.farewell}</Text>
            </div>
          </>
        )}
      </Stack>
    </Paper>
  );
}

/** Whether the two don't just talk. */
function waits(current: Current): boolean {
  return current.on_hold || current.muted || Boolean(current.placing) || transferText(current) !== null;
}

/** What goes on, or that the operator is to speak. */
function Told({ current }: { current: Current }) {
  const { t } = useTranslation();
  const { call, on_hold: held, muted, placing, transfer, supervisor } = current;
  const told = transferText(current);
  const words = [
    told
      ? t(told, {
          name: transfer ? nameOf(call, transfer.colleague) : "",
          ...sideOf(Boolean(call.errand)),
        })
      : t(placing ? `desk.placing.${placing}` : held ? "desk.onHold" : muted ? "desk.muted" : "desk.say"),
    (supervisor === "whisper" || supervisor === "barge") && t(`desk.${supervisor}`),
    told && muted && t("desk.muted"),
  ];
  return (
    <Text size="sm" role="status" {...(waits(current) ? { c: "var(--t-waits)", fw: 600 } : { c: "dimmed" })}>
      {words.filter(Boolean).join(" ")}
    </Text>
  );
}
