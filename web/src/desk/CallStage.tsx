import { Alert, Button, Group, Kbd, Paper, Stack, Text, Title } from "@mantine/core";
import {
  IconArrowRampRight,
  IconBan,
  IconDialpad,
  IconMicrophone,
  IconMicrophoneOff,
  IconPhoneOff,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
} from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { Failure } from "../shared/Failure";
import { useNow } from "../shared/now";
import { duration } from "../shared/time";
import classes from "./desk.module.css";
import { Keypad } from "./Keypad";
import { useKeys, type Keys } from "./keys";
import { nameOf, talking, transferring, transferText, type Desk } from "./machine";
import type { Microphone } from "./microphone";
import type { Commands } from "./useDesk";
import type { Current } from "./wire";

// The desk fetches all of them when the shift begins, so they are there in every call.
const CallerTime = lazy(() => import("./CallerTime"));
const TransferPanel = lazy(() => import("./TransferPanel"));
const Transferring = lazy(() => import("./Transferring"));

interface Props {
  desk: Desk;
  current: Current;
  commands: Commands;
  microphone: Microphone;
}

/** The call in the middle of the desk: who it is, what to say, what can be done. */
export default function CallStage({ desk, current, commands, microphone }: Props) {
  const { t } = useTranslation();
  const [keypad, setKeypad] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const { call, on_hold: held, muted } = current;
  const live = talking(desk);
  const transfer = transferring(current);
  const told = transferText(current);
  const now = useNow(live);
  const begun = Date.parse(current.answered_at ?? call.arrived_at);
  const until = current.ended_at ? Date.parse(current.ended_at) : now;

  const note = api.useMutation("post", "/api/desk/calls/{id}/spam", {
    onSuccess: (_, { params }) => {
      // There is nothing to be written down.
      commands.free(params.path.id);
    },
  });

  const hold = () => {
    commands.hold(call.id, !held);
  };
  const mute = () => {
    commands.mute(call.id, !muted);
  };
  const hangUp = () => {
    commands.hangUp(call.id);
  };
  const spam = () => {
    note.mutate({ params: { path: { id: call.id } } });
    commands.hangUp(call.id);
  };
  const digit = (key: string) => {
    commands.digit(call.id, key);
  };
  const choose = () => {
    setChoosing(!choosing);
  };
  const keys: Keys = live
    ? {
        KeyM: mute,
        ...(!transfer && {
          KeyH: hold,
          KeyT: choose,
          KeyK: () => {
            setKeypad(!keypad);
          },
        }),
        "Shift+KeyE": hangUp,
        "Shift+KeyS": spam,
        ...(keypad
          ? Object.fromEntries(
              [..."0123456789*#"].map((key) => [
                key,
                () => {
                  digit(key);
                },
              ]),
            )
          : {}),
      }
    : {};
  useKeys(keys);

  return (
    <Paper className={classes.stage} p="md" data-call={call.id}>
      <Stack gap="sm">
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
              {call.caller_name && <Text>{call.caller_name}</Text>}
              <Suspense>
                <CallerTime phone={call.caller_phone} />
              </Suspense>
              <Text className={classes.timer} size="lg" data-timer>
                {duration(until - begun)}
              </Text>
            </Group>
          </Stack>
        </Group>
        {live ? (
          <>
            <div className={classes.say}>
              <Text
                size="sm"
                role="status"
                {...(held || muted || told ? { c: "var(--t-waits)", fw: 600 } : { c: "dimmed" })}
              >
                {told
                  ? t(told, { name: current.transfer ? nameOf(call, current.transfer.colleague) : "" })
                  : t(held ? "desk.onHold" : muted ? "desk.muted" : "desk.say")}
                {current.supervisor === "whisper" && ` ${t("desk.whisper")}`}
              {current.supervisor === "barge" && ` ${t("desk.barge")}`}
              {told && muted && ` ${t("desk.muted")}`}
              </Text>
              <Text size="xl">{call.greeting}</Text>
            </div>
            {microphone.status !== "on" && (
              <Alert color="red" title={t("desk.sound.off")}>
                <Button size="xs" onClick={() => void microphone.start()}>
                  {t("mic.start")}
                </Button>
              </Alert>
            )}
            {transfer && (
              <Suspense>
                <Transferring call={call.id} transfer={transfer} commands={commands} />
              </Suspense>
            )}
            <Group gap="xs" className={classes.controls}>
              {!transfer && (
                <Button
                  variant={held ? "filled" : "default"}
                  aria-pressed={held}
                  onClick={hold}
                  leftSection={
                    held ? <IconPlayerPlayFilled size="1.1em" /> : <IconPlayerPauseFilled size="1.1em" />
                  }
                  rightSection={<Kbd>H</Kbd>}
                >
                  {t(held ? "desk.resume" : "desk.hold")}
                </Button>
              )}
              <Button
                variant={muted ? "filled" : "default"}
                aria-pressed={muted}
                onClick={mute}
                leftSection={muted ? <IconMicrophoneOff size="1.1em" /> : <IconMicrophone size="1.1em" />}
                rightSection={<Kbd>M</Kbd>}
              >
                {t(muted ? "desk.unmute" : "desk.mute")}
              </Button>
              {!transfer && (
                <>
                  <Button
                    variant={keypad ? "light" : "default"}
                    aria-expanded={keypad}
                    onClick={() => {
                      setKeypad(!keypad);
                    }}
                    leftSection={<IconDialpad size="1.1em" />}
                    rightSection={<Kbd>K</Kbd>}
                  >
                    {t("desk.keypad")}
                  </Button>
                  <Button
                    variant={choosing ? "light" : "default"}
                    aria-expanded={choosing}
                    onClick={choose}
                    leftSection={<IconArrowRampRight size="1.1em" />}
                    rightSection={<Kbd>T</Kbd>}
                  >
                    {t("desk.transfer.open")}
                  </Button>
                </>
              )}
              <Button
                variant="default"
                ml="auto"
                onClick={spam}
                leftSection={<IconBan size="1.1em" />}
                rightSection={<Kbd>⇧S</Kbd>}
              >
                {t("desk.spam")}
              </Button>
              <Button
                color="red"
                onClick={hangUp}
                leftSection={<IconPhoneOff size="1.1em" />}
                rightSection={<Kbd>⇧E</Kbd>}
              >
                {t("desk.hangUp")}
              </Button>
            </Group>
            {!transfer && keypad && <Keypad onDigit={digit} />}
            {!transfer && choosing && (
              <Suspense>
                <TransferPanel
                  call={call}
                  onConsult={(to) => {
                    setChoosing(false);
                    commands.consult(call.id, to);
                  }}
                  onTransfer={(to) => {
                    setChoosing(false);
                    commands.transfer(call.id, to);
                  }}
                  onClose={() => {
                    setChoosing(false);
                  }}
                />
              </Suspense>
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
        ) : (
          <Alert color="gray" title={t("desk.ended")}>
            {note.error && <Failure error={note.error} title={t("desk.spamFailed")} />}
            {current.ending && <Text size="sm">{t(`ending.${current.ending}`)}</Text>}
            <Text size="sm">{t("desk.endedHint")}</Text>
          </Alert>
        )}
      </Stack>
    </Paper>
  );
}
