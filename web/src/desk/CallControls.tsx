import { Button, Group, Kbd } from "@mantine/core";
import {
  IconArrowRampRight,
  IconBan,
  IconDialpad,
  IconMicrophone,
  IconMicrophoneOff,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
} from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./desk.module.css";
import { HangUp } from "./HangUp";
import { Keypad } from "./Keypad";
import { useKeys } from "./keys";
import { transferring } from "./machine";
import type { Commands } from "./useDesk";
import type { Current } from "./wire";

// The desk fetches both when the shift begins, so they are there in every call.
const TransferPanel = lazy(() => import("./TransferPanel"));
const Transferring = lazy(() => import("./Transferring"));

interface Props {
  current: Current;
  commands: Commands;
  /** Ends the call and remembers the number; none where the number is a colleague's. */
  onSpam: (() => void) | null;
}

/** What can be done while the operator talks. */
export function CallControls({ current, commands, onSpam }: Props) {
  const { t } = useTranslation();
  const [keypad, setKeypad] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const { call, on_hold: held, muted } = current;
  const transfer = transferring(current);

  const hold = () => {
    commands.hold(call.id, !held);
  };
  const mute = () => {
    commands.mute(call.id, !muted);
  };
  const digit = (key: string) => {
    commands.digit(call.id, key);
  };
  const choose = () => {
    setChoosing(!choosing);
  };
  useKeys({
    KeyM: mute,
    ...(!transfer && {
      KeyH: hold,
      KeyT: choose,
      KeyK: () => {
        setKeypad(!keypad);
      },
    }),
    ...(onSpam && { "Shift+KeyS": onSpam }),
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
  });

  return (
    <>
      {transfer && (
        <Suspense>
          <Transferring call={call} transfer={transfer} commands={commands} />
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
        <Group gap="xs" ml="auto">
          {onSpam && (
            <Button
              variant="default"
              onClick={onSpam}
              leftSection={<IconBan size="1.1em" />}
              rightSection={<Kbd>⇧S</Kbd>}
            >
              {t("desk.spam")}
            </Button>
          )}
          <HangUp
            onHangUp={() => {
              commands.hangUp(call.id);
            }}
          />
        </Group>
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
    </>
  );
}
